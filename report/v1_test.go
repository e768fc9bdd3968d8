package report

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// askV1 parses a question of the site shop.
func askV1(t *testing.T, e EndpointV1, query string) (QueryV1, error) {
	t.Helper()
	values, err := url.ParseQuery("site_id=shop&" + query)
	if err != nil {
		t.Fatal(err)
	}
	return ParseV1(e, values, options(t))
}

func TestParseV1(t *testing.T) {
	v, err := askV1(t, BreakdownV1, "period=custom&date=2026-01-01,+2026-01-31&property=visit:source&metrics=visitors,bounce_rate&limit=5&page=3&with_imported=true"+
		"&filters="+url.QueryEscape(`event:page==/blog/*;visit:utm_campaign==a\|b|c ; visit:country!=FR;visit:os_version==11`))
	if err != nil {
		t.Fatal(err)
	}
	loc := v.Query.Location
	want := Query{
		Site: "shop", Location: loc, From: time.Date(2026, 1, 1, 0, 0, 0, 0, loc), To: time.Date(2026, 2, 1, 0, 0, 0, 0, loc),
		Metrics: []Metric{Visitors, BounceRate}, Dimensions: []Dimension{VisitSource},
		Filters: []Filter{
			{Op: Matches, Dimension: EventPage, Values: []string{"^/blog/.*$"}},
			{Op: Is, Dimension: VisitUTMCampaign, Values: []string{"a|b", "c"}},
			{Op: IsNot, Dimension: VisitCountry, Values: []string{"FR"}},
			{Op: Matches, Dimension: VisitOSVersion, Values: []string{"^(?:.* )?11$"}},
		},
		OrderBy: []Order{{Key: "visitors", Desc: true}}, Limit: 5, Offset: 10,
	}
	if diff := cmp.Diff(want, v.Query, sameZone); diff != "" || v.Previous != nil {
		t.Errorf("question differs, or is compared (-want +got):\n%s", diff)
	}
}

// TestPeriodsV1 asks on 2 April 2026. The clocks of the site went forward on 29 March.
func TestPeriodsV1(t *testing.T) {
	for _, c := range []struct{ query, first, last, by string }{
		{"", "2026-03-04", "2026-04-02", "time:day"},
		{"period=30d&date=2026-01-30", "2026-01-01", "2026-01-30", "time:day"},
		{"period=7d", "2026-03-27", "2026-04-02", "time:day"},
		{"period=day", "2026-04-02", "2026-04-02", "time:hour"},
		{"period=day&date=2026-03-29&interval=day", "2026-03-29", "2026-03-29", "time:day"},
		{"period=month", "2026-04-01", "2026-04-30", "time:day"},
		{"period=month&date=2024-02-10", "2024-02-01", "2024-02-29", "time:day"},
		{"period=6mo", "2025-11-01", "2026-04-30", "time:month"},
		{"period=12mo&date=2026-01-31", "2025-02-01", "2026-01-31", "time:month"},
		{"period=12mo&interval=date", "2025-05-01", "2026-04-30", "time:day"},
		{"period=custom&date=2026-01-05,2026-03-04&interval=month", "2026-01-05", "2026-03-04", "time:month"},
	} {
		v, err := askV1(t, TimeseriesV1, c.query)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		first, last := v.Query.From.Format(time.DateOnly), v.Query.To.Add(-time.Second).In(v.Query.Location).Format(time.DateOnly)
		if by := string(v.Query.Dimensions[0]); first != c.first || last != c.last || by != c.by || !v.Query.WholeDays() {
			t.Errorf("%s: %s to %s by %s, want %s to %s by %s", c.query, first, last, by, c.first, c.last, c.by)
		}
	}
}

func TestCompareV1(t *testing.T) {
	for query, want := range map[string]string{
		"period=month": "2026-03-02 to 2026-03-31", // as many days, not the month before
		"period=7d":    "2026-03-20 to 2026-03-26",
		"period=custom&date=2026-03-29,2026-03-29":   "2026-03-28 to 2026-03-28",
		"period=day&date=2026-03-30&metrics=visits":  "2026-03-29 to 2026-03-29",
		"period=12mo&filters=event:page==/contact/*": "2024-05-01 to 2025-04-30",
	} {
		v, err := askV1(t, AggregateV1, query+"&compare=previous_period")
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		p := v.Previous
		got := p.From.Format(time.DateOnly) + " to " + p.To.Add(-time.Second).In(p.Location).Format(time.DateOnly)
		if diff := cmp.Diff(v.Query.Filters, p.Filters); got != want || diff != "" || !p.WholeDays() || !p.To.Equal(v.Query.From) {
			t.Errorf("%s: compared with %s, want %s; filters %s", query, got, want, diff)
		}
	}
}

