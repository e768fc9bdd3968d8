package accesslog

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/collector/raw"
)

// samples returns the logs in testdata/formats, by the name of their file without its ending.
func samples(t testing.TB) map[string][][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "formats", "*.log"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	all := map[string][][]byte{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".log")] = bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
	}
	return all
}

// formatOf returns the format that a sample is named after.
func formatOf(t testing.TB, sample string) *Format {
	for _, variant := range []string{"-syslog", "-bare"} {
		sample = strings.TrimSuffix(sample, variant)
	}
	return compile(t, sample)
}

// TestFormats detects the format of made-up logs, and holds what is read from them against golden files. Run it with -update
// after a change that is meant.
func TestFormats(t *testing.T) {
	all := samples(t)
	for _, name := range Names() {
		if all[name] == nil {
			t.Errorf("%s has no sample in testdata/formats", name)
		}
	}
	for name, lines := range all {
		t.Run(name, func(t *testing.T) {
			want := formatOf(t, name)
			f, err := Detect(lines)
			if err != nil {
				t.Fatal(err)
			}
			if f != want {
				t.Fatalf("detected as %s", f.Name())
			}
			var out strings.Builder
			p, h := f.NewParser(), raw.New()
			for _, l := range lines {
				switch err := p.Parse(l, h); {
				case err == ErrDirective:
					out.WriteString("directive\n")
				case err != nil:
					fmt.Fprintf(&out, "error: %v\n", err)
				default:
					out.WriteString(show(h))
					if h.Fields().NoAgent {
						out.WriteString(" agentless")
					}
					out.WriteByte('\n')
				}
			}
			compareGolden(t, filepath.Join("testdata", "formats", name+".golden"), out.String())
		})
	}
}

// compareGolden holds what was read against a file, which -update writes anew.
func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	gotten, want := strings.Split(got, "\n"), strings.Split(string(b), "\n")
	for i := range max(len(gotten), len(want)) {
		if i >= len(gotten) || i >= len(want) || gotten[i] != want[i] {
			t.Fatalf("%s differs from line %d on (run with -update if that is meant)", file, i+1)
		}
	}
}

// Each format must be told from all others by any one of its lines that is whole.
func TestDetectOneLine(t *testing.T) {
	for name, lines := range samples(t) {
		want := formatOf(t, name)
		p, h := want.NewParser(), raw.New()
		for i, l := range lines {
			if p.Parse(l, h) != nil || !isAddress(h.Fields().Addr) || want.columns != nil || name == "combined-xff" && (i == 4 || i == 1) {
				continue // a lone address before the rest is what combined has, and "-" could be a host
			}
			if f, err := Detect([][]byte{l}); err != nil || f != want {
				t.Errorf("%s: line %d alone is taken for something else (%v)", name, i+1, err)
			}
		}
	}
}

