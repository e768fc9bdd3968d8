package report

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// options know one site, "shop", of Europe/Berlin; it is Thursday, 2 April 2026, 11:30 there.
func options(t testing.TB) Options {
	t.Helper()
	return optionsAt(t, "Europe/Berlin", time.Date(2026, 4, 2, 9, 30, 15, 5, time.UTC))
}

func optionsAt(t testing.TB, zone string, now time.Time) Options {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Now: now, Sites: func(id string) (*time.Location, bool) { return loc, id == "shop" }}
}

func TestParse(t *testing.T) {
	q, err := Parse([]byte(`{
		"site_id": "shop", "metrics": ["visitors", "percentage"], "date_range": "28d", "dimensions": ["visit:source", "time"],
		"filters": [
			["is", "event:page", ["/", "/a"], {"case_sensitive": false}],
			["or", [["matches", "visit:source", ["^G"]], ["not", ["contains", "event:hostname", ["www"]]]]],
			["is", "event:status", [404]]
		],
		"order_by": [["time", "desc"], ["percentage", "asc"]], "include": {"time_labels": true, "total_rows": true, "imports": false},
		"pagination": {"limit": 5, "offset": 10}
	}`), options(t))
	if err != nil {
		t.Fatal(err)
	}
	want := Query{
		Site: "shop", Location: q.Location,
		From: time.Date(2026, 3, 5, 0, 0, 0, 0, q.Location), To: time.Date(2026, 4, 2, 0, 0, 0, 0, q.Location),
		Metrics: []Metric{Visitors, Percentage}, Dimensions: []Dimension{VisitSource, TimeDay},
		Filters: []Filter{
			{Op: Is, Dimension: EventPage, Values: []string{"/", "/a"}, CaseInsensitive: true},
			{Op: Or, Filters: []Filter{
				{Op: Matches, Dimension: VisitSource, Values: []string{"^G"}},
				{Op: Not, Filters: []Filter{{Op: Contains, Dimension: EventHostname, Values: []string{"www"}}}},
			}},
			{Op: Is, Dimension: EventStatus, Values: []string{"404"}},
		},
		OrderBy: []Order{{Key: "time:day", Desc: true}, {Key: "percentage"}},
		Limit:   5, Offset: 10, TimeLabels: true, TotalRows: true, Now: q.Now,
	}
	if diff := cmp.Diff(want, q, sameZone); diff != "" {
		t.Errorf("query differs (-want +got):\n%s", diff)
	}
}

func TestParseDefaults(t *testing.T) {
	for dimensions, want := range map[string][]Order{
		`[]`:                            {{"visits", true}},
		`["event:page"]`:                {{"visits", true}},
		`["event:page", "time:month"]`:  {{"time:month", false}, {"visits", true}},
		`["time"], "order_by": []`:      {{"time:day", false}, {"visits", true}},
		`null, "filters": null`:         {{"visits", true}},
		`["visit:os"], "include": null`: {{"visits", true}},
	} {
		q, err := Parse([]byte(`{"site_id": "shop", "metrics": ["visits", "visitors"], "date_range": "7d", "dimensions": `+dimensions+`}`), options(t))
		if err != nil {
			t.Errorf("%s: %v", dimensions, err)
			continue
		}
		if diff := cmp.Diff(want, q.OrderBy); diff != "" || q.Limit != MaxRows || q.Offset != 0 {
			t.Errorf("%s: limit %d, offset %d, order (-want +got):\n%s", dimensions, q.Limit, q.Offset, diff)
		}
	}
}

func TestParseDefaultSite(t *testing.T) {
	o := options(t)
	o.Site = "shop"
	q, err := Parse([]byte(`{"metrics": ["visits"], "date_range": "7d"}`), o)
	if err != nil || q.Site != "shop" {
		t.Errorf("without a site_id: %q (%v), want the site of the options", q.Site, err)
	}
	if _, err := Parse([]byte(`{"site_id": "other", "metrics": ["visits"], "date_range": "7d"}`), o); err == nil {
		t.Error("the site of the options stands in for an unknown site_id")
	}
}

