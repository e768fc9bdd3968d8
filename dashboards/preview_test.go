package dashboards

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/dashboards/settings"
	"github.com/klar-analytics/klar/report"
)

// TestAFunnelIsPreviewed by the estimate of the store, where it is of pages only, and kept nowhere.
func TestAFunnelIsPreviewed(t *testing.T) {
	accounts := emptyAccounts(t)
	store := &reports{sites: twoSites(), answer: func(_ context.Context, q report.Query) (report.Result, error) {
		if len(q.Definitions.Funnels) == 0 || len(q.Filters) != 1 || q.Filters[0].Values[0] != "Order" {
			return report.Result{}, errors.New("another question")
		}
		rows := []report.Row{{Dimensions: []string{"1"}, Metrics: []any{int64(412)}}, {Dimensions: []string{"3"}, Metrics: []any{int64(9)}}}
		return report.Result{Query: q, Rows: rows, Warnings: map[report.Metric]report.Warning{report.Visits: {Code: "before_definition"}}}, nil
	}}
	ask := func(k kept, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/api/settings/funnels/preview?site_id=example.org", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		return answered(New(Options{Reports: store, Settings: k, Accounts: accounts}), r)
	}
	for body, want := range map[string]string{
		`{"name":"Order","steps":["/","/b","/c"]}`: `{"visits":[412,0,9],"estimated":true}`,
		`{"name":"Event","steps":["/","event:A"]}`: `{"visits":[],"estimated":false}`,
		`{"steps":["/","/b"]}`:                     `{"error":"is missing","field":"name"}`,
	} {
		if w := ask(kept{}, body); strings.TrimSpace(w.Body.String()) != want {
			t.Errorf("%s: %d, %s; want %s", body, w.Code, w.Body, want)
		}
	}
	if w := ask(kept{err: &settings.Error{Field: "steps.1", Reason: "is odd"}}, `{"name":"Order","steps":["/","b"]}`); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("what cannot be is answered with %d, %s", w.Code, w.Body)
	}
	if log := noted(t, accounts); len(log) > 0 {
		t.Errorf("noted is %q", log)
	}
}
