package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/dashboards"
	"github.com/klar-analytics/klar/storage"
	"github.com/klar-analytics/klar/storage/embedded"
)

// store opens ClickHouse: the server that the configuration names, or the engine in the data directory. The returned
// function closes what was opened.
func (c *call) store(ctx context.Context, log *slog.Logger, reg prometheus.Registerer) (*storage.DB, func(), error) {
	o := storage.Options{DSN: c.config.Storage.DSN, Logger: log, Regions: dashboards.RegionNames()}
	closeEngine := func() {}
	if o.DSN == "" {
		if err := c.dataDir(); err != nil {
			return nil, nil, err
		}
		engine, err := embedded.Open(ctx, embedded.Options{
			Dir: filepath.Join(c.config.Data, "engine"), MemoryLimit: c.config.memory, Listen: c.config.Storage.Listen,
			Logger: log, Registerer: reg,
		})
		if err != nil {
			return nil, nil, err
		}
		closeEngine = engine.Close
		o.Dial = engine.Dial
	}
	db, err := storage.Connect(ctx, o)
	if err != nil {
		closeEngine()
		return nil, nil, err
	}
	return db, func() { _ = db.Close(); closeEngine() }, nil
}

// askAgainAfter is how long klar serve waits before it asks a server that does not answer once more.
const askAgainAfter = 2 * time.Second

// storeOrLater opens the store for klar serve. A ClickHouse server that does not answer is asked again and again, until it
// does or ctx ends: what comes in meanwhile stays in the spool, and questions fail. Should it then refuse Klar, ctx is
// ended by fail.
func (c *call) storeOrLater(ctx context.Context, fail func(error), log *slog.Logger, reg prometheus.Registerer) (*opening, error) {
	o := &opening{done: make(chan struct{})}
	var err error
	if c.config.Storage.DSN == "" {
		if o.db, o.close, err = c.store(ctx, log, reg); err == nil {
			close(o.done)
		}
		return o, err
	}
	if o.db, err = storage.Open(storage.Options{DSN: c.config.Storage.DSN, Logger: log, Regions: dashboards.RegionNames()}); err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	o.close = func() { <-ended; _ = o.db.Close() }
	err = o.db.Prepare(ctx)
	if err == nil || !errors.Is(err, storage.ErrAway) {
		close(ended)
		if err != nil {
			o.close()
			return nil, err
		}
		close(o.done)
		return o, nil
	}
	log.Warn("the ClickHouse server does not answer; what comes in is kept until it does", "error", err)
	go func() {
		defer close(ended)
		if err := prepare(ctx, o.db); err == nil {
			log.Info("the ClickHouse server answers")
			close(o.done)
		} else if ctx.Err() == nil {
			o.err = err
			close(o.done)
			fail(err)
		}
	}()
	return o, nil
}

// prepare asks the store until it answers.
func prepare(ctx context.Context, db *storage.DB) error {
	tick := time.NewTicker(askAgainAfter)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := db.Prepare(ctx); !errors.Is(err, storage.ErrAway) {
			return err
		}
	}
}

// dataDir makes the data directory, readable by its owner only.
func (c *call) dataDir() error {
	err := os.MkdirAll(c.config.Data, 0o700)
	if err == nil || errors.Is(err, os.ErrExist) {
		return nil
	}
	return fmt.Errorf("the data directory cannot be made: %w; choose another with --data", err)
}

// existingData refuses a data directory in which no engine ever ran, so that a mistyped --data is not taken for an
// empty store.
func (c *call) existingData() error {
	if c.config.Storage.DSN != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(c.config.Data, "engine", "clickhouse")); err != nil {
		return fmt.Errorf("there is no Klar data in %s: import a log first, or name the directory with --data", c.config.Data)
	}
	return nil
}

// keepMerged has ClickHouse merge what is delivered, in a goroutine that ends with ctx and then closes the channel.
func (o *opening) keepMerged(ctx context.Context) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if db, err := o.wait(ctx); err == nil {
			db.KeepMerged(ctx)
		}
	}()
	return ended
}

// opening is a store that is being opened while the first hits are taken in.
type opening struct {
	done  chan struct{}
	db    *storage.DB
	close func()
	err   error
}

// openInBackground opens the store in a goroutine of its own, which ends when the store is open or cannot be.
func (c *call) openInBackground(ctx context.Context, log *slog.Logger, reg prometheus.Registerer) *opening {
	o := &opening{done: make(chan struct{})}
	go func() {
		defer close(o.done)
		o.db, o.close, o.err = c.store(ctx, log, reg)
	}()
	return o
}

// wait returns the store when it is open.
func (o *opening) wait(ctx context.Context) (*storage.DB, error) {
	select {
	case <-o.done:
		return o.db, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
