package hit

import (
	"net/netip"
	"strings"
	"testing"
)

func TestTextsHoldNoAddressAgentOrQuery(t *testing.T) {
	hostile := []string{
		"203.0.113.77", "203.0.113.077", "x203.0.113.77:443", "[2001:db8::7]", "2001:db8::7", "fe80::7%eth0",
		"::ffff:203.0.113.77", "before 203.0.113.77 after", "a/2001:db8:1:2:3:4:5:6/b", "203.0.113.77.",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
	}
	constructors := map[string]func(string) string{
		"Site":     func(s string) string { return NewSite(s).String() },
		"Host":     func(s string) string { return NewHost(s).String() },
		"Path":     func(s string) string { return NewPath("/" + s + "?q=" + s).String() },
		"Event":    func(s string) string { return NewEvent(s).String() },
		"Bot":      func(s string) string { return NewBot(s).String() },
		"Source":   func(s string) string { return NewSource(s).String() },
		"Referrer": func(s string) string { return NewReferrer("example.org/" + s).String() },
		"Campaign": func(s string) string { return NewCampaign(s).String() },
		"Provider": func(s string) string { return NewProvider(s).String() },
		"Browser":  func(s string) string { return NewBrowser(s).String() },
		"OS":       func(s string) string { return NewOS(s).String() },
		"Version":  func(s string) string { return NewVersion(s).String() },

		"Definition": func(s string) string { return NewDefinition("page /" + s + "?q=" + s).String() },
	}
	for name, make := range constructors {
		for i, s := range hostile {
			got := make(s)
			if strings.Contains(got, "113.77") || strings.Contains(got, "113.077") || strings.Contains(got, "db8:") || strings.Contains(got, "?") {
				t.Errorf("%s keeps hostile input %d", name, i)
			}
			if name != "Path" && name != "Referrer" && strings.Contains(got, "AppleWebKit") {
				t.Errorf("%s keeps a user agent", name)
			}
		}
	}
}

func TestTextsKeepWhatTheyAreFor(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{NewPath("/a/b.html?x=1#top").String(), "/a/b.html"},
		{NewPath("/a\x00b\xff").String(), "/a\uFFFDb\uFFFD"},
		{NewPath("/release/1.2.3").String(), "/release/1.2.3"},
		{NewPath("/at/10:30:00").String(), "/at/10:30:00"},
		{NewHost("WWW.Example.org:8080").String(), "www.example.org"},
		{NewHost("bad host").String(), ""},
		{NewBrowser("Microsoft Edge").String(), "Microsoft Edge"},
		{NewVersion("10.15").String(), "10.15"},
		{NewVersion("1.2.3.4").String(), ""},
		{NewEvent("Sign up: 20 %").String(), "Sign up: 20 %"},
		{NewEvent("a?b=1").String(), "unnamed"},
		{NewCampaign("früh\u00adjahr").String(), "früh\u00adjahr"},
		{NewReferrer("example.com/a?token=1").String(), "example.com/a"},
		{NewCountry("DE").String(), "DE"},
		{NewCountry("de").String(), ""},
		{NewSite("").String(), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestNetIsShortened(t *testing.T) {
	for _, c := range []struct {
		addr   string
		b4, b6 int
		want   string
	}{
		{"203.0.113.77", 24, 48, "203.0.113.0/24"},
		{"203.0.113.77", 32, 128, "203.0.113.0/24"},
		{"203.0.113.77", 0, -1, "203.0.113.0/24"},
		{"203.0.113.77", 16, 32, "203.0.0.0/16"},
		{"::ffff:203.0.113.77", 24, 48, "203.0.113.0/24"},
		{"2001:db8:1:2:3:4:5:6", 24, 48, "2001:db8:1::/48"},
		{"2001:db8:1:2:3:4:5:6", 24, 128, "2001:db8:1::/48"},
		{"2001:db8:1:2:3:4:5:6", 24, 32, "2001:db8::/32"},
		{"fe80::7%eth0", 24, 48, "fe80::/48"},
	} {
		if got := NewNet(netip.MustParseAddr(c.addr), c.b4, c.b6).String(); got != c.want {
			t.Errorf("NewNet with lengths %d, %d: got %s, want %s", c.b4, c.b6, got, c.want)
		}
	}
	if !NewNet(netip.Addr{}, 24, 48).IsZero() {
		t.Error("no address became a network")
	}
}

func TestNamesOfClosedValues(t *testing.T) {
	if got := MethodOf([]byte("PATCH")).String(); got != "PATCH" {
		t.Errorf("MethodOf(PATCH) = %s", got)
	}
	if got := MethodOf([]byte("get")); got != MethodOther {
		t.Errorf("MethodOf(get) = %s, methods are case-sensitive", got)
	}
	if ChannelAI.String() != "AI Assistants" || KindOther.String() != "other" || DeviceCar.String() != "Car" || OriginAPI.String() != "api" {
		t.Error("a list of names is out of step with its constants")
	}
	if Kind(200).String() != "" {
		t.Error("an unknown kind has a name")
	}
}

func FuzzPath(f *testing.F) {
	f.Add("/a/203.0.113.77/b?x", "::1")
	f.Fuzz(func(t *testing.T, a, b string) {
		p := NewPath(a + b).String()
		if strings.ContainsAny(p, "?#\x00\n") || len(p) > 1024*3 {
			t.Error("a path holds what it must not")
		}
		if holdsAddress(p) && p != addressPath {
			t.Error("a path holds an address")
		}
	})
}

// FuzzComesOutTheSame holds that what a constructor made is what it makes of it again, as the spool does.
func FuzzComesOutTheSame(f *testing.F) {
	for _, s := range []string{"a..", " x ", "/" + strings.Repeat("\xff", 1100), strings.Repeat("ä", 600), strings.Repeat("a", 1016) + "1.2.3.4444"} {
		f.Add(s)
	}
	constructors := []func(string) string{
		func(s string) string { return NewSite(s).String() },
		func(s string) string { return NewHost(s).String() },
		func(s string) string { return NewPath(s).String() },
		func(s string) string { return NewReferrer(s).String() },
		func(s string) string { return NewEvent(s).String() },
		func(s string) string { return NewCampaign(s).String() },
		func(s string) string { return NewVersion(s).String() },
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i, constructor := range constructors {
			once := constructor(s)
			if twice := constructor(once); once != twice {
				t.Fatalf("constructor %d changes what it made", i)
			}
			if len(once) > maxPath {
				t.Fatalf("constructor %d makes %d bytes", i, len(once))
			}
		}
	})
}
