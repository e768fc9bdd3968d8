package visit_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// TestRecent lets people come and go for two hours, with hits up to a minute late, and holds the count against who they
// are.
func TestRecent(t *testing.T) {
	tracker := newTracker(t, visit.Options{Site: hit.NewSite("example.org")})
	random := rand.New(rand.NewPCG(1, 2))
	recent := tracker.Recent()
	latest := map[int]int64{}
	begin := time.Date(2026, 3, 12, 10, 0, 0, 0, time.UTC).Unix()
	most := 0
	for now := begin; now < begin+7200; now += 1 + random.Int64N(5) {
		tracker.SetNow(now)
		// The people change slowly, so that some leave for good and others come back.
		who := int(now-begin)/60 + random.IntN(40)
		at1 := now - random.Int64N(60)
		s := at(who, person(who), at1, 1+random.IntN(3), hit.Arrival{})
		tracker.Touch(&s.visit)
		latest[who] = max(latest[who], at1)
		for _, seconds := range []int64{visit.Current, visit.HalfHour} {
			want := 0
			for _, l := range latest {
				if l/10 > now/10-seconds/10 {
					want++
				}
			}
			if got := recent.Visitors(now, seconds); got != want {
				t.Fatalf("after %d seconds %d visitors of %d seconds, want %d", now-begin, got, seconds, want)
			}
			most = max(most, want)
		}
	}
	if most < 20 {
		t.Errorf("never more than %d visitors: the test does not see them", most)
	}
	for _, seconds := range []int64{visit.Current, visit.HalfHour} {
		if got := recent.Visitors(begin+7200+seconds, seconds); got != 0 {
			t.Errorf("%d visitors are counted %d seconds after the last hit", got, seconds)
		}
	}
}

// TestRecentLeavesOutOtherTimes touches hits of an old log, and one of a clock that is far ahead.
func TestRecentLeavesOutOtherTimes(t *testing.T) {
	tracker := newTracker(t, visit.Options{Site: hit.NewSite("example.org")})
	now := time.Date(2026, 3, 12, 10, 0, 0, 0, time.UTC).Unix()
	tracker.SetNow(now)
	touch := func(who int, unix int64) {
		s := at(who, person(who), unix, 1, hit.Arrival{})
		tracker.Touch(&s.visit)
	}
	for i, ago := range []int64{86400, 3600, 310, -3600} {
		touch(i, now-ago)
	}
	for _, at := range []int64{now, now + 3600} {
		if got := tracker.Recent().Visitors(at, visit.Current); got != 0 {
			t.Errorf("%d visitors of other times are current", got)
		}
	}
	touch(1, now) // who was there an hour before
	touch(1, now-30)
	if got := tracker.Recent().Visitors(now, visit.Current); got != 1 {
		t.Errorf("%d visitors are current, want the one who came back", got)
	}
}
