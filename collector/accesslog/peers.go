package accesslog

import (
	"bytes"

	"github.com/klar-analytics/klar/collector/raw"
)

// cutPort returns an address without the port that always follows it. Without brackets an IPv6 address and its port could not
// be told apart later.
func cutPort(v []byte) []byte {
	if i := bytes.LastIndexByte(v, ':'); i > 0 {
		return v[:i]
	}
	return v
}

// setPeers reads addresses, identity and user, such as "203.0.113.7, 198.51.100.1 - -". What a client sends as its forwarded
// addresses or as its name could pretend to be the rest of the line: where it is not clear which is which, nothing is.
func setPeers(f *raw.Fields, v []byte) *Error {
	i := bytes.Index(v, identity)
	if i <= 0 || bytes.Contains(v[i+1:], identity) {
		return fail(remoteAddr, notAddress)
	}
	f.Forwarded, f.Addr = cutPeers(v[:i])
	return nil
}

// identity stands between address and user: no server knows the client's identity.
var identity = []byte(" - ")

// setClientHost takes Traefik's ClientHost in: the forwarded addresses, or without them the client's own.
func (p *Parser) setClientHost(f *raw.Fields) {
	if len(f.Addr) == 0 {
		f.Forwarded, f.Addr = cutPeers(p.clientHost)
	} else {
		f.Forwarded = p.clientHost
	}
}

// cutPeers cuts a list of addresses, between which stand commas, spaces or both, into the last, which the server spoke to or
// heard of from a proxy that it trusts, and those before, which are as good as who wrote them.
func cutPeers(v []byte) (forwarded, addr []byte) {
	v = bytes.TrimSpace(v)
	i := bytes.LastIndexAny(v, ", ")
	if i < 0 {
		return nil, v
	}
	if forwarded = bytes.TrimRight(v[:i], ", "); len(forwarded) == 0 || string(forwarded) == "-" {
		forwarded = nil
	}
	return forwarded, v[i+1:]
}
