package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/storage"
	"github.com/klar-analytics/klar/storage/embedded"
	"github.com/klar-analytics/klar/storage/spool"
)

// sink is the path of a hit from the collector to ClickHouse: anonymized, spooled, delivered.
type sink struct {
	*anonymize.Anonymizer
	writer *storage.Writer
	stages *stages
	store  *opening
	geo    *geo.DB
	// visits are shared with other sinks; nil: they are this one's alone.
	visits *anonymize.Visits
	crowds string // the file that the names of combinations outlive a restart in
	// windows judge what logs or beacons tell; nil: nobody does.
	windows *alert.Windows
	pulse   *alert.Pulse // counts what comes in; nil: nobody does
	beacons bool         // which are no requests to the pulse
	shared  bool         // the store is for others, too: it is not closed with the sink, nor waited for
}

// flushTime bounds how long the end of a command waits for what is on its way to ClickHouse, hurriedFlushTime how long
// after an error or an interrupt: what is not delivered by then stays in the spool for the next start.
const (
	flushTime        = time.Minute
	hurriedFlushTime = 4 * time.Second
)

// openSink opens the path of hits that enter under the given name; each name has a spool of its own, which one process
// at a time may have.
func (c *call) openSink(ctx context.Context, name string, log *slog.Logger, reg prometheus.Registerer) (*sink, error) {
	if err := c.dataDir(); err != nil {
		return nil, err
	}
	if c.config.Storage.DSN == "" {
		// Before anything is read; the rest of what can be wrong with the engine turns up when it has started.
		if _, err := embedded.FindLibrary(); err != nil {
			return nil, err
		}
	}
	s := &sink{crowds: filepath.Join(c.config.Data, "crowds.json"), windows: c.windows}
	store := func() *opening { return c.openInBackground(ctx, log, reg) }
	err := s.open(ctx, c, store, storage.WriterOptions{
		Dir: c.spoolDir(name), Attended: true, Limit: c.config.spool, Logger: log, Registerer: reg,
	})
	if err != nil {
		return nil, errors.Join(err, s.abandon(hurriedFlushTime))
	}
	s.stages = startStages(ctx, s.Anonymizer, s.writer)
	return s, nil
}

// spoolDir is the directory of the spool with a name.
func (c *call) spoolDir(name string) string { return filepath.Join(c.config.Data, "spool", name) }

// open takes the spool before it reads the file of crowds: whoever has the one also has the other.
func (s *sink) open(ctx context.Context, c *call, store func() *opening, o storage.WriterOptions) error {
	var err error
	if s.geo, err = c.openGeo(); err != nil {
		return err
	}
	if s.Anonymizer, err = anonymize.New(s.policy(&c.config)); err != nil {
		return err
	}
	if !s.Locked() {
		o.Logger.Warn("the system does not let Klar lock memory: the keys of visits may get into swap space or a core dump; raise the limit (ulimit -l, LimitMEMLOCK=) or encrypt the swap space")
	}
	s.store = store()
	o.Release = s.Recycle
	s.writer, err = storage.OpenWriter(ctx, s.store.wait, o)
	var locked *spool.LockedError
	if errors.As(err, &locked) {
		return held(c.config.Data, filepath.Base(o.Dir), locked.PID)
	}
	if err != nil {
		return err
	}
	return s.loadCrowds()
}

// failure returns why the store could not be opened, if that is known by now.
func (s *sink) failure() error {
	select {
	case <-s.store.done:
		return s.store.err
	default:
		return nil
	}
}

// opened reports whether the store is open. One that was opened for this sink is waited for.
func (s *sink) opened() bool {
	if s.store == nil {
		return false
	}
	if !s.shared {
		<-s.store.done
	}
	select {
	case <-s.store.done:
		return s.store.err == nil
	default:
		return false
	}
}

// abandon closes what was opened so far. What is on its way is delivered first, with a deadline of its own.
func (s *sink) abandon(flush time.Duration) error {
	s.stopStages()
	return errors.Join(s.deliver(flush), s.release())
}

// deliver ends the writing within a time.
func (s *sink) deliver(flush time.Duration) error {
	if s.writer == nil {
		return nil
	}
	last, cancel := context.WithTimeout(context.Background(), flush)
	defer cancel()
	err := s.writer.Close(last)
	if err == nil && s.opened() {
		s.store.db.Merge(last)
	}
	return err
}

