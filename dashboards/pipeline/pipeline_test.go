package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// rig is a process whose metrics the test sets.
type rig struct {
	*Watch
	now     time.Time
	vecs    map[string]*prometheus.GaugeVec
	reg     *prometheus.Registry
	store   Store
	err     error
	asked   int // the store
	counted int // the sizes
	listed  []Configured
}

// newRig begins with a process that is well.
func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{
		now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), vecs: map[string]*prometheus.GaugeVec{}, reg: prometheus.NewRegistry(),
		listed: []Configured{{Name: "a.log", Kind: "file", Site: "s.org", Format: "auto"}},
		store:  Store{Version: "26.5", Up: time.Minute},
	}
	r.set("klar_source_files", 1, "source", "a.log", "state", "current")
	r.set("klar_insert_success_timestamp_seconds", float64(r.now.Unix()), "spool", "serve")
	r.set("klar_disk_free_bytes", 50e9)
	r.set("klar_disk_size_bytes", 100e9)
	r.set("klar_config_current", 1)
	r.Watch = New(Options{
		Metrics: r.reg, Version: "1", Now: func() time.Time { return r.now }, Sources: func() []Configured { return r.listed },
		Store: func(context.Context) (Store, error) { r.asked++; return r.store, r.err },
		Sizes: func(context.Context) (Sizes, error) {
			r.counted++
			return Sizes{[]TableSize{{"hits", 10, 200}, {"paths", 5, 100}}, []SiteSize{{"s.org", 15, 300}}}, r.err
		},
	})
	return r
}

// set sets a metric with the labels, given as names and values.
func (r *rig) set(name string, v float64, labels ...string) {
	var names, values []string
	for i := 0; i < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	if r.vecs[name] == nil {
		r.vecs[name] = promauto.With(r.reg).NewGaugeVec(prometheus.GaugeOpts{Name: name}, names)
	}
	r.vecs[name].WithLabelValues(values...).Set(v)
}

// pass lets time pass, with its samples.
func (r *rig) pass(d time.Duration) {
	for ; d > 0; d -= Step {
		r.now = r.now.Add(Step)
		r.Sample()
	}
}

func TestStatusOfWell(t *testing.T) {
	r := newRig(t)
	lines := func(n float64) { r.set("klar_source_lines_total", n, "source", "a.log", "result", "stored") }
	lines(0)
	r.pass(Step)
	lines(50)
	r.pass(Step)
	s := r.Status(t.Context())
	if s.Level != Well || len(s.Problems) != 0 {
		t.Errorf("a process that is well is %v: %v", s.Level, s.Problems)
	}
	if got := s.Sources[0]; got.State != "reading" || got.Rate == nil || *got.Rate != 2.5 || got.Lines != 50 {
		t.Errorf("50 lines in 20 s are %+v", got)
	}
	if got := s.History.Lines; len(got) != 3 || got[0] != nil || *got[1] != 0 || *got[2] != 5 {
		t.Errorf("the history of the lines is %s", text(t, got))
	}
	if s.Storage.Bytes != 300 || s.Storage.Sites[0].Site != "s.org" || s.Engine.Version != "26.5" || !s.Engine.Answers {
		t.Errorf("the store is %+v, %+v", s.Storage, s.Engine)
	}
	if want := r.now.Add(-time.Minute); s.Engine.Since == nil || !s.Engine.Since.Equal(want) {
		t.Errorf("the engine runs since %v, want %v", s.Engine.Since, want)
	}
	if s.Uptime != 20 || text(t, s.Level) != `"green"` {
		t.Errorf("up for %v, level %s", s.Uptime, text(t, s.Level))
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestProblems breaks one thing at a time and wants it named, and nothing else.
func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		breaks func(*rig)
		want   Problem
	}{
		"a log of unknown format": {func(r *rig) {
			r.set("klar_source_files", 1, "source", "a.log", "state", "unknown")
		}, Problem{Red, "source_format", "a.log", 0}},
		"a log that is missing": {func(r *rig) { r.set("klar_source_files", 0, "source", "a.log", "state", "current") }, Problem{Amber, "source_missing", "a.log", 0}},
		"a log that lags":       {func(r *rig) { r.set("klar_source_lag_seconds", 61, "source", "a.log") }, Problem{Amber, "source_lag", "a.log", 61}},
		"a log far behind":      {func(r *rig) { r.set("klar_source_lag_seconds", 700, "source", "a.log") }, Problem{Red, "source_lag", "a.log", 700}},
		"lines rejected": {func(r *rig) {
			r.set("klar_source_lines_total", 100, "source", "a.log", "result", "rejected")
			r.set("klar_source_rejected_total", 10, "source", "a.log", "reason", "no time")
		}, Problem{Amber, "source_rejects", "a.log", 0.1}},
		"bytes lost": {func(r *rig) { r.set("klar_source_lost_bytes_total", 7, "source", "a.log") }, Problem{Amber, "source_lost", "", 7}},
		"a spool is full": {func(r *rig) {
			r.set("klar_spool_bytes", 9, "spool", "serve")
			r.set("klar_spool_full", 1, "spool", "serve")
		}, Problem{Red, "spool_full", "serve", 9}},
		"a spool grows": {func(r *rig) {
			r.set("klar_spool_bytes", 9, "spool", "serve")
			r.set("klar_spool_age_seconds", 130, "spool", "serve")
		}, Problem{Amber, "spool_growing", "serve", 130}},
		"blocks set aside": {func(r *rig) {
			r.set("klar_spool_bytes", 0, "spool", "beacon")
			r.set("klar_spool_refused_blocks", 2, "spool", "beacon")
		}, Problem{Amber, "spool_refused", "beacon", 2}},
		"no store": {func(r *rig) { r.err = errors.New("away") }, Problem{Red, "store_away", "embedded", 0}},
		"inserts that are repeated": {func(r *rig) {
			r.set("klar_insert_retries_total", 3, "table", "hits")
			r.set("klar_insert_success_timestamp_seconds", float64(r.now.Unix()+600), "spool", "serve")
		}, Problem{Amber, "insert_failing", "", 3}},
		"inserts that fail": {func(r *rig) {
			r.set("klar_insert_success_timestamp_seconds", float64(r.now.Unix()-600), "spool", "serve")
			r.set("klar_insert_retries_total", 3, "table", "hits")
		}, Problem{Red, "insert_failing", "", 3}},
		"a restart":            {func(r *rig) { r.set("klar_engine_restarts_total", 1) }, Problem{Amber, "engine_restarted", "", 1}},
		"many restarts":        {func(r *rig) { r.set("klar_engine_restarts_total", 3) }, Problem{Red, "engine_restarted", "", 3}},
		"little room":          {func(r *rig) { r.set("klar_disk_free_bytes", 9e9) }, Problem{Amber, "disk_low", "", 9e9}},
		"no room":              {func(r *rig) { r.set("klar_disk_free_bytes", 1e8) }, Problem{Red, "disk_low", "", 1e8}},
		"beacons dropped":      {func(r *rig) { r.set("klar_beacons_total", 30, "kind", "event", "result", "unknown site") }, Problem{Amber, "beacons_dropped", "", 1}},
		"a configuration":      {func(r *rig) { r.set("klar_config_current", 0) }, Problem{Amber, "config_refused", "", 0}},
		"retention that fails": {func(r *rig) { r.set("klar_retention_checked_timestamp_seconds", float64(r.now.Unix()-3*3600)) }, Problem{Amber, "retention_late", "", 3*3600 + 10}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			c.breaks(r)
			r.pass(Step)
			s := r.Status(t.Context())
			if diff := cmp.Diff([]Problem{c.want}, s.Problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if s.Level != c.want.Level {
				t.Errorf("level %v, want %v", s.Level, c.want.Level)
			}
		})
	}
}

