package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary stand in for klar, in scripts and as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("KLAR_ASSETS") == "" { // as make test sets it
		if dir, err := filepath.Abs("../../bin/assets"); err == nil {
			_ = os.Setenv("KLAR_ASSETS", dir)
		}
	}
	// A program under the race detector waits a second before it ends, as long as its variable does not say otherwise.
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	testscript.Main(m, map[string]func(){"klar": main})
}

// realLog is the 10,000 lines of a real site's log.
func realLog(t testing.TB) string {
	t.Helper()
	name, err := filepath.Abs("../../../shared/data/logs/apache-combined-10k.log")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); err != nil {
		t.Fatalf("the real log is missing: these tests need shared/data beside the checkout: %v", err)
	}
	return name
}

func TestScripts(t *testing.T) {
	log := realLog(t)
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"refuses": refuses, "keys": keys},
		Setup: func(e *testscript.Env) error {
			if err := writeLogs(e.WorkDir, log); err != nil {
				return err
			}
			e.Setenv("LOG10K", log)
			e.Setenv("KLAR_ASSETS", os.Getenv("KLAR_ASSETS"))
			e.Setenv("GORACE", os.Getenv("GORACE"))
			e.Setenv("CHDB_LIB_PATH", os.Getenv("CHDB_LIB_PATH"))
			e.Setenv("SUMS", tables)
			return nil
		},
	})
}

// klar, mustKlar and sums run the test binary as klar (see program).
func klar(t testing.TB, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	return raced.run(t, args...)
}

func mustKlar(t testing.TB, args ...string) string {
	t.Helper()
	return raced.must(t, args...)
}

func sums(t testing.TB, data, query string) string {
	t.Helper()
	return raced.sums(t, data, query)
}

func writeLines(t testing.TB, lines []string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "access.log")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestOneLinePerError(t *testing.T) {
	for i, args := range [][]string{
		{"nonsense"}, {"import", "--site", "x", "--data", t.TempDir(), "/does/not/exist.log"}, {"import"},
		{"query", "--data", t.TempDir(), "{}"}, {"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:99999"}, {"check"},
		{"import", "--bogus"}, {"sql", "--data", filepath.Join(t.TempDir(), "none"), "SELECT 1"},
	} {
		out, errs, err := klar(t, args...)
		if err == nil || out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "klar: ") {
			t.Errorf("command line %d: err %v, stdout %q, stderr %q; want one line on stderr that begins with klar:", i, err, out, fmt.Sprint(errs))
		}
	}
}
