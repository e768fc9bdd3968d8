package geo

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/klar-analytics/klar/hit"
)

// special are the networks of the IANA special-purpose registries that netip has no name for.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("3fff::/20"),
}

// reserved reports whether an address belongs to nobody in particular.
func reserved(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return true
	}
	for _, p := range special {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// provider returns the first name that is one.
func provider(names ...string) hit.Provider {
	for _, name := range names {
		if p := hit.NewProvider(plain(name, 120)); !p.IsZero() {
			return p
		}
	}
	return hit.Provider{}
}

// plain returns a name without the marks that package hit has no room for, cut to a number of bytes.
func plain(name string, most int) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r == '"', r == 0x7f:
			return -1
		case strings.ContainsRune("<>{}[]\\^`|~#$%=?@:;", r):
			return ' '
		}
		return r
	}, name)
	for len(name) > most {
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	return name
}
