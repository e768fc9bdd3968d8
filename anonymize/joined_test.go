package anonymize_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	"unique"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// arrival is a line or a beacon on its way to Klar.
type arrival struct {
	comes  int64 // when Klar sees it
	log    bool
	person int
	time   int64
	page   string
}

// figures are what is counted, by name and value.
type figures map[string]int

// surf makes up a day of people, half of whom block beacons, and counts what they do. Those who do not also turn pages
// without asking the server. delay says how long after a view its line and its beacon arrive.
func surf(r *rand.Rand, delay func() (line, beacon int64)) ([]arrival, figures) {
	var all []arrival
	truth := figures{}
	midnight := time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC).Unix()
	for who := range 120 {
		blocks := who%2 == 0
		truth["visitors"]++
		at := midnight + 7200 + r.Int64N(3*3600)
		for range 1 + r.IntN(3) {
			views := 1 + r.IntN(6)
			seen := 0
			for n := range views {
				page := fmt.Sprintf("/%c", 'a'+r.IntN(3))
				asks := n == 0 || r.IntN(3) > 0
				line, beacon := delay()
				if asks {
					all = append(all, arrival{at + line, true, who, at, page})
				}
				if !blocks {
					all = append(all, arrival{at + beacon, false, who, at + beacon, page})
					truth["beaconed"]++
				}
				if asks || !blocks {
					truth["pageviews"]++
					truth[page]++
					seen++
				}
				at += 30 + r.Int64N(300)
			}
			truth["visits"]++
			if seen > 1 {
				truth["engaged"]++
			}
			at += 5400 + r.Int64N(3600)
		}
	}
	truth["requests"] = len(all)
	slices.SortStableFunc(all, func(a, b arrival) int { return int(a.comes - b.comes) })
	return all, truth
}

// raw is what the collector makes of it.
func (a arrival) raw() raw.Hit {
	return beacon(func(f *raw.Fields) {
		f.Time, f.Target = a.time, []byte(a.page+"?q=1")
		f.Addr = fmt.Appendf(nil, "10.%d.%d.9", a.person/20, a.person%20)
		f.Language = []byte("de, en;q=0.8")
		if a.log {
			f.Origin, f.Method, f.Status, f.Language = raw.FromLog, []byte("GET"), 200, nil
		}
	})
}

// add adds up what hits count, as storage does.
func (s figures) add(hits []hit.Hit) {
	for i := range hits {
		h := &hits[i]
		s["requests"]++
		if !h.Counts() {
			continue
		}
		s["beaconed"] += int(h.Marks.Bit(hit.Beaconed))
		if h.Marks.Has(hit.Known) {
			continue
		}
		s["pageviews"]++
		s[h.Path.String()]++
		s["visitors"] += int(h.Marks.Bit(hit.FirstToday))
		s["visits"] += int(h.Marks.Bit(hit.FirstOfVisit))
		s["engaged"] += int(h.Marks.Bit(hit.Second))
	}
}

// joined are the anonymizers of the logs and of the beacons of one site.
func joined(t *testing.T) (logs, beacons *anonymize.Anonymizer) {
	t.Helper()
	visits, err := anonymize.NewVisits()
	if err != nil {
		t.Fatal(err)
	}
	o := policy()
	o.Visits = visits
	o.Sites[0].Logs = true
	return open(t, o), open(t, o)
}

// TestLogsAndBeaconsCountOnce lets the two sources of a site tell of the same people in different orders.
func TestLogsAndBeaconsCountOnce(t *testing.T) {
	t.Parallel()
	for name, delay := range map[string]func(r *rand.Rand) (line, beacon int64){
		"as they come":   func(r *rand.Rand) (line, beacon int64) { return r.Int64N(4), r.Int64N(4) },
		"lines first":    func(r *rand.Rand) (line, beacon int64) { return 0, 1 + r.Int64N(5) },
		"beacons first":  func(r *rand.Rand) (line, beacon int64) { return 6 + r.Int64N(20), r.Int64N(5) },
		"lines are late": func(r *rand.Rand) (line, beacon int64) { return 4 * 3600, r.Int64N(5) },
	} {
		for seed := range uint64(8) {
			r := rand.New(rand.NewPCG(seed, 7))
			all, truth := surf(r, func() (int64, int64) { return delay(r) })
			logs, beacons := joined(t)
			got := figures{}
			for _, a := range all {
				of := beacons
				if a.log {
					of = logs
				}
				if _, err := of.Add(a.raw()); err != nil {
					t.Fatal(err)
				}
				// A batch is counted before the other source's next: what comes later is known later.
				if r.IntN(3) == 0 {
					got.add(beacons.Seal())
					got.add(logs.Seal())
				}
			}
			got.add(beacons.Seal())
			got.add(logs.Seal())
			if d := cmp.Diff(truth, got); d != "" {
				t.Errorf("%s, seed %d (-want +got):\n%s", name, seed, d)
			}
		}
	}
}

