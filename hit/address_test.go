package hit

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

func TestAddressesAreFoundWhateverStandsAroundThem(t *testing.T) {
	for i, a := range []string{
		"203.0.113.77", "203.000.113.077", "0000203.0.113.77", "0.0.0.0", "255.255.255.255", "203.0.113.77.5", "9.203.0.113.77",
		"2001:db8::7", "2001:db8:1:2:3:4:5:6", "2001:DB8:1:2::", "fe80::1", "dead::beef", "2001:db8:1:2:face:b00c:dead:beef",
		"::ffff:203.0.113.77", "64:ff9b::203.0.113.77", "2001:db8:a:b", "00:1a:2b:3c:4d:5e", "2001:db8::1:2",
	} {
		for _, form := range []string{
			"%s", "[%s]:443", "%s:443", "addr:%s", "ip=%s", "(%s)", "/%s/", "a b %s c", "%s.", ".%s", "-%s-", "_%s_", "%s%%eth0", ":%s:", "ä%sä",
		} {
			if s := fmt.Sprintf(form, a); !holdsAddress(s) {
				t.Errorf("address %d is not found in the form %q", i, form)
			}
		}
	}
	for i, s := range []string{
		"face203.0.113.77", "x203.0.113.77y", "v203.0.113.77beta", "addr2001:db8::7", "x2001:db8::7y", "abcdef2001:db8::7", "addr:2001:db8::7",
		"2001:db8::7abcdef", "x2001:db8:1:2:3:4:5:6y", "time10:30:00at2001:db8::7", "std::fe80::1", "::1", "x ::1",
	} {
		if !holdsAddress(s) {
			t.Errorf("glued address %d is not found", i)
		}
	}
}

func TestWhatIsNoAddressStays(t *testing.T) {
	for _, s := range []string{
		"", ".", ":", "::", "...", "a.b.c.d", "1.2.3", "v1.2.3", "10.15.7", "126.0.6478.57", "1.2.3.256", "1.2..3.4", "1.2.3.", "192.168.1",
		"10:30", "10:30:00", "at 10:30:00", "T10:30:00Z", "12:30:45:123", "16:9", "4:3:2", "1920:1080", "10:30:00am", "10:30:00.250",
		"std::string", "std::array", "std::vector::at", "boost::asio", "Foo::Bar", "my_class::add", "fb:ad:2024", "utm:a:b", "a:b:c:d",
		"https://example.org:8080/a", "key:value", "deadbeef:cafe", "2024.10.12.3456",
	} {
		if holdsAddress(s) {
			t.Errorf("%q is taken for an address", s)
		}
	}
}

func TestHostilelyLongTexts(t *testing.T) {
	for _, part := range []string{"1.", "a:", "::", "1", "a1:", ":a1b2c:", "0."} {
		s := strings.Repeat(part, 1<<20/len(part))
		want := part != "1" && part != "::"
		if got := holdsAddress(s); got != want { // with time in the square of the length, this would take minutes
			t.Errorf("%q many times: %v, want %v", part, got, want)
		}
	}
}

// FuzzNoAddressSurvives plants addresses in any text and wants none of them in what a constructor makes.
func FuzzNoAddressSurvives(f *testing.F) {
	f.Add("face", "y", []byte{203, 0, 113, 77})
	f.Add("x:", ":", []byte("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07"))
	f.Add("", "", []byte("\x20\x01\x0d\xb8\x12\x34\x56\x78\x90\xab\xcd\xef\x12\x34\x56\x78"))
	constructors := map[string]func(string) string{
		"Site":     func(s string) string { return NewSite(s).String() },
		"Host":     func(s string) string { return NewHost(s).String() },
		"Path":     func(s string) string { return NewPath(s).String() },
		"Referrer": func(s string) string { return NewReferrer(s).String() },
		"Event":    func(s string) string { return NewEvent(s).String() },
		"Source":   func(s string) string { return NewSource(s).String() },
		"Campaign": func(s string) string { return NewCampaign(s).String() },
		"Provider": func(s string) string { return NewProvider(s).String() },
	}
	f.Fuzz(func(t *testing.T, before, after string, raw []byte) {
		a, ok := netip.AddrFromSlice(raw)
		if !ok || a.IsUnspecified() {
			return
		}
		// More digits would make another number of its ends.
		before, after = strings.TrimRight(before, "0123456789abcdefABCDEF:."), strings.TrimLeft(after, "0123456789abcdefABCDEF:.")
		for _, planted := range []string{a.String(), a.StringExpanded(), strings.ToUpper(a.String())} {
			if strings.HasPrefix(planted, "::") && !strings.Contains(planted, ".") || strings.HasSuffix(planted, "::") {
				continue // With a letter before it, ::1 cannot be told from a scope.
			}
			if len(planted) < len("a::b1") || !strings.ContainsAny(planted, "0123456789") {
				continue // as a::b
			}
			for name, constructor := range constructors {
				if strings.Contains(constructor(before+planted+after), planted) {
					t.Errorf("%s keeps an address", name)
				}
			}
		}
	})
}
