package beacon

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/klar-analytics/klar/collector/raw"
)

const (
	// pageview is the name of the event that is a page view.
	pageview = "pageview"
	// engagement is the name of the event that tells how long and how far a page was read.
	engagement = "engagement"
	// maxName bounds the name of an event, in bytes.
	maxName = 120
)

// event answers POST /api/event.
func (h *Handler) event(w http.ResponseWriter, r *http.Request) {
	has, server := h.authorized(r.Header)
	if has && !server {
		h.results.WithLabelValues("api", "unauthorized").Inc()
		w.Header().Set("WWW-Authenticate", "Bearer")
		refuse(w, http.StatusUnauthorized, "the token is none that is configured")
		return
	}
	kind := "event"
	if server {
		kind = "api"
	}
	p := parcels.Get().(*parcel)
	defer p.release()
	if status, reason := p.read(w, r, server); status != 0 {
		h.results.WithLabelValues(kind, "malformed").Inc()
		refuse(w, status, reason)
		return
	}
	switch {
	case !h.take(w, r, kind, p):
		return
	case p.list:
		answerList(w, p.reasons)
		return
	case p.reasons[0] != Counted:
		sayDropped(w, p.reasons[0])
	}
	w.Header()["Content-Type"] = plain
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, "ok") // the sender has gone: nobody to tell
}

// fields are the fields of an event in Plausible's Events API, with the short names of its trackers.
type fields struct {
	Name, N        *string
	URL, U         *string
	Domain, D      *string
	Referrer, R    *string
	Interactive, I *bool
	H              json.RawMessage // set for hash routing, in whatever way

	SD, E       json.RawMessage // of an engagement; what is no number there is unknown
	W           json.RawMessage // likewise
	ScreenWidth json.RawMessage `json:"screen_width"`

	Props, P json.RawMessage
	Revenue  json.RawMessage
	Dollar   json.RawMessage `json:"$"`
	V, M     json.RawMessage // taken and not kept

	// Of servers with a token only.
	IP        *string
	UserAgent *string `json:"user_agent"`
	Language  *string
	GPC, DNT  bool
}

// told is what an event says.
type told struct {
	name, url, site, referrer string
	interactive, hash         bool
	depth, visible            float64 // percent and milliseconds; negative if unknown
	width                     float64 // of the page in CSS pixels; negative if unknown
	props                     []property
	revenue                   revenue
	// Of servers with a token only.
	ip, agent, language string
	names               bool // the visitor: it has an address or an agent
	gpc, dnt            bool
}

// decode reads any event.
func decode(body []byte) (told, error) {
	var f fields
	if err := json.Unmarshal(body, &f); err != nil {
		return told{}, explain(err)
	}
	e := told{
		name: first(f.Name, f.N), url: first(f.URL, f.U), site: first(f.Domain, f.D), referrer: first(f.Referrer, f.R),
		interactive: true, hash: isSet(f.H), depth: number(f.SD), visible: number(f.E),
		props: properties(either(f.Props, f.P)), revenue: revenueOf(either(f.Revenue, f.Dollar)),
		width: max(number(f.W), number(f.ScreenWidth)),
		ip:    first(f.IP, nil), agent: first(f.UserAgent, nil), language: first(f.Language, nil),
		names: f.IP != nil || f.UserAgent != nil, gpc: f.GPC, dnt: f.DNT,
	}
	if i := f.Interactive; i != nil {
		e.interactive = *i
	} else if f.I != nil {
		e.interactive = *f.I
	}
	return e, nil
}

// parseEvent reads an event's JSON. Errors name the field or the position, never the content. server says that it came with
// a token.
func parseEvent(body []byte, server bool, p *page) error {
	e, ok := quick(body)
	if !ok {
		var err error
		if e, err = decode(body); err != nil {
			return err
		}
	}
	*p = page{origin: raw.FromBeacon, interactive: e.interactive, site: strings.ToLower(strings.TrimSpace(e.site)), referrer: e.referrer, width: e.width}
	if server {
		p.origin, p.gpc, p.dnt = raw.FromAPI, e.gpc, e.dnt
		p.addr, p.agent, p.language = e.ip, e.agent, e.language
	} else if e.names {
		return errors.New("ip, user_agent: only who sends a token may give them")
	}
	switch {
	case e.name == "":
		return errors.New("name: missing or empty")
	case len(e.name) > maxName:
		return fmt.Errorf("name: longer than %d bytes", maxName)
	case p.site == "":
		return errors.New("domain: missing or empty")
	}
	p.props, p.revenue = e.props, e.revenue
	switch e.name {
	case pageview:
	case engagement:
		p.engagement = e.engagement()
	default:
		p.event = e.name
	}
	if err := p.locate(e.url, e.hash); err != nil {
		return fmt.Errorf("url: %w", err)
	}
	return nil
}

// engagement returns what the event tells of how the page was read. What cannot be is unknown.
func (e *told) engagement() raw.Engagement {
	told := raw.Engagement{Told: true, Depth: -1}
	if e.depth >= 0 && e.depth <= 100 {
		told.Depth = int8(e.depth)
	}
	if e.visible > 0 {
		told.Milliseconds = uint32(min(e.visible, math.MaxUint32))
	}
	return told
}

// number returns a number, -1 for anything else.
func number(value json.RawMessage) float64 {
	if n, err := strconv.ParseFloat(string(value), 64); err == nil && n >= 0 {
		return n
	}
	return -1
}

// first returns the value of a field that has two names.
func first(long, short *string) string {
	if long == nil {
		long = short
	}
	if long == nil {
		return ""
	}
	return *long
}

// isSet reports whether a flag is there and on.
func isSet(flag json.RawMessage) bool {
	switch string(flag) {
	case "", "null", "false", "0", `""`, `"0"`, `"false"`:
		return false
	}
	return true
}

// explain says what is wrong with JSON without the words of the decoder, which quote it.
func explain(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON: error at byte %d", syntax.Offset)
	case errors.As(err, &kind) && kind.Field == "":
		return errors.New("not a JSON object")
	case errors.As(err, &kind) && utf8.ValidString(kind.Field):
		return fmt.Errorf("%s: not of the type that the field has", strings.ToLower(kind.Field))
	}
	return errors.New("not JSON")
}
