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
	if os.Getenv("KLAR_TEST_ENGINE") != "" {
		if err := embedded.ServeChild(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Setenv("KLAR_TEST_ENGINE", "1")
	os.Exit(m.Run())
}
