package atomicfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/klar-analytics/klar/atomicfile"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state.json")
	// A crash left this, longer than what comes.
	if err := os.WriteFile(name+atomicfile.Suffix, []byte("half of something long"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"first", "2"} {
		if err := atomicfile.Write(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, name); got != text {
			t.Errorf("the file holds %q, want %q", got, text)
		}
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(name + atomicfile.Suffix); !os.IsNotExist(err) {
		t.Errorf("what was staged is still there: %v", err)
	}
}

func TestStagedIsNotThereYet(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state.json")
	if err := atomicfile.Write(name, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Stage(name, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, name); got != "old" {
		t.Errorf("before Commit the file holds %q", got)
	}
	if err := atomicfile.Discard(name); err != nil {
		t.Fatal(err)
	}
	if err := atomicfile.Commit(name); err == nil || read(t, name) != "old" {
		t.Errorf("what was discarded was committed: %v, %q", err, read(t, name))
	}
}

func TestWriteThatFailsLeavesTheOld(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "state.json")
	if err := atomicfile.Write(name, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(name+atomicfile.Suffix, 0o700); err != nil { // in the way
		t.Fatal(err)
	}
	if err := atomicfile.Write(name, []byte("new")); err == nil || read(t, name) != "old" {
		t.Errorf("error %v, and the file holds %q", err, read(t, name))
	}
}
