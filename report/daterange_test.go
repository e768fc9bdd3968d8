package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDateRanges(t *testing.T) {
	const berlin = "Europe/Berlin"
	thursday := time.Date(2026, 4, 2, 9, 30, 15, 5, time.UTC)
	for _, test := range []struct {
		zone       string
		now        time.Time
		name, want string
	}{
		{berlin, thursday, `"day"`, "2026-04-02T00:00:00+02:00 2026-04-03T00:00:00+02:00"},
		{berlin, thursday, `"24h"`, "2026-04-01T12:00:00+02:00 2026-04-02T12:00:00+02:00"},
		{berlin, thursday, `"7d"`, "2026-03-26T00:00:00+01:00 2026-04-02T00:00:00+02:00"},
		{berlin, thursday, `"28d"`, "2026-03-05T00:00:00+01:00 2026-04-02T00:00:00+02:00"},
		{berlin, thursday, `"30d"`, "2026-03-03T00:00:00+01:00 2026-04-02T00:00:00+02:00"},
		{berlin, thursday, `"91d"`, "2026-01-01T00:00:00+01:00 2026-04-02T00:00:00+02:00"},
		{berlin, thursday, `"month"`, "2026-04-01T00:00:00+02:00 2026-05-01T00:00:00+02:00"},
		{berlin, thursday, `"6mo"`, "2025-10-01T00:00:00+02:00 2026-04-01T00:00:00+02:00"},
		{berlin, thursday, `"12mo"`, "2025-04-01T00:00:00+02:00 2026-04-01T00:00:00+02:00"},
		{berlin, thursday, `"year"`, "2026-01-01T00:00:00+01:00 2027-01-01T00:00:00+01:00"},
		{berlin, thursday, `"all"`, "0001-01-01T00:00:00Z 2026-04-03T00:00:00+02:00"},
		{berlin, thursday, `["2026-03-29", "2026-03-29"]`, "2026-03-29T00:00:00+01:00 2026-03-30T00:00:00+02:00"},
		{berlin, thursday, `["2026-03-01T12:00:00Z", "2026-03-01T14:59:59+01:00"]`, "2026-03-01T13:00:00+01:00 2026-03-01T15:00:00+01:00"},
		// Shortly before midnight of UTC it is tomorrow in Berlin, and the last day of a long month knows shorter ones.
		{berlin, time.Date(2026, 5, 30, 23, 0, 0, 0, time.UTC), `"day"`, "2026-05-31T00:00:00+02:00 2026-06-01T00:00:00+02:00"},
		{berlin, time.Date(2026, 5, 30, 23, 0, 0, 0, time.UTC), `"3mo"`, "2026-02-01T00:00:00+01:00 2026-05-01T00:00:00+02:00"},
		{"Asia/Kolkata", thursday, `"24h"`, "2026-04-01T16:00:00+05:30 2026-04-02T16:00:00+05:30"},
		// Midnight that does not exist, and midnight that comes twice.
		{"America/Sao_Paulo", time.Date(2018, 11, 4, 12, 0, 0, 0, time.UTC), `"day"`, "2018-11-04T01:00:00-02:00 2018-11-05T00:00:00-02:00"},
		{"America/Havana", time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), `"day"`, "2026-11-01T00:00:00-04:00 2026-11-02T00:00:00-05:00"},
	} {
		q, err := Parse([]byte(`{"site_id": "shop", "metrics": ["visitors"], "date_range": `+test.name+`}`), optionsAt(t, test.zone, test.now))
		if err != nil {
			t.Errorf("%s in %s: %v", test.name, test.zone, err)
			continue
		}
		if got := fmt.Sprint(q.From.Format(time.RFC3339), " ", q.To.Format(time.RFC3339)); got != test.want {
			t.Errorf("%s in %s:\n got  %s\n want %s", test.name, test.zone, got, test.want)
		}
	}
}

func TestDateRangeErrors(t *testing.T) {
	for name, want := range map[string]string{
		`"yesterday"`:                        `date_range: "yesterday" is not a range; known are day, 24h, 7d`,
		`"0d"`:                               `is not a range`,
		`"07d"`:                              `is not a range`,
		`"-7d"`:                              `is not a range`,
		`"5001d"`:                            `is not a range`,
		`"101mo"`:                            `is not a range`,
		`"d"`:                                `is not a range`,
		`""`:                                 `is not a range`,
		`7`:                                  `date_range: must be one of day`,
		`["2026-01-01"]`:                     `date_range: must be one of day`,
		`null`:                               `date_range: missing`,
		`["2026-02-01", "2026-01-31"]`:       `date_range: ends before it starts`,
		`["2026-02-30", "2026-03-01"]`:       `date_range[0]: "2026-02-30" is neither a date`,
		`["2026-02-01", "2026-02-1"]`:        `date_range[1]: "2026-02-1" is not a date`,
		`["2026-02-01", "2026-02-01T00:00"]`: `date_range[1]: "2026-02-01T00:00" is not a date`,
		`["2026-02-01T00:00:00Z", "now"]`:    `date_range[1]: "now" is not a time`,
		`["2026-02-01T00:00:01Z", "2026-02-01T00:00:00Z"]`: `date_range: ends before it starts`,
		`["1969-12-31", "2026-01-01"]`:                     `date_range: starts before 1970`,
		`["2026-01-01", "2106-01-01"]`:                     `date_range: ends after 2105`,
		`["2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]`: `date_range: ends after 2105`,
	} {
		_, err := Parse([]byte(`{"site_id": "shop", "metrics": ["visitors"], "date_range": `+name+`}`), options(t))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want it to have %s", name, err, want)
		}
	}
}

