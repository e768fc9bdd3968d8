package anonymize_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/klar-analytics/klar/anonymize"
)

// TestTwoGoroutinesShareVisits counts lines and beacons of the same people at the same time. In which order they come is
// anybody's guess, but not how many people they add up to.
func TestTwoGoroutinesShareVisits(t *testing.T) {
	t.Parallel()
	all, truth := surf(rand.New(rand.NewPCG(1, 8)), func() (line, beacon int64) { return 0, 0 })
	logs, beacons := joined(t)
	var both [2]figures
	var group sync.WaitGroup
	for i, of := range []*anonymize.Anonymizer{logs, beacons} {
		both[i] = figures{}
		group.Go(func() {
			for _, a := range all {
				if a.log != (of == logs) {
					continue
				}
				if _, err := of.Add(a.raw()); err != nil {
					t.Error(err)
				}
				both[i].add(of.Seal())
				of.Forget(a.time - 86400)
				_ = of.CurrentVisitors("example.org", 0)
			}
			if _, err := of.Names(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got := both[0]
	for name, n := range both[1] {
		got[name] += n
	}
	// One source may be hours ahead of the other, so that visits are cut otherwise and a beacon comes to a visit that is over.
	if got["pageviews"] < truth["pageviews"] || got["pageviews"] > truth["requests"] {
		t.Errorf("%d page views, want %d and little more", got["pageviews"], truth["pageviews"])
	}
	for _, name := range []string{"visitors", "beaconed", "requests"} {
		if got[name] != truth[name] {
			t.Errorf("%s: %d, want %d", name, got[name], truth[name])
		}
	}
}
