package main

import (
	"context"
	"flag"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// seed makes the random tests take another course: go test -run Killed ./cmd/klar -args -seed 7.
var seed = flag.Uint64("seed", 20261123, "of the tests that kill at random")

// program is a klar to be run.
type program string

// raced is the test binary, which is built with the race detector if the tests are.
const raced program = "klar"

// plainKlar builds klar without the race detector, which makes it several times slower. It is for tests that kill it again
// and again: those are about what is on the disk, and what they run is watched for races by others.
func plainKlar(t testing.TB) program {
	t.Helper()
	name := filepath.Join(t.TempDir(), "klar")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", name, ".").CombinedOutput(); err != nil {
		t.Fatalf("building klar: %v: %s", err, out)
	}
	return program(name)
}

// run runs a command line in a process of its own, bounded in time, and returns what it printed.
func (program program) run(t testing.TB, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, string(program), args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// must is run for command lines that must succeed.
func (program program) must(t testing.TB, args ...string) string {
	t.Helper()
	out, errs, err := program.run(t, args...)
	if err != nil {
		t.Fatalf("klar %s: %v\n%s", args[0], err, errs)
	}
	return out
}

// sums asks for single numbers, each the answer to an SQL expression over a table.
func (program program) sums(t testing.TB, data, query string) string {
	t.Helper()
	return strings.TrimSpace(program.must(t, "sql", "--data", data, "--format", "TSV", query))
}
