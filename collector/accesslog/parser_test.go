package accesslog

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/klar-analytics/klar/collector/raw"
)

// compile returns a format that must exist.
func compile(t testing.TB, format string) *Format {
	t.Helper()
	f, err := Compile(format)
	if err != nil {
		t.Fatalf("Compile(%q): %v", format, err)
	}
	return f
}

// show writes a hit of made-up content out, one field a word.
func show(h raw.Hit) string {
	f := h.Fields()
	s := fmt.Sprintf("time=%d addr=%s method=%q target=%q status=%d bytes=%d ref=%q ua=%q", f.Time, f.Addr, f.Method, f.Target,
		f.Status, f.Bytes, f.Referrer, f.UserAgent)
	for _, o := range []struct {
		name  string
		value []byte
	}{{"host", f.Host}, {"forwarded", f.Forwarded}, {"lang", f.Language}} {
		if o.value != nil {
			s += fmt.Sprintf(" %s=%q", o.name, o.value)
		}
	}
	if f.GPC {
		s += " gpc"
	}
	if f.DNT {
		s += " dnt"
	}
	return s
}

const (
	stamp = `17/May/2015:10:05:03 +0200`
	head  = `203.0.113.7 - - [` + stamp + `] `
	main  = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"`
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, format, line, want string }{
		{"combined", "combined", head + `"GET /a?b=c HTTP/1.1" 200 512 "https://example.org/" "UA 1"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/a?b=c" status=200 bytes=512 ref="https://example.org/" ua="UA 1"`},
		{"user with space", "combined", `2001:db8::1 - a b [` + stamp + `] "POST / HTTP/2.0" 304 - "-" "-"`,
			`time=1431849903 addr=2001:db8::1 method="POST" target="/" status=304 bytes=0 ref="" ua=""`},
		{"more fields after", "combined", head + `"GET / HTTP/1.1" 200 5 "-" "UA" "-" 0.003`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=5 ref="" ua="UA"`},
		{"cut off", "combined", head + `"GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0 (compat`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=5 ref="" ua="Mozilla/5.0 (compat"`},
		{"nginx escapes", "combined", head + `"GET /\x22a\x5Cb\xC3\xA4 HTTP/1.1" 200 5 "-" "U\x22A"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/\"a\\bä" status=200 bytes=5 ref="" ua="U\"A"`},
		{"apache escapes", "combined", head + `"GET / HTTP/1.1" 200 5 "a\" \"b\\" "U\tA\""`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=5 ref="a\" \"b\\" ua="U\tA\""`},
		{"quote not escaped", "combined", head + `"GET / HTTP/1.1" 200 5 "say "hi" now" "U"A"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=5 ref="say \"hi\" now" ua="U\"A"`},
		{"no request", "combined", head + `"-" 408 0 "-" "-"`,
			`time=1431849903 addr=203.0.113.7 method="" target="" status=408 bytes=0 ref="" ua=""`},
		{"empty request", "combined", head + `"" 400 0 "-" "-"`,
			`time=1431849903 addr=203.0.113.7 method="" target="" status=400 bytes=0 ref="" ua=""`},
		{"TLS hello", "combined", head + `"\x16\x03\x01 \x02" 400 226 "-" "-"`,
			`time=1431849903 addr=203.0.113.7 method="" target="" status=400 bytes=226 ref="" ua=""`},
		{"HTTP/0.9 and spaces", "combined", head + `"GET /a b" 200 1 "-" "-"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/a b" status=200 bytes=1 ref="" ua=""`},
		{"odd protocol", "combined", head + `"GET /a b HTTP/3" 200 1 "-" "-"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/a b" status=200 bytes=1 ref="" ua=""`},
		{"status out of range", "combined", head + `"GET / HTTP/1.1" 000 1 "-" "-"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=0 bytes=1 ref="" ua=""`},
		{"vhost", "combined-vhost", `example.org:443 ` + head + `"GET / HTTP/1.1" 200 1 "-" "-"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=1 ref="" ua="" host="example.org:443"`},
		{"common", "common", head + `"GET / HTTP/1.0" 200 -`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=0 ref="" ua=""`},
		{"common-vhost", "common-vhost", `example.org ` + head + `"GET / HTTP/1.0" 200 7`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=7 ref="" ua="" host="example.org"`},
		{"nginx main", main, head + `"GET / HTTP/1.1" 200 1 "-" "UA" "198.51.100.4, 10.0.0.1"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=1 ref="" ua="UA" forwarded="198.51.100.4, 10.0.0.1"`},
		{"directive", `log_format t '$time_iso8601|$remote_addr|$host' '|$request_method $uri$is_args$args|${status}|$bytes_sent|$http_dnt';`,
			`2015-05-17T10:05:03+02:00|203.0.113.7|example.org|GET /x?y|200|9|1`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/x?y" status=200 bytes=9 ref="" ua="" host="example.org" dnt`},
		{"msec and joined target", `$msec $remote_addr $uri "$args" $http_user_agent`, `1431849903.250 203.0.113.7 /x "y=1" Some UA`,
			`time=1431849903 addr=203.0.113.7 method="" target="/x?y=1" status=0 bytes=0 ref="" ua="Some UA"`},
		{"time without brackets", `$remote_addr $time_local $request_method $scheme://$host$request_uri $status`,
			`203.0.113.7 ` + stamp + ` GET https://example.org/x 200`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/x" status=200 bytes=0 ref="" ua="" host="example.org"`},
		{"escape=none", `log_format n escape=none '$remote_addr [$time_local] "$request" "$http_user_agent"';`,
			`203.0.113.7 [` + stamp + `] "GET /\x41 HTTP/1.1" "a\b"`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/\\x41" status=0 bytes=0 ref="" ua="a\\b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := raw.New()
			if err := compile(t, c.format).NewParser().Parse([]byte(c.line), h); err != nil {
				t.Fatal(err)
			}
			if got := show(h); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ format, line, want string }{
		{"combined", ``, "field $remote_addr is missing"},
		{"combined", `- - - [` + stamp + `] "GET / HTTP/1.1" 200 1 "-" "-"`, "field $remote_addr is empty"},
		{"combined", `203.0.113.7 - -`, "field $time_local is missing"},
		{"combined", `203.0.113.7 - - [17/Mai/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "-"`, "field $time_local is not a time"},
		{"combined", `203.0.113.7 - - [31/Apr/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "-"`, "field $time_local is not a time"},
		{"combined", head + `"GET / HTTP/1.1`, "field $request has no closing quote"},
		{"combined", head + `"GET / HTTP/1.1" OK 1 "-" "-"`, "field $status is not a number"},
		{"combined", head + `"GET / HTTP/1.1" 200 many "-" "-"`, "field $body_bytes_sent is not a number"},
		{"combined", head + `"GET / HTTP/1.1" 200 9999999999999999999999 "-" "-"`, "field $body_bytes_sent is not a number"},
		{"combined", head + `"GET / HTTP/1.1" 200 17`, "field $http_referer is missing"},
		{`$remote_addr $request_time $time_local "$request"`, `203.0.113.7`, "a field that is not read is missing"},
		{`log=$remote_addr $time_local "$request"`, `203.0.113.7`, "the line does not begin as the format does"},
		{"nginx-json", `[]`, "the line is not a JSON object"},
		{"nginx-json", `{"remote_addr":"203.0.113.7"`, "the line is not a JSON object"},
		{"nginx-json", `{"remote_addr":"203.0.113.7"}`, "field $time_local is missing"},
		{"nginx-json", `{"time":"noon"}`, "field $time is not a time"},
		{"nginx-json", `{"msec":1.5,"status":2000}`, "field $status is not a number"},
	} {
		h := raw.New()
		err := compile(t, c.format).NewParser().Parse([]byte(c.line), h)
		var e *Error
		if !errors.As(err, &e) || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.format, err, c.want)
		}
	}
}

// An error is the same value each time, so that counting by it costs nothing.
func TestErrorsAreStatic(t *testing.T) {
	p, h := compile(t, "combined").NewParser(), raw.New()
	a, b := p.Parse([]byte(head+`"-" x`), h), p.Parse([]byte(head+`"GET" y`), h)
	if a == nil || a != b {
		t.Errorf("%v and %v are not the same error", a, b)
	}
}

func TestHitIsReset(t *testing.T) {
	p, h := compile(t, main).NewParser(), raw.New()
	h.Fields().Site = "example.org"
	for _, l := range []string{
		head + `"GET /a HTTP/1.1" 200 1 "https://example.org/" "UA" "198.51.100.4"`,
		head + `"-" 400 0 "-" "-" "-"`,
	} {
		if err := p.Parse([]byte(l), h); err != nil {
			t.Fatal(err)
		}
	}
	want := `time=1431849903 addr=203.0.113.7 method="" target="" status=400 bytes=0 ref="" ua=""`
	if got := show(h); got != want || h.Fields().Site != "example.org" {
		t.Errorf("got %s, site %q", got, h.Fields().Site)
	}
}

func TestClear(t *testing.T) {
	p, h := compile(t, "combined").NewParser(), raw.New()
	if err := p.Parse([]byte(head+`"GET / HTTP/1.1" 200 1 "-" "planted\x22agent"`), h); err != nil {
		t.Fatal(err)
	}
	p.Clear()
	if bytes.Contains(p.scratch[:cap(p.scratch)], []byte("planted")) {
		t.Error("the scratch buffer still holds a user agent")
	}
}

func TestNoAllocations(t *testing.T) {
	for format, l := range map[string]string{
		"combined":   head + `"GET /a\x22b HTTP/1.1" 200 512 "https://example.org/" "UA 1"`,
		"nginx-json": `{"remote_addr":"203.0.113.7","time":1431849903,"uri":"/\u0041","args":"b","status":200,"x":{"y":[1]}}`,
	} {
		p, h, b := compile(t, format).NewParser(), raw.New(), []byte(l)
		if n := testing.AllocsPerRun(100, func() {
			if err := p.Parse(b, h); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations a line", format, n)
		}
	}
}

// That a log does not carry agents is not the same as a client that has none.
func TestNoAgent(t *testing.T) {
	const head = `203.0.113.7 - - [10/Oct/2024:13:55:36 +0000] "GET / HTTP/1.1" 200 5`
	for _, c := range []struct {
		format, line string
		want         bool
	}{
		{"common", head, true},
		{"common-vhost", "example.org " + head, true},
		{"combined", head + ` "-" "-"`, false},
		{"combined", head + ` "-" ""`, false},
		{`$remote_addr [$time_local] "$request"`, `203.0.113.7 [10/Oct/2024:13:55:36 +0000] "GET / HTTP/1.1"`, true},
		{`$remote_addr [$time_local] "$request" "$http_user_agent"`, `203.0.113.7 [10/Oct/2024:13:55:36 +0000] "GET / HTTP/1.1" "-"`, false},
		{`{"a":"$remote_addr","t":"$msec","r":"$request"}`, `{"a":"203.0.113.7","t":"1728568536","r":"GET / HTTP/1.1"}`, true},
		{`{"a":"$remote_addr","t":"$msec","r":"$request","u":"$http_user_agent"}`, `{"a":"203.0.113.7","t":"1728568536","r":"GET / HTTP/1.1","u":""}`, false},
		{"nginx-json", `{"remote_addr":"203.0.113.7","msec":"1728568536","request":"GET / HTTP/1.1"}`, true},
		{"nginx-json", `{"remote_addr":"203.0.113.7","msec":"1728568536","request":"GET / HTTP/1.1","http_user_agent":""}`, false},
	} {
		f, err := Compile(c.format)
		if err != nil {
			t.Fatal(err)
		}
		h := raw.New()
		if err := f.NewParser().Parse([]byte(c.line), h); err != nil {
			t.Fatalf("%s: %v", c.format, err)
		}
		if h.Fields().NoAgent != c.want {
			t.Errorf("%s: NoAgent is %v, want %v", c.format, !c.want, c.want)
		}
	}
}
