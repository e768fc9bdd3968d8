// Package notify owns the delivery of messages to people and machines: by mail, by webhooks, and through an outbox on the
// disk that keeps them until they are delivered. It knows nothing of what they are about.
package notify

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Message is what is told. It holds figures and names of sites, nothing of a visitor, and stands on the disk until it is
// delivered.
type Message struct {
	// ID names the message, 1 to 200 bytes. Whoever is told twice, as can happen, knows by it that it is the same.
	ID string `json:"id"`
	// About is what it is about, a word of few such as report, spike or alert.
	About string `json:"about"`
	// Title is one line of plain text.
	Title string `json:"title"`
	// Text is plain text, of lines up to 80 characters.
	Text string `json:"text"`
	// Footer stands below the text of mails: why they come. The page has it as well; empty: none.
	Footer string `json:"footer,omitempty"`
	// HTML is a whole page for mails, without anything remote; empty: the text is all.
	HTML string `json:"html,omitempty"`
	// Link leads to the dashboard; empty: nowhere.
	Link string `json:"link,omitempty"`
	// Time is when it came about.
	Time time.Time `json:"time"`
	// Payload is a JSON object for programs, which webhooks in the format json get as data; nil: none.
	Payload json.RawMessage `json:"payload,omitempty"`
}

// Kind is a way of delivery.
type Kind string

// The ways of delivery.
const (
	ByMail    Kind = "mail"
	ByWebhook Kind = "webhook"
)

// Receiver is one mailbox or one webhook. [Mail.To] and [NewWebhook] make them; the zero one receives nothing.
type Receiver struct {
	key     string
	kind    Kind
	deliver func(context.Context, Message) error
}

// Key names the receiver on the disk. Of a mailbox it is made of a hash: its address stays in the configuration.
func (r Receiver) Key() string { return r.key }

// Kind returns the way of delivery.
func (r Receiver) Kind() Kind { return r.kind }

// Deliver delivers one message now, within the timeout of the receiver. Its errors never name an address, a password or a
// webhook's URL, nor show what the other side said. One that is [ErrRefused] would come again.
func (r Receiver) Deliver(ctx context.Context, m Message) error {
	if r.deliver == nil {
		return ErrRefused
	}
	return r.deliver(ctx, m)
}

// ErrRefused is in the errors of deliveries that need not be tried again: the other side has answered that it does not
// take the message.
var ErrRefused = errors.New("refused for good")