// A W3C log of which only the directives have been written is one already.
func TestDetectDirectives(t *testing.T) {
	for _, c := range []struct{ fields, want string }{
		{"#Fields: date time c-ip cs-method cs-uri-stem sc-status", "w3c"},
		{"#Fields: date time x-edge-location c-ip cs-method cs-uri-stem sc-status", "cloudfront"},
	} {
		f, err := Detect([][]byte{[]byte("#Version: 1.0"), []byte(c.fields)})
		if err != nil || f.Name() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if _, err := Detect([][]byte{[]byte("# a comment")}); err == nil {
		t.Error("a comment has a format")
	}
}

// What the columns are is kept over the end of reading, and nothing else is.
func TestHeader(t *testing.T) {
	p, h := compile(t, "w3c").NewParser(), raw.New()
	row := []byte("203.0.113.7 planted GET /a 2015-05-17 08:05:03")
	if err := p.Parse(row, h); err == nil || p.Header() != nil {
		t.Errorf("a row before the columns are named: %v", err)
	}
	if err := p.Parse([]byte("#Fields: c-ip planted cs-method cs-uri-stem date time"), h); !errors.Is(err, ErrDirective) {
		t.Fatal(err)
	}
	header := p.Header()
	if want := "#Fields: c-ip x cs-method cs-uri-stem date time"; string(header) != want {
		t.Errorf("got %s, want %s", header, want)
	}
	next := compile(t, "w3c").NewParser()
	if err := next.Parse(header, h); err != ErrDirective {
		t.Fatal(err)
	}
	if err := next.Parse(row, h); err != nil || string(h.Fields().Target) != "/a" {
		t.Errorf("the columns are not known again: %v", err)
	}
	if f := compile(t, "cloudfront").NewParser(); f.Header() != nil {
		t.Error("columns that nobody has named are kept")
	}
}

func TestAliases(t *testing.T) {
	for alias, want := range map[string]string{"COMBINED": "combined", "VCOMBINED": "combined-vhost", "VCOMMON": "common-vhost", "W3C": "w3c",
		"CLOUDFRONT": "cloudfront", "AWSELB": "elb", "AWSALB": "alb", "CADDY": "caddy", "TRAEFIKCLF": "traefik"} {
		if got := compile(t, alias).Name(); got != want {
			t.Errorf("%s is %s, want %s", alias, got, want)
		}
	}
}

// HAProxy's captured headers can be named by a format string.
func TestCapturedHeaders(t *testing.T) {
	const format = `$remote_addr:$remote_port [$time_local] $frontend $backend $timers $status $bytes_sent $a $b $state $connections $queues {$http_host|$http_user_agent} "$request"`
	const l = `203.0.113.7:33317 [17/May/2015:10:05:03.655] in app/1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {example.org|Mozilla/5.0 (X11)} "GET /a HTTP/1.1"`
	h := raw.New()
	if err := compile(t, format).NewParser().Parse([]byte(l), h); err != nil {
		t.Fatal(err)
	}
	want := `time=1431857103 addr=203.0.113.7 method="GET" target="/a" status=200 bytes=2750 ref="" ua="Mozilla/5.0 (X11)" host="example.org"`
	if got := show(h); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// No format costs an allocation, whatever its lines hold.
func TestFormatsAllocateNothing(t *testing.T) {
	for name, lines := range samples(t) {
		p, h := formatOf(t, name).NewParser(), raw.New()
		var hits [][]byte
		for _, l := range lines {
			if p.Parse(l, h) != ErrDirective {
				hits = append(hits, l)
			}
		}
		p = formatOf(t, name).NewParser()
		if p.format.columns != nil {
			_ = p.Parse([]byte("#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken"), h)
		}
		if n := testing.AllocsPerRun(10, func() {
			for _, l := range hits {
				_ = p.Parse(l, h)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// A format string's lines may have come through syslog, but where one begins with a time of its own, nothing is cut off.
func TestSyslogAndFormatStrings(t *testing.T) {
	const want = `time=1431849903 addr=203.0.113.7 method="GET" target="/a" status=0 bytes=0 ref="" ua=""`
	for _, c := range []struct{ format, line string }{
		{`$remote_addr [$time_local] "$request"`, `<190>May 17 10:05:03 web1 nginx: 203.0.113.7 [` + stamp + `] "GET /a HTTP/1.1"`},
		{`{"x":{"a":"$remote_addr","t":"$time_local","r":"$request"}}`, `<190>May 17 10:05:03 web1 nginx: {"x":{"a":"203.0.113.7","t":"` + stamp + `","r":"GET /a HTTP/1.1"}}`},
		{`$time_iso8601 web $scheme: $remote_addr "$request"`, `2015-05-17T10:05:03+02:00 web https: 203.0.113.7 "GET /a HTTP/1.1"`},
		{`<$pid>$time_iso8601 web nginx: $remote_addr "$request"`, `<7>2015-05-17T10:05:03+02:00 web nginx: 203.0.113.7 "GET /a HTTP/1.1"`},
	} {
		h := raw.New()
		if err := compile(t, c.format).NewParser().Parse([]byte(c.line), h); err != nil {
			t.Errorf("%s: %v", c.format, err)
		} else if got := show(h); got != want {
			t.Errorf("%s: got %s", c.format, got)
		}
	}
}
