package storage

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// soon is a clock whose cuts come when the test says so, and whose other waits are over at once.
func soon(d time.Duration) <-chan time.Time {
	if d == time.Hour {
		return nil
	}
	over := make(chan time.Time)
	close(over)
	return over
}

// TestPoisonedBlock has a table that does not take one path: the block with it is set aside, all others arrive, and
// later that one, too.
func TestPoisonedBlock(t *testing.T) {
	o := testOptions(t)
	db := connect(t, o)
	execute(t, db, "ALTER TABLE paths ADD CONSTRAINT poison CHECK path != '/poison'")
	dir, registry, said := t.TempDir(), prometheus.NewRegistry(), &bytes.Buffer{}
	options := WriterOptions{Dir: dir, CutAge: time.Hour, After: soon, Registerer: registry, Logger: slog.New(slog.NewTextHandler(said, nil))}
	w := openWriter(t, db, options)
	s := newSite(1)
	var all []hit.Hit
	for n := range 3 {
		hits := s.hits(200)
		if n == 1 {
			hits[7].Kind, hits[7].Path, hits[7].Event = hit.KindPage, hit.NewPath("/poison"), hit.Event{}
		}
		all = append(all, hits...)
		appendAll(t, w, hits)
		if err := w.Drain(t.Context()); err != nil {
			t.Fatalf("cut %d: %v", n+1, err)
		}
	}
	if got, want := totalsIn(t, db), totalsOf(all); got.requests != want.requests || got.paths == want.paths || got.visitors != want.visitors {
		t.Errorf("with a block set aside in ClickHouse are\n%+v of\n%+v", got, want)
	}
	blocks, err := spool.ListRefused(dir)
	if err != nil || len(blocks) != 1 || blocks[0].Cut != 2 || blocks[0].Table != "paths" || !strings.Contains(blocks[0].Reason, "469") {
		t.Fatalf("set aside are %+v, %v", blocks, err)
	}
	if w.Refused() != 1 || metric(t, registry, "klar_insert_refused_total") != 1 || metric(t, registry, "klar_spool_refused_blocks") != 1 {
		t.Error("the metrics do not show the block")
	}
	if log := said.String(); !strings.Contains(log, "table=paths cut=2") || strings.Contains(log, "poison") || strings.Contains(blocks[0].Reason, "poison") {
		t.Errorf("the log says %s", log)
	}
	closeWriter(t, w)
	if err := db.Retry(t.Context(), dir, blocks[0]); err == nil || !strings.Contains(err.Error(), "cut 2, table paths") {
		t.Errorf("sent again to the same table: %v", err)
	}
	execute(t, db, "ALTER TABLE paths DROP CONSTRAINT poison")
	for range 2 { // as by two people at once
		if err := db.Retry(t.Context(), dir, blocks[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	wantTotals(t, db, totalsOf(all))
	if blocks, err := spool.ListRefused(dir); err != nil || len(blocks) != 0 {
		t.Errorf("still set aside: %+v, %v", blocks, err)
	}
}

// TestWrongSchema changes a table under the Writer, whose process dies between setting aside and forgetting the cut. The
// next one, whose table is right, stores the block, and nothing stays set aside to be sent a second time.
func TestWrongSchema(t *testing.T) {
	o := testOptions(t)
	db := connect(t, o)
	execute(t, db, "ALTER TABLE minutes DROP COLUMN bytes")
	dir, hits := t.TempDir(), newSite(1).hits(100)
	w := openWriter(t, db, WriterOptions{Dir: dir, CutAge: time.Hour, After: soon})
	appendAll(t, w, hits)
	if err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := t.TempDir() // the spool as it is until the cut is deleted
	copySegments(t, before, dir)
	closeWriter(t, w)
	blocks, err := spool.ListRefused(dir)
	if err != nil || len(blocks) == 0 || !strings.Contains(blocks[0].Reason, "bytes") {
		t.Fatalf("a missing column sets aside %+v, %v", blocks, err)
	}
	copySegments(t, dir, before)
	execute(t, db, "ALTER TABLE minutes ADD COLUMN bytes UInt64")
	closeWriter(t, openWriter(t, db, WriterOptions{Dir: dir, CutAge: time.Hour, After: soon}))
	wantTotals(t, db, totalsOf(hits))
	if blocks, err := spool.ListRefused(dir); err != nil || len(blocks) != 0 {
		t.Errorf("still set aside: %+v, %v", blocks, err)
	}
}

// TestMisled: an import says that a table is missing, and nothing is lost; klar serve waits for it.
func TestMisled(t *testing.T) {
	db := testDB(t)
	execute(t, db, "RENAME TABLE bots TO bots_away")
	dir, hits := t.TempDir(), newSite(1).hits(300)
	w := openWriter(t, db, WriterOptions{Dir: dir, CutAge: time.Hour, After: soon, Attended: true})
	appendAll(t, w, hits)
	if err := w.Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "table bots does not take its rows") {
		t.Errorf("a missing table gives %v", err)
	}
	if w.Append(hits, "", nil) == nil || w.Close(context.Background()) == nil {
		t.Error("the error is not repeated")
	}
	again := make(chan time.Time)
	tried := make(chan struct{}, 1)
	w = openWriter(t, db, WriterOptions{Dir: dir, CutAge: time.Hour, After: func(d time.Duration) <-chan time.Time {
		if d == time.Hour {
			return nil
		}
		select {
		case tried <- struct{}{}:
		default:
		}
		return again
	}})
	<-tried
	execute(t, db, "RENAME TABLE bots_away TO bots")
	close(again)
	closeWriter(t, w)
	wantTotals(t, db, totalsOf(hits))
}

func TestJudge(t *testing.T) {
	exception := func(code int32) error { return &clickhouse.Exception{Code: code} }
	for _, c := range []struct {
		err  error
		want verdict
	}{
		{errors.New("connection refused"), away},
		{context.DeadlineExceeded, away},
		{&clickhouse.HTTPError{StatusCode: http.StatusBadGateway, Err: errors.New("")}, away},
		{&clickhouse.HTTPError{StatusCode: http.StatusRequestEntityTooLarge, Err: errors.New("")}, refused},
		{exception(241), away}, // memory
		{exception(159), away}, // timeout
		{exception(209), away}, // socket timeout
		{exception(210), away}, // network
		{exception(242), away}, // table is read-only
		{exception(252), away}, // too many parts
		{exception(202), away}, // too many queries
		{exception(999), away}, // keeper
		{exception(164), misled},
		{exception(516), misled},
		{exception(60), misled},
		{exception(243), noRoom},
		{&clickhouse.Exception{Code: 1001, Message: "std::exception: No space left on device"}, noRoom},
		{exception(53), refused},  // types
		{exception(16), refused},  // a column is missing
		{exception(131), refused}, // too large
	} {
		if got := judge(c.err); got != c.want {
			t.Errorf("%v means %d, want %d", c.err, got, c.want)
		}
	}
}

func execute(t testing.TB, db *DB, sql string) {
	t.Helper()
	if err := db.conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func appendAll(t testing.TB, w *Writer, hits []hit.Hit) {
	t.Helper()
	if err := w.Append(hits, "", nil); err != nil {
		t.Fatal(err)
	}
}

func copySegments(t testing.TB, to, from string) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(from, "*.segment"))
	if len(names) == 0 {
		t.Fatal("no segment in the spool")
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, filepath.Base(name)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
