package dashboards

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/report"
)

func TestStatsV1(t *testing.T) {
	var asked []report.Query
	fake := &reports{sites: twoSites()}
	fake.answer = func(_ context.Context, q report.Query) (report.Result, error) {
		asked = append(asked, q)
		return report.Result{Query: q, Rows: []report.Row{{Metrics: []any{int64(8 - 4*len(asked))}}}}, nil
	}
	current := func(site string, within time.Duration) int { return len(site) * int(within/(5*time.Minute)) }
	h := New(Options{Reports: fake, CurrentVisitors: current})
	for path, want := range map[string]string{
		"aggregate?compare=previous_period": `{"results":{"visitors":{"value":4,"change":100}}}`,
		"realtime/visitors?":                "11",
	} {
		w := ask(h, "GET", "/api/v1/stats/"+path+"&site_id=example.org", "")
		if w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != want {
			t.Errorf("%s: status %d, %s; want %s", path, w.Code, w.Body, want)
		}
	}
	if len(asked) != 2 || !asked[1].To.Equal(asked[0].From) {
		t.Errorf("%d questions to the store, or not of the period before", len(asked))
	}
}

func TestRefusalsV1(t *testing.T) {
	fake := &reports{sites: twoSites()}
	fake.answer = func(context.Context, report.Query) (report.Result, error) {
		return report.Result{}, report.Refuse("dimensions[0]", "is not counted so")
	}
	h := New(Options{Reports: fake})
	for _, c := range []struct {
		name, method, path string
		status             int
		says               string
	}{
		{"no site", "GET", "aggregate", 400, "site_id: missing"},
		{"unknown site", "GET", "realtime/visitors?site_id=else.org", 400, "site_id: "},
		{"unreadable", "GET", "aggregate?site_id=%zz", 400, "cannot be read"},
		{"refused by the store", "GET", "breakdown?site_id=example.org&property=visit:provider", 400, "property: is not counted so"},
		{"refused series", "GET", "timeseries?site_id=example.org", 400, "interval: is not counted so"},
		{"nothing is taken in", "GET", "realtime/visitors?site_id=example.org", 501, "takes no visits in"},
		{"method", "POST", "aggregate", 405, "GET"},
		{"unknown", "GET", "conversions", 404, "nothing at this address"},
	} {
		w := ask(h, c.method, "/api/v1/stats/"+c.path, "")
		if w.Code != c.status || !strings.Contains(w.Body.String(), `{"error":"`) || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: status %d, %s; want %d with %q", c.name, w.Code, w.Body, c.status, c.says)
		}
	}
}
