package lockfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	// Two open files of one process exclude each other as those of two processes do.
	_, err = Take(path)
	var held *HeldError
	if !errors.As(err, &held) || held.PID != os.Getpid() || Holder(path) != os.Getpid() {
		t.Errorf("taken twice: %v, holder %d; want this process, %d", err, Holder(path), os.Getpid())
	}
	first.Release()
	second, err := Take(path)
	if err != nil {
		t.Fatalf("a released lock cannot be taken: %v", err)
	}
	defer second.Release()
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err = Take(path); !errors.As(err, &held) || held.PID != 0 || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a holder that has not said who it is: %v", err)
	}
}

func TestTakeWhereThereIsNoDirectory(t *testing.T) {
	if _, err := Take(filepath.Join(t.TempDir(), "none", "lock")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, want that the directory does not exist", err)
	}
}
