package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
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

// lock takes the directory for this process until the file is closed, or the process ends in whatever way.
func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, diskError(err)
	}
	switch err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK):
		var holder [20]byte
		n, _ := f.ReadAt(holder[:], 0)
		pid, _ := strconv.Atoi(strings.TrimSpace(string(holder[:n])))
		_ = f.Close()
		return nil, &LockedError{PID: pid}
	case err != nil:
		_ = f.Close()
		return nil, diskError(err)
	}
	// The number is for people; without it the lock holds as well, also on a full disk.
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return f, nil
}
