package spool

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/klar-analytics/klar/storage/lockfile"
)

const lockFile = "lock"

// LockedError says that another process has the spool.
type LockedError struct {
	// PID of that process; 0 if it has not said.
	PID int
}

// Error names the process.
func (e *LockedError) Error() string {
	if e.PID == 0 {
		return "the spool is in use by another process"
	}
	return fmt.Sprintf("the spool is in use by process %d", e.PID)
}

// lock takes the directory for this process until the lock is released, or the process ends in whatever way.
func lock(dir string) (*lockfile.Lock, error) {
	l, err := lockfile.Take(filepath.Join(dir, lockFile))
	var held *lockfile.HeldError
	if errors.As(err, &held) {
		return nil, &LockedError{PID: held.PID}
	}
	return l, diskError(err)
}
