// Package raw owns the one type that holds a request before anonymization.
//
// A [Hit] lives for one call: the parser fills it, anonymize reads it, and the next line overwrites it. It is never
// kept in a channel, a slice or another value, and no way of printing it shows anything.
package raw

import (
	"fmt"
	"log/slog"
	"time"
)

// Hit is one request before anonymization. Its fields stand behind one unexported function value, because that is the
// only thing that fmt, slog and encoding/json print nothing of wherever it is nested. Create it with [New]; the zero
// value panics when used.
//
// All byte slices point into the caller's line buffer and are valid until that buffer is reused.
type Hit struct {
	f func() *Fields
}

// Fields are the parts of a request, as the source gave them. A field that the source does not carry is nil or zero.
type Fields struct {
	// Site is the id of the configured site, empty when Host decides.
	Site string
	// Time is the moment of the request in seconds since 1970, UTC.
	Time int64
	// Addr is the address of the client, in any notation, with or without port, brackets or zone.
	Addr []byte
	// Forwarded is the value of X-Forwarded-For, if the log carries it. It is believed only behind a configured proxy.
	Forwarded []byte
	// Host is the host the request was sent to, with or without a port.
	Host []byte
	// Method is the request's method, as sent.
	Method []byte
	// Target is the request's target: a path with its query, or an absolute URI.
	Target []byte
	// Document is the path that the server was asked for, where Target is told by the fragment of a page's address as well;
	// nil otherwise.
	Document []byte
	// Status is the answer's status code, 100 to 599, or 0.
	Status int
	// Bytes is the size of the answer's body in bytes.
	Bytes uint64
	// Referrer is the address of the page that linked here, nil or "-" for none.
	Referrer []byte
	// UserAgent is the client's name for itself, nil or "-" for none.
	UserAgent []byte
	// NoAgent says that the source does not carry the agent, as common logs do not: that there is none says nothing then.
	NoAgent bool
	// Language is the Accept-Language header, if the source carries it.
	Language []byte
	// Width is how wide the page is shown, in CSS pixels; 0 if unknown.
	Width int
	// Event is the name of the custom event that the request reports; nil for a page view or a plain request.
	Event []byte
	// Interactive says that the event shows the visitor doing something, so that the visit is no bounce.
	Interactive bool
	// Props are the properties that the page gave a page view or an event.
	Props []Property
	// Amount and Currency are the revenue that an event brought: a decimal number, and three letters.
	Amount, Currency []byte
	// Engagement is what the page tells of how it was read, if the request is such a report.
	Engagement Engagement
	// Origin says what kind of source the request came from.
	Origin Origin
	// GPC and DNT are true when the request carried Sec-GPC: 1 and DNT: 1, the ways to ask not to be tracked.
	GPC, DNT bool
}

// Property is a property of a page view or an event.
type Property struct{ Name, Value []byte }

// Format prints the type's name only, whatever the verb.
func (Property) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("raw.Property")) }

// LogValue logs the type's name only.
func (Property) LogValue() slog.Value { return slog.StringValue("raw.Property") }

// MarshalJSON encodes the type's name only.
func (Property) MarshalJSON() ([]byte, error) { return []byte(`"raw.Property"`), nil }

// Engagement is a page's report of how it was read since the last one.
type Engagement struct {
	// Told says that the request is a report, and neither a page view nor an event.
	Told bool
	// Milliseconds that the page was visible, of all there are; 0 if unknown.
	Milliseconds uint32
	// Depth is how far the page was scrolled so far, in percent; negative if unknown.
	Depth int8
}

// Origin is a kind of source. What a log tells is one request of many kinds; a beacon and a pixel are each one page view or
// event of somebody who saw the page, and Host and Target are those of that page.
type Origin uint8

// The kinds of sources.
const (
	FromLog Origin = iota
	FromBeacon
	FromPixel
	FromAPI // a beacon that a server with a token sent for its visitor
)

// New returns an empty hit. One goroutine fills and reuses it for all its lines.
func New() Hit {
	f := new(Fields)
	return Hit{f: func() *Fields { return f }}
}

// Fields returns the hit's parts, to fill and to read. The pointer must not outlive the call that was given the hit.
func (h Hit) Fields() *Fields { return h.f() }

// Clear forgets all parts but the site.
func (h Hit) Clear() {
	f := h.f()
	*f = Fields{Site: f.Site}
}

// Format prints the type's name only, whatever the verb (see [fmt.Formatter]).
func (h Hit) Format(s fmt.State, _ rune) {
	_, _ = s.Write([]byte("raw.Hit"))
}

// LogValue logs the type's name only (see [slog.LogValuer]).
func (h Hit) LogValue() slog.Value { return slog.StringValue("raw.Hit") }

// MarshalJSON encodes the type's name only.
func (h Hit) MarshalJSON() ([]byte, error) { return []byte(`"raw.Hit"`), nil }

// At returns the hit's time in UTC.
func (h Hit) At() time.Time { return time.Unix(h.f().Time, 0).UTC() }

// Format prints the type's name only, whatever the verb.
func (Fields) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte("raw.Fields")) }

// LogValue logs the type's name only.
func (Fields) LogValue() slog.Value { return slog.StringValue("raw.Fields") }

// MarshalJSON encodes the type's name only.
func (Fields) MarshalJSON() ([]byte, error) { return []byte(`"raw.Fields"`), nil }
