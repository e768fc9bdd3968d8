package storage

import "testing"

// TestMerge delivers a few visitors at a time: before the merge each delivery lies in a part of its own, in which rows can
// be told to be about the same visitors; afterwards none does.
func TestMerge(t *testing.T) {
	db := testDB(t)
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), After: never})
	hits := newSite(3).hits(200)
	for part := range 4 {
		appendAll(t, w, hits[part*50:][:50])
		if err := w.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	closeWriter(t, w)
	if parts := scalar(t, db, "SELECT uniqExact(_part) FROM counts"); parts < 2 {
		t.Fatalf("%d parts: nothing is left to merge", parts)
	}
	db.Merge(t.Context())
	if parts := scalar(t, db, "SELECT uniqExact(_part) FROM counts"); parts != 1 {
		t.Errorf("%d parts after the merge, want 1", parts)
	}
	wantTotals(t, db, totalsOf(hits))
}

func scalar(t testing.TB, db *DB, sql string) (n uint64) {
	t.Helper()
	if err := db.conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
