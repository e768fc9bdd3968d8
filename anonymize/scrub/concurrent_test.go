package scrub

import (
	"fmt"
	"sync"
	"testing"

	"github.com/klar-analytics/klar/anonymize/memo"
)

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	s := New()
	s.paths = memo.New[Inspected](16)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range 500 {
				if got := s.Path(fmt.Appendf(nil, "/part%d/4711", i%40)).String(); got != fmt.Sprintf("/part%d/:id", i%40) {
					t.Errorf("round %d: got %q", i, got)
				}
			}
		})
	}
	group.Wait()
}
