package scrub

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestOrdinaryPathsStay scrubs the paths of a real site's log, which has no accounts and no orders. What is replaced
// there is replaced wrongly, or is the random name of a file.
func TestOrdinaryPathsStay(t *testing.T) {
	log, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "logs", "apache-combined-10k.log"))
	if err != nil {
		t.Fatal("the test data apache-combined-10k.log is missing beside the repository, in shared/data/logs")
	}
	paths := make(map[string]bool)
	for line := range bytes.Lines(log) {
		if parts := bytes.SplitN(line, []byte(" "), 8); len(parts) == 8 {
			path, _, _ := bytes.Cut(parts[6], []byte("?"))
			path, _, _ = bytes.Cut(path, []byte("#"))
			paths[string(bytes.ReplaceAll(path, []byte("//"), []byte("/")))] = true
		}
	}
	changed := 0
	for p := range paths {
		if scrubPath([]byte(p)) != p {
			changed++
		}
	}
	t.Logf("%d of %d distinct paths changed", changed, len(paths))
	if len(paths) < 1000 || changed*100 > len(paths) {
		t.Errorf("%d of %d distinct paths changed, want at most one in 100", changed, len(paths))
	}
}
