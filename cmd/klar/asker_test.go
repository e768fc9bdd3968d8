package main

import (
	"net/http"
	"net/netip"
	"testing"
)

// TestAsker tells by which network a request without a token is bounded, and which comes from this machine.
func TestAsker(t *testing.T) {
	t.Parallel()
	var p peers
	p.trust([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	for _, test := range []struct {
		remote, forwarded, network string
		bounded                    bool
	}{
		{"127.0.0.1:5000", "", "127.0.0.0", false},
		{"127.0.0.1:5000", "203.0.113.77", "203.0.113.0", true},
		{"127.0.0.1:5000", "198.51.100.9, 203.0.113.77, 127.0.0.2", "203.0.113.0", true},
		{"127.0.0.1:5000", "127.0.0.1", "127.0.0.0", false},
		{"127.0.0.1:5000", "somebody", "::", true},
		{"203.0.113.0:0", "198.51.100.9", "203.0.113.0", true}, // who may not say so
		{"[2001:db8:1::]:0", "", "2001:db8:1::", true},
		{"@", "", "::", true},
	} {
		r := &http.Request{RemoteAddr: test.remote, Header: http.Header{}}
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-For", test.forwarded)
		}
		if network, bounded := p.asker(r); network.String() != test.network || bounded != test.bounded {
			t.Errorf("%s for %q is bounded %v by %s, want %v by %s", test.remote, test.forwarded, bounded, network, test.bounded, test.network)
		}
	}
}
