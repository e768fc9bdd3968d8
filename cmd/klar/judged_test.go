package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/beacon"
)

// judgedBeacons sends beacons as browsers do, the times and pauses that each says, and returns the alerts that they raise.
func judgedBeacons(t *testing.T, beacons []sentBeacon) (raised []string) {
	t.Helper()
	_, rules := builtinRules(t)
	windows, err := alert.NewWindows(rules, func(trip alert.Trip) { raised = append(raised, trip.Rule.Name+" "+trip.Net.String()) })
	if err != nil {
		t.Fatal(err)
	}
	var passed atomic.Int64 // since ruleStart, in nanoseconds; the handler's own goroutine reads the time too
	now := func() time.Time { return ruleStart.Add(time.Duration(passed.Load())) }
	a, err := anonymize.New(anonymize.Options{Sites: []anonymize.Site{{ID: "example.org"}}, Observe: windows.Observe, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	h := beacon.New(beacon.Options{Sink: judgedSink{judged{a}}, Now: now})
	defer h.Close()
	for _, b := range beacons {
		for n := range max(b.times, 1) {
			r := httptest.NewRequest(http.MethodPost, beacon.EventPath, strings.NewReader(strings.ReplaceAll(b.body, "{n}", fmt.Sprint(n))))
			r.RemoteAddr = "192.0.2.9:4711"
			r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0")
			h.ServeHTTP(httptest.NewRecorder(), r)
			passed.Add(int64(b.every))
		}
	}
	return raised
}

// sentBeacon is a beacon with {n} for the number of the repetition.
type sentBeacon struct {
	body  string
	times int
	every time.Duration
}

// judgedSink is a sink of beacons of which nothing is stored.
type judgedSink struct{ judged }

func (judgedSink) Forget(time.Time)           {}
func (judgedSink) Sync(context.Context) error { return nil }

// TestBeaconsAreJudged holds that what a hostile beacon says raises the alert of the same in a log, and names the network.
func TestBeaconsAreJudged(t *testing.T) {
	t.Parallel()
	event := func(name, url, more string) string {
		return fmt.Sprintf(`{"n":%q,"u":%q,"d":"example.org"%s}`, name, url, more)
	}
	const page = "https://example.org/contact"
	for name, c := range map[string]struct {
		beacons []sentBeacon
		want    string // empty for none
	}{
		"a page view":            {[]sentBeacon{{body: event("pageview", page, "")}}, ""},
		"a page with SQL":        {[]sentBeacon{{body: event("pageview", page+"?id=1%27%20UNION%20SELECT%20user,password%20FROM%20users--", "")}}, "klar/sql-injection"},
		"a path with a script":   {[]sentBeacon{{body: event("pageview", page+"/%3Cscript%3Ealert(1)%3C/script%3E", "")}}, "klar/xss"},
		"a referrer with a name": {[]sentBeacon{{body: event("pageview", page, `,"r":"https://x.example/${jndi:ldap://x.example/a}"`)}}, "klar/jndi"},
		"an event's name":        {[]sentBeacon{{body: event("<script>alert(1)</script>", page, "")}}, "klar/xss"},
		"a property":             {[]sentBeacon{{body: event("Search", page, `,"p":{"text":"x;cat /etc/passwd"}`)}}, "klar/command-injection"},
		"a property's name":      {[]sentBeacon{{body: event("Search", page, `,"p":{"{{7*7}}":"x"}`)}}, "klar/code-injection"},
		"of another site's page": {[]sentBeacon{{body: event("pageview", "https://evil.example/?q=<script>alert(1)</script>", "")}}, "klar/xss"},
		"what people search for": {[]sentBeacon{{body: event("Search", page, `,"p":{"text":"O'Brien trade union select committee {n}"}`), times: 40}}, ""},
		"the same event, fast":   {[]sentBeacon{{body: event("Signup", page, ""), times: 80, every: 200 * time.Millisecond}}, "klar/beacon-abuse"},
		"the same page, slowly":  {[]sentBeacon{{body: event("pageview", page, ""), times: 300, every: 1100 * time.Millisecond}}, ""},
		"many pages, as people":  {[]sentBeacon{{body: event("pageview", page+"{n}", ""), times: 200, every: 100 * time.Millisecond}}, ""},
		"a flood":                {[]sentBeacon{{body: event("pageview", page+"{n}", ""), times: 500, every: 2 * time.Millisecond}}, "klar/http-flood"},
	} {
		want := []string{}
		if c.want != "" {
			want = append(want, c.want+" 192.0.2.0/24")
		}
		if raised := judgedBeacons(t, c.beacons); !slices.Equal(raised, want) && len(raised)+len(want) > 0 {
			t.Errorf("%s: raised are %q, want %q", name, raised, want)
		}
	}
}
