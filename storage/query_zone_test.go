package storage

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

// TestQueryZones stores a request every ten minutes around each change of a clock, and a page view in each hour of the
// site's time zone, and compares the intervals of the answers with what Go's own calendar says.
func TestQueryZones(t *testing.T) {
	for _, test := range []struct{ zone, from, to string }{
		{"Europe/Berlin", "2026-03-28", "2026-03-30"},
		{"Europe/Berlin", "2026-10-24", "2026-10-26"},
		{"Asia/Kolkata", "2026-03-28", "2026-03-29"},
		{"Asia/Kathmandu", "2026-03-28", "2026-03-29"},
		{"America/St_Johns", "2026-11-01", "2026-11-01"},
		{"America/Sao_Paulo", "2018-11-03", "2018-11-05"},
		{"America/Havana", "2025-11-01", "2025-11-03"},
		{"Pacific/Chatham", "2026-04-04", "2026-04-06"},
		{"Australia/Lord_Howe", "2026-10-03", "2026-10-05"},
		{"UTC", "2026-03-28", "2026-03-30"},
	} {
		t.Run(test.zone+" "+test.from, func(t *testing.T) {
			db := testDB(t)
			loc, err := time.LoadLocation(test.zone)
			if err != nil {
				t.Fatal(err)
			}
			for _, interval := range []struct{ name, layout string }{{"time:hour", "2006-01-02 15:00:00"}, {"time:day", time.DateOnly}, {"time:minute", "2006-01-02 15:04:00"}} {
				metrics := `"requests", "pageviews"`
				if interval.name == "time:minute" {
					metrics = `"requests"`
				}
				body := fmt.Sprintf(`{"site_id": "shop", "metrics": [%s], "date_range": ["%s", "%s"], "dimensions": ["%s"], "include": {"time_labels": true}}`,
					metrics, test.from, test.to, interval.name)
				q, err := report.Parse([]byte(body), report.Options{Now: questionTime, Sites: func(string) (*time.Location, bool) { return loc, true }})
				if err != nil {
					t.Fatal(err)
				}
				if interval.name == "time:hour" {
					storeEverywhere(t, db, q)
				}
				result, err := db.Query(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				compareIntervals(t, result, interval.layout)
			}
		})
	}
}

// storeEverywhere stores requests and page views in the query's range and for a day on both sides of it.
func storeEverywhere(t *testing.T, db *DB, q report.Query) {
	t.Helper()
	minutes, err := db.conn.PrepareBatch(t.Context(), "INSERT INTO minutes (site, minute, requests)")
	if err != nil {
		t.Fatal(err)
	}
	counts, err := db.conn.PrepareBatch(t.Context(), "INSERT INTO counts (site, hour, dimension, pageviews, events)")
	if err != nil {
		t.Fatal(err)
	}
	for at := q.From.Add(-24 * time.Hour); at.Before(q.To.Add(24 * time.Hour)); at = at.Add(10 * time.Minute) {
		if err := minutes.Append("shop", at, uint64(1)); err != nil {
			t.Fatal(err)
		}
		if err := counts.Append("shop", startOfHour(at.In(q.Location)), totalDimension, uint64(1), uint64(1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := minutes.Send(); err != nil {
		t.Fatal(err)
	}
	if err := counts.Send(); err != nil {
		t.Fatal(err)
	}
	countDays(t, db, q.Location.String())
}

// compareIntervals holds that the rows are those of Go's calendar, each with its number of ten minutes.
func compareIntervals(t *testing.T, result report.Result, layout string) {
	t.Helper()
	q := result.Query
	want, labels := map[string]int64{}, map[string]bool{}
	for at := q.From; at.Before(q.To); at = at.Add(10 * time.Minute) {
		want[at.In(q.Location).Format(layout)]++
	}
	for _, l := range result.TimeLabels {
		labels[l] = true
	}
	got := map[string]int64{}
	for _, row := range result.Rows {
		label := row.Dimensions[0]
		if got[label] = row.Metrics[0].(int64); !labels[label] {
			t.Errorf("%s is not among the labels", label)
		}
		// Where the clock is not changed at a full hour, a stored hour cannot start where the clock's does.
		odd := q.Location.String() == "Pacific/Chatham" || q.Location.String() == "Australia/Lord_Howe"
		if len(row.Metrics) > 1 && row.Metrics[1] != row.Metrics[0] && !odd {
			t.Errorf("%s: %v page views, want %v", label, row.Metrics[1], row.Metrics[0])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", q.Dimensions[0], diff)
	}
}
