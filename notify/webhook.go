package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// webhookTimeout bounds a delivery to a webhook, with its answer.
	webhookTimeout = 10 * time.Second
	// maxAnswer bounds what is read of an answer, in bytes; nothing of it is kept.
	maxAnswer = 64 << 10
)

// Headers of webhooks in the format json.
const (
	// TimestampHeader holds when the request was made, in seconds since 1970.
	TimestampHeader = "Klar-Timestamp"
	// SignatureHeader holds "v1=" and the signature (see Sign), if the webhook has a secret.
	SignatureHeader = "Klar-Signature"
	// IDHeader holds the message's ID.
	IDHeader = "Klar-Message-Id"
)

// Format is what a webhook is told in.
type Format string

// The formats.
const (
	FormatJSON  Format = "json"  // the message as a JSON object
	FormatSlack Format = "slack" // what Slack, Mattermost and Rocket.Chat take as an incoming webhook
)

// WebhookOptions describe a webhook.
type WebhookOptions struct {
	Name   string // of the configuration
	URL    string // http or https; it may hold a secret, as Slack's do
	Secret string // signs requests in the format json; empty: they are not signed
	Format Format
	Now    func() time.Time // stamps requests
}

// NewWebhook returns the receiver behind a webhook. Its errors never show the URL.
func NewWebhook(o WebhookOptions) (Receiver, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return Receiver{}, errors.New("the URL must begin with http:// or https:// and name a host")
	}
	if o.Format != FormatJSON && o.Format != FormatSlack {
		return Receiver{}, fmt.Errorf("%q is neither json nor slack", o.Format)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes, transport.MaxIdleConns = maxAnswer, 1
	w := &webhook{WebhookOptions: o, client: http.Client{
		Transport: transport, Timeout: webhookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	return Receiver{key: "webhook-" + o.Name, kind: ByWebhook, deliver: w.send}, nil
}

type webhook struct {
	WebhookOptions
	client http.Client
}

// send makes one request. Redirects are not followed: who may say where to is the configuration alone.
func (w *webhook) send(ctx context.Context, m Message) error {
	body, err := w.body(m)
	if err != nil {
		return fmt.Errorf("%w: the message is no JSON", ErrRefused)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("the webhook's URL cannot be used")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Klar")
	if w.Format == FormatJSON {
		w.sign(r.Header, m, body)
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return webhookError(err)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer)) // so that the connection can be used again
	_ = answer.Body.Close()
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code == http.StatusTooManyRequests, code >= 500:
		return fmt.Errorf("the webhook answers with status %d", code)
	case code >= 300 && code < 400:
		return fmt.Errorf("%w: the webhook answers with status %d, and redirects are not followed", ErrRefused, code)
	default:
		return fmt.Errorf("%w: the webhook answers with status %d", ErrRefused, code)
	}
}

// sign adds the headers by which the receiver knows that the request is Klar's, and which one.
func (w *webhook) sign(h http.Header, m Message, body []byte) {
	now := w.Now()
	h.Set(IDHeader, strings.Map(printable, m.ID))
	h.Set(TimestampHeader, strconv.FormatInt(now.Unix(), 10))
	if w.Secret != "" {
		h.Set(SignatureHeader, Sign(w.Secret, now, body))
	}
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return '?'
	}
	return r
}

// Sign returns the signature of a request's body: "v1=" and the HMAC-SHA256 of the seconds since 1970, a point and the
// body, in lower hexadecimal digits.
func Sign(secret string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.", at.Unix())
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// body is the message in the webhook's format.
func (w *webhook) body(m Message) ([]byte, error) {
	if w.Format == FormatSlack {
		text := "*" + slackText(m.Title) + "*\n" + slackText(m.Text)
		if m.Link != "" {
			text = strings.TrimRight(text, "\n") + "\n" + slackText(m.Link)
		}
		return json.Marshal(map[string]string{"text": text})
	}
	return json.Marshal(struct {
		ID    string          `json:"id"`
		About string          `json:"about"`
		Title string          `json:"title"`
		Text  string          `json:"text"`
		Link  string          `json:"link,omitempty"`
		Time  time.Time       `json:"time"`
		Data  json.RawMessage `json:"data,omitempty"`
	}{m.ID, m.About, m.Title, m.Text, m.Link, m.Time.UTC(), m.Payload})
}

// slackText takes away what Slack would take for a command: a page may be called <!channel>.
func slackText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// webhookError says what went wrong without the URL, which is a secret of many webhooks.
func webhookError(err error) error {
	var (
		network *net.OpError
		name    *net.DNSError
		timeout interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("the webhook does not answer in time")
	case errors.As(err, &name):
		return errors.New("the webhook's host is not known")
	case errors.As(err, &network):
		return errors.New("the webhook cannot be reached: " + network.Err.Error())
	case errors.Is(err, context.Canceled):
		return errors.New("the delivery was broken off")
	}
	return errors.New("the webhook does not answer as an HTTP server does, or its certificate is not good")
}
