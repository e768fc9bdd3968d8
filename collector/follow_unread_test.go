package collector

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestEmptyFileIsRemembered is killed at night, when nothing was written to a log since its rotation, and the old file is
// long let go of. What is written and rotated away before the next start is read nevertheless.
func TestEmptyFileIsRemembered(t *testing.T) {
	x := follow(t, FileSource{Pattern: "*access.log", Site: "example.org"})
	rotate := func(to string) {
		x.t.Helper()
		name := filepath.Join(x.dir, "access.log")
		if err := os.Rename(name, name+to); err != nil {
			t.Fatal(err)
		}
	}
	x.write("access.log", numbered(0, 20))
	x.look()
	rotate("-1")
	x.write("access.log", "")
	x.look()
	x.now = x.now.Add(2 * time.Minute)
	x.look()
	x.write("other-access.log", numbered(50, 60))
	x.look()
	x.look()
	if n := len(x.set.Files()); n != 2 {
		t.Fatalf("%d files are open, want only the empty one and the other", n)
	}
	x.start()
	x.write("access.log", numbered(20, 50))
	rotate("-2")
	x.write("access.log", numbered(60, 70))
	x.look()
	x.look() // the first commits what it found before it reads
	x.want(70)
	x.start()
	x.look()
	x.want(70)
}
