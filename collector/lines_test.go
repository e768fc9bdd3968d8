package collector

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klar-analytics/klar/collector/accesslog"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("x", MaxLine)
	huge := strings.Repeat("y", 3*readSize)
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"a", "a~"},
		{"a\n", "a"},
		{"a\r\nb\r\n\n\r\nc", "a b   c~"},
		{"\x00\x00a\x00b\n\x00\n", "a\x00b "},
		{long + "\nb\n", "x*65536 b"},
		{long + "x\nb\n", "long b"},
		{huge + "\nb", "long b~"},
		{"a\n" + huge, "a long"},
		{"a\n" + long, "a x*65536~"},
	} {
		for name, r := range map[string]io.Reader{
			"whole":   strings.NewReader(c.in),
			"halves":  iotest.HalfReader(strings.NewReader(c.in)),
			"dataErr": iotest.DataErrReader(strings.NewReader(c.in)),
		} {
			var l lineReader
			l.reset(r)
			var got []string
			for {
				line, kind, err := l.next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				s := string(line)
				if len(s) > 100 {
					s = fmt.Sprintf("%c*%d", s[0], len(s))
				}
				got = append(got, s+map[lineKind]string{openLine: "~", longLine: "long"}[kind])
			}
			if g := strings.Join(got, " "); g != c.want || l.ended != int64(len(c.in)) {
				t.Errorf("%s: got %q, want %q; ended at %d of %d", name, g, c.want, l.ended, len(c.in))
			}
		}
	}
}

// What came before an error is read, the broken line is not.
func TestLinesBeforeError(t *testing.T) {
	broken := errors.New("broken")
	var l lineReader
	l.reset(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)))
	if line, _, err := l.next(); string(line) != "a" || err != nil {
		t.Errorf("got %q, %v", line, err)
	}
	if _, _, err := l.next(); err != broken {
		t.Errorf("got %v", err)
	}
}

// The fingerprints of logs are on users' disks: if this fails, logs that were imported would be imported again.
func TestFingerprintStays(t *testing.T) {
	f := compileCombined(t)
	s := newScanner("example.org")
	s.reset(strings.NewReader(logText(0, 3)+"rejected\n"+strings.Repeat("x", MaxLine+1)+"\n"+
		strings.Replace(logLine(3), "GET /3 ", "POST /a/b?planted ", 1)), f)
	for s.scan() == nil {
	}
	if got, want := s.print.String(), "2d6341583f06bec6"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	vhost, err := accesslog.Compile("combined-vhost")
	if err != nil {
		t.Fatal(err)
	}
	s.reset(strings.NewReader("example.org "+logLine(0)+"a-rather-long.example.org:443 "+logLine(1)), vhost)
	for s.scan() == nil {
	}
	if got, want := s.print.String(), "45d61d98b5d9e715"; got != want {
		t.Errorf("with hosts: got %s, want %s", got, want)
	}
}

// Logs that differ only in the host are two logs; how the host is written makes no difference.
func TestFingerprintHoldsTheHost(t *testing.T) {
	f, err := accesslog.Compile("combined-vhost")
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for _, host := range []string{
		"example.org", "EXAMPLE.org", "example.org:443", "example.com", "example.or", "-", "a.example.org", "b.example.org",
		"[2001:db8::1]", "[2001:db8::1]:80", "[2001:db8::2]",
	} {
		s := newScanner("")
		s.reset(strings.NewReader(host+" "+logLine(1)), f)
		if err := s.scan(); err != nil || s.rejected != nil {
			t.Fatal(err, s.rejected)
		}
		of[host] = s.print.String()
	}
	same := map[string]string{"EXAMPLE.org": "example.org", "example.org:443": "example.org", "[2001:db8::1]:80": "[2001:db8::1]"}
	hosts := map[string]string{}
	for host, print := range of {
		if as := same[host]; as != "" {
			if print != of[as] {
				t.Errorf("%s is another host than %s", host, as)
			}
			continue
		}
		if other := hosts[print]; other != "" {
			t.Errorf("%s and %s have the same fingerprint", host, other)
		}
		hosts[print] = host
	}
}

// Two logs that differ only in what leads to a person have the same fingerprint.
func TestFingerprintHoldsNoPerson(t *testing.T) {
	prints := map[fingerprint]bool{}
	for _, line := range []string{
		logLine(1),
		strings.Replace(logLine(1), "203.0.113.1 - -", "198.51.100.9 - somebody", 1),
		strings.Replace(logLine(1), `"UA"`, `"Other agent"`, 1),
		strings.Replace(logLine(1), "/1 ", "/2?mail=somebody ", 1),
		strings.Replace(logLine(1), `"-"`, `"https://example.org/"`, 1),
	} {
		s := newScanner("example.org")
		s.reset(strings.NewReader(line), compileCombined(t))
		if err := s.scan(); err != nil || s.rejected != nil {
			t.Fatal(err, s.rejected)
		}
		prints[s.print] = true
	}
	if len(prints) != 1 {
		t.Errorf("%d fingerprints", len(prints))
	}
}

func compileCombined(t *testing.T) *accesslog.Format {
	t.Helper()
	f, err := accesslog.Compile("combined")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// FuzzLines holds the reader against the plain way to cut lines, however the input comes in.
func FuzzLines(f *testing.F) {
	f.Add([]byte("a\r\n\x00b\n\nc"), uint16(1))
	f.Add([]byte("\n"), uint16(70))
	f.Fuzz(func(t *testing.T, in []byte, times uint16) {
		in = bytes.Repeat(in, int(times)%3000*min(1, 2000/(len(in)+1))+1)
		var want []string
		if parts := bytes.Split(in, []byte("\n")); len(in) > 0 {
			if len(parts[len(parts)-1]) == 0 {
				parts = parts[:len(parts)-1]
			}
			for _, p := range parts {
				if len(p) > MaxLine {
					p = nil
				}
				want = append(want, string(trim(p)))
			}
		}
		var l lineReader
		l.reset(iotest.HalfReader(bytes.NewReader(in)))
		for i := 0; ; i++ {
			line, _, err := l.next()
			if err == io.EOF {
				if i != len(want) || l.ended != int64(len(in)) {
					t.Fatalf("%d lines and %d bytes, want %d and %d", i, l.ended, len(want), len(in))
				}
				return
			}
			if i >= len(want) || string(line) != want[i] {
				t.Fatalf("line %d of %d differs", i+1, len(want))
			}
		}
	})
}
