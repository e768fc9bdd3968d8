// Package pipeline owns what a running Klar knows of itself: sources, beacons, spools, deliveries, engine, disk, and what
// is wrong with them. It reads the process's metrics, so that the page, Prometheus and Grafana tell the same, keeps half
// an hour of them in memory, and asks the store for its sizes.
package pipeline

import (
	"context"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// storeFresh is how long the store's answer is good for, storeWithin how long it may take.
	storeFresh  = 3 * time.Second
	storeWithin = 5 * time.Second
)

// Options say what is watched. Metrics must be set.
type Options struct {
	Metrics prometheus.Gatherer
	// Sources returns what is configured now; nil has no sources.
	Sources func() []Configured
	// Store asks the store for what it knows at once. An error is that it does not answer. nil: there is no store to ask.
	Store func(context.Context) (Store, error)
	// Sizes counts what is stored, which may take a while; nil counts nothing.
	Sizes func(context.Context) (Sizes, error)
	// Server says that the store is a ClickHouse server and not the embedded engine.
	Server  bool
	Version string
	Now     func() time.Time // nil is time.Now
}

// Watch knows how the process is, and how it was. It is safe for concurrent use.
type Watch struct {
	options Options
	started time.Time

	mu   sync.Mutex
	ring ring

	asking sync.Mutex // held while the store is asked
	asked  time.Time
	store  Store
	err    error

	measured measured
}

// New returns a watch, which has taken its first sample. Afterwards Run must run.
func New(o Options) *Watch {
	if o.Now == nil {
		o.Now = time.Now
	}
	w := &Watch{options: o, started: o.Now()}
	w.Sample()
	return w
}

// Run takes a sample at each tick, until ctx ends.
func (w *Watch) Run(ctx context.Context, ticks <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			w.Sample()
		}
	}
}

// Sample keeps the figures of now.
func (w *Watch) Sample() {
	s := sampled(gather(w.options.Metrics), w.options.Now())
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ring = w.ring.add(s)
}

// Status tells how everything is now. It waits for the store for some seconds at most.
func (w *Watch) Status(ctx context.Context) Status {
	store, err := w.ask(ctx)
	f, now := gather(w.options.Metrics), w.options.Now()
	w.mu.Lock()
	past := append(ring(nil), w.ring...)
	w.mu.Unlock()
	s := Status{
		At: now.UTC(), Version: w.options.Version, Uptime: now.Sub(w.started).Seconds(),
		Sources: w.sources(f, past), Beacons: beacons(f, past), Spools: spools(f), Inserts: inserts(f, past),
		Engine:  w.engine(f, store, err, now),
		Storage: w.storage(ctx),
		Disk:    Disk{Free: f.sum("klar_disk_free_bytes", nil), Size: f.sum("klar_disk_size_bytes", nil)},
		History: history(past),
	}
	if w.options.Server && store.Size > 0 && (s.Disk.Size == 0 || float64(store.Free)/float64(store.Size) < s.Disk.Free/s.Disk.Size) {
		s.Disk = Disk{Free: float64(store.Free), Size: float64(store.Size)}
	}
	s.Problems = problems(s, f, past)
	for _, p := range s.Problems {
		s.Level = max(s.Level, p.Level)
	}
	return s
}

// ask returns what the store says, asking it if its last answer is too old. An error is that it does not answer now.
func (w *Watch) ask(ctx context.Context) (Store, error) {
	if w.options.Store == nil {
		return Store{}, nil
	}
	w.asking.Lock()
	defer w.asking.Unlock()
	now := w.options.Now()
	if !w.asked.IsZero() && now.Sub(w.asked) < storeFresh {
		return w.store, w.err
	}
	// Not the context of who asks: the answer is for others, too.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeWithin)
	defer cancel()
	w.store, w.err = w.options.Store(ctx)
	w.asked = w.options.Now()
	return w.store, w.err
}

