package accesslog

import (
	"bytes"

	"github.com/klar-analytics/klar/collector/raw"
)

// absolute says when a target in absolute form is the server's way of writing, and not a client that takes it for a proxy.
type absolute uint8

const (
	never      absolute = iota
	sinceHTTP2          // HAProxy: from HTTP/2 on, whose requests have no request line
	always              // AWS's load balancers
)

// maxScheme bounds how far into a target its scheme may end.
const maxScheme = len("https")

// unwrap takes host and target out of a URI such as https://example.org:443/path.
func (p *Parser) unwrap(f *raw.Fields) {
	if len(f.Method) == 1 && f.Method[0] == '-' { // AWS writes "- http://example.org:80- -" where it could not read a request
		f.Method, f.Target = nil, nil
		return
	}
	if p.format.absolute == sinceHTTP2 && !bytes.HasSuffix(p.parts.request, http2) && !bytes.HasSuffix(p.parts.request, http3) {
		return
	}
	i := bytes.Index(f.Target, schemeEnd)
	if i <= 0 || i > maxScheme {
		return
	}
	rest := f.Target[i+len(schemeEnd):]
	end := bytes.IndexAny(rest, "/?")
	switch {
	case end < 0:
		f.Host, f.Target = rest, root
	case rest[end] == '/':
		f.Host, f.Target = rest[:end], rest[end:]
	}
}

var (
	schemeEnd = []byte("://")
	http2     = []byte(" HTTP/2.0")
	http3     = []byte(" HTTP/3.0")
	root      = []byte("/")
)
