package embedded

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// directoryLock is the right to run the engine of a directory. The kernel frees it when the last process that has the
// file open ends, and the engine's process inherits it: so nobody starts a second engine beside one that outlives
// its parent for a moment.
type directoryLock struct{ file *os.File }

// tryLock returns nil without an error when another process holds the lock.
func tryLock(dir string) (*directoryLock, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, dirError(err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, nil
		}
		return nil, fmt.Errorf("the data directory cannot be locked (its file system must support flock): %w", err)
	}
	err = file.Truncate(0)
	if err == nil {
		_, err = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		_ = file.Close()
		return nil, dirError(err)
	}
	return &directoryLock{file: file}, nil
}

// release gives the lock up. The file stays: removing it would let two processes lock two files.
func (l *directoryLock) release() { _ = l.file.Close() }

// Holder returns the id of the process that runs the engine of the directory, or ran it last; 0 when unknown.
func Holder(dir string) int {
	file, err := os.Open(filepath.Join(dir, "lock"))
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, 32))
	if err != nil {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid
}
