package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSegments(t *testing.T) {
	opts := options(t)
	opts.Segments = func(site, segment string) (json.RawMessage, bool) {
		saved := map[string]string{
			"readers": `[["contains", "event:page", ["/blog"]], ["is", "visit:country", ["DE"]]]`, "7": `[["is", "visit:device", ["Mobile"]]]`,
			"odd": `[["is", "event:pag", ["/"]]]`, "nested": `[["is", "segment", ["7"]]]`,
		}
		return json.RawMessage(saved[segment]), site == "shop" && saved[segment] != ""
	}
	ask := func(filter string) (Query, error) {
		return asked(t, opts, `"date_range": "7d", "filters": [`+filter+`]`)
	}
	for _, test := range []struct{ filter, want string }{
		{`["is", "segment", [7]]`, `[["is","visit:device",["Mobile"]]]`},
		{`["is_not", "segment", ["readers", "7"]]`, `[["not",["or",[["and",[["contains","event:page",["/blog"]],["is","visit:country",["DE"]]]],["is","visit:device",["Mobile"]]]]]]`},
	} {
		q, err := ask(test.filter)
		if err != nil {
			t.Errorf("%s: %v", test.filter, err)
			continue
		}
		got, err := json.Marshal(q.Filters)
		if diff := cmp.Diff(test.want, string(got)); err != nil || diff != "" {
			t.Errorf("%s (-want +got), %v:\n%s", test.filter, err, diff)
		}
	}
	for _, test := range []struct{ filter, want string }{
		{`["is", "segment", ["writers"]]`, `filters[0][2][0]: "writers" is not a segment of this site`},
		{`["contains", "segment", ["read"]]`, `filters[0][0]: "contains" cannot be asked of a segment`},
		{`["is", "segment", []]`, `filters[0][2]: needs at least one value`},
		{`["is", "segment", ["odd"]]`, `segment "odd"[0][1]: "event:pag" is not a dimension`},
		{`["is", "segment", ["nested"]]`, `segment "nested"[0][1]: a segment cannot be made of segments`},
	} {
		if _, err := ask(test.filter); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.filter, err, test.want)
		}
	}
}

func TestWildcardsAndNull(t *testing.T) {
	q, err := asked(t, options(t), `"date_range": "7d", "filters": [["matches_wildcard", "event:page", ["/blog/*.html"]],
		["matches_wildcard_not", "event:page", ["/a|b*"]], ["is", "visit:country", [null]]]`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Filter{
		{Op: Matches, Dimension: EventPage, Values: []string{`^/blog/.*\.html$`}},
		{Op: MatchesNot, Dimension: EventPage, Values: []string{`^/a\|b.*$`}},
		{Op: Is, Dimension: VisitCountry, Values: []string{NotSet}},
	}
	if diff := cmp.Diff(want, q.Filters); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRealtime(t *testing.T) {
	ask := func(keys string) (Query, error) {
		return Parse([]byte(`{"site_id": "shop", `+keys+`}`), options(t))
	}
	q, err := ask(`"date_range": "realtime_30m", "metrics": ["requests", "errors"], "dimensions": ["time"], "include": {"time_labels": true}`)
	if err != nil {
		t.Fatal(err)
	}
	labels, err := q.Labels()
	if err != nil || len(labels) != 30 || labels[0] != "2026-04-02 11:01:00" || labels[29] != "2026-04-02 11:30:00" {
		t.Errorf("minutes %v, %v", labels, err)
	}
	if q, err = ask(`"date_range": "realtime", "metrics": ["requests", "visitors", "bytes"]`); err != nil {
		t.Fatal(err)
	}
	rest, place := q.Present()
	got := Result{Query: rest, Table: "minutes", Rows: []Row{{Metrics: []any{int64(8), int64(900)}}}}.WithVisitors(q, place, 3)
	if diff := cmp.Diff(`[{"dimensions":[],"metrics":[8,3,900]}]`, results(t, got)); diff != "" || got.Table != "memory+minutes" {
		t.Errorf("of %s (-want +got):\n%s", got.Table, diff)
	}
	for keys, want := range map[string]string{
		`"date_range": "realtime", "metrics": ["pageviews"]`:                                            `metrics[0]: pageviews is not known of the present`,
		`"date_range": "realtime", "metrics": ["visitors"], "dimensions": ["time:minute"]`:              `dimensions[0]: visitors of the present`,
		`"date_range": "realtime", "metrics": ["visitors"], "filters": [["is", "event:status", [200]]]`: `filters: visitors of the present`,
		`"date_range": "realtime", "metrics": ["requests"], "include": {"compare": "previous_period"}`:  `not compared`,
		`"date_range": "realtime_60m", "metrics": ["requests"]`:                                         `is not a range; known are day`,
	} {
		if _, err := ask(keys); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", keys, err, want)
		}
	}
}
