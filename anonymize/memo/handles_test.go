package memo

import (
	"testing"
	"unique"
)

func TestHandlesAreThoseOfUnique(t *testing.T) {
	h := NewHandles[int](10)
	for round := range 3 {
		for v := range 25 {
			if h.Of(v) != unique.Make(v) {
				t.Fatalf("round %d: the handle of %d is another than that of unique", round, v)
			}
			if len(h.known) > 10 {
				t.Fatalf("%d values are remembered, 10 are allowed", len(h.known))
			}
		}
	}
	if n := testing.AllocsPerRun(100, func() { h.Of(24) }); n > 0 {
		t.Errorf("finding a known value allocates %v times", n)
	}
}
