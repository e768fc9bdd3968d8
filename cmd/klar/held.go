package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/klar-analytics/klar/storage/lockfile"
)

// held says which command has what is needed of the data directory.
func held(dir, command string, pid int) error {
	who := "another process"
	if pid != 0 {
		who = fmt.Sprintf("process %d", pid)
	}
	return fmt.Errorf("data directory %s is held by klar %s, %s; only one can run at a time", dir, command, who)
}

// lockServe makes this process the one klar serve of the data directory. The other commands need no such lock: they work
// beside it.
func (c *call) lockServe() (*lockfile.Lock, error) {
	if err := c.dataDir(); err != nil {
		return nil, err
	}
	lock, err := lockfile.Take(filepath.Join(c.config.Data, "serve.lock"))
	var other *lockfile.HeldError
	switch {
	case errors.As(err, &other):
		return nil, held(c.config.Data, "serve", other.PID)
	case err != nil:
		return nil, fmt.Errorf("the data directory cannot be used: %w; choose another with --data", err)
	}
	return lock, nil
}
