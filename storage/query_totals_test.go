package storage

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/report"
	"github.com/klar-analytics/klar/storage/embedded"
	"github.com/klar-analytics/klar/storage/schema"
)

// everyTotal are the metrics of which table totals has all.
const everyTotal = `"visitors", "visits", "pageviews", "events", "bounce_rate", "visit_duration", "views_per_visit", "requests", "bytes", "errors", "threats", "bots"`

// askSite answers a question about the planted site, in UTC, ten years later. rest is the rest of it.
func askSite(t *testing.T, db *DB, metrics, rest string) report.Result {
	t.Helper()
	body := fmt.Sprintf(`{"site_id": %q, "metrics": [%s], %s}`, planted, metrics, rest)
	q, err := report.Parse([]byte(body), report.Options{
		Now: questionTime.AddDate(10, 0, 0), Sites: func(string) (*time.Location, bool) { return time.UTC, true },
	})
	if err != nil {
		t.Fatalf("%s: %v", rest, err)
	}
	r, err := db.Query(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: %v", rest, err)
	}
	return r
}

// TestTotalsOutliveRetention lets days get past the retention, twice, with another start of the engine between, and
// again when an older log comes in: what is told of all of a day or month stays what it was, whatever else there was of
// that time is in no table and in no file, and answers that lack it say so.
func TestTotalsOutliveRetention(t *testing.T) {
	o := engineOptions(t, t.TempDir())
	engine, db := startEngine(t, o)
	stays, goes, middle := twoSites(1000)
	const plantedHost = "plantedhost" // of few hosts, which are packed as they are
	for i := range goes[:len(goes)/2] {
		goes[i].Host = hit.NewHost(plantedHost)
	}
	deliver(t, db, stays, goes)
	months := `"date_range": "all", "dimensions": ["time:month"]`
	days := fmt.Sprintf(`"date_range": [%q, %q], "dimensions": ["time:day"]`, middle.AddDate(0, 0, -20).Format(time.DateOnly), middle.Format(time.DateOnly))
	before := askSite(t, db, everyTotal, days).Rows
	if len(before) < 2 {
		t.Fatalf("there are the days %v: the test needs some on both sides of the retention", before)
	}
	trend := askSite(t, db, everyTotal, months).Rows

	d := Deletion{Site: planted, Before: middle, KeepTotals: true}
	retain := func() {
		t.Helper()
		if err := db.Delete(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if rows, err := db.Deletable(t.Context(), d); err != nil || len(rows) != 0 {
			t.Errorf("older than the retention are still %v, %v", rows, err)
		}
		if files := filesWith(t, o.Dir, plantedHost); len(files) != 0 {
			t.Errorf("a host of days past their retention is still in %v", files)
		}
	}
	if len(filesWith(t, o.Dir, plantedHost)) == 0 {
		t.Fatal("the host is in no file before the retention: the search proves nothing")
	}
	retain()
	engine.Close()
	engine, db = startEngine(t, o)
	retain()
	if diff := cmp.Diff(before, askSite(t, db, everyTotal, days).Rows); diff != "" {
		t.Errorf("totals by day before and after the retention (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(trend, askSite(t, db, everyTotal, months).Rows); diff != "" {
		t.Errorf("totals by month before and after the retention (-before +after):\n%s", diff)
	}
	warnsOfDeleted(t, db, middle)
	sharesOfWhatIsLeft(t, db, middle)

	deliver(t, db, goes[:10]) // of an older log
	retain()
	requests := func(rows []report.Row) int64 { return rows[0].Metrics[0].(int64) }
	if got, want := requests(askSite(t, db, `"requests"`, `"date_range": "all"`).Rows), int64(len(goes)+10); got != want {
		t.Errorf("with an older log there are %d requests, want %d", got, want)
	}

	if err := db.Delete(t.Context(), Deletion{Site: planted}); err != nil {
		t.Fatal(err)
	}
	if files := filesWith(t, o.Dir, planted); len(files) != 0 {
		t.Errorf("the deleted site is still in %v", files)
	}
	wantTotals(t, db, totalsOf(stays))
	engine.Close()
}

// startEngine opens an engine that the test may close, with Klar's tables.
func startEngine(t *testing.T, o embedded.Options) (*embedded.Engine, *DB) {
	t.Helper()
	engine, err := embedded.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	return engine, connect(t, Options{Dial: engine.Dial})
}

// warnsOfDeleted asks on both sides of the retention.
func warnsOfDeleted(t *testing.T, db *DB, retained time.Time) {
	t.Helper()
	old, last, first := retained.AddDate(0, 0, -20).Format(time.DateOnly), retained.AddDate(0, 0, -1).Format(time.DateOnly), retained.Format(time.DateOnly)
	between := func(from, to string) string { return fmt.Sprintf(`"date_range": [%q, %q]`, from, to) }
	for rest, want := range map[string]string{
		between(old, first): "",
		between(old, first) + `, "dimensions": ["time:month"]`:                                                            "",
		between(old, first) + `, "dimensions": ["event:page"]`:                                                            "Up to " + last,
		between(old, last) + `, "dimensions": ["visit:country"]`:                                                          "Up to " + last,
		between(old, first) + `, "dimensions": ["time:hour"]`:                                                             "Up to " + last,
		between(first, first) + `, "dimensions": ["event:page"]`:                                                          "",
		between("2001-01-01", "2001-12-31") + `, "dimensions": ["event:page"]`:                                            "", // when there was nothing
		between(first, first) + `, "dimensions": ["event:page"], "include": {"comparisons": {"mode": "previous_period"}}`: "Of the range compared with: Up to " + last,
	} {
		r := askSite(t, db, `"visitors"`, rest)
		if got := r.RangeWarning; !strings.HasPrefix(got.Text, want) || (got.Code == onlyTotals) != (want != "") {
			t.Errorf("%s: warned is %q, want %q", rest, got.Text, want)
		}
	}
	if r := askSite(t, db, `"exits"`, between(old, last)); r.RangeWarning.Code != onlyTotals {
		t.Errorf("of exits, which no total tells, nothing is warned: %+v", r.RangeWarning)
	}
}

// sharesOfWhatIsLeft asks for shares of people over a range with deleted days, which are those of the days that are left.
func sharesOfWhatIsLeft(t *testing.T, db *DB, retained time.Time) {
	t.Helper()
	ask := func(from time.Time, dimension string) []report.Row {
		return askSite(t, db, `"percentage"`, fmt.Sprintf(`"date_range": [%q, %q], "dimensions": [%q]`,
			from.Format(time.DateOnly), retained.AddDate(0, 0, 20).Format(time.DateOnly), dimension)).Rows
	}
	for _, dimension := range []string{"event:page", "visit:country"} {
		left := ask(retained, dimension)
		if diff := cmp.Diff(left, ask(retained.AddDate(0, 0, -20), dimension)); diff != "" || len(left) == 0 {
			t.Errorf("shares by %s of what is left, and with days of which only totals are (-left +all):\n%s", dimension, diff)
		}
	}
	all := 0.0
	for _, row := range ask(retained.AddDate(0, 0, -20), "time:day") {
		all += row.Metrics[0].(float64)
	}
	if all < 99 || all > 101 {
		t.Errorf("the shares of all days, deleted ones among them, add up to %v %%", all)
	}
}

// TestTotalsOfDaysBefore holds that the migration counts the days of a store that had no totals, once.
func TestTotalsOfDaysBefore(t *testing.T) {
	db := testDB(t)
	stays, goes, _ := twoSites(2000)
	deliver(t, db, stays, goes)
	execute(t, db, "TRUNCATE TABLE totals")
	steps, err := migrations(schema.Files)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := db.conn.Exec(context.Background(), steps[2].statements[1]); err != nil {
			t.Fatal(err)
		}
	}
	wantTotals(t, db, totalsOf(append(stays, goes...)))
	if n, want := one(t, db, "SELECT count() FROM totals"), one(t, db, "SELECT uniqExact(site, hour) FROM paths"); n != want {
		t.Errorf("there are %d days, want %d", n, want)
	}
}
