package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// maxSocketPath is the longest path, in bytes, that every system takes as the address of a unix socket (macOS: 104
// with the closing zero).
const maxSocketPath = 103

const socketName = "engine.sock"

// socketPath returns a path for the directory's socket that is short enough for an address. A long one goes
// through a symbolic link in a private temporary directory, which release removes; connections and listeners
// outlive it.
func socketPath(dir string) (path string, release func(), err error) {
	path = filepath.Join(dir, socketName)
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	short, err := os.MkdirTemp("", "klar")
	if err != nil {
		return "", nil, fmt.Errorf("the data directory's path is too long for a socket, and no temporary directory can be made: %w", err)
	}
	release = func() { _ = os.RemoveAll(short) }
	if err := os.Symlink(dir, filepath.Join(short, "d")); err != nil {
		release()
		return "", nil, fmt.Errorf("the data directory's path is too long for a socket, and no link to it can be made: %w", err)
	}
	return filepath.Join(short, "d", socketName), release, nil
}

// dirError says what to do about a directory that cannot be used.
func dirError(err error) error {
	switch {
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("the data directory is not writable for this user: %w", err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("the disk of the data directory is full: %w", err)
	}
	return fmt.Errorf("the data directory cannot be used: %w", err)
}
