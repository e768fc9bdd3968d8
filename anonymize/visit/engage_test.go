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

// report is what somebody's page tells.
func report(who int, unix int64, page int, seconds uint32, depth int8) *visit.Engagement {
	p := person(who)
	return &visit.Engagement{
		Time: unix, Who: identity(p.net, p.agent, p.language), Host: hit.NewHost("example.org"),
		Page: hit.NewPath(fmt.Sprint("/page/", page)), Seconds: seconds, Depth: depth,
	}
}

// view touches a page view of a page that reports.
func view(tr *visit.Tracker, who int, unix int64, page int) visit.Outcome {
	s := at(who, person(who), unix, page, hit.Arrival{})
	s.visit.Reported = true
	return tr.Touch(&s.visit)
}

// TestReadingAndDepth holds the sums of random reports against the largest depth of each visit and page, and all seconds.
func TestReadingAndDepth(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	tr := newTracker(t, visit.Options{})
	got, want := sums{}, sums{}
	deepest := map[string]int{}
	now := int64(monday)
	visits, alive := make([]int, 40), make([]int64, 40)
	for range 8000 {
		who, page := r.IntN(len(visits)), 1+r.IntN(4)
		if now += r.Int64N(9); r.IntN(1000) == 0 {
			now += 2000
		}
		if r.IntN(3) == 0 {
			o := view(tr, who, now, page)
			visits[who] += int(o.Marks.Bit(hit.FirstOfVisit))
			alive[who] = now
			deepest[fmt.Sprint(who, " ", visits[who], " seen ", page)] = 1
			continue
		}
		seconds, depth := uint32(r.IntN(10)), int8(r.IntN(103)-2)
		o := tr.Engage(report(who, now, page, seconds, depth))
		if o.Marks != 0 || o.Seconds != 0 || o.Lasted != 0 {
			t.Fatal("a report is counted as something that the visitor did")
		}
		got.add("reading", o.From.String(), int(o.Reading))
		got.add("scroll", o.From.String(), int(o.Scroll))
		got.add("scrolled", o.From.String(), o.Moves.Bit(hit.FromScrolled))
		if deepest[fmt.Sprint(who, " ", visits[who], " seen ", page)] == 0 || now > alive[who]+visit.Timeout {
			if o != (visit.Outcome{Pending: -1}) {
				t.Fatal("a report of a page that the visit has not seen is counted")
			}
			continue
		}
		alive[who] = now
		path := fmt.Sprint("/page/", page)
		want.add("reading", path, int(seconds))
		if depth < 0 {
			continue
		}
		key := fmt.Sprint(who, " ", visits[who], " ", page)
		known, ok := deepest[key]
		if !ok {
			want.add("scrolled", path, 1)
		}
		if deepest[key] = max(known, int(min(depth, 100))); deepest[key] > known {
			want.add("scroll", path, deepest[key]-known)
		}
	}
	if d := cmp.Diff(want.without(), got.without()); d != "" {
		t.Error(d)
	}
	if len(want) != 12 {
		t.Errorf("%d sums, want three of four pages", len(want))
	}
}

// TestReportsKeepVisitsAlive reads on for longer than a visit's silence may last.
func TestReportsKeepVisitsAlive(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	view(tr, 1, monday, 1)
	for _, s := range []int64{1500, 3000} {
		if o := tr.Engage(report(1, monday+s, 1, 1500, 10)); o.Reading != 1500 || o.FromHour != monday {
			t.Errorf("after %d s: %d s in the hour %d", s, o.Reading, o.FromHour)
		}
	}
	if o := view(tr, 1, monday+4000, 2); o.Marks.Has(hit.FirstOfVisit) || o.Seconds != 4000 || o.Reading != 0 {
		t.Errorf("marks %b and %d s after a page that was read for long", o.Marks, o.Seconds)
	}
	if o := tr.Engage(report(1, monday+4000+1801, 2, 1801, 50)); o != (visit.Outcome{Pending: -1}) {
		t.Error("a report goes on with a visit that is over")
	}
	if o := view(tr, 1, monday+6000, 1); !o.Marks.Has(hit.FirstOfVisit) {
		t.Error("a report that came too late kept a visit alive")
	}
}

// TestReportsOfNothing are of nobody, of a page that was not told of, and of yesterday.
func TestReportsOfNothing(t *testing.T) {
	tr := newTracker(t, visit.Options{Location: time.UTC})
	view(tr, 1, monday+oneDay-30, 1)
	nothing := visit.Outcome{Pending: -1}
	for name, e := range map[string]*visit.Engagement{
		"of a stranger":        report(2, monday+oneDay-20, 1, 5, 5),
		"of another page":      report(1, monday+oneDay-20, 2, 5, 5),
		"over midnight":        report(1, monday+oneDay+5, 1, 5, 5),
		"of an unknown day":    report(1, monday+5*oneDay, 1, 5, 5),
		"of a page of no name": {Time: monday + oneDay - 20, Who: report(1, 0, 1, 0, 0).Who, Seconds: 5, Depth: 5},
	} {
		if o := tr.Engage(e); o != nothing {
			t.Errorf("a report %s is counted", name)
		}
	}
	if f := tr.Figures(); f.Days != 1 {
		t.Errorf("%d days are remembered for reports of nobody", f.Days)
	}
	if o := tr.Engage(report(1, monday+oneDay-20, 1, 1e9, 127)); o.Reading != 20 || o.Scroll != 100 {
		t.Errorf("%d s and %d %% of a page that was there for 10 s", o.Reading, o.Scroll)
	}
	if o := tr.Engage(report(1, monday+oneDay-15, 1, 0, -1)); o.Scroll != 0 || o.Moves != 0 {
		t.Error("an unknown depth is counted")
	}
}

// TestUnreportedPagesAreTimedOnce lets a page report that is timed by the next page view.
func TestUnreportedPagesAreTimedOnce(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	touch(tr, 1, monday, 1)
	if o := tr.Engage(report(1, monday+20, 1, 20, 30)); o.Reading != 0 || o.Scroll != 30 {
		t.Errorf("%d s and %d %%", o.Reading, o.Scroll)
	}
	if o := touch(tr, 1, monday+60, 2); o.Reading != 60 || !o.Moves.Has(hit.FromTimed) {
		t.Errorf("%d s until the next page view", o.Reading)
	}
}
