package anonymize_test

import (
	"bytes"
	"testing"

	"github.com/klar-analytics/klar/hit"
)

// TestLogsWithoutAgentsHavePeople cuts the real log down to what the common format holds.
func TestLogsWithoutAgentsHavePeople(t *testing.T) {
	a := open(t, policy())
	p := newParser(t, "common", "example.org")
	for i, l := range realLog(t) {
		end := bytes.Index(l, []byte(`" `))
		size := bytes.IndexByte(l[end+len(`" 200 `):], ' ')
		bot, err := a.Add(p.parse(l[:end+len(`" 200 `)+size]))
		if err != nil || bot {
			t.Fatalf("line %d: bot %v, %v", i+1, bot, err)
		}
	}
	visitors, views := 0, 0
	for _, h := range a.Seal() {
		if !h.Counts() {
			continue
		}
		views++
		if h.Marks.Has(hit.FirstToday) {
			visitors++
		}
		v := h.Visitor.Value()
		if !v.Browser.IsZero() || !v.BrowserVersion.IsZero() || !v.OS.IsZero() || !v.OSVersion.IsZero() || v.Device != hit.DeviceUnknown {
			t.Fatal("a visitor without an agent has a browser, a system or a device")
		}
	}
	t.Logf("%d visitors, %d page views", visitors, views)
	if visitors < 500 || views < visitors {
		t.Errorf("%d visitors and %d page views", visitors, views)
	}
}

// TestPeopleWithoutAgentsDifferByNetworkAndLanguage tells visitors apart by what is left.
func TestPeopleWithoutAgentsDifferByNetworkAndLanguage(t *testing.T) {
	const format = `$remote_addr $host [$time_local] "$request" $status "$http_accept_language"`
	const rest = ` example.org [12/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 `
	a, p := open(t, policy()), newParser(t, format, "")
	for _, l := range []string{
		`203.0.113.7` + rest + `"de"`, `203.0.113.8` + rest + `"de"`, // one, of the same network
		`198.51.100.7` + rest + `"de"`, `203.0.113.7` + rest + `"fr"`,
	} {
		if _, err := a.Add(p.parse([]byte(l))); err != nil {
			t.Fatal(err)
		}
	}
	visitors := 0
	for _, h := range a.Seal() {
		if h.Marks.Has(hit.FirstToday) {
			visitors++
		}
	}
	if visitors != 3 {
		t.Errorf("%d visitors, want 3", visitors)
	}
}
