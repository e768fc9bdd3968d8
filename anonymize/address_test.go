package anonymize

import (
	"net/netip"
	"strings"
	"testing"
)

func testShortener() *shortener {
	return &shortener{bits4: 24, bits6: 48, trusted: []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("198.51.100.0/24"),
	}}
}

func TestNetworkOfARequest(t *testing.T) {
	for _, c := range []struct{ addr, forwarded, want string }{
		{"203.0.113.77", "", "203.0.113.0/24"},
		{"203.0.113.77:51234", "", "203.0.113.0/24"},
		{"[2001:db8:1:2::7]:443", "", "2001:db8:1::/48"},
		{"[2001:db8:1:2::7]", "", "2001:db8:1::/48"},
		{"2001:db8:1:2::7%eth0", "", "2001:db8:1::/48"},
		{"::ffff:203.0.113.77", "", "203.0.113.0/24"},
		{"[::ffff:203.0.113.77]:80", "", "203.0.113.0/24"},
		{"203.0.113.077", "", ""},
		{"unix:", "", ""},
		{"-", "", ""},
		{"", "", ""},
		{"[2001:db8::7", "", ""},
		{"host.example.org", "", ""},
		{"203.0.113.77", "192.0.2.9", "203.0.113.0/24"}, // not from a trusted proxy: not believed
		{"127.0.0.1", "192.0.2.9", "192.0.2.0/24"},
		{"127.0.0.1", "-", "127.0.0.0/24"},
		{"127.0.0.1", "203.0.113.5, 192.0.2.9", "192.0.2.0/24"}, // the first may be invented by the client
		{"127.0.0.1", "203.0.113.5, 192.0.2.9, 198.51.100.3", "192.0.2.0/24"},
		{"::1", "2001:db8:1:2::7", "2001:db8:1::/48"},
		{"127.0.0.1", "192.0.2.9, unknown", ""},
		{"127.0.0.1", "198.51.100.3", "198.51.100.0/24"},
	} {
		if got := testShortener().network([]byte(c.addr), []byte(c.forwarded)).String(); got != c.want {
			t.Errorf("network(%q, %q) = %q, want %q", c.addr, c.forwarded, got, c.want)
		}
	}
}

func TestNetworkAllocatesNothing(t *testing.T) {
	s, a, f := testShortener(), []byte("127.0.0.1"), []byte("203.0.113.5, 2001:db8:1:2::7")
	if n := testing.AllocsPerRun(100, func() { s.network(a, f) }); n > 0 {
		t.Errorf("network allocates %v times", n)
	}
}

func FuzzNetwork(f *testing.F) {
	f.Add([]byte("203.0.113.77"), []byte("203.0.113.5, [2001:db8::7]:1"))
	f.Add([]byte("127.0.0.1"), []byte("fe80::1%eth0"))
	f.Fuzz(func(t *testing.T, addr, forwarded []byte) {
		n := testShortener().network(addr, forwarded)
		if s := n.String(); s != "" && !strings.HasSuffix(s, "/24") && !strings.HasSuffix(s, "/48") {
			t.Error("a network is longer than its bound")
		}
	})
}
