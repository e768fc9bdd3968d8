package scrub

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/klar-analytics/klar/hit"
)

// FuzzPath plants an email address and an address of each kind, in an encoding of the fuzzer's choice, into a path of
// the fuzzer's choice. Neither may survive in any form that can be read back.
func FuzzPath(f *testing.F) {
	for _, c := range pathCases {
		f.Add([]byte(c.in), []byte(c.in), uint8(len(c.in)))
	}
	s := New()
	f.Fuzz(func(t *testing.T, before, after []byte, how uint8) {
		checkPath(t, s, before)
		before, after = separate(before), separate(after)
		for _, secret := range []string{"quentin.zz@zz-mail.example", "192.0.2.177", "2001:db8:77:1::7"} {
			target := "/" + string(before) + encodeAs(secret, how) + string(after)
			got := checkPath(t, s, []byte(target))
			if plain, ok := fold([]byte(got)); !ok || bytes.Contains(plain, []byte(secret)) || bytes.Contains(plain, []byte("quentin")) {
				t.Error("what was planted survived")
			}
		}
	})
}

// separate returns what may stand beside something planted: it ends the target in no place, and does not continue what
// was planted.
func separate(b []byte) []byte {
	b = bytes.Map(func(r rune) rune {
		if strings.ContainsRune("?#;:.%@-", r) || r == utf8.RuneError || hex(byte(r)) && r < utf8.RuneSelf {
			return 'x'
		}
		return r
	}, b[:min(len(b), 200)])
	return []byte("/" + string(b) + "/")
}

// encodeAs encodes a text in one of the forms that browsers, servers and attackers write.
func encodeAs(s string, how uint8) string {
	var out strings.Builder
	for i, c := range []byte(s) {
		switch (int(how) + i*int(how>>4)) % 6 {
		case 0:
			out.WriteByte(c)
		case 1:
			fmt.Fprintf(&out, "%%%02x", c)
		case 2:
			fmt.Fprintf(&out, "%%%02X", c)
		case 3:
			fmt.Fprintf(&out, "%%25%02X", c)
		case 4:
			out.WriteString(url.PathEscape(string(rune(c) + 0xFEE0)))
		case 5:
			fmt.Fprintf(&out, "%%u%04x", c)
		}
	}
	return out.String()
}

// checkPath holds a path against what is true of all.
func checkPath(t *testing.T, s *Scrubber, target []byte) string {
	t.Helper()
	got := s.Path(target).String()
	if len(got) > maxPath || !utf8.ValidString(got) || strings.ContainsAny(got, "?#\x00\n") {
		t.Error("not a path that may be kept")
	}
	return got
}

func FuzzText(f *testing.F) {
	for _, c := range pathCases {
		f.Add([]byte(c.in))
	}
	s := New()
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := s.Text(b)
		if len(got) > maxName || ok != (got != "") || utf8.Valid(b) && !utf8.ValidString(got) {
			t.Error("not a text that may be kept")
		}
		if _, ok := s.Text([]byte("a quentin.zz@zz-mail.example " + got)); ok {
			t.Error("what was planted survived")
		}
	})
}

func FuzzKind(f *testing.F) {
	f.Add(uint8(1), []byte("/a.css?b"), 200)
	f.Fuzz(func(t *testing.T, m uint8, target []byte, status int) {
		if Kind(hit.Method(m), target, status) == hit.KindEvent {
			t.Error("a request is no event")
		}
	})
}

func BenchmarkPathCached(b *testing.B) {
	s := New()
	target := []byte("/blog/geekery/headless-wrapper-for-ephemeral-xservers.html?a=b")
	s.Path(target)
	b.ReportAllocs()
	for b.Loop() {
		s.Path(target)
	}
}

func BenchmarkPathNew(b *testing.B) {
	target := []byte("/shop/orders/4711/items/550e8400-e29b-41d4-a716-446655440000/summary-2024.html")
	b.ReportAllocs()
	for b.Loop() {
		scrubPath(target)
	}
}

// BenchmarkPathHostile holds that no path costs more than a fraction of a millisecond.
func BenchmarkPathHostile(b *testing.B) {
	for name, part := range map[string]string{
		"hyphens": "1-", "dots": "1.", "mail": "a@b", "jwt": "-eyJ", "jwt2": "eyJ.", "iban": "-DE89", "percent": "%25", "phone": "0 (",
		"hex": "4f", "colons": "a:", "zeros": "0", "token": "aB3-",
	} {
		b.Run(name, func(b *testing.B) {
			target := []byte("/" + strings.Repeat(part, maxTarget/len(part)-1))
			for b.Loop() {
				scrubPath(target)
			}
		})
	}
}

func BenchmarkKind(b *testing.B) {
	target := []byte("/blog/geekery/headless-wrapper-for-ephemeral-xservers.html?a=b")
	b.ReportAllocs()
	for b.Loop() {
		Kind(hit.MethodGet, target, 200)
	}
}

func TestCachedAllocatesNothing(t *testing.T) {
	s := New()
	target := []byte("/orders/4711?a=b")
	if n := testing.AllocsPerRun(100, func() { s.Path(target) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}
