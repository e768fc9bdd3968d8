package accuracy

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/klar-analytics/klar/storage/embedded"
)

// everything asks every question about every log and range, and prints the table: make accuracy.
var everything = flag.Bool("everything", false, "ask everything, and print the table of errors")

// update puts what was measured into docs/metrics.md.
var update = flag.Bool("update", false, "write the errors into the documentation; with -everything")

// child names what this test binary is when the engine's supervisor starts it.
const child = "KLAR_TEST_CHILD"

// assets is where make puts what it fetches.
var assets = os.Getenv("KLAR_ASSETS")

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		if err := embedded.ServeChild(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if assets == "" {
		assets, _ = filepath.Abs("../bin/assets")
		_ = os.Setenv("KLAR_ASSETS", assets)
	}
	_ = os.Setenv(child, "engine")
	// A program under the race detector waits a second before it ends, as long as its variable does not say otherwise.
	_ = os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	os.Exit(m.Run())
}
