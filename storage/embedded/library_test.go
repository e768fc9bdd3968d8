package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckVersion(t *testing.T) {
	for version, fits := range map[string]bool{"26.7.3": true, "26.0": true, "v27.1.0": true, "25.12.9": false, "3.6.0": false, "": false, "none": false} {
		err := checkVersion(version)
		if (err == nil) != fits {
			t.Errorf("version %q: %v", version, err)
		}
		if err != nil && (!strings.Contains(err.Error(), `"`+version+`"`) || !strings.Contains(err.Error(), "make assets")) {
			t.Errorf("version %q: the error does not say what was found and what to do: %v", version, err)
		}
	}
}

func TestFindLibrary(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, libraryName)
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"the file": file, "its directory": dir} {
		t.Setenv("CHDB_LIB_PATH", path)
		if found, err := FindLibrary(); err != nil || found != file {
			t.Errorf("CHDB_LIB_PATH is %s: found %q, %v", name, found, err)
		}
	}
	t.Setenv("CHDB_LIB_PATH", filepath.Join(dir, "missing"))
	if _, err := FindLibrary(); !errors.Is(err, ErrNoLibrary) || !strings.Contains(err.Error(), "make assets") {
		t.Errorf("a CHDB_LIB_PATH that leads nowhere: %v", err)
	}
	t.Setenv("CHDB_LIB_PATH", "")
	t.Setenv("KLAR_ASSETS", dir)
	if found, err := FindLibrary(); err != nil || found != file {
		t.Errorf("KLAR_ASSETS: found %q, %v", found, err)
	}
}

func TestStreams(t *testing.T) {
	for _, c := range []struct {
		sql, format string
		want        bool
	}{
		{"SELECT 1", "Native", true},
		{"SELECT 1", "JSON", false},
		{"SELECT 1 FORMAT JSON", "Native", false},
		{"SELECT 1 format/**/JSON", "Native", false},
		{"SELECT 1 INTO x FORMAT\nCSV", "JSON", true},
		{"SELECT formatDateTime(now(), 'x')", "CSV", true},
		{"SELECT format('{}', 1)", "CSV", false},
	} {
		if got := (&request{sql: c.sql, format: c.format}).streams(); got != c.want {
			t.Errorf("%s in %s: streams %v, want %v", c.sql, c.format, got, c.want)
		}
	}
}

func TestStricter(t *testing.T) {
	for _, c := range [][3]string{{"", "", ""}, {"", "2", "2"}, {"1", "0", "1"}, {"2", "1", "1"}, {"", "0", "0"}, {"1", "2", "1"}} {
		if got := stricter(c[0], c[1]); got != c[2] {
			t.Errorf("readonly %q and %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
