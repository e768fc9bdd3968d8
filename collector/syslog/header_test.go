package syslog

import (
	"bytes"
	"testing"
)

const line = `192.0.2.7 - - [23/Nov/2026:09:32:56 +0000] "GET /a?b=c HTTP/1.1" 200 12 "-" "agent: x"`

func TestContent(t *testing.T) {
	for name, c := range map[string]struct{ message, want string }{
		"nginx":                      {"<190>Nov 23 09:32:56 web1 nginx: " + line, line},
		"nginx, nohostname":          {"<190>Nov  3 09:32:56 nginx: " + line, line},
		"nginx, tag and JSON":        {`<134>Nov 23 09:32:56 web1 shop_log: {"a": 1}`, `{"a": 1}`},
		"a tag with a process":       {"<134>Nov 23 09:32:56 haproxy[4242]: " + line, line},
		"a host that is an address":  {"<134>Nov 23 09:32:56 2001:db8:: nginx: " + line, line},
		"rsyslog's time":             {"<134>2026-11-23T09:32:56.123456+01:00 web1 nginx: " + line, line},
		"no space behind the tag":    {`<134>Nov 23 09:32:56 web1 caddy:{"a":1}`, `{"a":1}`},
		"line ends":                  {"<190>Nov 23 09:32:56 web1 nginx: x\r\n\x00", "x"},
		"nothing behind the tag":     {"<190>Nov 23 09:32:56 web1 nginx:", ""},
		"5424":                       {"<190>1 2026-11-23T09:32:56Z web1 nginx 12 - - " + line, line},
		"5424, all nil":              {"<0>1 - - - - - - x", "x"},
		"5424, mark of UTF-8":        {"<190>1 - web1 nginx - - - \xef\xbb\xbfx", "x"},
		"5424, data":                 {`<190>1 - web1 nginx - ID47 [a@1 b="c]\"\\"][d e="["] x`, "x"},
		"5424, no message":           {`<190>1 - web1 nginx - - [a b="c"]`, ""},
		"5424, JSON":                 {`<190>1 - web1 nginx - - - {"a": "b ] c"}`, `{"a": "b ] c"}`},
		"no header":                  {line, line},
		"JSON without header":        {`{"time": "x"}` + "\n", `{"time": "x"}`},
		"empty":                      {"", ""},
		"only a priority":            {"<190>", "<190>"},
		"priority out of range":      {"<192>Nov 23 09:32:56 web1 nginx: x", "<192>Nov 23 09:32:56 web1 nginx: x"},
		"priority too long":          {"<0190>Nov 23 09:32:56 web1 nginx: x", "<0190>Nov 23 09:32:56 web1 nginx: x"},
		"no tag":                     {`<190>Nov 23 09:32:56 web1 {"a": 1}`, `<190>Nov 23 09:32:56 web1 {"a": 1}`},
		"5424 broken off":            {"<190>1 2026-11-23T09:32:56Z web1", "<190>1 2026-11-23T09:32:56Z web1"},
		"5424, data without end":     {`<190>1 - web1 nginx - - [a b="] x`, `<190>1 - web1 nginx - - [a b="] x`},
		"5424, data without a space": {`<190>1 - web1 nginx - - [a]x`, `<190>1 - web1 nginx - - [a]x`},
	} {
		if got := Content([]byte(c.message)); string(got) != c.want {
			t.Errorf("%s: the content is %q, want %q", name, got, c.want)
		}
	}
}

func TestContentAllocatesNothing(t *testing.T) {
	for _, head := range []string{"<190>Nov 23 09:32:56 web1 nginx: ", "<190>1 - web1 nginx - - [a b=\"c\"] "} {
		message := []byte(head + line)
		if n := testing.AllocsPerRun(100, func() { Content(message) }); n != 0 {
			t.Errorf("%q: %v allocations", head, n)
		}
	}
}

// FuzzContent wants a part of the message, and the whole of what follows a header that is put before anything.
func FuzzContent(f *testing.F) {
	for _, s := range []string{"", "<190>Nov 23 09:32:56 web1 nginx: " + line, `<190>1 - web1 nginx - - [a b="c"] x`, "<1>1 ", "<1>Nov 23 09:32:56 ["} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := Content(b); !bytes.HasSuffix(trimEnd(b), got) {
			t.Errorf("the content of %q is %q", b, got)
		}
		want := trimEnd(b)
		if got := Content([]byte("<190>Nov 23 09:32:56 web1 nginx: " + string(b))); len(want) > 0 && !bytes.Equal(got, want) {
			t.Errorf("behind a header, %q is %q", want, got)
		}
	})
}

func BenchmarkContent(b *testing.B) {
	for name, head := range map[string]string{"3164": "<190>Nov 23 09:32:56 web1 nginx: ", "5424": "<190>1 2026-11-23T09:32:56Z web1 nginx 12 - - "} {
		b.Run(name, func(b *testing.B) {
			message := []byte(head + line)
			b.ReportAllocs()
			for b.Loop() {
				Content(message)
			}
		})
	}
}
