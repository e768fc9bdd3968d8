package embedded

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/klar-analytics/klar/storage/lockfile"
)

const lockName = "lock"

// tryLock takes the right to run the engine of a directory. The engine's process inherits it, so that nobody starts a
// second engine beside one that outlives its parent for a moment. It returns nil without an error when another process
// has the right.
func tryLock(dir string) (*lockfile.Lock, error) {
	lock, err := lockfile.Take(filepath.Join(dir, lockName))
	var held *lockfile.HeldError
	var file *os.PathError
	switch {
	case errors.As(err, &held):
		return nil, nil
	case errors.As(err, &file):
		return nil, dirError(err)
	}
	return lock, err
}

// Holder returns the id of the process that runs the engine of the directory, or ran it last; 0 when unknown.
func Holder(dir string) int { return lockfile.Holder(filepath.Join(dir, lockName)) }
