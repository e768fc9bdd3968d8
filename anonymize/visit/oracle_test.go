package visit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
	"unique"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// count sums up the marks that the tracker gives, in batches, as storage does.
func count(tr *visit.Tracker, log []step, location *time.Location) sums {
	s := sums{}
	for i, st := range log {
		v := st.visit
		o := tr.Touch(&v)
		m := func(k hit.Marks) int { return int(o.Marks.Bit(k)) }
		day := time.Unix(v.Time, 0).In(location).Format(time.DateOnly)
		a := o.Arrival.Value()
		what := v.Page.String() + v.Event.String()
		s.add("visitors", day, m(hit.FirstToday))
		s.add("hour", time.Unix(tr.Calendar().Hour(v.Time), 0).UTC(), m(hit.FirstThisHour))
		s.add("visits", day, m(hit.FirstOfVisit))
		s.add("engaged", day, m(hit.Second))
		s.add("seconds", day, int(o.Seconds))
		s.add("page", day+what, m(hit.FirstOnPage))
		s.add("visit page", day+what, m(hit.FirstOfVisitOnPage))
		s.add("host", day+v.Host.String(), m(hit.FirstOnHost))
		s.add("entry", day+a.Entry.String(), m(hit.FirstFromEntry))
		s.add("entry host", day+a.EntryHost.String(), m(hit.FirstFromEntryHost))
		s.add("source", day+a.Source.String(), m(hit.FirstFromSource))
		s.add("channel", day+a.Channel.String(), m(hit.FirstFromChannel))
		s.add("referrer", day+a.Referrer.String(), m(hit.FirstFromReferrer))
		s.add("utm_source", day+a.UTMSource.String(), m(hit.FirstFromUTMSource))
		s.add("utm_term", day+a.UTMTerm.String(), m(hit.FirstFromUTMTerm))
		s.add("browser", day+o.Visitor.Value().Browser.String(), m(hit.FirstToday))
		if i%1000 == 999 {
			tr.Settle()
		}
	}
	return s
}

// truth counts the same with the persons' numbers in plain sight, from the log in the order of time.
func truth(log []step, location *time.Location) sums {
	s := sums{}
	known := map[string]bool{}
	type running struct {
		day     string
		last    int64
		number  int
		pages   int
		engaged bool
		arrival hit.Arrival
	}
	visits := map[int]*running{}
	for _, st := range log {
		v := st.visit
		local := time.Unix(v.Time, 0).In(location)
		day := local.Format(time.DateOnly)
		hour := time.Unix(v.Time-int64(local.Minute()*60+local.Second()), 0).UTC()
		once := func(dimension string, value any, visit ...int) {
			if k := fmt.Sprint(dimension, "|", value, "|", day, "|", st.who, "|", visit); !known[k] {
				known[k] = true
				s.add(dimension, value, 1)
			}
		}
		r := visits[st.who]
		if r == nil || r.day != day || v.Time > r.last+visit.Timeout {
			n := 1
			if r != nil {
				n = r.number + 1
			}
			r = &running{day: day, last: v.Time, number: n, arrival: v.Arrival}
			r.arrival.Entry, r.arrival.EntryHost = v.Page, v.Host
			visits[st.who] = r
			s.add("visits", day, 1)
		}
		s.add("seconds", day, int(v.Time-r.last))
		r.last = v.Time
		if v.Event.IsZero() {
			r.pages++
		}
		if !r.engaged && (r.pages == 2 && v.Event.IsZero() || !v.Event.IsZero() && v.Interactive) {
			r.engaged = true
			s.add("engaged", day, 1)
		}
		what := v.Page.String() + v.Event.String()
		once("visitors", day)
		once("hour", hour)
		once("page", day+what)
		once("visit page", day+what, r.number)
		once("host", day+v.Host.String())
		once("entry", day+r.arrival.Entry.String())
		once("entry host", day+r.arrival.EntryHost.String())
		once("source", day+r.arrival.Source.String())
		once("channel", day+r.arrival.Channel.String())
		once("referrer", day+r.arrival.Referrer.String())
		once("browser", day+person(st.who).attributes.Browser.String())
		if u := r.arrival.UTMSource; !u.IsZero() {
			once("utm_source", day+u.String())
		}
		if u := r.arrival.UTMTerm; !u.IsZero() {
			once("utm_term", day+u.String())
		}
	}
	return s
}

