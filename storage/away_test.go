package storage

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/hit"
)

// gate is the way to the engine, which a test can shut.
type gate struct {
	dial  func(context.Context) (net.Conn, error)
	mu    sync.Mutex
	shut  bool
	conns []net.Conn
}

func (g *gate) Dial(ctx context.Context) (net.Conn, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return nil, errors.New("shut")
	}
	conn, err := g.dial(ctx)
	if err == nil {
		g.conns = append(g.conns, conn)
	}
	return conn, err
}

func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	for _, conn := range g.conns {
		_ = conn.Close()
	}
	g.conns = nil
}

// TestStoreAway takes in many cuts while the store is away: none waits, none is lost, and they come in order.
func TestStoreAway(t *testing.T) {
	o := testOptions(t)
	g := &gate{dial: o.Dial}
	o.Dial = g.Dial
	db := connect(t, o)
	registry := prometheus.NewRegistry()
	again := make(chan time.Time)
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), CutHits: 1000, CutAge: time.Hour, Registerer: registry,
		After: func(d time.Duration) <-chan time.Time {
			if d == time.Hour {
				return nil
			}
			return again
		}})
	g.set(true)
	s := newSite(1)
	var all []hit.Hit
	for range 120 { // far more batches than may wait in the channel
		batch := s.hits(100)
		all = append(all, batch...)
		if err := w.Append(batch, "", nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if metric(t, registry, "klar_spool_bytes") == 0 || metric(t, registry, "klar_insert_retries_total") == 0 {
		t.Error("the metrics do not show that the store is away")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Drain(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("Drain with an ended context gives %v", err)
	}
	g.set(false)
	close(again) // all that wait try again
	closeWriter(t, w)
	wantTotals(t, db, totalsOf(all))
	if n := metric(t, registry, "klar_spool_cuts_total"); n < 5 {
		t.Errorf("%v cuts, want several: the sums were not bounded", n)
	}
	if n := metric(t, registry, "klar_spool_bytes"); n != 0 {
		t.Errorf("%v bytes are left in the spool", n)
	}
}

// TestCloseWhileAway leaves to the next Writer what cannot be delivered, and says so.
func TestCloseWhileAway(t *testing.T) {
	o := testOptions(t)
	g := &gate{dial: o.Dial}
	o.Dial = g.Dial
	db := connect(t, o)
	dir, hits := t.TempDir(), newSite(1).hits(500)
	w := openWriter(t, db, WriterOptions{Dir: dir, After: never})
	g.set(true)
	if err := w.Append(hits, "log", []byte("end")); err != nil {
		t.Fatal(err)
	}
	if err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Close(ended); err == nil || !strings.Contains(err.Error(), "stays in the spool") {
		t.Errorf("Close gives %v", err)
	}
	g.set(false)
	w = openWriter(t, db, WriterOptions{Dir: dir, After: never})
	if p := string(w.Positions("log")["log"]); p != "end" {
		t.Errorf("the position is %q", p)
	}
	closeWriter(t, w)
	wantTotals(t, db, totalsOf(hits))
}

// TestEqualCuts: what is the same twice counts twice.
func TestEqualCuts(t *testing.T) {
	db := testDB(t)
	hits := newSite(1).hits(500)
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), After: never})
	for range 2 {
		if err := w.Append(hits, "", nil); err != nil {
			t.Fatal(err)
		}
		if err := w.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	closeWriter(t, w)
	wantTotals(t, db, totalsOf(append(hits[:500:500], hits...)))
}
