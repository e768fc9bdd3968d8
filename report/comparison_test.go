package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asked parses a question that has the given keys beside the site and a metric.
func asked(t *testing.T, opts Options, keys string) (Query, error) {
	t.Helper()
	return Parse([]byte(`{"site_id": "shop", "metrics": ["visitors", "bounce_rate"], `+keys+`}`), opts)
}

func TestComparedRange(t *testing.T) {
	noon := time.Date(2026, 4, 2, 10, 0, 0, 0, time.UTC) // Thursday, 12:00 in Berlin
	for _, test := range []struct {
		zone string
		now  time.Time
		date, compare,
		want string
	}{
		{"Europe/Berlin", noon, `"7d"`, `{"mode": "previous_period"}`, "2026-03-19T00:00 2026-03-26T00:00"},
		{"Europe/Berlin", noon, `"30d"`, `{"mode": "previous_period"}`, "2026-02-01T00:00 2026-03-03T00:00"},
		{"Europe/Berlin", noon, `"30d"`, `{"mode": "previous_period", "match_day_of_week": true}`, "2026-02-03T00:00 2026-03-05T00:00"},
		{"Europe/Berlin", noon, `"day"`, `{"mode": "previous_period"}`, "2026-04-01T00:00 2026-04-02T00:00"},
		{"Europe/Berlin", noon, `"day"`, `{"mode": "previous_period", "match_day_of_week": true}`, "2026-03-26T00:00 2026-03-27T00:00"},
		// Two days of April so far stand beside two days of March.
		{"Europe/Berlin", noon, `"month"`, `{"mode": "previous_period"}`, "2026-03-30T00:00 2026-04-01T00:00"},
		{"Europe/Berlin", noon, `"month"`, `{"mode": "year_over_year"}`, "2025-04-01T00:00 2025-04-03T00:00"},
		{"Europe/Berlin", noon, `"month"`, `{"mode": "year_over_year", "match_day_of_week": true}`, "2025-04-02T00:00 2025-04-04T00:00"},
		// 1 January 2023 is a Sunday, the year before a Saturday.
		{"UTC", noon, `["2023-01-01", "2023-01-31"]`, `{"mode": "year_over_year", "match_day_of_week": true}`, "2022-01-02T00:00 2022-02-02T00:00"},
		// Leap years: 29 February has no like, and a year may have a day more.
		{"UTC", noon, `["2024-02-29", "2024-02-29"]`, `{"mode": "year_over_year"}`, "2023-02-28T00:00 2023-03-01T00:00"},
		{"UTC", noon, `["2024-01-01", "2024-12-31"]`, `{"mode": "year_over_year"}`, "2023-01-01T00:00 2024-01-02T00:00"},
		{"UTC", noon, `["2024-01-01", "2024-12-31"]`, `{"mode": "previous_period"}`, "2022-12-31T00:00 2024-01-01T00:00"},
		// The day of 23 hours stands beside one of 24.
		{"Europe/Berlin", noon, `["2026-03-29", "2026-03-29"]`, `{"mode": "previous_period"}`, "2026-03-28T00:00 2026-03-29T00:00"},
		{"Europe/Berlin", noon, `"24h"`, `{"mode": "previous_period"}`, "2026-03-31T13:00 2026-04-01T13:00"},
		{"Europe/Berlin", noon, `"24h"`, `{"mode": "previous_period", "match_day_of_week": true}`, "2026-03-25T13:00 2026-03-26T13:00"},
		{"Europe/Berlin", noon, `"24h"`, `{"mode": "year_over_year"}`, "2025-04-01T13:00 2025-04-02T13:00"},
		{"Asia/Kolkata", noon, `["2026-04-01T10:00:00+05:30", "2026-04-01T11:59:59+05:30"]`, `{"mode": "previous_period"}`, "2026-04-01T08:00 2026-04-01T10:00"},
		{"Europe/Berlin", noon, `"7d"`, `{"mode": "custom", "date_range": ["2026-01-01", "2026-01-31"]}`, "2026-01-01T00:00 2026-02-01T00:00"},
		{"Europe/Berlin", noon, `"all"`, `{"mode": "custom", "date_range": ["2026-01-01", "2026-01-31"]}`, "2026-01-01T00:00 2026-02-01T00:00"},
	} {
		q, err := asked(t, optionsAt(t, test.zone, test.now), `"date_range": `+test.date+`, "include": {"comparisons": `+test.compare+`}`)
		if err != nil {
			t.Errorf("%s %s: %v", test.date, test.compare, err)
			continue
		}
		const minute = "2006-01-02T15:04"
		got := q.Compare.From.In(q.Location).Format(minute) + " " + q.Compare.To.In(q.Location).Format(minute)
		if got != test.want {
			t.Errorf("%s %s in %s is compared with %s, want %s", test.date, test.compare, test.zone, got, test.want)
		}
	}
}

