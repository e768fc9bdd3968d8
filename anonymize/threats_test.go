package anonymize_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/hit"
)

func TestThreats(t *testing.T) {
	for _, c := range []struct {
		name string
		line
		threat hit.Threat
		path   string
		person bool
	}{
		{"nothing", line{request: "GET /a?q=it%27s+fine HTTP/1.1"}, hit.ThreatNone, "/a", true},
		{"a query", line{request: "GET /a?id=1%27+union+select+1,2--+- HTTP/1.1"}, hit.ThreatSQL, "/a", false},
		{"a path", line{request: "GET /shop/%3Cscript%3Ealert(1)%3C/script%3E/x HTTP/1.1"}, hit.ThreatXSS, "/shop/…", false},
		{"a path out of the directory", line{request: "GET /static/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1", status: 404}, hit.ThreatTraversal, "/static/…", false},
		{"a file", line{request: "GET /.env HTTP/1.1", status: 404}, hit.ThreatFile, "/.env", false},
		{"an administrator's page that is not there", line{request: "GET /wp-login.php HTTP/1.1", status: 404}, hit.ThreatAdmin, "/wp-login.php", false},
		{"one that is", line{request: "GET /wp-login.php HTTP/1.1"}, hit.ThreatNone, "/wp-login.php", true},
		{"a referrer", line{referrer: "${jndi:ldap://x.example/a}"}, hit.ThreatJNDI, "/", false},
		{"an agent", line{agent: "sqlmap/1.7 (https://sqlmap.org)"}, hit.ThreatScanner, "/", false},
		{"a proxy", line{request: "CONNECT example.net:443 HTTP/1.1", status: 405}, hit.ThreatProxy, "", false},
		{"another host", line{request: "GET http://example.net/a HTTP/1.1"}, hit.ThreatProxy, "/a", false},
		{"its own host", line{request: "GET http://www.example.org/a HTTP/1.1"}, hit.ThreatNone, "/a", true},
		{"another protocol", line{request: `\x16\x03\x01`, status: 400}, hit.ThreatMalformed, "", false},
	} {
		h, err := add(t, open(t, policy()), c.line)
		if err != nil || h.Threat != c.threat || h.Path.String() != c.path || h.Counts() != c.person {
			t.Errorf("%s: %v, threat %q, path %q, a person: %v; want %q, %q, %v", c.name, err, h.Threat, h.Path, h.Counts(), c.threat, c.path, c.person)
		}
	}
}

// TestSignals holds that a network's harmless requests are told only if it tripped a rule in the same five minutes, those
// before and those after it, and of each network for itself.
func TestSignals(t *testing.T) {
	a, p := open(t, policy()), newParser(t, format, "")
	send := func(addr, clock, request string, status int) {
		t.Helper()
		if _, err := a.Add(p.parse([]byte(line{addr: addr, clock: "12/Mar/2026:10:" + clock, request: "GET " + request + " HTTP/1.1", status: status}.String()))); err != nil {
			t.Fatal(err)
		}
	}
	send("203.0.113.7", "00:00", "/", 200)
	send("203.0.113.8", "00:01", "/a", 200)
	send("198.51.100.1", "00:02", "/", 200) // another network, which does nothing
	send("203.0.113.9", "00:03", "/.env", 404)
	want := []string{"10:00 203.0.113.0/24 sensitive-file 1 1", "10:00 203.0.113.0/24  2 0"}
	if got := signals(a.Seal()); !slices.Equal(got, want) {
		t.Errorf("in the first batch: %q, want %q", got, want)
	}
	send("203.0.113.7", "01:00", "/b", 200)
	send("203.0.113.7", "01:01", "/cgi-bin/.%2e/.%2e/bin/sh", 400)
	send("203.0.113.7", "01:02", "/wp-login.php", 404)
	send("203.0.113.7", "05:00", "/c", 200) // in the next five minutes it has done nothing yet
	want = []string{"10:00 203.0.113.0/24 CVE-2021-41773 1 1", "10:00 203.0.113.0/24 admin-panel 1 0", "10:00 203.0.113.0/24  1 0"}
	if got := signals(a.Seal()); !slices.Equal(got, want) {
		t.Errorf("in the second batch: %q, want %q", got, want)
	}
}

// signals lists the signals of a batch, those of harmless requests last.
func signals(hits []hit.Hit) (list []string) {
	for _, h := range hits {
		if h.Kind == hit.KindSignal {
			s := h.Signal.Value()
			list = append(list, fmt.Sprintf("%02d:%02d %s %s %d %d", h.Time/3600%24, h.Time/60%60, s.Net, s.Rule, s.Requests, s.Certain))
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		if x, y := strings.Contains(a, "  "), strings.Contains(b, "  "); x != y {
			if x {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	return list
}

// TestWindowsLeaveSignals holds that a rule of windows leaves what it counted, whose requests are not harmless ones then.
func TestWindowsLeaveSignals(t *testing.T) {
	o := policy()
	n := 0
	o.Observe = func(*hit.Observation) []hit.Tripped {
		switch n++; n {
		case 5:
			return []hit.Tripped{{Rule: hit.NewRule("klar/http-scan"), Requests: 4}, {Rule: hit.NewRule("own"), Requests: 2}}
		case 6, 7:
			return []hit.Tripped{{Rule: hit.NewRule("klar/http-scan"), Requests: 1}}
		case 13: // and again, with the three before
			return []hit.Tripped{{Rule: hit.NewRule("klar/http-flood"), Requests: 4}}
		}
		return nil
	}
	a, p := open(t, o), newParser(t, format, "")
	for i := range 13 { // one that is harmless, three that the rule counted, what trips it, two more, five of which two are harmless
		if _, err := a.Add(p.parse([]byte(line{clock: fmt.Sprintf("12/Mar/2026:10:00:%02d", i), request: fmt.Sprintf("GET /%d HTTP/1.1", i), status: 404}.String()))); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"10:00 203.0.113.0/24 klar/http-flood 4 0", "10:00 203.0.113.0/24 klar/http-scan 6 0", "10:00 203.0.113.0/24 own 2 0", "10:00 203.0.113.0/24  3 0"}
	if got := signals(a.Seal()); !slices.Equal(got, want) {
		t.Errorf("signals are %q, want %q", got, want)
	}
}
