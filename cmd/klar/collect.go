package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"reflect"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/collector"
	"github.com/klar-analytics/klar/livetail"
	"github.com/klar-analytics/klar/storage"
)

// liveCutAge is how long hits wait for others to be delivered with. Each delivery makes parts in ClickHouse that must be
// merged, and what lies in one part was delivered together: fewer and larger ones cost less and say less.
const liveCutAge = 5 * time.Second

// liveCutSums bounds of how many sums a delivery consists, and with them the memory that a flood of pages that do not exist
// takes: about 500 MB. What people do makes several times fewer sums.
const liveCutSums = 1 << 17

// liveSink is the path of the hits of klar serve's sources. It belongs to the goroutine that collects.
type liveSink struct {
	*sink
	log   *slog.Logger
	tail  *livetail.Tail
	flush time.Duration // bounds how long the end waits for what is on its way to ClickHouse
	saved time.Time
}

// openLiveSink opens the path of hits that enter under the given name, as openSink does, to the store of klar serve.
func (c *call) openLiveSink(ctx context.Context, name string, store *opening, log *slog.Logger, reg prometheus.Registerer) (*liveSink, error) {
	// Not the file of imports: both can run at the same time.
	s := &sink{visits: c.visits, crowds: filepath.Join(c.config.Data, "crowds-"+name+".json"), shared: true, windows: c.alarms.windows, pulse: c.alarms.pulse}
	if s.beacons = name == beaconSpool; s.beacons {
		s.windows = c.alarms.beacons
	}
	err := s.open(ctx, c, func() *opening { return store }, storage.WriterOptions{
		Dir: c.spoolDir(name), CutAge: liveCutAge, CutSums: liveCutSums, Limit: c.config.spool, Logger: log,
		Registerer: prometheus.WrapRegistererWith(prometheus.Labels{"spool": name}, reg),
	})
	if err != nil {
		return nil, errors.Join(err, s.abandon(hurriedFlushTime))
	}
	return &liveSink{sink: s, log: log, tail: c.tail, flush: c.config.flush, saved: time.Now()}, nil
}

// Commit keeps the batch with its position (see collector.LiveSink). While the spool is full it waits, and with it the
// sources; at the end of ctx it keeps what is there.
func (s *liveSink) Commit(ctx context.Context, key string, position []byte) error {
	if err := s.writer.Room(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	return s.keep(key, position)
}

// keep ends the batch, shows it to those who watch, counts it, and keeps it with its position.
func (s *liveSink) keep(key string, position []byte) error {
	hits := s.Seal()
	s.tail.Offer(hits)
	if s.pulse != nil {
		s.pulse.Count(hits)
	}
	return s.writer.Append(hits, key, position)
}

// Sync returns when what was committed is on the disk.
func (s *liveSink) Sync(ctx context.Context) error { return s.writer.Sync(ctx) }

// Forget lets go of the days that ended before, and from time to time keeps the names of the combinations: should the
// process be killed, only those of the last hour are lost.
func (s *liveSink) Forget(before time.Time) {
	s.Anonymizer.Forget(before.Unix())
	if time.Since(s.saved) < time.Hour {
		return
	}
	s.saved = time.Now()
	if err := s.saveCrowds(); err != nil {
		s.log.Warn("the names of common combinations cannot be kept", "error", err)
	}
}

// giveUp closes the writer at once, so that whoever waits for it goes on. What it has is in the spool.
func (s *liveSink) giveUp() {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	_ = s.writer.Close(now)
}

// end delivers what is on its way. What cannot be delivered soon is in the spool for the next start, and no error.
func (s *liveSink) end() error {
	err := s.close(s.flush)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, storage.ErrClosed) {
		s.log.Warn("ended before everything was delivered; it is in the spool for the next start")
		return nil
	}
	return err
}

// collecting is the goroutine that follows the sources, and its sink. It is nil when there are no sources, nor will be.
type collecting struct {
	sink    *liveSink
	changes chan collector.Change
	ended   chan error
	rules   []alert.Rule // that hold
}

// collect starts to follow the sources in a goroutine, which ends with the context; an error ends the context by fail.
func (c *call) collect(ctx context.Context, fail func(error), store *opening, log *slog.Logger, reg prometheus.Registerer) (*collecting, error) {
	if c.configFile == "" {
		return nil, nil
	}
	sources, err := c.config.syslogSources()
	if err != nil {
		return nil, err
	}
	listening, err := collector.ListenSyslog(sources, c.sockets)
	if err != nil {
		return nil, err
	}
	s, err := c.openLiveSink(ctx, "serve", store, log, reg)
	if err != nil {
		listening.Close()
		return nil, err
	}
	f := &collecting{sink: s, changes: make(chan collector.Change, 1), ended: make(chan error, 1), rules: c.config.ruleset}
	files := c.config.fileSources()
	go func() {
		err := collector.Follow(ctx, collector.FollowOptions{
			Sources: files, Syslog: listening, Changes: f.changes, Sink: s, Logger: log, Registerer: reg,
		})
		if err != nil {
			fail(err)
		}
		f.ended <- err
	}()
	return f, nil
}

// reconfigure makes the sink and its rules follow another configuration. It is for [collector.Change].
func (f *collecting) reconfigure(next *config) error {
	if err := f.sink.Reconfigure(f.sink.policy(next)); err != nil {
		return err
	}
	if reflect.DeepEqual(f.rules, next.ruleset) { // what is in the windows is still good
		return nil
	}
	f.rules = next.ruleset
	return f.sink.windows.Take(f.rules)
}

// hurry shortens the end for an upgrade.
func (f *collecting) hurry() {
	if f != nil {
		f.sink.flush = upgradeFlushTime
	}
}

// end waits for the goroutine's end, when the context has ended, delivers what is on its way, and returns the error.
func (f *collecting) end() error {
	if f == nil {
		return nil
	}
	var err error
	select {
	case err = <-f.ended:
	case <-time.After(f.sink.flush): // the store takes nothing, and does not say no
		f.sink.giveUp()
		if err = <-f.ended; errors.Is(err, storage.ErrClosed) {
			err = nil
		}
	}
	closing := f.sink.end()
	if err != nil { // closing would say it again
		return err
	}
	return closing
}
