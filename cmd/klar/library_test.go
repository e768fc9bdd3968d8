package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnfitLibrary has every command that needs the engine without libchdb, with one that is too old, and with what is
// none. Each says how to get it, and what is stored stays as it is.
func TestUnfitLibrary(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	mustKlar(t, "import", "--data", data, "--site", "s.org", realLog(t))
	before := sums(t, data, tables)
	text := filepath.Join(dir, "text.so")
	if err := os.WriteFile(text, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, library, want string }{
		{"missing", filepath.Join(dir, "missing.so"), "libchdb (the embedded ClickHouse) not found: get it with `make assets`"},
		{"no library", text, "libchdb.so does not load"},
		{"too old", fakeLibrary(t, dir, `const char *chdb_version(void) { return "3.6.0"; }`), `libchdb is version "3.6.0", but 26 or newer is needed: get it with ` + "`make assets`"},
		{"far too old", fakeLibrary(t, dir, `int query_stable;`), "libchdb is too old"},
		{"incomplete", fakeLibrary(t, dir, `const char *chdb_version(void) { return "26.1.0"; }`), "a newer one is needed, get it with `make assets`"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("CHDB_LIB_PATH", c.library)
			refused(t, c.want, "sql", "--data", data, "SELECT 1")
			refused(t, c.want, "query", "--data", data, `{"site_id":"s.org","metrics":["requests"],"date_range":"all"}`)
			refused(t, c.want, "serve", "--data", data, "--listen", "127.0.0.1:0")
			out, errs, err := klar(t, "import", "--data", data, "--site", "t.org", realLog(t))
			reason := errs[max(0, strings.Index(errs, "klar: ")):]
			if err == nil || out != "" || !strings.HasPrefix(reason, "klar: ") || !strings.Contains(reason, c.want) || strings.Count(reason, "\n") != 1 {
				t.Errorf("klar import: err %v, stdout %q, stderr %q; want one line with %q", err, out, errs, c.want)
			}
		})
	}
	if got := sums(t, data, tablesOf("s.org")); got != before {
		t.Errorf("what is stored sums up to\n%s, before to\n%s", got, before)
	}
	// What the import took in before it noticed is not lost and not doubled.
	mustKlar(t, "import", "--data", data, "--site", "t.org", realLog(t))
	if got := sums(t, data, tablesOf("t.org")); got != before {
		t.Errorf("imported after all, the log sums up to\n%s, want\n%s", got, before)
	}
}

// fakeLibrary compiles a library of a few lines of C.
func fakeLibrary(t *testing.T, dir, source string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Fatal("this test compiles a small library: it needs a C compiler called cc (as in the packages gcc and clang)")
	}
	file, err := os.CreateTemp(dir, "*.so")
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(cc, "-shared", "-fPIC", "-x", "c", "-o", file.Name(), "-")
	cmd.Stdin = strings.NewReader(source + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("cc: %v: %s", err, out)
	}
	return file.Name()
}
