package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestImportsKeepEachOthersCrowds imports for one site after the other: the combinations that were common on the first stay
// known.
func TestImportsKeepEachOthersCrowds(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	mustKlar(t, "import", "--data", data, "--site", "a.org", realLog(t))
	b, err := os.ReadFile(filepath.Join(data, "crowds.json"))
	if err != nil || len(b) < 200 {
		t.Fatalf("%d bytes of names after the first import, %v", len(b), err)
	}
	first := strings.TrimSuffix(strings.TrimPrefix(string(b), "{"), "}")
	mustKlar(t, "import", "--data", data, "--site", "b.org", realLog(t))
	b, err = os.ReadFile(filepath.Join(data, "crowds.json"))
	if err != nil || !strings.Contains(string(b), first) || !strings.Contains(string(b), `"b.org":`) {
		t.Errorf("%d bytes of names after the second import do not hold those of the first, %v", len(b), err)
	}
}
