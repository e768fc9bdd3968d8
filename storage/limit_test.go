package storage

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/hit"
)

// TestLimit lets the spool grow up to its limit while the store is away: from then on sources wait or hear no, across a
// restart as well, until the store is back. Then everything arrives once.
func TestLimit(t *testing.T) {
	o := testOptions(t)
	g := &gate{dial: o.Dial}
	o.Dial = g.Dial
	db := connect(t, o)
	registry, said := prometheus.NewRegistry(), &bytes.Buffer{}
	again := make(chan time.Time)
	options := WriterOptions{Dir: t.TempDir(), CutHits: 1000, CutAge: time.Hour, Limit: 100 << 10, Registerer: registry,
		Logger: slog.New(slog.NewTextHandler(said, nil)), After: func(d time.Duration) <-chan time.Time {
			if d == time.Hour {
				return nil
			}
			return again
		}}
	w := openWriter(t, db, options)
	if err := w.Room(t.Context()); err != nil || w.Full() {
		t.Fatalf("an empty spool is full: %v", err)
	}
	g.set(true)
	s := newSite(1)
	var all []hit.Hit
	for n := 0; !w.Full(); n++ {
		if n == 1000 {
			t.Fatal("the spool is never full")
		}
		hits := s.hits(100)
		all = append(all, hits...)
		appendAll(t, w, hits)
		if err := w.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := metric(t, registry, "klar_spool_bytes"); n < 100<<10 || n > 200<<10 || metric(t, registry, "klar_spool_full") != 1 {
		t.Errorf("the spool is full at %v bytes", n)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Room(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for room ends with %v", err)
	}
	late := s.hits(10) // of a source that cannot wait, and did not ask
	all = append(all, late...)
	appendAll(t, w, late)
	if err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(ended); err == nil {
		t.Error("Close does not say that something is left")
	}
	options.Registerer = nil
	w = openWriter(t, db, options)
	if !w.Full() {
		t.Error("after a restart the spool is not full any more")
	}
	g.set(false)
	close(again)
	if err := w.Room(t.Context()); err != nil {
		t.Error(err)
	}
	closeWriter(t, w)
	wantTotals(t, db, totalsOf(all))
	if log := said.String(); strings.Count(log, "has reached its limit") != 2 || strings.Count(log, "has room again") != 1 {
		t.Errorf("the log says %s", log)
	}
}

// TestRoomEnds: who waits for room does not wait for a Writer that is closed.
func TestRoomEnds(t *testing.T) {
	o := testOptions(t)
	g := &gate{dial: o.Dial}
	o.Dial = g.Dial
	db := connect(t, o)
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), After: never, Limit: 1})
	g.set(true)
	appendAll(t, w, newSite(1).hits(10))
	if err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	result := make(chan error)
	go func() { result <- w.Room(context.Background()) }()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_ = w.Close(ended)
	if err := <-result; !errors.Is(err, ErrClosed) {
		t.Errorf("waiting for room of a closed Writer ends with %v", err)
	}
}
