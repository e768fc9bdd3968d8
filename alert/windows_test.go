package alert

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/klar-analytics/klar/hit"
)

var site = hit.NewSite("example.org")

// netOf is the n-th network.
func netOf(n int) hit.Net {
	return hit.NewNet(netip.AddrFrom4([4]byte{10 + byte(n>>16), byte(n >> 8), byte(n), 1}), 24, 48)
}

// missing is a request for the n-th path that does not exist.
func missing(net hit.Net, n int, at int64) *hit.Observation {
	return &hit.Observation{Site: site, Net: net, Time: at, File: uint64(n) + 1, Agent: 1, Status: 404, Method: hit.MethodGet, Kind: hit.KindPage}
}

func builtinWindows(t testing.TB, trip func(Trip)) *Windows {
	t.Helper()
	rules, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWindows(rules, trip)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAScanRaisesOneAlertAndThenIsSilentForAWhile(t *testing.T) {
	var trips []Trip
	w := builtinWindows(t, func(trip Trip) { trips = append(trips, trip) })
	for second := range 1000 { // a new path each second, for longer than three times the silence
		w.Observe(missing(netOf(1), second, 1_700_000_000+int64(second)))
	}
	var at []int64
	for _, trip := range trips {
		if trip.Rule.Name != "klar/http-scan" || trip.Net != netOf(1) || trip.Site != site {
			t.Fatalf("unexpected: %s of %s", trip.Rule.Name, trip.Net)
		}
		at = append(at, trip.Time-1_700_000_000)
	}
	// The first when the eleventh is poured in, one having leaked after ten seconds; the next after five minutes and again so many.
	if want := []int64{11, 322, 633, 944}; len(at) != len(want) || at[0] != want[0] || at[1] < 311 || at[1] > 330 {
		t.Errorf("alerts after %d seconds, want about %d", at, want)
	}
}

func TestAnotherLogBeginsWithEmptyWindows(t *testing.T) {
	trips := 0
	w := builtinWindows(t, func(Trip) { trips++ })
	for log := range 3 {
		for n := range 11 {
			w.Observe(missing(netOf(1), n, 1_700_000_000-int64(log)*86400))
		}
	}
	if trips != 3 {
		t.Errorf("%d alerts in three logs, each a day before the other; want 3", trips)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	w := builtinWindows(t, func(Trip) {})
	w.most = limits{sources: 100, buckets: 250, values: 2000}
	for n := range 10_000 {
		for file := range 9 {
			w.Observe(missing(netOf(n), file, 1_700_000_000))
		}
		// A network's own buckets are few, whatever number of files it posts to.
		for file := range 100 {
			w.Observe(&hit.Observation{Site: site, Net: netOf(n), Time: 1_700_000_000, File: uint64(file) + 1, Status: 200, Method: hit.MethodPost})
		}
		if len(w.sources) > 100 || w.buckets > 250+maxOwn || w.values > 2000+maxOwn*16 {
			t.Fatalf("after %d networks: %d networks, %d buckets, %d values are remembered", n, len(w.sources), w.buckets, w.values)
		}
	}
	buckets, values := 0, 0
	for _, s := range w.sources {
		buckets += len(s.buckets)
		for i := range s.buckets {
			values += cap(s.buckets[i].seen)
		}
	}
	if buckets != w.buckets || values != w.values {
		t.Errorf("%d buckets and %d values are counted, there are %d and %d", w.buckets, w.values, buckets, values)
	}
}

func TestTheBusyAreRememberedLongest(t *testing.T) {
	var trips []Trip
	w := builtinWindows(t, func(trip Trip) { trips = append(trips, trip) })
	w.most.sources = 100
	for n := range 11 {
		w.Observe(missing(netOf(1), n, 1_700_000_000))
		for other := range 90 { // of others, too many to be remembered all
			w.Observe(missing(netOf(1000+n*90+other), 0, 1_700_000_000))
		}
	}
	if len(trips) != 1 || trips[0].Net != netOf(1) {
		t.Errorf("%d alerts, want that of the network that came again and again", len(trips))
	}
}

func TestOrdinaryRequestsAllocateNothing(t *testing.T) {
	w := builtinWindows(t, func(Trip) {})
	o := &hit.Observation{Site: site, Net: netOf(1), File: 1, Agent: 1, Status: 200, Method: hit.MethodGet}
	w.Observe(o)
	if n := testing.AllocsPerRun(1000, func() {
		o.Time++
		o.File = o.File%10 + 1
		w.Observe(o)
	}); n > 0 {
		t.Errorf("a request allocates %v times", n)
	}
}

// BenchmarkObserve is an ordinary page view, of one of a thousand networks.
func BenchmarkObserve(b *testing.B) {
	w := builtinWindows(b, func(Trip) {})
	nets := make([]hit.Net, 1000)
	for i := range nets {
		nets[i] = netOf(i)
	}
	o := &hit.Observation{Site: site, Agent: 1, Status: 200, Method: hit.MethodGet, Time: time.Now().Unix()}
	n := 0
	for b.Loop() {
		n++
		o.Net, o.File = nets[n%1000], uint64(n%7)+1
		if n%100 == 0 {
			o.Time++
		}
		w.Observe(o)
	}
}

// TestTrippedRulesAreTold lets a network scan, and then look at a page, and another one ask for one page very often.
func TestTrippedRulesAreTold(t *testing.T) {
	w := builtinWindows(t, func(Trip) {})
	var told []string
	see := func(o *hit.Observation) {
		for _, r := range w.Observe(o) {
			told = append(told, fmt.Sprint(r.Rule, " ", r.Requests))
		}
	}
	for n := range 13 {
		see(missing(netOf(1), n, 1_700_000_000))
	}
	page := hit.Observation{Site: site, Net: netOf(1), Time: 1_700_000_001, File: 7, Agent: 1, Status: 200, Kind: hit.KindPage, Method: hit.MethodGet}
	see(&page)
	for range 200 {
		page.Net = netOf(2)
		see(&page)
	}
	if want := []string{"klar/http-scan 11", "klar/http-scan 1", "klar/http-scan 1", "klar/http-flood 61", "klar/http-flood 61", "klar/http-flood 61"}; !slices.Equal(told, want) {
		t.Errorf("told is %q, want %q", told, want)
	}
}

// TestOtherRulesBeginAnew takes other rules while a network is half way to an alert of the old ones.
func TestOtherRulesBeginAnew(t *testing.T) {
	trips := 0
	w := builtinWindows(t, func(Trip) { trips++ })
	for n := range 10 {
		w.Observe(missing(netOf(1), n, 1_700_000_000))
	}
	rules, err := ParseRules([]byte("{name: own, description: d, filter: status == 404, capacity: 1, leakspeed: 10s}"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Take(rules); err != nil {
		t.Fatal(err)
	}
	if w.Observe(missing(netOf(1), 10, 1_700_000_000)); trips != 0 {
		t.Error("the old rules hold, or the new one counts what came before")
	}
	if got := w.Observe(missing(netOf(1), 11, 1_700_000_000)); trips != 1 || len(got) != 1 || got[0].Rule != hit.NewRule("own") {
		t.Errorf("the new rule is tripped %d times: %v", trips, got)
	}
}
