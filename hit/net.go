package hit

import "net/netip"

// Net is a shortened address: an IPv4 network of at most 24 bits or an IPv6 network of at most 48. No longer prefix
// can be made. The zero value is no network.
type Net struct{ p netip.Prefix }

// The longest prefixes, in bits. Configuration may choose shorter ones only.
const (
	MaxPrefix4 = 24
	MaxPrefix6 = 48
)

// NewNet shortens an address to the given prefix lengths; a length outside 1 to [MaxPrefix4] or [MaxPrefix6] counts as
// that maximum. An IPv4 address mapped into IPv6 is unmapped first, and a zone is dropped.
func NewNet(a netip.Addr, bits4, bits6 int) Net {
	a = a.Unmap().WithZone("")
	bits := bits6
	most := MaxPrefix6
	if a.Is4() {
		bits, most = bits4, MaxPrefix4
	}
	if bits < 1 || bits > most {
		bits = most
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return Net{}
	}
	return Net{p}
}

// Addr returns the network's first address.
func (n Net) Addr() netip.Addr { return n.p.Addr() }

// IsZero reports whether n is no network.
func (n Net) IsZero() bool { return !n.p.IsValid() }

// String returns the network in CIDR notation, empty for none.
func (n Net) String() string {
	if n.IsZero() {
		return ""
	}
	return n.p.String()
}

// ParseNet returns the network that s names as [Net.String] writes it; zero for anything else, an address or a longer
// prefix among it.
func ParseNet(s string) Net {
	p, err := netip.ParsePrefix(s)
	if err != nil || p.Masked() != p {
		return Net{}
	}
	n := NewNet(p.Addr(), p.Bits(), p.Bits())
	if n.p != p {
		return Net{}
	}
	return n
}
