package storage

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/klar-analytics/klar/storage/schema"
)

// countDays fills in the dimensions by the day that rows of hits imply, as the migration does.
func countDays(t testing.TB, db *DB) {
	t.Helper()
	steps, err := migrations(schema.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if !strings.HasSuffix(step.name, "_days") {
			continue
		}
		for i, s := range step.statements {
			if err := db.conn.Exec(t.Context(), s); err != nil {
				t.Fatalf("statement %d of %s: %v", i+1, step.name, err)
			}
		}
		return
	}
	t.Fatal("no migration counts days")
}

// TestDaysOfOlderStores takes what the Writer counts by the day out of table counts, as if an older Klar had written it,
// and has four migrations at the same time, and one more, fill it in again from hits.
func TestDaysOfOlderStores(t *testing.T) {
	db := testDB(t)
	loc, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	generator := newSite(3)
	generator.people = 0.6
	hits := generator.hits(20_000)
	for i := range hits { // over five weeks
		at := time.Unix(hits[i].Time+int64(i)*150, 0).In(loc)
		hits[i].Time, hits[i].Hour, hits[i].Day = at.Unix(), startOfHour(at).Unix(), startOfDay(at, loc).Unix()
	}
	var s sums
	addUp(&s, hits, 4096)
	for i, b := range allBlocks(t, &s) {
		if err := insert(t.Context(), db.conn, string(rune('a'+i)), b.insert(), b.data); err != nil {
			t.Fatal(err)
		}
	}
	const days = " FROM counts WHERE startsWith(dimension, 'event:') OR dimension IN ('visit:entry_page', 'visit:source', 'visit:channel')"
	const rows = "SELECT toUInt64(count()) FROM (SELECT DISTINCT dimension, hour, value" + days + ")"
	const fingerprint = `SELECT sum(cityHash64(dimension, hour, value, p, e, v, s, g, d)) FROM (SELECT dimension, hour, value, sum(pageviews) AS p,
		sum(events) AS e, sum(visitors) AS v, sum(visits) AS s, sum(engaged) AS g, sum(seconds) AS d` + days + ` GROUP BY dimension, hour, value)`
	wantRows, want := one(t, db, rows), one(t, db, fingerprint)
	if wantRows < 5000 {
		t.Fatalf("only %d values and days", wantRows)
	}
	if err := db.conn.Exec(t.Context(), "ALTER TABLE counts DELETE WHERE "+strings.TrimPrefix(days, " FROM counts WHERE ")+" SETTINGS mutations_sync = 1"); err != nil {
		t.Fatal(err)
	}
	if n := one(t, db, rows); n != 0 {
		t.Fatalf("%d are left", n)
	}
	var group errgroup.Group
	for range 4 {
		group.Go(func() error { countDays(t, db); return nil })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	countDays(t, db)
	if gotRows, got := one(t, db, rows), one(t, db, fingerprint); gotRows != wantRows || got != want {
		t.Errorf("%d values and days with fingerprint %x, the Writer counted %d with %x", gotRows, got, wantRows, want)
	}
}
