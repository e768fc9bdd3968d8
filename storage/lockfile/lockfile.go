// Package lockfile owns the locks of the data directory: each is the right of one process to a part of it, and says
// which process that is.
package lockfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Lock is a lock that this process holds. The kernel frees it when the last process that has the file open ends, in
// whatever way; so a lock never has to be cleared by hand.
type Lock struct{ file *os.File }

// HeldError says that another process has the lock.
type HeldError struct {
	// PID of that process; 0 if it has not said.
	PID int
}

// Error names the process.
func (e *HeldError) Error() string {
	if e.PID == 0 {
		return "held by another process"
	}
	return fmt.Sprintf("held by process %d", e.PID)
}

// Take takes the lock at path, whose directory must exist. It fails with a *HeldError while another process has it,
// and else with the system's error.
func Take(path string) (*Lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, &HeldError{PID: Holder(path)}
		}
		return nil, fmt.Errorf("the data directory cannot be locked (its file system must support flock): %w", err)
	}
	// The number is for people; without it the lock holds as well, also on a full disk.
	_ = file.Truncate(0)
	_, _ = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return &Lock{file: file}, nil
}

// File is the open file, for a child process to inherit: then the lock lasts until that has ended, too.
func (l *Lock) File() *os.File { return l.file }

// Release gives the lock up. The file stays: removing it would let two processes lock two files.
func (l *Lock) Release() { _ = l.file.Close() }

// Holder returns the id of the process that has the lock at path, or had it last; 0 when unknown.
func Holder(path string) int {
	file, err := os.Open(path)
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