func TestRefusalsV1(t *testing.T) {
	for _, c := range []struct {
		endpoint    EndpointV1
		query, says string
	}{
		{AggregateV1, "filter=x", `"filter" is not a parameter of aggregate`},
		{RealtimeV1, "filters=event:page==/", `"filters" is not a parameter`},
		{AggregateV1, "interval=day", `"interval" is not`},
		{AggregateV1, "period=7d&period=day", "period: stands twice"},
		{AggregateV1, "with_imported=yes", "with_imported: must be"},
		{AggregateV1, "period=28d", `period: "28d"`},
		{AggregateV1, "period=", `period: "" is not`},
		{AggregateV1, "period=custom", "date: must be two dates"},
		{AggregateV1, "period=custom&date=2026-01-01", "date: must be two"},
		{AggregateV1, "period=custom&date=2026-01-02,2026-01-01", "date: ends before"},
		{AggregateV1, "period=custom&date=2026-01-02,01.02.2026", `date: "01.02.2026"`},
		{AggregateV1, "date=today", `date: "today"`},
		{AggregateV1, "date=1969-01-01", "date: starts before 1970"},
		{AggregateV1, "period=custom&date=1970-01-10,1970-02-10&compare=previous_period", "compare: starts before 1970"},
		{AggregateV1, "compare=year_over_year", `compare: "year_over_year"`},
		{AggregateV1, "metrics=", `metrics[0]: ""`},
		{AggregateV1, "metrics=visitors,sessions", `metrics[1]: "sessions" is not a metric`},
		{AggregateV1, "metrics=visitors,visitors", `metrics[1]: "visitors" stands twice`},
		{AggregateV1, "metrics=percentage", "metrics[0]: percentage needs"},
		{AggregateV1, "filters=event:page", "filters[0]: must be"},
		{AggregateV1, "filters=event:page=/", "filters[0]: must be"},
		{AggregateV1, "filters=event:page==/;visit:props:x==Signup", `filters[1]: "visit:props:x" is not yet`},
		{AggregateV1, "filters=page==/", `filters[0]: "page" is not`},
		{AggregateV1, "filters=event:page==" + strings.Repeat("*|", 60), "filters[0]: more than 50"},
		{AggregateV1, "filters=event:page==" + strings.Repeat("a|", 1001), "filters[0]: more than 1000"},
		{AggregateV1, "filters=" + strings.Repeat("event:page==a;", 101), "filters[100]: more than 100"},
		{TimeseriesV1, "interval=week", `interval: "week"`},
		{TimeseriesV1, "period=custom&date=1971-01-01,2026-01-01", "interval: more than"},
		{BreakdownV1, "", "property: missing"},
		{BreakdownV1, "property=time:day", `property: "time:day"`},
		{BreakdownV1, "property=visit:props:x", `property: "visit:props:x" is not yet`},
		{BreakdownV1, "property=event:page&limit=1001", "limit: must be 1 to 1000"},
		{BreakdownV1, "property=event:page&limit=0", "limit: must be"},
		{BreakdownV1, "property=event:page&limit=ten", "limit: must be a whole"},
		{BreakdownV1, "property=event:page&page=0", "page: must be"},
	} {
		query := strings.ReplaceAll(c.query, ";", "%3B")
		_, err := askV1(t, c.endpoint, query)
		refused := (*Error)(nil)
		if !errors.As(err, &refused) || !strings.HasPrefix(err.Error(), c.says) && refused.Part != "" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %.60s: %v, want %s", c.endpoint, c.query, err, c.says)
		}
	}
	if _, err := ParseV1(AggregateV1, url.Values{}, options(t)); err == nil || err.Error() != "site_id: missing" {
		t.Errorf("without a site: %v", err)
	}
}

