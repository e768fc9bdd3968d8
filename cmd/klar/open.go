package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/storage"
	"github.com/klar-analytics/klar/storage/embedded"
)

// store opens ClickHouse: the server that the configuration names, or the engine in the data directory. The returned
// function closes what was opened.
func (c *call) store(ctx context.Context, log *slog.Logger, reg prometheus.Registerer) (*storage.DB, func(), error) {
	o := storage.Options{DSN: c.config.Storage.DSN, Logger: log}
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
