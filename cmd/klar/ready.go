package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/klar-analytics/klar/storage"
)

const (
	// readyFor is how long an answer to the question whether Klar is ready holds, so that who asks often costs nothing.
	readyFor = time.Second
	// readyWithin bounds how long the store may take to answer it.
	readyWithin = 5 * time.Second
	// probeSize is how much must fit onto the disk, in bytes: a block of most file systems.
	probeSize = 4096
)

// readiness tells whether what is taken in can be kept and shown. It is safe for concurrent use.
type readiness struct {
	db    *storage.DB
	spool string
	now   func() time.Time

	mu    sync.Mutex
	asked time.Time
	err   error
}

func (c *call) ready(db *storage.DB) *readiness {
	return &readiness{db: db, spool: filepath.Join(c.config.Data, "spool"), now: time.Now}
}

// ask returns why Klar is not ready: the store does not answer, or nothing can be written to the spool.
func (r *readiness) ask(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); now.Sub(r.asked) >= readyFor {
		// Not the context of who asks: the answer is for others, too.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyWithin)
		defer cancel()
		_, err := r.db.Sites(ctx)
		if err != nil {
			err = fmt.Errorf("store: %w", err)
		}
		written := probe(r.spool)
		if written != nil {
			written = fmt.Errorf("spool: %w", written)
		}
		r.err = errors.Join(err, written)
		r.asked = r.now()
	}
	return r.err
}

// probe returns why nothing can be written into a directory. One that does not exist yet is none that cannot be.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, "probe-*")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		_, err = f.Write(make([]byte, probeSize))
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err // the file's name says nothing
	}
	if err != nil {
		return fmt.Errorf("nothing can be written: %w", err)
	}
	return nil
}