func TestAnswersV1(t *testing.T) {
	row := func(metrics ...any) []Row { return []Row{{Metrics: metrics}} }
	for _, c := range []struct {
		endpoint        EndpointV1
		query           string
		rows, previous  []Row
		warnings        map[Metric]Warning
		labels          []string
		name, wantsJSON string
	}{
		{
			name: "figures", endpoint: AggregateV1, query: "metrics=visitors,bounce_rate", rows: row(int64(201524), nil),
			wantsJSON: `{"results":{"bounce_rate":{"value":null},"visitors":{"value":201524}}}`,
		},
		{
			name: "a reservation", endpoint: AggregateV1, rows: row(int64(2)), warnings: map[Metric]Warning{Visitors: {Text: "counted twice"}},
			wantsJSON: `{"results":{"visitors":{"value":2}},"warning":"visitors: counted twice"}`,
		},
		{
			name: "compared", endpoint: AggregateV1, query: "compare=previous_period&metrics=visitors,bounce_rate,visits,pageviews,visit_duration",
			rows: row(int64(3), int64(50), int64(5), int64(0), int64(9)), previous: row(int64(4), int64(62), int64(0), int64(0), nil),
			wantsJSON: `{"results":{"bounce_rate":{"value":50,"change":-12},"pageviews":{"value":0,"change":0},"visit_duration":{"value":9,"change":null},` +
				`"visitors":{"value":3,"change":-25},"visits":{"value":5,"change":100}}}`,
		},
		{
			name: "a series with a gap", endpoint: TimeseriesV1, query: "metrics=visitors,views_per_visit", labels: []string{"2026-01-01", "2026-01-02"},
			rows:      []Row{{Dimensions: []string{"2026-01-02"}, Metrics: []any{int64(3), 1.5}}},
			wantsJSON: `{"results":[{"date":"2026-01-01","views_per_visit":null,"visitors":0},{"date":"2026-01-02","views_per_visit":1.5,"visitors":3}]}`,
		},
		{
			name: "sources", endpoint: BreakdownV1, query: "property=visit:source",
			rows:      []Row{{Dimensions: []string{DirectNone}, Metrics: []any{int64(3)}}, {Dimensions: []string{"Google"}, Metrics: []any{int64(2)}}},
			wantsJSON: `{"results":[{"source":"Direct / None","visitors":3},{"source":"Google","visitors":2}]}`,
		},
		{
			name: "versions", endpoint: BreakdownV1, query: "property=visit:browser_version",
			rows:      []Row{{Dimensions: []string{"Mobile Safari 17"}, Metrics: []any{int64(3)}}, {Dimensions: []string{NotSet}, Metrics: []any{int64(2)}}},
			wantsJSON: `{"results":[{"browser":"Mobile Safari","browser_version":"17","visitors":3},{"browser":"(not set)","browser_version":"(not set)","visitors":2}]}`,
		},
		{name: "nobody", endpoint: BreakdownV1, query: "property=event:page", wantsJSON: `{"results":[]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := askV1(t, c.endpoint, c.query)
			if err != nil {
				t.Fatal(err)
			}
			var previous *Result
			if v.Previous != nil {
				previous = &Result{Query: *v.Previous, Rows: c.previous}
			}
			got, err := json.Marshal(v.Answer(Result{Query: v.Query, Rows: c.rows, TimeLabels: c.labels, Warnings: c.warnings}, previous))
			if diff := cmp.Diff(c.wantsJSON, string(got)); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// FuzzParseV1 looks for a request that ends otherwise than in a refusal or in a question that is in bounds.
func FuzzParseV1(f *testing.F) {
	f.Add("breakdown", "site_id=shop&property=event:page&filters=event:page==/a*|/b%3Bvisit:source!=x&limit=3&page=2")
	f.Add("timeseries", "site_id=shop&period=custom&date=2026-01-01,2026-02-01&interval=month")
	f.Add("aggregate", "site_id=shop&compare=previous_period&metrics=visits,bounce_rate&filters=visit:os_version==%5C|")
	o := options(f)
	f.Fuzz(func(t *testing.T, endpoint, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		v, err := ParseV1(EndpointV1(endpoint), values, o)
		refused := (*Error)(nil)
		switch {
		case errors.As(err, &refused) || err == nil && EndpointV1(endpoint) == RealtimeV1:
		case err != nil:
			t.Errorf("%v is no refusal", err)
		case len(v.Query.Metrics) == 0 || !v.Query.To.After(v.Query.From) || v.Query.Limit < 1 || v.Query.Offset < 0:
			t.Errorf("%+v is out of bounds", v.Query)
		default:
			v.Answer(Result{Query: v.Query}, nil)
		}
	})
}