func TestParseErrors(t *testing.T) {
	base := func(more string) string {
		return `{"site_id": "shop", "metrics": ["visitors"], "date_range": "7d"` + more + `}`
	}
	filters := func(f string) string { return base(`, "filters": ` + f) }
	for _, test := range []struct{ body, want string }{
		{``, `not JSON: it ends too early`},
		{`{`, `not JSON: it ends too early`},
		{`{"site_id": }`, `not JSON at byte 13`},
		{`[]`, `must be a JSON object`},
		{`null`, `must be a JSON object`},
		{base("") + `{}`, `something follows the JSON object`},
		{"{\"site_id\": \"\xff\"}", `the query is not UTF-8`},
		{base(`, "x": "` + strings.Repeat("x", MaxRequest) + `"`), `the query is longer than 65536 bytes`},
		{base(`, "metric": []`), `"metric" is not a key of it; known are site_id, metrics, date_range`},
		{`{"metrics": ["visitors"], "date_range": "7d"}`, `site_id: missing`},
		{`{"site_id": 7, "metrics": ["visitors"], "date_range": "7d"}`, `site_id: must be a string`},
		{`{"site_id": "nobody", "metrics": ["visitors"], "date_range": "7d"}`, `site_id: "nobody" is not a site of this Klar`},
		{`{"site_id": "shop", "date_range": "7d"}`, `metrics: name at least one; known are visitors, visits`},
		{`{"site_id": "shop", "metrics": "visitors", "date_range": "7d"}`, `metrics: must be a list of strings`},
		{`{"site_id": "shop", "metrics": ["visitors", "visitorz"], "date_range": "7d"}`, `metrics[1]: "visitorz" is not a metric; known are visitors, visits`},
		{`{"site_id": "shop", "metrics": ["sessions"], "date_range": "7d"}`, `metrics[0]: "sessions" is not a metric`},
		{`{"site_id": "shop", "metrics": ["visits", "visits"], "date_range": "7d"}`, `metrics[1]: "visits" stands twice`},
		{`{"site_id": "shop", "metrics": ["percentage"], "date_range": "7d"}`, `metrics[0]: percentage needs a dimension`},
		{base(`, "dimensions": ["event:pages"]`), `dimensions[0]: "event:pages" is not a dimension; known are event:page`},
		{base(`, "dimensions": ["visit:os", "visit:props:plan"]`), `dimensions[1]: "visit:props:plan" is not yet available`},
		{base(`, "dimensions": ["event:props:"]`), `dimensions[0]: "event:props:" is not a dimension`},
		{base(`, "dimensions": ["visit:os", "visit:os"]`), `dimensions[1]: "visit:os" stands twice`},
		{base(`, "dimensions": ["time", "time:day"]`), `dimensions[1]: "time:day" is a second dimension of time`},
		{base(`, "order_by": [["visits", "desc"]]`), `order_by[0]: "visits" is neither a metric nor a dimension of this query`},
		{base(`, "order_by": [["visitors", "down"]]`), `order_by[0]: must be a pair`},
		{base(`, "order_by": [["visitors"]]`), `order_by[0]: must be a pair`},
		{base(`, "order_by": ["visitors"]`), `order_by: must be a list of pairs`},
		{base(`, "order_by": [["visitors", "asc"], ["visitors", "desc"]]`), `order_by[1]: "visitors" stands twice`},
		{base(`, "include": {"labels": true}`), `include: "labels" is not a key of it; known are imports, imports_meta, partial_time_labels, time_labels`},
		{base(`, "include": {"total_rows": 1}`), `include.total_rows: must be true or false`},
		{base(`, "include": {"time_labels": true}`), `include.time_labels: needs a dimension of time`},
		{base(`, "dimensions": ["time:minute"], "include": {"time_labels": true}`), `include.time_labels: more than 10000 intervals; ask for longer ones than time:minute`},
		{base(`, "pagination": {"limit": 0}`), `pagination.limit: must be 1 to 10000`},
		{base(`, "pagination": {"limit": 10001}`), `pagination.limit: must be 1 to 10000`},
		{base(`, "pagination": {"limit": 1.5}`), `pagination.limit: must be a whole number`},
		{base(`, "pagination": {"offset": -1}`), `pagination.offset: must be 0 to`},
		{base(`, "pagination": {"page": 1}`), `pagination: "page" is not a key of it`},
		{filters(`{}`), `filters: must be a list of filters`},
		{filters(`["is", "event:page", ["/"]]`), `filters[0]: must be a list such as`},
		{filters(`[[]]`), `filters[0]: must be a list such as`},
		{filters(`[["equals", "event:page", ["/"]]]`), `filters[0][0]: "equals" is not an operator; known are is, is_not`},
		{filters(`[["has_done", ["is", "event:page", ["/"]]]]`), `filters[0][0]: has_done asks what else a visit did`},
		{filters(`[["has_not_done", ["is", "event:pag", ["/"]]]]`), `filters[0][1][1]: "event:pag" is not a dimension`},
		{filters(`[["has_done", [["is", "event:page", ["/"]]]]]`), `filters[0][1]: must be a list such as`},
		{filters(`[["is", "event:path", ["/"]]]`), `filters[0][1]: "event:path" is not a dimension`},
		{filters(`[["is", "visit:entry_props:plan", ["1"]]]`), `filters[0][1]: "visit:entry_props:plan" is not yet available`},
		{filters(`[["is", "time:day", ["2026-01-01"]]]`), `filters[0][1]: "time:day" cannot be filtered on; give a date_range`},
		{filters(`[["is", "event:page"]]`), `filters[0]: must have an operator, a dimension, a list of values`},
		{filters(`[["is", "event:page", "/"]]`), `filters[0][2]: must be a list of strings`},
		{filters(`[["is", "event:page", []]]`), `filters[0][2]: needs at least one value`},
		{filters(`[["is", "event:page", ["/", true]]]`), `filters[0][2][1]: must be a string`},
		{filters(`[["contains", "event:page", [""]]]`), `filters[0][2][0]: is empty`},
		{filters(`[["is", "event:page", ["/"]], ["matches", "event:page", ["/", "("]]]`), `filters[1][2][1]: "(" is not a regular expression (RE2)`},
		{filters(`[["matches", "event:page", ["(?=x)"]]]`), `is not a regular expression (RE2)`},
		{filters(`[["is", "event:page", ["/"], {"case": 1}]]`), `filters[0][3]: "case" is not a key of it; known are case_sensitive`},
		{filters(`[["matches", "event:page", ["/"], {"case_sensitive": false}]]`), `filters[0][3]: matches has no case_sensitive`},
		{filters(`[["and", []]]`), `filters[0][1]: and needs at least one filter`},
		{filters(`[["or", [["is", "event:page", ["/"]], ["is", "event:pag", ["/"]]]]]`), `filters[0][1][1][1]: "event:pag" is not a dimension`},
		{filters(`[["not", ["and", [["is", "event:page", [true]]]]]]`), `filters[0][1][1][0][2][0]: must be a string`},
		{filters(`[` + strings.Repeat(`["not", `, 9) + `["is", "event:page", ["/"]]` + strings.Repeat(`]`, 9) + `]`), `filters stand deeper than 8 in each other`},
		{filters(`[` + strings.Repeat(`["is", "event:page", ["/"]],`, 100) + `["is", "event:page", ["/"]]]`), `filters[100]: more than 100 filters`},
	} {
		_, err := Parse([]byte(test.body), options(t))
		var refused *Error
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.200s:\n got error  %v\n want it to have %s", test.body, err, test.want)
		}
	}
}

