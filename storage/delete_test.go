package storage

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// planted names a site that must be found nowhere when it is deleted.
const planted = "planted-site.example"

// twoSites makes hits of a site that stays and of one that goes, on both sides of a moment.
func twoSites(n int) (stays, goes []hit.Hit, middle time.Time) {
	a, b := newSite(5), newSite(6)
	b.id = hit.NewSite(planted)
	stays, goes = a.hits(n), b.hits(n)
	a.now, b.now = a.now+86400, b.now+86400
	middle = time.Unix(a.now-a.now%86400, 0).UTC()
	return append(stays, a.hits(n)...), append(goes, b.hits(n)...), middle
}

// filesWith lists the files of a directory that have a text in them.
func filesWith(t testing.TB, dir, text string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var b []byte
			if b, err = os.ReadFile(name); err == nil && strings.Contains(string(b), text) {
				names = append(names, name)
			}
		}
		if errors.Is(err, fs.ErrNotExist) { // the engine removes files
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func deliver(t testing.TB, db *DB, lists ...[]hit.Hit) {
	t.Helper()
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), After: never})
	for _, hits := range lists {
		appendAll(t, w, hits)
	}
	closeWriter(t, w)
}

// TestDelete deletes a site: none of its rows is left, none of the other's is gone, and no file has its name in it.
func TestDelete(t *testing.T) {
	db := testDB(t)
	stays, goes, _ := twoSites(2000)
	deliver(t, db, stays, goes)
	deliver(t, db, goes) // in parts of their own
	if files := filesWith(t, shared.dir, planted); len(files) == 0 {
		t.Fatal("the site is in no file before it is deleted: the search proves nothing")
	}
	d := Deletion{Site: planted}
	rows, err := db.Deletable(t.Context(), d)
	if err != nil || len(rows) < 5 {
		t.Fatalf("to be deleted are %v, %v; want rows of every table", rows, err)
	}
	for _, r := range rows {
		if n := one(t, db, "SELECT count() FROM "+r.Table+" WHERE site = '"+planted+"'"); n != r.Rows {
			t.Errorf("of %s %d rows are said to go, but %d are there", r.Table, r.Rows, n)
		}
	}
	for range 2 { // the second finds nothing, and is as good
		if err := db.Delete(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if rows, err := db.Deletable(t.Context(), d); err != nil || len(rows) != 0 {
			t.Errorf("still there are %v, %v", rows, err)
		}
		for _, name := range filesWith(t, shared.dir, planted) {
			t.Errorf("the site is still in %s", strings.TrimPrefix(name, shared.dir))
		}
	}
	wantTotals(t, db, totalsOf(stays))
}

// TestDeleteInterrupted gives up while ClickHouse cannot rewrite a table; the next call does the rest.
func TestDeleteInterrupted(t *testing.T) {
	db := testDB(t)
	stays, goes, _ := twoSites(200)
	deliver(t, db, stays, goes)
	d := Deletion{Site: planted}
	execute(t, db, "SYSTEM STOP MERGES minutes")
	soon, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := db.Delete(soon, d); !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "are deleted") {
		t.Errorf("with rows that cannot go the deletion ends with %v", err)
	}
	execute(t, db, "SYSTEM START MERGES minutes")
	if err := db.Delete(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if files := filesWith(t, shared.dir, planted); len(files) != 0 {
		t.Errorf("the site is still in %v", files)
	}
	wantTotals(t, db, totalsOf(stays))
}

// TestDeleteBefore deletes what is older than a day.
func TestDeleteBefore(t *testing.T) {
	db := testDB(t)
	stays, goes, middle := twoSites(1000)
	deliver(t, db, stays, goes)
	if err := db.Delete(t.Context(), Deletion{Site: planted, Before: middle}); err != nil {
		t.Fatal(err)
	}
	wantTotals(t, db, totalsOf(append(goes[1000:], stays...)))
}

// TestSiteTablesHaveTime is for who adds a table: where its rows' time stands in none of the columns that are known, a
// deletion up to a day, and so the retention, does not know which of them to take.
func TestSiteTablesHaveTime(t *testing.T) {
	tables, err := testDB(t).siteTables(t.Context(), Deletion{})
	if err != nil || len(tables) < 5 {
		t.Fatalf("tables with a site are %v, %v", tables, err)
	}
	for _, table := range tables {
		if _, err := (Deletion{Site: planted, Before: time.Now()}).condition(table); err != nil {
			t.Error(err)
		}
	}
}

// TestDrainedThenDeleted has a cut under way when the site is deleted: some of its blocks are in ClickHouse, and all
// would be sent again by the next Writer. Drained first, it is not sent any more.
func TestDrainedThenDeleted(t *testing.T) {
	db := testDB(t)
	stays, goes, _ := twoSites(500)
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	w := openWriter(t, db, WriterOptions{Dir: dir, After: never, Release: nil})
	execute(t, db, "RENAME TABLE counts TO away")
	appendAll(t, w, append(stays, goes...))
	if err := w.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	drained := make(chan error, 1)
	go func() { drained <- w.Drain(ctx) }()
	for one(t, db, "SELECT count() FROM minutes") == 0 {
		if err := pause(t.Context(), deletePoll); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Drained(t.Context(), dir, -1, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a spool that somebody has is drained without waiting")
	}
	cancel()
	<-drained
	_ = w.Close(ctx)
	execute(t, db, "RENAME TABLE away TO counts")
	if err := db.Drained(t.Context(), dir, 0, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if n, err := spool.Oldest(dir); n != 0 || err != nil {
		t.Errorf("the spool still has the segment %d, %v", n, err)
	}
	wantTotals(t, db, totalsOf(append(stays, goes...)))
	if err := db.Delete(t.Context(), Deletion{Site: planted}); err != nil {
		t.Fatal(err)
	}
	closeWriter(t, openWriter(t, db, WriterOptions{Dir: dir, After: never}))
	wantTotals(t, db, totalsOf(stays))
}

// TestDrainedByAnother waits for what the spool's Writer has at the time of the call, and not for what comes after it.
func TestDrainedByAnother(t *testing.T) {
	db := testDB(t)
	dir, cut := t.TempDir(), make(chan time.Time)
	w := openWriter(t, db, WriterOptions{Dir: dir, CutAge: time.Hour, After: func(d time.Duration) <-chan time.Time {
		if d == time.Hour {
			return cut
		}
		return time.After(d)
	}})
	defer closeWriter(t, w)
	hits := newSite(1).hits(100)
	appendAll(t, w, hits)
	if err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- db.Drained(t.Context(), dir, 0, slog.New(slog.DiscardHandler)) }()
	select {
	case err := <-done:
		t.Fatalf("Drained returns %v before anything was delivered", err)
	case cut <- time.Time{}:
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantTotals(t, db, totalsOf(hits))
}

// TestDeleteRefused takes the site out of blocks that were set aside.
func TestDeleteRefused(t *testing.T) {
	db := testDB(t)
	stays, goes, middle := twoSites(300)
	execute(t, db, "ALTER TABLE paths ADD CONSTRAINT poison CHECK bytes = 1")
	dir := t.TempDir()
	w := openWriter(t, db, WriterOptions{Dir: dir, CutAge: time.Hour, After: soon})
	for _, hits := range [][]hit.Hit{append(stays, goes...), goes} {
		appendAll(t, w, hits)
		if err := w.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	closeWriter(t, w)
	for _, d := range []Deletion{{Site: planted, Before: middle}, {Site: planted}} {
		if n, err := DeleteRefused(dir, d); err != nil || n == 0 {
			t.Fatalf("taken out are %d rows, %v", n, err)
		}
	}
	if files := filesWith(t, dir, planted); len(files) != 0 {
		t.Errorf("the site is still in %v", files)
	}
	execute(t, db, "ALTER TABLE paths DROP CONSTRAINT poison")
	blocks, err := spool.ListRefused(dir)
	if err != nil || len(blocks) != 1 {
		t.Fatalf("set aside are %v, %v; want the one block with rows of both sites", blocks, err)
	}
	if err := db.Retry(t.Context(), dir, blocks[0]); err != nil {
		t.Fatal(err)
	}
	if got, want := totalsIn(t, db).paths, totalsOf(stays).paths; got != want {
		t.Errorf("of the other site %d requests are stored, want %d", got, want)
	}
}