// release closes everything but the writer.
func (s *sink) release() error {
	if s.opened() && !s.shared {
		s.store.close()
	}
	var errs []error
	if s.Anonymizer != nil {
		errs = append(errs, s.Anonymizer.Close())
	}
	if s.geo != nil {
		errs = append(errs, s.geo.Close())
	}
	return errors.Join(errs...)
}

// close delivers what is left, and keeps the names of the combinations meanwhile.
func (s *sink) close(flush time.Duration) error {
	s.stopStages()
	saved := make(chan error, 1)
	go func() { saved <- s.saveCrowds() }()
	delivered := s.deliver(flush)
	return errors.Join(<-saved, delivered, s.release())
}

// stopStages ends the goroutine that counts visits; the anonymizer then belongs to the caller alone.
func (s *sink) stopStages() {
	if s.stages != nil {
		s.stages.stop()
		s.stages = nil
	}
}

// Commit makes the batch durable with its position (see collector.Sink).
func (s *sink) Commit(ctx context.Context, key string, position []byte) error {
	return s.stages.pass(ctx, stage{batch: s.Take(), key: key, position: position})
}

// Discard forgets the batch, but not its visits (see collector.Sink).
func (s *sink) Discard() {
	// Without an end of its context, pass fails only where the writer has, and then the next Commit says so.
	_ = s.stages.pass(context.Background(), stage{batch: s.Take(), discard: true})
}

// Positions returns what was committed under keys with the prefix, before an import began.
func (s *sink) Positions(prefix string) map[string][]byte { return s.writer.Positions(prefix) }

// Drain waits until everything that was committed is in ClickHouse.
func (s *sink) Drain(ctx context.Context) error {
	if err := s.stages.flush(ctx); err != nil {
		return err
	}
	return s.writer.Drain(ctx)
}

// policy is the configuration as the sink's anonymizer takes it. Only where visits are shared are there beacons besides
// logs.
func (s *sink) policy(c *config) anonymize.Options {
	o := c.policy(s.geo)
	o.Visits = s.visits
	if s.windows != nil {
		o.Observe = s.windows.Observe
	}
	if s.pulse != nil && !s.beacons {
		o.Observe = s.pulse.With(s.windows)
	}
	for i := range o.Sites {
		o.Sites[i].Logs = s.visits != nil && c.logged(o.Sites[i].ID)
	}
	return o
}

// policy is the configuration as anonymize takes it.
func (c *config) policy(db *geo.DB) anonymize.Options {
	p := c.Privacy
	o := anonymize.Options{
		Prefix4: p.IPv4Prefix, Prefix6: p.IPv6Prefix, TrustedProxies: c.proxies,
		Geo: db, Query: p.Query, Crowd: p.Crowd, BeaconRate: c.Beacons.Rate,
		RespectGPC: slices.Contains(p.Respect, "gpc"), RespectDNT: slices.Contains(p.Respect, "dnt"),
	}
	for _, s := range c.Sites {
		o.Sites = append(o.Sites, anonymize.Site{ID: s.ID, Hosts: s.Hosts, Location: s.location, Counted: s.defined.counted})
	}
	return o
}

// openGeo opens the databases that the configuration names, or else those that make fetched. Klar runs without them,
// too: then countries and providers stay unknown, and a warning says so.
func (c *call) openGeo() (*geo.DB, error) {
	f := geo.Files{Country: c.config.Geo.Country, City: c.config.Geo.City, ASN: c.config.Geo.ASN}
	if f.Country == "" {
		f.Country = f.City
	}
	if f.Country == "" {
		f.Country = asset("country.mmdb")
	}
	if f.ASN == "" {
		f.ASN = asset("asn.mmdb")
	}
	if f.Country == "" && f.ASN == "" {
		const missing = "no GeoIP databases: countries and internet providers stay unknown; get them with 'make assets' or set geo.country and geo.asn"
		if c.log != nil {
			c.log.Warn(missing)
		} else {
			fmt.Fprintln(c.stderr, "klar: "+missing)
		}
	}
	return geo.Open(f)
}

// asset finds a file that make fetched: in the directory KLAR_ASSETS, or in assets beside the program. It returns ""
// if there is none.
func asset(name string) string {
	dirs := []string{os.Getenv("KLAR_ASSETS")}
	if exe, err := os.Executable(); err == nil {
		dirs = append(dirs, filepath.Join(filepath.Dir(exe), "assets"))
	}
	for _, d := range dirs {
		file := filepath.Join(d, name)
		if _, err := os.Stat(file); d != "" && err == nil {
			return file
		}
	}
	return ""
}