func TestTimeDecidesInterval(t *testing.T) {
	for name, want := range map[string]Dimension{
		`"day"`: TimeHour, `"24h"`: TimeHour, `"2d"`: TimeHour, `"3d"`: TimeDay, `"30d"`: TimeDay, `"40d"`: TimeDay, `"42d"`: TimeWeek,
		`"91d"`: TimeWeek, `"12mo"`: TimeWeek, `"13mo"`: TimeMonth,
	} {
		q, err := Parse([]byte(`{"site_id": "shop", "metrics": ["visitors"], "date_range": `+name+`, "dimensions": ["time"]}`), options(t))
		if err != nil || q.Dimensions[0] != want || q.OrderBy[0].Key != string(want) {
			t.Errorf("%s: %v ordered by %v, want %s (%v)", name, q.Dimensions, q.OrderBy, want, err)
		}
	}
}

func TestSince(t *testing.T) {
	q, err := Parse([]byte(`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", "dimensions": ["time"]}`), options(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		first    time.Time
		from     string
		interval Dimension
	}{
		{time.Time{}, "2026-04-02T00:00:00+02:00", TimeHour},
		{time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), "2026-04-02T00:00:00+02:00", TimeHour},
		{time.Date(2026, 3, 27, 23, 30, 0, 0, time.UTC), "2026-03-28T00:00:00+01:00", TimeDay},
		{time.Date(2015, 5, 17, 10, 0, 0, 0, time.UTC), "2015-05-17T00:00:00+02:00", TimeMonth},
	} {
		got := q.Since(test.first)
		if got.From.Format(time.RFC3339) != test.from || got.Dimensions[0] != test.interval {
			t.Errorf("since %v: from %v by %v, want %s by %s", test.first, got.From, got.Dimensions, test.from, test.interval)
		}
	}
	if q.Dimensions[0] != Time {
		t.Error("Since changed the query it was called on")
	}
}

func TestLabels(t *testing.T) {
	for _, test := range []struct{ zone, dates, interval, want string }{
		{"Europe/Berlin", `["2026-03-29", "2026-03-29"]`, "time:hour", "00 01 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23"},
		{"Europe/Berlin", `["2026-10-25", "2026-10-25"]`, "time:hour", "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23"},
		{"Asia/Kolkata", `["2026-10-25T12:10:00+05:30", "2026-10-25T14:09:59+05:30"]`, "time:hour", "12 13 14"},
		{"Australia/Lord_Howe", `["2026-10-04", "2026-10-04"]`, "time:hour", "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23"},
		{"Europe/Berlin", `["2026-10-24", "2026-10-26"]`, "time:day", "2026-10-24 2026-10-25 2026-10-26"},
		{"America/Sao_Paulo", `["2018-11-03", "2018-11-05"]`, "time:day", "2018-11-03 2018-11-04 2018-11-05"},
		{"Europe/Berlin", `["2026-03-25", "2026-04-06"]`, "time:week", "2026-03-25 2026-03-30 2026-04-06"},
		{"Europe/Berlin", `["2026-03-23", "2026-03-29"]`, "time:week", "2026-03-23"},
		{"Europe/Berlin", `["2025-12-31", "2026-02-01"]`, "time:month", "2025-12-01 2026-01-01 2026-02-01"},
		{"Europe/Berlin", `["2026-03-29T01:58:30+01:00", "2026-03-29T03:01:00+02:00"]`, "time:minute", "2026-03-29 01:58:00 2026-03-29 01:59:00 2026-03-29 03:00:00 2026-03-29 03:01:00"},
	} {
		q, err := Parse([]byte(`{"site_id": "shop", "metrics": ["visitors"], "date_range": `+test.dates+`, "dimensions": ["`+test.interval+`"]}`), optionsAt(t, test.zone, time.Unix(1775000000, 0)))
		if err != nil {
			t.Fatal(err)
		}
		labels, err := q.Labels()
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(labels, " ")
		if test.interval == "time:hour" {
			for i, l := range labels {
				labels[i] = strings.TrimSuffix(l[len("2026-03-29 "):], ":00:00")
			}
			got = strings.Join(labels, " ")
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s of %s in %s (-want +got):\n%s", test.interval, test.dates, test.zone, diff)
		}
	}
}

func TestWholeDays(t *testing.T) {
	for _, test := range []struct {
		zone, dates string
		whole       bool
	}{
		{"UTC", `["2026-03-01", "2026-03-02"]`, true},
		{"Asia/Kolkata", `"24h"`, false},
		{"UTC", `"month"`, true},
		{"Asia/Kolkata", `"day"`, true},
		{"Europe/Berlin", `["2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"]`, true},
		{"Europe/Berlin", `["2026-03-29T00:00:00Z", "2026-03-29T23:59:59Z"]`, false},
		{"Europe/Berlin", `["2026-03-29T00:00:00+01:00", "2026-03-29T23:59:58+02:00"]`, false},
		{"America/Havana", `["2025-11-02", "2025-11-02"]`, true},    // midnight comes twice
		{"America/Sao_Paulo", `["2018-11-04", "2018-11-04"]`, true}, // midnight is left out
	} {
		q, err := Parse([]byte(`{"site_id": "shop", "metrics": ["visitors"], "date_range": `+test.dates+`}`), optionsAt(t, test.zone, time.Unix(1775000000, 0)))
		if err != nil {
			t.Fatal(err)
		}
		if q.WholeDays() != test.whole {
			t.Errorf("%s in %s: whole days %v, want %v", test.dates, test.zone, !test.whole, test.whole)
		}
	}
}