var journeys = []struct{ zone, start string }{
	{"Europe/Berlin", "2026-03-27T22:30:00Z"}, // clocks forward on the 29th
	{"Europe/Berlin", "2026-10-23T20:00:00Z"}, // and back on the 25th
	{"Asia/Kolkata", "2026-06-01T12:00:00Z"},  // half past
	{"America/Havana", "2026-03-06T03:00:00Z"},
	{"UTC", "1969-12-30T00:00:00Z"}, // before 1970
}

// TestSumsAreDistinctCounts holds the sums of the marks against counts of distinct persons, on a log in order.
func TestSumsAreDistinctCounts(t *testing.T) {
	for i, j := range journeys {
		t.Run(j.zone+j.start, func(t *testing.T) {
			l := zone(t, j.zone)
			start, _ := time.Parse(time.RFC3339, j.start)
			log := wander(rand.New(rand.NewPCG(uint64(i), 1)), 400, 4, start)
			got := count(newTracker(t, visit.Options{Location: l}), log, l)
			if d := cmp.Diff(truth(log, l), got); d != "" {
				t.Error(d)
			}
		})
	}
}

// dependsOnOrder lists the sums that name the hit which came first, not only how many there were.
var dependsOnOrder = []string{"entry", "entry host", "source", "channel", "referrer", "utm_source", "utm_term"}

