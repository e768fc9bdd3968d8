package anonymize_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// format is the log format of the tests' own lines: everything that the policy looks at.
const format = `$remote_addr $host [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_accept_language" $http_sec_gpc $http_dnt`

// now is the clock of the tests, after all that their lines tell.
var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// policy is what the tests run, unless they say otherwise: two sites, and opt-outs respected.
func policy() anonymize.Options {
	return anonymize.Options{
		Sites:      []anonymize.Site{{ID: "example.org"}, {ID: "shop", Hosts: []string{"shop.example"}, Location: time.FixedZone("UTC+5:30", 19800)}},
		Crowd:      2,
		RespectGPC: true, RespectDNT: true,
		Now: func() time.Time { return now },
	}
}

func open(t testing.TB, o anonymize.Options) *anonymize.Anonymizer {
	t.Helper()
	a, err := anonymize.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// parser reads lines into the one raw hit that is reused, as the collector does.
type parser struct {
	t      testing.TB
	parser *accesslog.Parser
	hit    raw.Hit
	site   string
}

func newParser(t testing.TB, format, site string) *parser {
	t.Helper()
	f, err := accesslog.Compile(format)
	if err != nil {
		t.Fatal(err)
	}
	p := &parser{t, f.NewParser(), raw.New(), site}
	p.hit.Fields().Site = site
	return p
}

func (p *parser) parse(line []byte) raw.Hit {
	p.t.Helper()
	p.hit.Clear()
	if err := p.parser.Parse(line, p.hit); err != nil {
		p.t.Fatalf("the line is not parsed: %v", err)
	}
	return p.hit
}

// line is a request in the tests' own format.
type line struct {
	addr, host, clock, request, referrer, agent, gpc, dnt string
	status                                                int
}

// firefox is an agent that a person uses.
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"

// String writes the line; what it does not say is that of a page view of example.org.
func (l line) String() string {
	or := func(s, otherwise string) string {
		if s == "" {
			return otherwise
		}
		return s
	}
	if l.status == 0 {
		l.status = 200
	}
	return fmt.Sprintf(`%s %s [%s +0000] "%s" %d 100 "%s" "%s" "de" %s %s`, or(l.addr, "203.0.113.7"), or(l.host, "example.org"),
		or(l.clock, "12/Mar/2026:10:00:00"), or(l.request, "GET / HTTP/1.1"), l.status, or(l.referrer, "-"), or(l.agent, firefox),
		or(l.gpc, "-"), or(l.dnt, "-"))
}

// add anonymizes one line and returns its hit, with what is decided when the batch is sealed.
func add(t *testing.T, a *anonymize.Anonymizer, l line) (hit.Hit, error) {
	t.Helper()
	_, err := a.Add(newParser(t, format, "").parse([]byte(l.String())))
	sealed := a.Seal()
	if err != nil {
		if len(sealed) != 0 {
			t.Error("a dropped request left a hit")
		}
		return hit.Hit{}, err
	}
	if sealed = requests(sealed); len(sealed) != 1 {
		t.Fatalf("one request gave %d hits", len(sealed))
	}
	return sealed[0], nil
}

// requests leaves out the signals of networks.
func requests(hits []hit.Hit) []hit.Hit {
	return slices.DeleteFunc(hits, func(h hit.Hit) bool { return h.Kind == hit.KindSignal })
}

// realLog returns the lines of the shared log that can be parsed.
func realLog(t testing.TB) [][]byte {
	t.Helper()
	b, err := os.ReadFile(shared(t, "data/logs/apache-combined-10k.log"))
	if err != nil {
		t.Fatal(err)
	}
	var lines [][]byte
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		lines = append(lines, bytes.Clone(s.Bytes()))
	}
	return lines
}

// shared returns where a file of the shared directory is, which lies beside the repository.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		file := filepath.Join(dir, "shared", name)
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	t.Fatalf("shared/%s is missing beside the repository: it holds the data to test with", name)
	return ""
}

// text writes a hit out for the golden file.
func text(h *hit.Hit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d %+d %s %s %s %d %d", h.Site, h.Time, h.Hour-h.Time, h.Method, h.Path, h.Kind, h.Status, h.Bytes)
	put := func(name string, v fmt.Stringer) {
		if s := v.String(); s != "" {
			fmt.Fprintf(&b, " %s=%q", name, s)
		}
	}
	put("host", h.Host)
	put("bot", h.Bot)
	put("threat", h.Threat)
	if !h.Counts() {
		return b.String()
	}
	fmt.Fprintf(&b, " marks=%016b seconds=%d", h.Marks, h.Seconds)
	a, v, c := h.Arrival.Value(), h.Visitor.Value(), h.Crowd.Value()
	put("source", a.Source)
	put("channel", a.Channel)
	put("referrer", a.Referrer)
	put("utm_source", a.UTMSource)
	put("utm_medium", a.UTMMedium)
	put("utm_campaign", a.UTMCampaign)
	put("entry", a.Entry)
	fmt.Fprintf(&b, " visitor=%q crowd=%q", attributes(&v), attributes(&c))
	return b.String()
}

func attributes(v *hit.Visitor) string {
	return strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s %s %s %s", v.Country, v.Provider, v.Browser, v.BrowserVersion, v.OS, v.OSVersion, v.Device)), " ")
}