// FuzzParse holds that a request is either refused in one line that names a reason, or is a query that keeps every
// promise of its type and, shown in an answer, reads as the same query.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"site_id":"shop","metrics":["visitors"],"date_range":"7d"}`,
		`{"site_id":"shop","metrics":["visitors","bytes"],"date_range":["2026-03-28","2026-03-30"],"dimensions":["time","event:page"],"include":{"time_labels":true}}`,
		`{"site_id":"shop","metrics":["events"],"date_range":["2026-03-28T00:00:00Z","2026-03-30T01:02:03.5+02:00"],"filters":[["not",["matches","event:page",["a|b"]]]]}`,
		`{"site_id":"shop","metrics":["visits"],"date_range":"all","filters":[["or",[["is","visit:os",["x"],{"case_sensitive":false}]]]],"order_by":[["visits","asc"]],"pagination":{"limit":3}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		q, err := Parse(body, options(t))
		if err != nil {
			var refused *Error
			if !errors.As(err, &refused) || refused.Reason == "" || strings.ContainsAny(err.Error(), "\n\r") {
				t.Fatalf("error %q", err)
			}
			return
		}
		q = q.Since(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
		if len(q.Metrics) == 0 || q.Limit < 1 || q.Limit > MaxRows || q.Offset < 0 || len(q.OrderBy) == 0 || !q.To.After(q.From) {
			t.Fatalf("query %+v", q)
		}
		again := reparse(t, q)
		if diff := cmp.Diff(q, again, sameZone, cmp.Comparer(time.Time.Equal)); diff != "" {
			t.Fatalf("shown and read again it differs (-was +is):\n%s", diff)
		}
	})
}

var sameZone = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