// TestOutOfOrder moves the hits by up to five minutes: nothing changes but which hit came first in its visit.
func TestOutOfOrder(t *testing.T) {
	for i, j := range journeys {
		t.Run(j.zone+j.start, func(t *testing.T) {
			l := zone(t, j.zone)
			start, _ := time.Parse(time.RFC3339, j.start)
			r := rand.New(rand.NewPCG(uint64(i), 2))
			log := wander(r, 400, 4, start)
			got := count(newTracker(t, visit.Options{Location: l}), disorder(r, log, 300), l)
			want := truth(log, l)
			lead(want, got)
			for _, s := range []sums{want, got} {
				for k := range s {
					if i := slices.IndexFunc(dependsOnOrder, func(d string) bool { return len(k) > len(d) && k[:len(d)+1] == d+"=" }); i >= 0 {
						delete(s, k)
					}
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// lead allows for the seconds between the hit that a visit began with and an earlier one that came later: they are
// not counted, which five minutes of disorder may make one in a hundred.
func lead(want, got sums) {
	for k, n := range want {
		if len(k) > 8 && k[:8] == "seconds=" && got[k] <= n && got[k] >= n-n/20 {
			got[k] = n
		}
	}
}

// TestFilesOfTheSameDays reads two files that cover the same days one after the other, as two servers write them.
func TestFilesOfTheSameDays(t *testing.T) {
	l := zone(t, "Europe/Berlin")
	log := wander(rand.New(rand.NewPCG(3, 3)), 300, 5, time.Date(2026, 5, 1, 0, 0, 0, 0, l))
	var first, second []step
	for _, s := range log {
		if s.who%2 == 0 || s.visit.Time%3 == 0 {
			first = append(first, s)
		} else {
			second = append(second, s)
		}
	}
	want, got := truth(log, l), count(newTracker(t, visit.Options{Location: l}), slices.Concat(first, second), l)
	for k, n := range want {
		if len(k) > 8 && (k[:8] == "visitors" || k[:4] == "page" || k[:4] == "hour" || k[:4] == "host") && got[k] != n {
			t.Errorf("%s: %d, want %d", k, got[k], n)
		}
	}
}

// TestKeysDoNotMatter counts the same log twice, under different keys.
func TestKeysDoNotMatter(t *testing.T) {
	log := wander(rand.New(rand.NewPCG(4, 4)), 500, 3, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	run := func() (out []visit.Outcome) {
		tr := newTracker(t, visit.Options{})
		for batch := range slices.Chunk(log, 700) {
			from := len(out)
			for _, s := range batch {
				out = append(out, tr.Touch(&s.visit))
			}
			settled := tr.Settle()
			for i := range out[from:] {
				if o := &out[from+i]; o.Pending >= 0 {
					o.Crowd, o.Visitor = settled[o.Pending].Crowd, unique.Make(settled[o.Pending].Complete(o.Visitor.Value()))
				}
			}
		}
		return out
	}
	if !slices.Equal(run(), run()) {
		t.Error("two runs differ")
	}
}

// TestEdgesOfAVisit goes over the half hour before and after a visit's hits.
func TestEdgesOfAVisit(t *testing.T) {
	for _, c := range []struct {
		name   string
		times  []int64
		visits int
		sum    uint32
	}{
		{"half an hour", []int64{0, 1800, 3600}, 1, 3600},
		{"a second more", []int64{0, 1801}, 2, 0},
		{"late by half an hour", []int64{5000, 3200, 1400}, 1, 0},
		{"late by a second more", []int64{5000, 3199}, 2, 0},
		{"late within a long visit", []int64{0, 1800, 3600, 5400, 100}, 1, 5400},
		{"on after a late one", []int64{5000, 3200, 6000}, 1, 1000},
	} {
		tr := newTracker(t, visit.Options{})
		visits, sum := 0, uint32(0)
		for _, s := range c.times {
			o := touch(tr, 1, monday+s, 1)
			visits += int(o.Marks.Bit(hit.FirstOfVisit))
			sum += o.Seconds
		}
		if visits != c.visits || sum != c.sum {
			t.Errorf("%s: %d visits of %d seconds, want %d of %d", c.name, visits, sum, c.visits, c.sum)
		}
	}
}

// TestBounce goes over what makes a visit more than a bounce.
func TestBounce(t *testing.T) {
	const page, event, click = 1, 2, 3
	for _, c := range []struct {
		hits []int
		at   int // the hit that is the second, from 0; -1 if none
	}{
		{[]int{page}, -1},
		{[]int{page, page, page}, 1},
		{[]int{page, event, event}, -1},
		{[]int{page, event, click, page}, 2},
		{[]int{click, page, page}, 0},
		{[]int{event, page, page}, 2},
	} {
		tr := newTracker(t, visit.Options{})
		for i, h := range c.hits {
			s := at(1, person(1), monday+int64(i), 1, hit.Arrival{})
			if h != page {
				s.visit.Event, s.visit.Interactive = hit.NewEvent("Signup"), h == click
			}
			if o := tr.Touch(&s.visit); o.Marks.Has(hit.Second) != (i == c.at) {
				t.Errorf("hits %v: hit %d is given the wrong mark", c.hits, i)
			}
		}
	}
}

// TestVisitKeepsItsArrival comes back within the visit from elsewhere, and on an event of the same name as a page.
func TestVisitKeepsItsArrival(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	hits := []step{
		at(1, person(1), monday, 1, hit.Arrival{Source: hit.NewSource("Google"), Channel: hit.ChannelOrganicSearch}),
		at(1, person(1), monday+60, 2, hit.Arrival{Source: hit.NewSource("news.example"), Channel: hit.ChannelReferral}),
		at(1, person(1), monday+90, 0, hit.Arrival{}),
	}
	hits[2].visit.Event = hit.NewEvent("/page/1")
	for i := range hits {
		o := tr.Touch(&hits[i].visit)
		if a := o.Arrival.Value(); a.Source.String() != "Google" || a.Entry.String() != "/page/1" {
			t.Errorf("hit %d does not carry the arrival of its visit", i)
		}
		if o.Marks.Has(hit.FirstOfVisit) != (i == 0) || !o.Marks.Has(hit.FirstOnPage|hit.FirstOfVisitOnPage) {
			t.Errorf("hit %d has wrong marks", i)
		}
	}
}
