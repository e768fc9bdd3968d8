package visit_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// countFlow sums up what the tracker says of pages, as storage does: a row is an hour, a host, a page and an arrival.
func countFlow(tr *visit.Tracker, log []step, location *time.Location) sums {
	s := sums{}
	for i, st := range log {
		v := st.visit
		o := tr.Touch(&v)
		day := time.Unix(v.Time, 0).In(location).Format(time.DateOnly)
		row := func(hour int64, host hit.Host, page hit.Path) string {
			a := o.Arrival.Value()
			return fmt.Sprint(day, hour, host, page, a.Entry, a.Source)
		}
		here, before := row(tr.Calendar().Hour(v.Time), v.Host, v.Page), row(o.FromHour, o.FromHost, o.From)
		if v.Event.IsZero() {
			s.add("views", day+" "+o.From.String()+">"+v.Page.String(), 1)
			s.add("exits", here, 1)
			s.add("exit seconds", here, int(o.Lasted+o.Seconds))
			s.add("visitors exit", day+v.Page.String(), o.Moves.Bit(hit.ExitFirst))
			s.add("visitors exit host", day+v.Host.String(), o.Moves.Bit(hit.ExitHostFirst))
			s.add("timed", here, o.Moves.Bit(hit.Timed))
		}
		if !o.From.IsZero() {
			if v.Event.IsZero() {
				s.add("exits", before, -1)
				s.add("exit seconds", before, -int(o.Lasted))
				s.add("visitors exit", day+o.From.String(), -o.Moves.Bit(hit.ExitLeft))
				s.add("visitors exit host", day+o.FromHost.String(), -o.Moves.Bit(hit.ExitHostLeft))
			} else {
				s.add("exit seconds", before, int(o.Seconds))
			}
			s.add("reading", before, int(o.Reading))
			s.add("timed", before, o.Moves.Bit(hit.FromTimed))
		}
		if i%1000 == 999 {
			tr.Settle()
		}
	}
	return s
}

// trueFlow cuts the log into visits with the persons' numbers in plain sight, and looks at each visit as a whole.
func trueFlow(log []step, location *time.Location) sums {
	s := sums{}
	visits := map[int][][]visit.Visit{}
	for _, st := range log {
		list := visits[st.who]
		date := func(v visit.Visit) string { return time.Unix(v.Time, 0).In(location).Format(time.DateOnly) }
		if n := len(list); n > 0 {
			last := list[n-1][len(list[n-1])-1]
			if date(last) == date(st.visit) && st.visit.Time <= last.Time+visit.Timeout {
				list[n-1] = append(list[n-1], st.visit)
				continue
			}
		}
		visits[st.who] = append(list, []visit.Visit{st.visit})
	}
	for _, list := range visits {
		exits := map[string]bool{}
		for _, hits := range list {
			trueVisit(s, exits, hits, location)
		}
	}
	return s
}

// trueVisit adds one visit. exits are the visitor's exit pages, and their hosts, with their days.
func trueVisit(s sums, exits map[string]bool, hits []visit.Visit, location *time.Location) {
	first := hits[0]
	day := time.Unix(first.Time, 0).In(location).Format(time.DateOnly)
	row := func(v *visit.Visit) string {
		local := time.Unix(v.Time, 0).In(location)
		return fmt.Sprint(day, v.Time-int64(local.Minute()*60+local.Second()), v.Host, v.Page, first.Page, first.Arrival.Source)
	}
	var page *visit.Visit
	timed := map[string]bool{}
	for i := range hits {
		v := &hits[i]
		if !v.Event.IsZero() {
			continue
		}
		from := ""
		if page != nil {
			from = page.Page.String()
			s.add("reading", row(page), int(v.Time-page.Time))
			if !timed[from] {
				s.add("timed", row(page), 1)
			}
			timed[from] = true
		}
		s.add("views", day+" "+from+">"+v.Page.String(), 1)
		page = v
	}
	if page == nil {
		return
	}
	s.add("exits", row(page), 1)
	s.add("exit seconds", row(page), int(hits[len(hits)-1].Time-first.Time))
	if key := day + page.Page.String(); !exits[key] {
		exits[key] = true
		s.add("visitors exit", key, 1)
	}
	if key := day + "//" + page.Host.String(); !exits[key] {
		exits[key] = true
		s.add("visitors exit host", day+page.Host.String(), 1)
	}
}