// TestPageToldByFragment wants the line of a page that is told by its fragment to be known by the page that was asked for.
func TestPageToldByFragment(t *testing.T) {
	t.Parallel()
	logs, beacons := joined(t)
	got := figures{}
	view := func(a *anonymize.Anonymizer, change func(f *raw.Fields)) {
		t.Helper()
		if _, err := a.Add(beacon(change)); err != nil {
			t.Fatal(err)
		}
		got.add(a.Seal())
	}
	fragment := func(f *raw.Fields) { f.Target, f.Document = []byte("/app/start?q=1"), []byte("/app") }
	line := func(f *raw.Fields) {
		f.Target, f.Origin, f.Method, f.Status = []byte("/app?q=1"), raw.FromLog, []byte("GET"), 200
	}
	view(beacons, fragment)
	view(logs, line)
	view(logs, line)
	view(beacons, fragment)
	want := figures{"requests": 4, "pageviews": 2, "/app": 1, "/app/start": 1, "beaconed": 2, "visitors": 1, "visits": 1, "engaged": 1}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestBeaconOfALaterVisit shows a page again without asking the server, hours after a view whose beacon never came.
func TestBeaconOfALaterVisit(t *testing.T) {
	t.Parallel()
	logs, beacons := joined(t)
	got := figures{}
	noon := time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC).Unix()
	for _, step := range []struct {
		of    *anonymize.Anonymizer
		after int64
	}{{logs, 0}, {beacons, 10000}, {beacons, 10010}, {logs, 10005}, {logs, 10020}} {
		if _, err := step.of.Add(arrival{log: step.of == logs, time: noon + step.after, page: "/a"}.raw()); err != nil {
			t.Fatal(err)
		}
		got.add(step.of.Seal())
	}
	// The first beacon begins a visit, and the second line is its; the second beacon is taken for that of the first line.
	want := figures{"requests": 5, "pageviews": 3, "/a": 3, "beaconed": 2, "visitors": 1, "visits": 2, "engaged": 1}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestBeaconTellsMore lets a line tell of a visitor whose language and screen only the beacon knows.
func TestBeaconTellsMore(t *testing.T) {
	t.Parallel()
	logs, beacons := joined(t)
	a := arrival{time: time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC).Unix(), page: "/a", log: true}
	if _, err := logs.Add(a.raw()); err != nil {
		t.Fatal(err)
	}
	line := logs.Seal()[0]
	if v := line.Visitor.Value(); v.Alone != (hit.Alone{}) {
		t.Errorf("the line tells %+v", v.Alone)
	}
	for _, width := range []int{0, 1500, 300} {
		h := beacon(func(f *raw.Fields) {
			f.Addr, f.Target, f.Time, f.Width, f.Language = []byte("10.0.0.9"), []byte("/a"), a.time, width, []byte("de-AT,en")
		})
		if _, err := beacons.Add(h); err != nil {
			t.Fatal(err)
		}
		h2 := beacons.Seal()[0]
		before, told := h2.Before, h2.Visitor.Value().Alone
		switch want := (hit.Alone{Language: hit.NewLanguage("de-AT"), Screen: hit.ScreenDesktop}); width {
		case 0:
			if h2.Visitor != line.Visitor || before != (unique.Handle[hit.Visitor]{}) {
				t.Error("a beacon without a width changes what is known")
			}
		case 1500:
			if told != want || before != line.Visitor {
				t.Errorf("the beacon tells %+v, want %+v", told, want)
			}
			if h2.Crowd.Value().Alone != (hit.Alone{}) {
				t.Error("what is counted alone is in the crowd's combination")
			}
		default:
			if told != want || before != (unique.Handle[hit.Visitor]{}) {
				t.Errorf("a visitor's screen changes to %+v", told)
			}
		}
	}
}

// TestVisitsAreForgottenWhenBothHaveThem lets the beacons forget a day of which lines are still to come.
func TestVisitsAreForgottenWhenBothHaveThem(t *testing.T) {
	t.Parallel()
	logs, beacons := joined(t)
	a := arrival{person: 1, time: time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC).Unix(), page: "/a"}
	first := func(of *anonymize.Anonymizer) bool {
		t.Helper()
		a.log = of == logs
		if _, err := of.Add(a.raw()); err != nil {
			t.Fatal(err)
		}
		h := of.Seal()[0]
		return h.Marks.Has(hit.FirstToday)
	}
	if !first(beacons) {
		t.Fatal("a visitor is not new")
	}
	tomorrow := a.time + 86400
	beacons.Forget(tomorrow)
	if a.page = "/b"; first(logs) {
		t.Error("the visitor is forgotten while lines of the day may come")
	}
	logs.Forget(tomorrow)
	if a.page = "/c"; !first(logs) {
		t.Error("the visitor is known although neither source waits for more of the day")
	}
	if err := logs.Close(); err != nil {
		t.Fatal(err)
	}
	if a.page = "/d"; first(beacons) {
		t.Error("the visits end with the first of the two that share them")
	}
}