func TestComparisonRefusals(t *testing.T) {
	for _, test := range []struct{ date, include, want string }{
		{`"7d"`, `{"comparisons": {"mode": "last"}}`, `include.comparisons.mode: "last" is not a mode`},
		{`"7d"`, `{"comparisons": {}}`, `include.comparisons.mode: "" is not a mode`},
		{`"7d"`, `{"comparisons": "previous_period"}`, `include.comparisons: must be a JSON object`},
		{`"7d"`, `{"comparisons": {"mode": "custom"}}`, `include.comparisons.date_range: must be two dates`},
		{`"7d"`, `{"comparisons": {"mode": "custom", "date_range": ["2026-02-01", "2026-01-01"]}}`, `include.comparisons.date_range: ends before it starts`},
		{`"7d"`, `{"comparisons": {"mode": "previous_period", "date_range": ["2026-01-01", "2026-02-01"]}}`, `goes with the mode custom only`},
		{`"7d"`, `{"comparisons": {"mode": "previous_period", "match_day_of_week": 1}}`, `include.comparisons.match_day_of_week: must be true or false`},
		{`"7d"`, `{"compare": "last"}`, `include.compare: "last" is not a mode`},
		{`"7d"`, `{"compare": ["2026-01-01"]}`, `include.compare: must be two dates`},
		{`"7d"`, `{"compare": "previous_period", "comparisons": {"mode": "previous_period"}}`, `include.compare: say it in comparisons`},
		{`"all"`, `{"compare": "previous_period"}`, `there is nothing before all of it`},
		{`"7d"`, `{"partial_time_labels": true}`, `include.partial_time_labels: needs a dimension of time`},
	} {
		_, err := asked(t, options(t), `"date_range": `+test.date+`, "include": `+test.include)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.include, err, test.want)
		}
	}
}

// TestCompared answers a series of which the second day is missing, and a breakdown of which one source is new.
func TestCompared(t *testing.T) {
	q, err := asked(t, options(t), `"date_range": ["2026-03-29", "2026-03-31"], "dimensions": ["time:day"], "include": {"compare": "previous_period"}`)
	if err != nil {
		t.Fatal(err)
	}
	r := Result{Query: q, Rows: []Row{
		{Dimensions: []string{"2026-03-29"}, Metrics: []any{int64(30), int64(50)}}, {Dimensions: []string{"2026-03-31"}, Metrics: []any{int64(5), int64(40)}},
	}}
	if err := r.Fill(); err != nil {
		t.Fatal(err)
	}
	other := Result{Query: q.Other(), Rows: []Row{
		{Dimensions: []string{"2026-03-26"}, Metrics: []any{int64(20), int64(60)}}, {Dimensions: []string{"2026-03-27"}, Metrics: []any{int64(4), nil}},
	}}
	if err := r.CompareWith(other); err != nil {
		t.Fatal(err)
	}
	want := `[{"dimensions":["2026-03-29"],"metrics":[30,50],"comparison":{"dimensions":["2026-03-26"],"metrics":[20,60],"change":[50,-10]}},` +
		`{"dimensions":["2026-03-30"],"metrics":[0,null],"comparison":{"dimensions":["2026-03-27"],"metrics":[4,null],"change":[-100,null]}},` +
		`{"dimensions":["2026-03-31"],"metrics":[5,40],"comparison":{"dimensions":["2026-03-28"],"metrics":[0,null],"change":[100,null]}}]`
	if diff := cmp.Diff(want, results(t, r)); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
}

// TestComparedHours has hours of a day of 23 hours stand beside those of the same clock, and those to come beside nothing
// when the other day is shorter.
func TestComparedHours(t *testing.T) {
	q, err := asked(t, options(t), `"date_range": ["2026-03-30", "2026-03-30"], "dimensions": ["time:hour"], "include": {"compare": "previous_period"}`)
	if err != nil {
		t.Fatal(err)
	}
	opposite, err := q.Opposites()
	if err != nil {
		t.Fatal(err)
	}
	if _, has := opposite["2026-03-30 02:00:00"]; has || opposite["2026-03-30 03:00:00"] != "2026-03-29 03:00:00" || len(opposite) != 23 {
		t.Errorf("hours stand opposite %v", opposite)
	}
	r := Result{Query: q, Rows: []Row{{Dimensions: []string{"2026-03-30 02:00:00"}, Metrics: []any{int64(1), nil}}}}
	if err := r.CompareWith(Result{Query: q.Other()}); err != nil {
		t.Fatal(err)
	}
	want := `[{"dimensions":["2026-03-30 02:00:00"],"metrics":[1,null],"comparison":{"dimensions":[null],"metrics":[null,null],"change":[null,null]}}]`
	if diff := cmp.Diff(want, results(t, r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func results(t *testing.T, r Result) string {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var parts struct{ Results json.RawMessage }
	if err := json.Unmarshal(data, &parts); err != nil {
		t.Fatal(err)
	}
	return string(parts.Results)
}

func TestPartialLabels(t *testing.T) {
	for _, test := range []struct{ date, interval, want string }{
		{`["2026-03-25", "2026-04-01"]`, "time:week", "2026-03-25 2026-03-30"},
		{`["2026-03-23", "2026-03-29"]`, "time:week", ""},
		{`["2026-01-02", "2026-02-28"]`, "time:month", "2026-01-01"},
		{`"day"`, "time:day", "2026-04-02"},
		{`"day"`, "time:hour", "2026-04-02 11:00:00"},
		{`"month"`, "time:day", "2026-04-02"},
		{`["2026-03-28T10:30:00+01:00", "2026-03-28T11:59:59+01:00"]`, "time:hour", "2026-03-28 10:00:00"},
	} {
		q, err := asked(t, options(t), `"date_range": `+test.date+`, "dimensions": ["`+test.interval+`"], "include": {"partial_time_labels": true}`)
		if err != nil {
			t.Fatal(err)
		}
		got, err := q.PartialLabels()
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%s of %s: %q, %v; want %q", test.interval, test.date, got, err, test.want)
		}
	}
}