func (w *Watch) sources(f figures, past ring) []Source {
	all := []Source{}
	if w.options.Sources == nil {
		return all
	}
	for _, c := range w.options.Sources() {
		of := match{"source": c.Name}
		lines := func(s sample) float64 { return s.sources[c.Name] }
		s := Source{
			Configured: c, Files: f.sum("klar_source_files", of), Streams: f.sum("klar_syslog_streams", of),
			Lines: f.sum("klar_source_lines_total", of), Rate: past.rate(lines), History: past.rates(lines),
			LagBytes: f.sum("klar_source_lag_bytes", of), LagSeconds: f.sum("klar_source_lag_seconds", of),
			Rejected: f.sum("klar_source_rejected_total", of), Rejects: f.by("klar_source_rejected_total", "reason", of),
			Lost: f.sum("klar_source_lost_bytes_total", of) + f.sum("klar_syslog_lost_total", of),
		}
		s.State = state(s, f.sum("klar_source_files", match{"source": c.Name, "state": "unknown"}) > 0)
		all = append(all, s)
	}
	return all
}

// state says in a word how a source is.
func state(s Source, unknown bool) string {
	switch {
	case unknown:
		return "unknown_format"
	case s.Kind == "file" && s.Files == 0:
		return "missing"
	case s.LagSeconds > lagWarns:
		return "behind"
	case s.Rate != nil && *s.Rate > 0:
		return "reading"
	}
	return "quiet"
}

func beacons(f figures, past ring) Beacons {
	b := Beacons{Rate: past.rate(func(s sample) float64 { return s.beacons }), Dropped: f.by("klar_beacons_total", "result", nil)}
	b.Counted = b.Dropped["counted"]
	delete(b.Dropped, "counted")
	return b
}

func spools(f figures) []Spool {
	all := []Spool{}
	f.each("klar_spool_bytes", nil, func(m *dto.Metric) {
		of := match{"spool": label(m, "spool")}
		all = append(all, Spool{
			Name: of["spool"], Bytes: value(m), Age: f.sum("klar_spool_age_seconds", of),
			Full: f.sum("klar_spool_full", of) > 0, Refused: f.sum("klar_spool_refused_blocks", of),
		})
	})
	return all
}

func inserts(f figures, past ring) Inserts {
	return Inserts{
		Rows: f.sum("klar_insert_rows_total", nil), Rate: past.rate(func(s sample) float64 { return s.rows }),
		Failures: f.sum("klar_insert_retries_total", nil), Refused: f.sum("klar_insert_refused_total", nil),
		LastSuccess: moment(f.most("klar_insert_success_timestamp_seconds")),
	}
}

func (w *Watch) engine(f figures, store Store, err error, now time.Time) Engine {
	e := Engine{Kind: "embedded", Answers: err == nil, Restarts: f.sum("klar_engine_restarts_total", nil), Memory: f.sum("klar_engine_memory_bytes", nil)}
	if w.options.Server {
		e.Kind = "server"
	}
	if err != nil {
		return e
	}
	e.Version = store.Version
	if e.Since = moment(f.sum("klar_engine_start_timestamp_seconds", nil)); e.Since == nil && store.Up > 0 {
		since := now.Add(-store.Up).UTC().Truncate(time.Second)
		e.Since = &since
	}
	if e.Memory == 0 {
		e.Memory = float64(store.Memory)
	}
	return e
}

// moment is a time in seconds since 1970; nil for 0.
func moment(seconds float64) *time.Time {
	if seconds == 0 {
		return nil
	}
	t := time.Unix(int64(seconds), 0).UTC()
	return &t
}

func history(past ring) History {
	return History{
		Step:  Step.Seconds(),
		Lines: past.rates(func(s sample) float64 { return s.lines }), Beacons: past.rates(func(s sample) float64 { return s.beacons }),
		Rows: past.rates(func(s sample) float64 { return s.rows }), Spool: past.values(func(s sample) float64 { return s.spool }),
		Lag: past.values(func(s sample) float64 { return s.lag }), Memory: past.values(func(s sample) float64 { return s.memory }),
	}
}
