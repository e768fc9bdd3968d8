package beacon

import (
	"errors"
	"strings"

	"github.com/klar-analytics/klar/collector/raw"
)

// page is what a beacon tells: a view of a page, or an event on it.
type page struct {
	site        string // id or host of the site; empty: by the page's host
	event       string // empty for a page view
	interactive bool
	engagement  raw.Engagement
	props       []property
	revenue     revenue
	origin      raw.Origin
	referrer    string
	width       float64 // in CSS pixels; negative if unknown

	// What a server with a token says of the visitor; empty: the request's own.
	addr, agent, language string
	gpc, dnt              bool

	host, path, query string
	fragment          string // where the page is told by it, empty otherwise
}

// Errors of a page's address.
var (
	errNoAddress = errors.New("missing or empty")
	errNotWhole  = errors.New("not a whole address such as https://example.org/page")
)

// locate takes the parts of the page's address (RFC 3986) that are looked at. With hash, the fragment is a part of the path,
// as in pages that find their way by it.
func (p *page) locate(address string, hash bool) error {
	if address == "" {
		return errNoAddress
	}
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok || scheme == "" || strings.ContainsAny(scheme, "/?#@") {
		return errNotWhole
	}
	end := strings.IndexAny(rest, "/?#\\")
	if end < 0 {
		end = len(rest)
	}
	p.host, rest = rest[:end], rest[end:]
	if i := strings.LastIndexByte(p.host, '@'); i >= 0 {
		p.host = p.host[i+1:]
	}
	if p.host == "" {
		return errNotWhole
	}
	p.host = strings.ToLower(p.host)
	rest, fragment, _ := strings.Cut(rest, "#")
	p.path, p.query, _ = strings.Cut(rest, "?")
	if hash {
		p.fragment, _, _ = strings.Cut(strings.TrimLeft(fragment, "!/"), "?")
	}
	return nil
}
