package anonymize

import (
	"bytes"
	"net/netip"
	"unsafe"

	"github.com/klar-analytics/klar/hit"
)

// shortener turns the address of a request into the network that stands for it from then on.
type shortener struct {
	bits4, bits6 int
	trusted      []netip.Prefix
}

// network shortens the client's address: addr, or, if addr is a trusted proxy, the last address of the forwarded list
// that is none. What cannot be parsed gives the zero network, never a guess.
func (s *shortener) network(addr, forwarded []byte) hit.Net {
	a, ok := parseAddr(addr)
	if !ok {
		return hit.Net{}
	}
	if len(forwarded) > 0 && s.isTrusted(a) {
		if a, ok = s.client(a, forwarded); !ok {
			return hit.Net{}
		}
	}
	return hit.NewNet(a, s.bits4, s.bits6)
}

// Peer returns what may be known of the other end of a connection: of a trusted proxy all, of anybody else the address
// shortened to hit.MaxPrefix4 or hit.MaxPrefix6 bits.
func Peer(a netip.Addr, trusted []netip.Prefix) netip.Addr {
	a = a.Unmap().WithZone("")
	s := shortener{trusted: trusted}
	if s.isTrusted(a) {
		return a
	}
	return hit.NewNet(a, hit.MaxPrefix4, hit.MaxPrefix6).Addr()
}

// Client returns the shortened address of who sent a request: of its peer, or, if that is a trusted proxy, of whom the
// forwarded list names. local reports that it came from this machine, for nobody else. What cannot be parsed gives the
// zero address.
func Client(peer, forwarded []byte, trusted []netip.Prefix) (network netip.Addr, local bool) {
	s := shortener{trusted: trusted}
	a, ok := parseAddr(peer)
	if ok && len(forwarded) > 0 && s.isTrusted(a) {
		a, ok = s.client(a, forwarded)
	}
	if !ok {
		return netip.Addr{}, false
	}
	return hit.NewNet(a, hit.MaxPrefix4, hit.MaxPrefix6).Addr(), a.IsLoopback()
}

// client walks X-Forwarded-For from its end, which the nearest proxy wrote, to the first address that is not a trusted
// proxy's. A header of "-" is none.
func (s *shortener) client(peer netip.Addr, forwarded []byte) (netip.Addr, bool) {
	if string(bytes.TrimSpace(forwarded)) == "-" {
		return peer, true
	}
	for len(forwarded) > 0 {
		i := bytes.LastIndexByte(forwarded, ',')
		a, ok := parseAddr(bytes.TrimSpace(forwarded[i+1:]))
		if !ok {
			return netip.Addr{}, false
		}
		peer, forwarded = a, forwarded[:max(i, 0)]
		if !s.isTrusted(a) {
			break
		}
	}
	return peer, true
}

func (s *shortener) isTrusted(a netip.Addr) bool {
	for _, p := range s.trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parseAddr parses an address as logs write them: bare, with a port, in brackets, with a zone, IPv4 mapped into IPv6.
// It makes no copy of b.
func parseAddr(b []byte) (netip.Addr, bool) {
	if len(b) > 2 && b[0] == '[' {
		i := bytes.IndexByte(b, ']')
		if i < 0 {
			return netip.Addr{}, false
		}
		b = b[1:i]
	} else if i := bytes.IndexByte(b, ':'); i > 0 && bytes.IndexByte(b[i+1:], ':') < 0 {
		b = b[:i]
	}
	if i := bytes.IndexByte(b, '%'); i > 0 {
		b = b[:i]
	}
	if len(b) < 2 || len(b) > 45 {
		return netip.Addr{}, false
	}
	// ParseAddr keeps its argument in the error only, and the error is dropped here.
	a, err := netip.ParseAddr(unsafe.String(unsafe.SliceData(b), len(b)))
	return a.Unmap(), err == nil
}
