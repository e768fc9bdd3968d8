package dashboards

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/report"
)

// fired knows two alerts of example.org.
type fired struct{}

func (fired) Alerts(site string, since time.Time) []report.Alert {
	if site != "example.org" {
		return []report.Alert{}
	}
	at := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	list := []report.Alert{{
		ID: "0f", Rule: "klar/http-scan", Description: "one network scans", Severity: "warning", Labels: map[string]string{"team": "web"},
		Site: site, Net: "192.0.2.0/24", Finding: "CVE-2021-41773", Times: 2, Firing: true, Start: at, Last: at, Link: "/security?site=example.org",
	}}
	if since.Before(at) {
		list = append(list, report.Alert{
			ID: "1f", Rule: "klar/volume", Description: "more than usual", Severity: "info", Site: site, Times: 1, Others: 3, Silenced: true,
			Figures: &report.Figures{Series: "requests", Value: 900, Low: 10, High: 90}, Start: at, Last: at, End: at, Link: "/security?site=example.org",
		})
	}
	return list
}

func (fired) TestAlerts(context.Context) []AlertTest {
	return []AlertTest{{Receiver: "alertmanager", Delivered: true}, {Receiver: "webhook-ops", Error: "does not answer"}}
}

func TestAlertsOfASite(t *testing.T) {
	h := New(Options{
		Reports: &reports{sites: twoSites()}, Alerts: fired{},
		Now: func() time.Time { return time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC) },
	})
	for query, want := range map[string]string{
		"site_id=example.org":                            `"rule":"klar/volume"`,
		"site_id=example.org&since=2026-11-23T10:00:00Z": `"net":"192.0.2.0/24"`,
	} {
		if w := ask(h, "GET", "/api/security/alerts?"+query, ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: status %d, %s", query, w.Code, w.Body)
		}
	}
	if w := ask(h, "GET", "/api/security/alerts?site_id=example.org&since=2026-11-23T10:00:00Z", ""); strings.Contains(w.Body.String(), "klar/volume") {
		t.Errorf("what was over before is shown: %s", w.Body)
	}
	for query, want := range map[string]string{"": "site_id", "site_id=nobody.example": "site_id", "site_id=example.org&since=yesterday": "since"} {
		if w := ask(h, "GET", "/api/security/alerts?"+query, ""); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%q: status %d, %s", query, w.Code, w.Body)
		}
	}
	if w := ask(h, "POST", "/api/security/test", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"error":"does not answer"`) {
		t.Errorf("the test: status %d, %s", w.Code, w.Body)
	}
	none := New(Options{Reports: &reports{sites: twoSites()}})
	for method, path := range map[string]string{"GET": "/api/security/alerts?site_id=example.org", "POST": "/api/security/test"} {
		if w := ask(none, method, path, ""); w.Code != http.StatusNotImplemented {
			t.Errorf("%s without alerts: status %d", path, w.Code)
		}
	}
}
