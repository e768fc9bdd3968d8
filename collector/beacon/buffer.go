package beacon

import (
	"net/http"
	"strings"
	"sync"

	"github.com/klar-analytics/klar/collector/raw"
)

// buffer holds one raw hit and the bytes that its fields point into, for the time of one call.
type buffer struct {
	hit   raw.Hit
	bytes []byte
}

var buffers = sync.Pool{New: func() any { return &buffer{hit: raw.New(), bytes: make([]byte, 0, 4<<10)} }}

// clear overwrites what the hit was.
func (b *buffer) clear() {
	b.hit.Fields().Site = ""
	b.hit.Clear()
	clear(b.bytes)
	b.bytes = b.bytes[:0]
}

// release overwrites what the hit was, and gives the buffer back.
func (b *buffer) release() {
	b.clear()
	if cap(b.bytes) <= maxBody {
		buffers.Put(b)
	}
}

// put copies s into the buffer. A buffer that grows leaves the fields before it in the old one.
func (b *buffer) put(parts ...string) []byte {
	from := len(b.bytes)
	for _, s := range parts {
		b.bytes = append(b.bytes, s...)
	}
	return b.bytes[from:len(b.bytes):len(b.bytes)]
}

// either puts the first text, or, if that is empty, the second.
func (b *buffer) either(text, instead string) []byte {
	if text == "" {
		text = instead
	}
	return b.put(text)
}

// target puts together the path and query of a page.
func (b *buffer) target(p *page) []byte {
	path, fragment, query := p.path, p.fragment, p.query
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if fragment != "" && !strings.HasSuffix(path, "/") {
		fragment = "/" + fragment
	}
	if query != "" {
		query = "?" + query
	}
	return b.put(path, fragment, query)
}

// Forwarded returns the addresses that proxies say a request came through, in a memory of its own, which the caller clears.
func Forwarded(h http.Header) []byte {
	var b buffer
	return b.forwarded(h)
}

// forwarded puts together the addresses that proxies say the request came through, the client's first: X-Forwarded-For,
// or else Forwarded (RFC 7239), or else X-Real-IP.
func (b *buffer) forwarded(h http.Header) []byte {
	if list := h["X-Forwarded-For"]; len(list) > 0 {
		return b.list(list)
	}
	if list := h["Forwarded"]; len(list) > 0 {
		var hops []string
		for _, value := range list {
			hops = appendHops(hops, value)
		}
		return b.list(hops)
	}
	return b.put(value(h, "X-Real-Ip"))
}

// firstForwarded is the address of the client as X-Forwarded-For tells it.
func firstForwarded(h http.Header) string {
	client, _, _ := strings.Cut(value(h, "X-Forwarded-For"), ",")
	return strings.TrimSpace(client)
}

// list joins values by commas.
func (b *buffer) list(values []string) []byte {
	from := len(b.bytes)
	for i, v := range values {
		if i > 0 {
			b.put(",")
		}
		b.put(v)
	}
	return b.bytes[from:len(b.bytes):len(b.bytes)]
}

// appendHops appends the client of each hop of a Forwarded header; a hop that names none is "unknown".
func appendHops(hops []string, value string) []string {
	for hop := range strings.SplitSeq(value, ",") {
		client := "unknown"
		for pair := range strings.SplitSeq(hop, ";") {
			name, v, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if strings.EqualFold(name, "for") {
				client = strings.Trim(v, `"`)
			}
		}
		hops = append(hops, client)
	}
	return hops
}

// prefetched reports whether the browser asks for a page that nobody sees yet.
func prefetched(h http.Header) bool {
	for _, name := range [...]string{"Sec-Purpose", "Purpose", "X-Moz"} {
		v := value(h, name)
		if v == "" {
			continue
		}
		v = strings.ToLower(v)
		if strings.Contains(v, "prefetch") || strings.Contains(v, "prerender") {
			return true
		}
	}
	return false
}
