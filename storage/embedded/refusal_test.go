package embedded_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/storage/embedded"
)

// TestRefusals has what can be wrong at the start; each error says what to do.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, want string
		prepare    func(t *testing.T, o *embedded.Options)
	}{
		{"no library", "make assets", func(t *testing.T, o *embedded.Options) {
			o.LibPath = ""
			t.Setenv("CHDB_LIB_PATH", filepath.Join(t.TempDir(), "nothing"))
		}},
		{"no library inside", "does not load", func(t *testing.T, o *embedded.Options) {
			o.LibPath = filepath.Join(t.TempDir(), "libchdb.so")
			write(t, o.LibPath, "text")
		}},
		{"a file for a directory", "data directory", func(t *testing.T, o *embedded.Options) { write(t, o.Dir, "") }},
		{"no program", "cannot be started", func(t *testing.T, o *embedded.Options) { o.Command = []string{filepath.Join(t.TempDir(), "klar")} }},
		{"a program that ends", "ended", func(t *testing.T, o *embedded.Options) { o.Command = []string{"/bin/sh", "-c", "exit 3"} }},
		{"a broken table definition", "SYNTAX_ERROR", func(t *testing.T, o *embedded.Options) {
			metadata := filepath.Join(o.Dir, "clickhouse", "metadata")
			if err := os.MkdirAll(metadata, 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(metadata, "bad.sql"), "ATTACH NOTHING")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := options(t, filepath.Join(t.TempDir(), "engine"))
			c.prepare(t, &o)
			e, err := embedded.Open(t.Context(), o)
			if err == nil {
				e.Close()
				t.Fatal("opens")
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is %q, want one line with %q", err, c.want)
			}
			if c.name == "no library" && !errors.Is(err, embedded.ErrNoLibrary) {
				t.Errorf("%v is not ErrNoLibrary", err)
			}
		})
	}
}

// TestRepairedStart has a start that failed succeed once its reason is gone, in the same process.
func TestRepairedStart(t *testing.T) {
	o := options(t, filepath.Join(t.TempDir(), "engine"))
	write(t, o.Dir, "")
	if _, err := embedded.Open(t.Context(), o); err == nil {
		t.Fatal("opens a file")
	}
	if err := os.Remove(o.Dir); err != nil {
		t.Fatal(err)
	}
	open(t, o)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
