package storage

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/embedded"
)

// cutter is a proxy before the engine that passes every insert on, waits until it is committed, and then cuts the
// connection instead of passing the answer on; the third time it passes it on.
type cutter struct {
	address string
	on      atomic.Bool
	inserts atomic.Int64
	cuts    atomic.Int64
}

func newCutter(t *testing.T, dial func(context.Context) (net.Conn, error)) *cutter {
	t.Helper()
	c := &cutter{address: filepath.Join(t.TempDir(), "s")}
	listener, err := net.Listen("unix", c.address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "engine"})
	proxy.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
	proxy.ModifyResponse = func(r *http.Response) error {
		insert := strings.HasPrefix(r.Request.URL.Query().Get("query"), "INSERT")
		if c.on.Load() && insert && r.StatusCode == http.StatusOK && c.inserts.Add(1)%3 != 0 {
			c.cuts.Add(1)
			panic(http.ErrAbortHandler)
		}
		return nil
	}
	server := &http.Server{Handler: proxy, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return c
}

func (c *cutter) Dial(ctx context.Context) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "unix", c.address)
}

// TestCutAfterCommit: what was committed without an answer is sent again and stored once.
func TestCutAfterCommit(t *testing.T) {
	o := testOptions(t)
	c := newCutter(t, o.Dial)
	o.Dial = c.Dial
	db := connect(t, o)
	registry := prometheus.NewRegistry()
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), CutHits: 1000, CutAge: time.Hour, After: soon, Registerer: registry})
	c.on.Store(true)
	s := newSite(1)
	var all []hit.Hit
	for range 20 {
		hits := s.hits(500)
		all = append(all, hits...)
		appendAll(t, w, hits)
	}
	closeWriter(t, w)
	c.on.Store(false)
	wantTotals(t, db, totalsOf(all))
	cuts := c.cuts.Load()
	if retries := metric(t, registry, "klar_insert_retries_total"); cuts < 20 || int64(retries) != cuts {
		t.Errorf("%d inserts were cut, %v tried again", cuts, retries)
	}
}

// TestEngineStopped stops the engine's process, as a debugger or a frozen machine does, while it takes rows: connections
// are taken and nothing is answered. Inserts end by their timeout and are repeated, hits are taken in, and when the engine
// goes on, all is there once.
func TestEngineStopped(t *testing.T) {
	handler := &pids{Handler: slog.DiscardHandler}
	o := engineOptions(t, t.TempDir())
	o.Logger = slog.New(handler)
	engine, err := embedded.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	db := connect(t, Options{Dial: engine.Dial})
	registry, tried := prometheus.NewRegistry(), make(chan struct{}, 100)
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), CutHits: 1000, CutAge: time.Hour, InsertTimeout: 300 * time.Millisecond, Registerer: registry,
		After: func(d time.Duration) <-chan time.Time {
			if d == time.Hour {
				return nil
			}
			tried <- struct{}{}
			return soon(d)
		}})
	defer handler.signal(syscall.SIGCONT) // or Close would wait
	s := newSite(1)
	var all []hit.Hit
	for range 3 {
		first := s.hits(1000)
		all = append(all, first...)
		appendAll(t, w, first) // a cut, which is under way
		handler.signal(syscall.SIGSTOP)
		for range 100 { // ten cuts
			hits := s.hits(100)
			all = append(all, hits...)
			appendAll(t, w, hits)
		}
		if err := w.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-tried
		handler.signal(syscall.SIGCONT)
		if err := w.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	closeWriter(t, w)
	wantTotals(t, db, totalsOf(all))
}

// signal sends the engine's process a signal.
func (p *pids) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = syscall.Kill(p.pid, s)
}
