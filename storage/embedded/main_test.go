package embedded_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/klar-analytics/klar/storage/embedded"
)

// TestMain makes the test binary its own engine, so that the tests run a real process.
func TestMain(m *testing.M) {
	switch os.Getenv("KLAR_TEST_ENGINE") {
	case "parent":
		runParent(os.Getenv("KLAR_TEST_DIR"))
	case "1":
		if err := embedded.ServeChild(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Setenv("KLAR_TEST_ENGINE", "1")
	// A program under the race detector waits a second before it ends, as long as its variable does not say otherwise.
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	os.Exit(m.Run())
}

// runParent is a process that runs an engine, says which process it is, and waits to be killed.
func runParent(dir string) {
	os.Setenv("KLAR_TEST_ENGINE", "1")
	exe, err := os.Executable()
	if err != nil {
		os.Exit(1)
	}
	e, err := embedded.Open(context.Background(), embedded.Options{Dir: dir, Command: []string{exe}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(e.ChildID())
	select {}
}
