package scrub

import (
	"fmt"
	"sync"
	"testing"

	"github.com/klar-analytics/klar/hit"
)

func TestCacheIsBoundedAndKeepsNeighbours(t *testing.T) {
	c := newCache[uint64](8)
	for key := range uint64(1000) {
		c.put(key, key*key)
		if v, ok := c.get(key); !ok || v != key*key {
			t.Fatalf("key %d: got %d, %v", key, v, ok)
		}
	}
	kept := 0
	for key := range uint64(1000) {
		if v, ok := c.get(key); ok {
			kept++
			if v != key*key {
				t.Errorf("key %d has the value of another", key)
			}
		}
	}
	if kept == 0 || kept > 8 {
		t.Errorf("%d values kept, want 1 to 8", kept)
	}
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	s := New()
	s.paths = newCache[hit.Path](16)
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
