package visit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// The funnel of the tests: page 1, then page 3 or 4, then an event, then page 1 again.
var funnelSteps = []func(hit.Path) bool{
	func(p hit.Path) bool { return p.String() == "/page/1" },
	func(p hit.Path) bool { return p.String() == "/page/3" || p.String() == "/page/4" },
	func(p hit.Path) bool { return p.IsZero() },
	func(p hit.Path) bool { return p.String() == "/page/1" },
}

// aim gives a hit of wander its targets: a goal for each page, a group of two pages, and the steps of the funnel.
func aim(v *visit.Visit) {
	v.Targets = append(v.Targets, hit.Target{Definition: hit.NewDefinition("page " + v.Page.String())})
	if p := v.Page.String(); p == "/page/2" || p == "/page/3" {
		v.Targets = append(v.Targets, hit.Target{Definition: hit.NewDefinition("/page/2 /page/3"), Kind: hit.CountedGroup})
	}
	for i := len(funnelSteps) - 1; i >= 0; i-- {
		if funnelSteps[i](v.Page) {
			v.Targets = append(v.Targets, hit.Target{Definition: hit.NewDefinition("a > b"), Kind: hit.CountedFunnel, Step: uint8(i + 1)})
		}
	}
}

// countTargets sums up what the tracker says of targets.
func countTargets(tr *visit.Tracker, log []step, location *time.Location) sums {
	s := sums{}
	for _, st := range log {
		v := st.visit
		aim(&v)
		day := time.Unix(v.Time, 0).In(location).Format(time.DateOnly)
		hit.Each(tr.Touch(&v).Reached, func(r *hit.Reached) {
			of := fmt.Sprintf("%s%d %s", r.Kind, r.Step, r.Definition)
			s.add("events", day+of, 1)
			if r.FirstToday {
				s.add("visitors", day+of, 1)
			}
			if r.FirstOfVisit {
				s.add("visits", day+of, 1)
			}
		})
	}
	return s
}

// targetTruth counts the same with the persons' numbers in plain sight: of a funnel, the visits whose hits hold the steps in
// their order.
func targetTruth(log []step, location *time.Location) sums {
	s, known := sums{}, map[string]bool{}
	type running struct {
		day          string
		last         int64
		number, step int
	}
	visits := map[int]*running{}
	for _, st := range log {
		v := st.visit
		day := time.Unix(v.Time, 0).In(location).Format(time.DateOnly)
		r := visits[st.who]
		if r == nil || r.day != day || v.Time > r.last+visit.Timeout {
			r = &running{day: day, number: len(known)}
			visits[st.who] = r
		}
		r.last = v.Time
		reach := func(of string) {
			s.add("events", day+of, 1)
			for what, key := range map[string]string{"visitors": "", "visits": fmt.Sprint(r.number)} {
				if key = fmt.Sprint(what, st.who, day, of, key); !known[key] {
					known[key] = true
					s.add(what, day+of, 1)
				}
			}
		}
		reach("goal0 page " + v.Page.String())
		if p := v.Page.String(); p == "/page/2" || p == "/page/3" {
			reach("group0 /page/2 /page/3")
		}
		if r.step < len(funnelSteps) && funnelSteps[r.step](v.Page) {
			r.step++
			reach(fmt.Sprintf("funnel%d a > b", r.step))
		}
	}
	return s
}

// TestTargetsAreDistinctCounts holds what is summed up of goals, groups and funnels against counts with ids.
func TestTargetsAreDistinctCounts(t *testing.T) {
	for i, j := range journeys {
		l := zone(t, j.zone)
		start, _ := time.Parse(time.RFC3339, j.start)
		log := wander(rand.New(rand.NewPCG(uint64(i), 7)), 400, 4, start)
		want := targetTruth(log, l)
		if d := cmp.Diff(want, countTargets(newTracker(t, visit.Options{Location: l}), log, l)); d != "" {
			t.Errorf("%s: %s", j.zone, d)
		}
		third := 0
		for k, n := range want {
			if k[:8] == "visitors" && len(k) > 20 && k[len(k)-7:] == "3 a > b" {
				third += n
			}
		}
		if third == 0 {
			t.Errorf("%s: nobody reaches the third step; the test shows little", j.zone)
		}
	}
}

// TestFunnelNeedsItsOrder goes over visits and how far they come.
func TestFunnelNeedsItsOrder(t *testing.T) {
	for _, c := range []struct {
		pages []int
		pause int // hit before which the visit ends
		want  []int
	}{
		{[]int{1, 3, 0, 1}, 9, []int{1, 2, 3, 4}},
		{[]int{1, 5, 3, 2, 2, 0}, 9, []int{1, 2, 3}},
		{[]int{3, 1, 0, 3}, 9, []int{1, 2}},
		{[]int{1, 1, 1}, 9, []int{1}}, // the first step is the last as well
		{[]int{1, 3, 0}, 1, []int{1}},
		{[]int{1, 3, 1, 3, 0}, 2, []int{1, 2, 1, 2, 3}},
	} {
		tr := newTracker(t, visit.Options{})
		var got []int
		now := int64(monday)
		for i, page := range c.pages {
			if now += 60; i == c.pause {
				now += visit.Timeout + 1
			}
			s := at(1, person(1), now, page, hit.Arrival{})
			aim(&s.visit)
			hit.Each(tr.Touch(&s.visit).Reached, func(r *hit.Reached) {
				if r.Kind == hit.CountedFunnel {
					got = append(got, int(r.Step))
				}
			})
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("pages %v: %s", c.pages, d)
		}
	}
}

// TestScrolledTargets reads pages in two visits of a day: each reaches a target once, the visitor the first time only.
func TestScrolledTargets(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	target := hit.Target{Definition: hit.NewDefinition("page /page/1 scroll 75")}
	now := int64(monday)
	for i, c := range []struct {
		page   int // viewed before; 0 for none
		pause  int64
		report int // page
		depth  int8
		want   string // depths before and after, and the marks of what is reached
	}{
		{1, 0, 1, 60, "0 60"},
		{0, 5, 1, 50, ""}, // no deeper than before
		{0, 5, 1, 80, "60 80 true true"},
		{0, 5, 1, 120, "80 100"},
		{0, 5, 1, -1, ""},
		{0, 5, 2, 90, ""}, // never seen
		{1, 5, 1, 100, ""},
		{1, visit.Timeout + 9, 1, 100, "0 100 false true"},
	} {
		if now += c.pause; c.page > 0 {
			view(tr, 1, now, c.page)
		}
		e := report(1, now+1, c.report, 1, c.depth)
		got := ""
		e.Scrolled = func(before, depth uint8) []hit.Target {
			if got = fmt.Sprint(before, depth); before < 75 && depth >= 75 {
				return []hit.Target{target}
			}
			return nil
		}
		o := tr.Engage(e)
		hit.Each(o.Reached, func(r *hit.Reached) { got += fmt.Sprint(" ", r.FirstToday, " ", r.FirstOfVisit) })
		if got != c.want {
			t.Errorf("report %d: %q, want %q", i, got, c.want)
		}
	}
}
