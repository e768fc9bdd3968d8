package accesslog

import (
	"bytes"
	"testing"

	"github.com/klar-analytics/klar/collector/raw"
)

// within tells whether part lies inside whole, or is as long as it could come from it.
func within(part, whole []byte) bool { return len(part) <= 2*len(whole)+1 }

// FuzzParse checks for every format that no line breaks the parser, that what it says of a line does not depend on the
// line before, and that status and time are in bounds.
func FuzzParse(f *testing.F) {
	for _, l := range []string{
		head + `"GET /a?b=c HTTP/1.1" 200 512 "https://example.org/" "UA \x22 \"1"`,
		`example.org:443 ` + head + `"-" 400 -`,
		`{"remote_addr":"203.0.113.7","time":1431849903.1,"uri":"/\u00e4","args":"\\","x":{"y":["}"]},"status":"200"}`,
		`2015-05-17T10:05:03+02:00|203.0.113.7|example.org/x`,
		"\x00\xff", `\`, `"`, `{`, `{"`, `{"a":`,
	} {
		f.Add([]byte(l))
	}
	for _, lines := range samples(f) {
		for _, l := range lines {
			f.Add(l)
		}
	}
	var formats []*Format
	for _, s := range append(Names(), main, `$time_iso8601|$remote_addr|$host$uri`, `{"a":"$remote_addr","t":{"x":"$msec $request"}}`) {
		formats = append(formats, compile(f, s))
	}
	f.Fuzz(func(t *testing.T, l []byte) {
		h, again := raw.New(), raw.New()
		for _, format := range formats {
			p := format.NewParser()
			before := bytes.Clone(l)
			err := p.Parse(l, h)
			if !bytes.Equal(before, l) {
				t.Fatal("the line was changed")
			}
			if err != nil {
				continue
			}
			x := h.Fields()
			if x.Time < 0 || x.Time > lastSecond || x.Status != 0 && (x.Status < 100 || x.Status > 599) || len(x.Addr) == 0 {
				t.Fatalf("%s: time, status or address out of bounds", format.Name())
			}
			for _, part := range [][]byte{x.Addr, x.Host, x.Method, x.Target, x.Referrer, x.UserAgent, x.Forwarded, x.Language} {
				if !within(part, l) {
					t.Fatalf("%s: a field is longer than the line", format.Name())
				}
			}
			first := show(h)
			if err := p.Parse(l, again); err != nil || show(again) != first {
				t.Fatalf("%s: the second reading differs", format.Name())
			}
		}
	})
}

// FuzzColumns checks that no directive breaks a parser, that what is kept of it names the same columns, and that a row
// gives nothing that it does not hold.
func FuzzColumns(f *testing.F) {
	for name, lines := range samples(f) {
		if formatOf(f, name).columns == nil {
			continue
		}
		for i := 1; i < len(lines); i++ {
			f.Add(lines[i-1], lines[i])
		}
	}
	f.Add([]byte("#fields: Time c-IP cs-uri"), []byte("10:05:03\t\"203.0.113.7\"\t%2"))
	f.Fuzz(func(t *testing.T, directive, row []byte) {
		for _, name := range []string{"w3c", "cloudfront"} {
			p, next, h := compile(t, name).NewParser(), compile(t, name).NewParser(), raw.New()
			_ = p.Parse([]byte("#Date: 2015-05-17"), h)
			_ = next.Parse([]byte("#Date: 2015-05-17"), h)
			if p.Parse(directive, h) != ErrDirective {
				continue
			}
			if header := p.Header(); header != nil && next.Parse(header, h) != ErrDirective {
				t.Fatal("the header is no directive")
			}
			again := raw.New()
			err, err2 := p.Parse(row, h), next.Parse(row, again)
			if p.Header() != nil && (err != err2 || err == nil && show(h) != show(again)) {
				t.Fatal("the columns that are kept are others")
			}
			if x := h.Fields(); err == nil && (x.Time < 0 || x.Time > lastSecond || !within(x.UserAgent, row) || !within(x.Target, row)) {
				t.Fatal("a field is out of bounds")
			}
		}
	})
}

// FuzzCompile checks that no format string breaks the compiler, nor what it compiles a parser.
func FuzzCompile(f *testing.F) {
	for _, s := range append(Names(), main, `log_format a escape=json '{"x":"$remote_addr","t":$msec,' '"r":"$request"}';`, `"$remote_addr" '`, `${`, `{"":}`) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		format, err := Compile(s)
		if err != nil {
			return
		}
		p, h := format.NewParser(), raw.New()
		for _, l := range []string{s, head + `"GET / HTTP/1.1" 200 1`, `{"x":"y"}`, ""} {
			_ = p.Parse([]byte(l), h)
		}
	})
}