// TestProblemsPass has what went wrong forgotten after half an hour, and silence noticed.
func TestProblemsPass(t *testing.T) {
	r := newRig(t)
	r.set("klar_engine_restarts_total", 1)
	r.set("klar_beacons_total", 30, "kind", "event", "result", "bot") // as it should be
	r.pass(halfHour)
	if got := r.Status(t.Context()).Problems; len(got) != 1 || got[0].Code != "engine_restarted" {
		t.Errorf("after half an hour: %v", got)
	}
	r.pass(Step)
	if got := r.Status(t.Context()).Problems; len(got) != 1 || got[0].Code != "no_data" {
		t.Errorf("without anything for half an hour: %v", got)
	}
	if n := len(r.Status(t.Context()).History.Lines); n != Kept {
		t.Errorf("%d samples are kept, want %d", n, Kept)
	}
}

// TestStoreIsAskedSeldom asks often; a store that does not answer any more is found out, and its sizes are kept.
func TestStoreIsAskedSeldom(t *testing.T) {
	r := newRig(t)
	for range 60 {
		r.Status(t.Context())
		r.now = r.now.Add(time.Second)
	}
	if r.asked != 20 || r.counted != 2 {
		t.Errorf("in a minute the store was asked %d times and counted %d times, want 20 and 2", r.asked, r.counted)
	}
	r.err = errors.New("away")
	if s := r.Status(t.Context()); s.Engine.Answers || s.Storage.Bytes != 300 || s.Storage.At == nil || s.Level != Red {
		t.Errorf("a store that is away leaves %v, %+v, %+v", s.Level, s.Engine, s.Storage)
	}
}

// TestCountingTakesLong shows everything else meanwhile, and that all is well.
func TestCountingTakesLong(t *testing.T) {
	r := newRig(t)
	counting, count := make(chan struct{}), make(chan struct{})
	r.options.Sizes = func(context.Context) (Sizes, error) {
		close(counting)
		<-count
		return Sizes{Tables: []TableSize{{"hits", 10, 200}}}, nil
	}
	ctx, leave := context.WithCancel(t.Context())
	go func() { <-counting; leave() }() // who asks does not wait any longer
	if s := r.Status(ctx); s.Storage.At != nil || s.Storage.Tables == nil || s.Level != Well || !s.Engine.Answers {
		t.Errorf("while it is counted: %+v, %v", s.Storage, s.Level)
	}
	close(count)
	if s := r.Status(t.Context()); s.Storage.At == nil || s.Storage.Bytes != 200 {
		t.Errorf("when it is counted: %+v", s.Storage)
	}
}

// TestRunEndsWithItsContext has a tick sampled.
func TestRunEndsWithItsContext(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	ticks, ended := make(chan time.Time), make(chan struct{})
	go func() { r.Run(ctx, ticks); close(ended) }()
	ticks <- r.now
	ticks <- r.now // the one before is sampled
	cancel()
	<-ended
	if n := len(r.Status(t.Context()).History.Lines); n != 3 {
		t.Errorf("%d samples after two ticks, want 3", n)
	}
}