// without drops the sums that came to nothing, and the dimensions named.
func (s sums) without(dimensions ...string) sums {
	maps.DeleteFunc(s, func(k string, n int) bool {
		name, _, _ := strings.Cut(k, "=")
		return n == 0 || slices.Contains(dimensions, name)
	})
	return s
}

// TestFlowIsThatOfWholeVisits holds what is moved from page to page against visits that are looked at as a whole.
func TestFlowIsThatOfWholeVisits(t *testing.T) {
	for i, j := range journeys {
		t.Run(j.zone+j.start, func(t *testing.T) {
			l := zone(t, j.zone)
			start, _ := time.Parse(time.RFC3339, j.start)
			log := wander(rand.New(rand.NewPCG(uint64(i), 5)), 200, 4, start)
			want, got := trueFlow(log, l), countFlow(newTracker(t, visit.Options{Location: l}), log, l)
			if len(want) < 1000 {
				t.Fatalf("only %d sums to compare", len(want))
			}
			if d := cmp.Diff(want.without(), got.without()); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestFlowOutOfOrder moves the hits by up to five minutes: pages are left where the visits end. What is behind a hit
// that came late belongs to the page before it, and which page a visit entered by may be another.
func TestFlowOutOfOrder(t *testing.T) {
	l := zone(t, "Europe/Berlin")
	r := rand.New(rand.NewPCG(6, 6))
	log := wander(r, 400, 4, time.Date(2026, 5, 1, 0, 0, 0, 0, l))
	for i := range log { // moments of their own, so that the order of time is one
		log[i].visit.Time = log[i].visit.Time/2*2 + int64(i%2)
		log[i].visit.Arrival.Source = hit.Source{}
	}
	late := disorder(r, log, 300)
	want, got := trueFlow(log, l).without(), countFlow(newTracker(t, visit.Options{Location: l}), late, l).without()
	byPage := func(s sums) map[string]int {
		total := map[string]int{}
		for k, n := range s {
			if name, _, _ := strings.Cut(k, "="); name == "visitors exit" || name == "visitors exit host" {
				total[k] += n
			} else if name == "exits" || name == "views" {
				total[name] += n
			}
		}
		return total
	}
	if d := cmp.Diff(byPage(want), byPage(got)); d != "" {
		t.Error(d)
	}
}

// TestReportedPagesAreNotTimed visits pages that report how long they are read.
func TestReportedPagesAreNotTimed(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	for i, c := range []struct {
		page     int
		reported bool
		moves    hit.Moves
		reading  uint32
	}{
		{1, true, hit.ExitFirst | hit.ExitHostFirst | hit.Timed, 0},
		{2, false, hit.ExitFirst | hit.ExitLeft, 0},
		{1, true, hit.ExitFirst | hit.ExitLeft | hit.FromTimed, 60},
		{3, false, hit.ExitFirst | hit.ExitLeft, 0},
		{3, false, hit.ExitFirst | hit.ExitLeft | hit.FromTimed, 60},
		{2, false, hit.ExitFirst | hit.ExitLeft, 60},
		{1, true, hit.ExitFirst | hit.ExitLeft, 60},
	} {
		s := at(1, person(1), monday+60*int64(i), c.page, hit.Arrival{})
		s.visit.Reported = c.reported
		if o := tr.Touch(&s.visit); o.Moves != c.moves || o.Reading != c.reading {
			t.Errorf("page view %d: moves %b and %d s, want %b and %d s", i, o.Moves, o.Reading, c.moves, c.reading)
		}
	}
}
