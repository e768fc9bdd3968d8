package dashboards

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

// described is the description as it is served.
func described(t *testing.T) schema {
	t.Helper()
	w := ask(New(Options{Reports: &reports{}}), "GET", "/api/openapi.json", "")
	var d schema
	if err := json.Unmarshal(w.Body.Bytes(), &d); w.Code != http.StatusOK || err != nil {
		t.Fatalf("status %d, %v", w.Code, err)
	}
	return d
}

// allFigures answers every question with two rows that have what it asks for, and with every reservation.
func allFigures(_ context.Context, q report.Query) (report.Result, error) {
	warning := report.Warning{Code: "code", Text: "text"}
	r := report.Result{
		Query: q, Table: "hits", Crossed: true, TotalRows: 2, RangeWarning: warning,
		Warnings: map[report.Metric]report.Warning{q.Metrics[0]: warning},
	}
	r.TimeLabels, _ = q.Labels()
	for range 2 {
		row := report.Row{}
		for range q.Dimensions {
			row.Dimensions = append(row.Dimensions, "2015-05-17")
		}
		for range q.Metrics {
			row.Metrics = append(row.Metrics, nil)
		}
		row.Metrics[0] = 1.5
		if q.Compare != nil {
			row.Compared = &report.Compared{Dimensions: make([]any, len(q.Dimensions)), Metrics: row.Metrics, Change: row.Metrics}
		}
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}

// everything is what a handler needs to answer all examples of the description, but accounts.
func everything() Options {
	return Options{
		Reports: &reports{sites: twoSites(), answer: allFigures}, Version: "1", CurrentVisitors: func(string, time.Duration) int { return 3 },
		Settings: kept{}, Privacy: somePrivacy, Pipeline: status, Alerts: fired{},
		Tail: func(string) (Watcher, bool) { return &passing{}, true }, Ending: ended(),
	}
}

// TestDescribedEndpoints holds the addresses against those that are answered, and the answers to their examples against
// their schemas.
func TestDescribedEndpoints(t *testing.T) {
	d := described(t)
	h := &handler{Options: Options{Reports: &reports{}}}
	var have, want []string
	for path, item := range d.at("paths") {
		for method := range item.(schema) {
			have = append(have, strings.ToUpper(method)+" "+path)
		}
	}
	for _, e := range h.endpoints() {
		want = append(want, e.method+" "+e.path)
	}
	slices.Sort(have)
	slices.Sort(want)
	if diff := cmp.Diff(want, have); diff != "" {
		t.Fatalf("described addresses (-want +got):\n%s", diff)
	}
	var closed Access
	closed.Set(nil, true)
	refusing := New(Options{Reports: &reports{}, Access: &closed})
	all := everything()
	var bounded Access
	bounded.Set([]Token{{Secret: allToken}}, false)
	bounded.Limit(1)
	bounded.limiter.allow(asker{token: sha256.Sum256([]byte(allToken))}, time.Now())
	exhausted := New(Options{Reports: &reports{}, Access: &bounded})
	for path, item := range d.at("paths") {
		for method, operation := range item.(schema) {
			op := operation.(schema)
			example := func() *http.Request { return d.example(method, path, op) }
			if body, ok := op.at("requestBody", "content", "application/json")["example"]; ok {
				b, _ := json.Marshal(body) // it was read from JSON
				d.holds(t, path, op.at("requestBody", "content", "application/json", "schema"), decoded(t, b))
			}
			all.Accounts = someAccounts(t)
			w := answered(New(all), as("ada", example()))
			if op.at("responses")["303"] != nil && w.Code == http.StatusSeeOther {
				continue
			}
			if w.Code != http.StatusOK {
				t.Errorf("the example of %s %s is answered with status %d, %s", method, path, w.Code, w.Body)
				continue
			}
			if op.at("responses", "200", "content", "text/event-stream") == nil {
				d.holds(t, path, d.contentOf(op, "200"), decoded(t, w.Body.Bytes()))
			}
			refused := answered(refusing, example())
			if described := op.at("responses")["401"] != nil; described != (refused.Code == http.StatusUnauthorized) {
				t.Errorf("%s: status %d without a token, and 401 is described: %v", path, refused.Code, described)
			}
			r := example()
			r.Header.Set("Authorization", "Bearer "+allToken)
			if w = answered(exhausted, r); w.Code == http.StatusForbidden {
				continue // the token is one for statistics
			}
			if op["security"] != nil {
				continue // asked by everybody; what is too much of it is decided elsewhere
			}
			if described := op.at("responses")["429"] != nil; described != (w.Code == http.StatusTooManyRequests) {
				t.Errorf("%s: status %d of too many questions, and 429 is described: %v", path, w.Code, described)
			}
		}
	}
}

// TestDescribedParameters looks through the package's source for what is read of addresses: the description has to have it,
// as it is what hostile texts are put into.
func TestDescribedParameters(t *testing.T) {
	d := described(t)
	// Of the address of the page /shared, which is none of the API's.
	known := map[string]bool{"link": true, "site": true}
	for _, item := range d.at("paths") {
		for _, operation := range item.(schema) {
			parameters, _ := operation.(schema)["parameters"].([]any)
			for _, p := range parameters {
				known[d.resolved(p.(schema))["name"].(string)] = true
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?:Query\(\)|asked)\.(?:Get|Has)\("(\w+)"\)|\b(?:FormValue|PathValue|PostForm)`).FindAllStringSubmatch(string(text), -1) {
			if read++; !known[found[1]] && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s reads %s, which is not described", name, found[0])
			}
		}
	}
	if read < 20 {
		t.Errorf("only %d parameters are read: the test does not see them", read)
	}
}

// TestDescribedRefusals asks badly and wants the status and the error described.
func TestDescribedRefusals(t *testing.T) {
	d := described(t)
	failing := &reports{sites: twoSites(), answer: func(context.Context, report.Query) (report.Result, error) {
		return report.Result{}, context.DeadlineExceeded
	}}
	h := New(Options{Reports: failing})
	for path, c := range map[string]struct {
		method, query, body, status string
	}{
		"/api/v2/query":                   {"post", "", strings.Repeat(" ", report.MaxRequest+1), "413"},
		"/api/v1/stats/realtime/visitors": {"get", "?site_id=example.org", "", "501"},
		"/api/v1/stats/aggregate":         {"get", "?site_id=else.org", "", "400"},
		"/api/v1/stats/timeseries":        {"get", "?site_id=example.org", "", "500"},
	} {
		w := ask(h, strings.ToUpper(c.method), path+c.query, c.body)
		op := d.at("paths", path, c.method)
		if op.at("responses")[c.status] == nil {
			t.Errorf("%s: the status %s is not described", path, c.status)
			continue
		}
		if w.Code != int(c.status[0]-'0')*100+int(c.status[1]-'0')*10+int(c.status[2]-'0') {
			t.Errorf("%s: status %d, want %s", path, w.Code, c.status)
		}
		d.holds(t, path, d.contentOf(op, c.status), decoded(t, w.Body.Bytes()))
	}
}

// TestDescribedNames holds the described metrics, dimensions and operators against those that are taken.
func TestDescribedNames(t *testing.T) {
	d := described(t)
	for name, want := range map[string][]string{
		"Metric": names(report.Metrics()), "Dimension": names(report.Dimensions()), "TimeDimension": names(report.TimeDimensions()),
		"Operator": names([]report.Operator{report.Is, report.IsNot, report.Contains, report.ContainsNot, report.Matches, report.MatchesNot, report.MatchesWildcard, report.MatchesWildcardNot}),
	} {
		var got []string
		for _, v := range d.at("components", "schemas", name)["enum"].([]any) {
			got = append(got, v.(string))
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-taken +described):\n%s", name, diff)
		}
	}
	for _, e := range report.EndpointsV1() {
		var got []string
		for _, p := range d.at("paths", "/api/v1/stats/"+string(e), "get")["parameters"].([]any) {
			got = append(got, d.resolved(p.(schema))["name"].(string))
		}
		want := e.Parameters()
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("parameters of %s (-taken +described):\n%s", e, diff)
		}
	}
}

// TestDescribedNamesAreTaken asks for each described metric and dimension, in v2 and in v1.
func TestDescribedNamesAreTaken(t *testing.T) {
	d := described(t)
	h := New(Options{Reports: &reports{sites: twoSites(), answer: allFigures}})
	taken := func(path, body string) {
		method := "GET"
		if body != "" {
			method = "POST"
		}
		if w := ask(h, method, path, body); w.Code != http.StatusOK {
			t.Errorf("%s %s: status %d, %s", path, body, w.Code, w.Body)
		}
	}
	query := func(metric, dimension string) {
		taken("/api/v2/query", `{"site_id":"example.org","date_range":"7d","metrics":["`+metric+`"],"dimensions":["`+dimension+`"]}`)
	}
	breakdown := func(metric, property string) {
		values := url.Values{"site_id": {"example.org"}, "metrics": {metric}, "property": {property}}
		taken("/api/v1/stats/breakdown?"+values.Encode(), "")
	}
	for _, m := range d.at("components", "schemas", "Metric")["enum"].([]any) {
		query(m.(string), "event:page")
		breakdown(m.(string), "event:page")
	}
	for _, name := range []string{"Dimension", "TimeDimension"} {
		for _, v := range d.at("components", "schemas", name)["enum"].([]any) {
			query("visitors", v.(string))
			if name == "Dimension" {
				breakdown("visitors", v.(string))
			}
		}
	}
}

func names[T ~string](list []T) []string {
	var out []string
	for _, n := range list {
		out = append(out, string(n))
	}
	return out
}

func decoded(t *testing.T, body []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
