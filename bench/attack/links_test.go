package attack

import (
	"fmt"
	"slices"

	"github.com/klar-analytics/klar/hit"
)

// step is a way from page to page on a day: a row of table flows.
type step struct {
	day      int
	from, to hit.Path
}

// transitions returns table flows: how often each step was made.
func transitions(t *truth) map[step]int {
	moves := map[step]int{}
	for i := range t.views {
		v := &t.views[i]
		moves[step{v.day, v.From, v.Path}]++
	}
	return moves
}

// cell is a row of table hits within a group: a page on a day, or in an hour. Where table goals is joined it is one of those,
// which has the page by the step of a funnel.
type cell struct {
	hour int64
	path hit.Path
	step uint8 // 0 is none that is known
}

// sum is what such a row holds.
type sum struct {
	views    []int // the page views that it is of: the attacker knows how many
	began    int   // visits
	seconds  uint64
	reading  uint64
	next     int  // rows that follow it
	untold   bool // neither seconds nor reading are known: they are of several steps together
	previous cell
	linked   bool
}

// chains puts visits together of which several began in an hour, with the same entry page, source and combination. If
// one of them had a second page view, all that are no entries are its. Otherwise each row of one page view follows the
// row from which, by table flows, somebody went on to it that day, and that was the step before if steps are known; of
// several, the one that was read for as many seconds as lie before it.
func chains(t *truth, s scheme, rest []int, moves map[step]int) (found [][]int) {
	var entries, others []int
	engaged := 0
	for _, i := range rest {
		v := &t.views[i]
		if v.Marks&hit.FirstOfVisit != 0 {
			entries = append(entries, i)
		} else {
			others = append(others, i)
		}
		engaged += int(v.Marks.Bit(hit.Second))
	}
	if len(entries) == 0 || len(others) == 0 {
		return nil
	}
	if engaged == 1 {
		return [][]int{begin(t, entries, others)}
	}
	rows := cells(t, s, rest)
	for at, r := range rows {
		if r.began > 0 || len(r.views) > 1 {
			continue
		}
		if from, ok := predecessor(t, rows, at, moves); ok {
			r.previous, r.linked = from, true
			rows[from].next++
		}
	}
	for at, r := range rows {
		if !r.linked || r.next > 0 {
			continue
		}
		if visit, from, ok := back(rows, at); ok {
			found = append(found, begin(t, rows[from].views, visit))
		}
	}
	return found
}

// cells adds a group's page views up to the rows that are stored of them.
func cells(t *truth, s scheme, group []int) map[cell]*sum {
	rows := map[cell]*sum{}
	row := func(c cell) *sum {
		if rows[c] == nil {
			rows[c] = &sum{}
		}
		return rows[c]
	}
	for _, i := range group {
		v := &t.views[i]
		r := row(cell{hour: s.unit(v), path: v.Path})
		r.views = append(r.views, i)
		r.seconds += uint64(v.Seconds)
		r.began += int(v.Marks.Bit(hit.FirstOfVisit))
	}
	for _, i := range group {
		v := &t.views[i]
		hour := v.FromHour
		if s.unit(v) != v.Hour {
			hour = s.unit(v)
		}
		if from := rows[cell{hour: hour, path: v.From}]; from != nil {
			from.reading += uint64(v.Reading)
		}
	}
	if s.goals {
		return split(t, rows)
	}
	return rows
}

// predecessor returns the row that one of a single page view follows, if that can be told.
func predecessor(t *truth, rows map[cell]*sum, at cell, moves map[step]int) (cell, bool) {
	day := t.views[rows[at].views[0]].day
	var from, timed []cell
	for c, r := range rows {
		if c == at || c.hour > at.hour || moves[step{day, c.path, at.path}] == 0 || at.step > 0 && c.step != at.step-1 {
			continue
		}
		from = append(from, c)
		if !r.untold && !rows[at].untold && r.reading == rows[at].seconds {
			timed = append(timed, c)
		}
	}
	switch {
	case len(from) == 1:
		return from[0], true
	case len(timed) == 1:
		return timed[0], true
	}
	return cell{}, false
}

// back follows a visit from its last page to the row of its entry. It says no where a row could be of two visits.
func back(rows map[cell]*sum, at cell) (visit []int, from cell, ok bool) {
	for len(visit) <= len(rows) {
		r := rows[at]
		if r.began > 0 {
			return visit, at, len(r.views) == r.began && r.next <= r.began
		}
		if !r.linked || r.next > 1 {
			return nil, cell{}, false
		}
		visit = append(visit, r.views...)
		at = r.previous
	}
	return nil, cell{}, false // they lead in a circle
}

// begin puts the first page view of a visit before the others. Those that began alike are stored as one row, so that it
// is no matter which the attacker names: it is the right one, if there is one.
func begin(t *truth, entries, others []int) []int {
	first := entries[0]
	for _, e := range entries {
		if t.views[e].visit == t.views[others[0]].visit {
			first = e
		}
	}
	return append([]int{first}, others...)
}

// byFlows returns how many visits can be put together from table flows alone: where the pages of a day that lead to each
// other were begun at once.
func byFlows(t *truth) guesses {
	groups := map[string][]int{}
	parent := map[string]string{}
	name := func(day int, p hit.Path) string { return fmt.Sprint(day, " ", p) }
	var root func(string) string
	root = func(n string) string {
		if up, ok := parent[n]; ok && up != n {
			return root(up)
		}
		return n
	}
	for at := range transitions(t) {
		if !at.from.IsZero() {
			parent[root(name(at.day, at.from))] = root(name(at.day, at.to))
		}
	}
	for i := range t.views {
		v := &t.views[i]
		r := root(name(v.day, v.Path))
		groups[r] = append(groups[r], i)
	}
	var found [][]int
	for _, g := range groups {
		began := 0
		for _, i := range g {
			if t.views[i].From.IsZero() {
				began++
			}
		}
		if began == 1 {
			found = append(found, slices.Clone(g))
		}
	}
	return judge(t, found)
}
