package storage

import (
	"fmt"
	"testing"
	"time"
)

// TestHours stores page views of three days: hits has all of them by the day, hours the latest by the hour, until they
// are over.
func TestHours(t *testing.T) {
	db := testDB(t)
	s := newSite(1)
	hits := s.hits(30)
	last := time.Date(2026, 3, 12, 20, 0, 0, 0, time.UTC)
	for i := range hits {
		s.person(&hits[i])
		at := last.Add(-time.Duration(i) * 2 * time.Hour) // back to 10 March, 10 o'clock
		hits[i].Time, hits[i].Hour, hits[i].Day = at.Unix(), at.Unix(), at.Truncate(24*time.Hour).Unix()
	}
	now := last.Add(30 * time.Minute)
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), After: never, Now: func() time.Time { return now }})
	appendAll(t, w, hits)
	closeWriter(t, w)
	want := totalsOf(hits)
	wantTotals(t, db, want)
	if n := one(t, db, "SELECT count() FROM hits WHERE toHour(hour) != 0"); n != 0 {
		t.Errorf("%d rows of hits say their hour", n)
	}
	if n := one(t, db, "SELECT uniqExact(hour) FROM hours"); n != 26 { // from 18 o'clock on 10 March
		t.Errorf("%d hours are kept of the latest 50, want 26", n)
	}
	events := one(t, db, "SELECT sum(events) FROM hours")

	db.now = func() time.Time { return now.Add(20 * time.Hour) } // then 11 March, 16 o'clock is the first that is asked for
	if err := db.forgetHours(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := one(t, db, "SELECT uniqExact(hour) FROM hours"); n != 23 {
		t.Errorf("%d hours are kept of 11 and 12 March, want 23", n)
	}
	if left := one(t, db, "SELECT sum(events) FROM hours"); left >= events {
		t.Errorf("%d events of %d are left after a day was forgotten", left, events)
	}
	db.now = func() time.Time { return now.AddDate(0, 0, 4) }
	if err := db.forgetHours(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := one(t, db, "SELECT count() FROM hours"); n != 0 {
		t.Errorf("%d rows are left when all days are over", n)
	}
	wantTotals(t, db, want)
}

// TestDayPartition holds the days against ClickHouse's.
func TestDayPartition(t *testing.T) {
	db := testDB(t)
	for _, at := range []uint32{0, 86399, 86400, 951782400, 1772323199, 4294967295} {
		if want := one(t, db, fmt.Sprintf("SELECT toUInt64(toYYYYMMDD(toDateTime(%d, 'UTC')))", at)); uint64(dayPartition(at)) != want {
			t.Errorf("instant %d is on %d, ClickHouse says %d", at, dayPartition(at), want)
		}
	}
}
