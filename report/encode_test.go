package report

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// reparse reads the query as an answer shows it.
func reparse(t testing.TB, q Query) Query {
	t.Helper()
	data, err := json.Marshal(Result{Query: q})
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Query json.RawMessage }
	if err := json.Unmarshal(data, &answer); err != nil {
		t.Fatal(err)
	}
	again, err := Parse(answer.Query, options(t))
	if err != nil {
		t.Fatalf("the shown query is refused: %v", err)
	}
	return again
}

func TestResultJSON(t *testing.T) {
	q, err := Parse([]byte(`{"site_id": "shop", "metrics": ["visitors", "bounce_rate", "views_per_visit"], "date_range": ["2026-03-29", "2026-03-29"],
		"dimensions": ["visit:source"], "filters": [["not", ["is", "event:page", ["/"]]]], "include": {"total_rows": true, "imports": true}}`), options(t))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(Result{
		Query: q, TotalRows: 2, Table: "hits", Crossed: true,
		Rows:     []Row{{Dimensions: []string{"Google"}, Metrics: []any{int64(3), nil, 1.5}}},
		Warnings: map[Metric]Warning{Visitors: {"some_code", "Some text."}}, RangeWarning: Warning{"whole_hours", "Wider."},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"results":[{"dimensions":["Google"],"metrics":[3,null,1.5]}],` +
		`"meta":{"imports_included":false,"imports_skip_reason":"no_imported_data","metric_warnings":{"visitors":{"code":"some_code","warning":"Some text."}},"range_warning":{"code":"whole_hours","warning":"Wider."},"small_groups":true,"table":"hits","total_rows":2},` +
		`"query":{"site_id":"shop","metrics":["visitors","bounce_rate","views_per_visit"],"date_range":["2026-03-29T00:00:00+01:00","2026-03-29T23:59:59+02:00"],"filters":[["not",["is","event:page",["/"]]]],"dimensions":["visit:source"],"order_by":[["visitors","desc"]],"include":{"imports":true,"total_rows":true},"pagination":{"offset":0,"limit":10000}}}`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("answer differs (-want +got):\n%s", diff)
	}
}

func TestResultJSONEmpty(t *testing.T) {
	data, err := json.Marshal(Result{Rows: []Row{{}}})
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Results, Query json.RawMessage }
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if want := `[{"dimensions":[],"metrics":[]}]`; string(got.Results) != want {
		t.Errorf("results are %s, want %s", got.Results, want)
	}
}
