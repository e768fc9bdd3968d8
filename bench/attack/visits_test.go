package attack

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

const hourLength = 3600

// clusters returns the page views that an attacker takes for those of one visit, each by its place in the log. Rows with
// an identifier are put together by it, page views without one by what they have in common, within half an hour each.
// Of sums a group is taken for a visit where it says that one visit began; where several did, see [chains].
func clusters(t *truth, s scheme) [][]int {
	groups := map[string][]int{}
	var order []string
	for i := range t.views {
		g := fmt.Sprint(t.views[i].day, " ", s.group(&t.views[i]))
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], i)
	}
	var found [][]int
	moves := transitions(t)
	for _, g := range order {
		switch {
		case s.unit != nil:
			sure, rest := beginnings(t, s, groups[g])
			found = append(append(found, sure...), chains(t, s, rest, moves)...)
		case s.ids:
			found = append(found, groups[g])
		default:
			found = append(found, pauses(t, groups[g])...)
		}
	}
	return found
}

// pauses cuts page views where nothing came for half an hour.
func pauses(t *truth, group []int) (found [][]int) {
	from := 0
	for i := range group {
		if i > 0 && t.views[group[i]].Time-t.views[group[i-1]].Time > 1800 {
			found = append(found, group[from:i])
			from = i
		}
	}
	return append(found, group[from:])
}

// beginnings cuts sums where a visit began; hours, or days, in which several did are the rest, with what follows.
func beginnings(t *truth, s scheme, group []int) (found [][]int, rest []int) {
	slices.SortStableFunc(group, func(a, b int) int { return cmp.Compare(s.unit(&t.views[a]), s.unit(&t.views[b])) })
	var visit []int
	latest := int64(0)
	end := func() {
		if len(visit) > 0 {
			found = append(found, visit)
		}
		visit = nil
	}
	for len(group) > 0 {
		hour := s.unit(&t.views[group[0]])
		n, visits := 0, 0
		for ; n < len(group) && s.unit(&t.views[group[n]]) == hour; n++ {
			if t.views[group[n]].Marks&firstOfVisit != 0 {
				visits++
			}
		}
		switch {
		case visits == 1:
			end()
			visit = slices.Clone(group[:n])
		case visits == 0 && visit != nil && hour == latest+hourLength:
			visit = append(visit, group[:n]...)
		default:
			end()
			rest = append(rest, group[:n]...)
		}
		latest, group = hour, group[n:]
	}
	end()
	return found, rest
}

// reconstructed returns how many of the visits with several page views are put together exactly, and how many of those
// that an attacker puts together are true.
func reconstructed(t *truth, s scheme) guesses { return judge(t, clusters(t, s)) }

// judge holds clusters against the visits of which they are claimed to be.
func judge(t *truth, found [][]int) guesses {
	var g guesses
	views := make([]int, t.visits)
	for i := range t.views {
		views[t.views[i].visit]++
	}
	for _, n := range views {
		if n > 1 {
			g.found.all++
		}
	}
	for _, c := range found {
		if len(c) < 2 {
			continue
		}
		g.right.all++
		if whole(t, c, views) {
			g.right.of++
			g.found.of++
		}
	}
	return g
}

// whole reports whether a cluster is a visit, of which views says how many page views each has.
func whole(t *truth, cluster []int, views []int) bool {
	visit := t.views[cluster[0]].visit
	return len(cluster) == views[visit] && !slices.ContainsFunc(cluster, func(i int) bool { return t.views[i].visit != visit })
}

// confirmation is what can be had of somebody of whom everything and one page view are known.
type confirmation struct {
	present  rate    // was there, and is found to have been
	stranger rate    // somebody else, of whom the same is asked, would be, too
	pages    guesses // what else they saw, of those who saw more
}

// confirmed takes one page view of each visit, of whose person address, agent and minute are known.
func confirmed(t *truth, s scheme) confirmation {
	of := make([]int, len(t.views)) // cluster by view
	for i := range of {
		of[i] = -1
	}
	found := clusters(t, s)
	for c, members := range found {
		for _, i := range members {
			of[i] = c
		}
	}
	index := map[string][]int{}
	for i := range t.views {
		index[spot(&t.views[i], s)] = append(index[spot(&t.views[i], s)], i)
	}
	byVisit := make([][]int, t.visits)
	views := make([]int, t.visits)
	for i := range t.views {
		n := t.views[i].visit
		byVisit[n] = append(byVisit[n], i)
		views[n]++
	}
	random := rand.New(rand.NewPCG(1, 1))
	var out confirmation
	for n, members := range byVisit {
		known := &t.views[members[random.IntN(len(members))]]
		rows := candidates(t, s, index[spot(known, s)], known)
		out.present.all++
		if len(rows) > 0 {
			out.present.of++
		}
		if other := &t.views[random.IntN(len(t.views))]; other.person != known.person {
			out.stranger.all++
			if len(candidates(t, s, index[spot(known, s)], other)) > 0 {
				out.stranger.of++
			}
		}
		if views[n] < 2 {
			continue
		}
		out.pages.found.all++
		c := of[rows[0]]
		if c < 0 || len(found[c]) < 2 || slices.ContainsFunc(rows, func(i int) bool { return of[i] != c }) {
			continue
		}
		out.pages.right.all++
		if whole(t, found[c], views) && t.views[found[c][0]].visit == n {
			out.pages.right.of++
			out.pages.found.of++
		}
	}
	return out
}

// spot is when and where a row says that somebody was.
func spot(v *view, s scheme) string {
	if s.unit != nil {
		return fmt.Sprint(s.unit(v), " ", v.Path)
	}
	return fmt.Sprint(v.Time/60, " ", v.Path)
}

func candidates(t *truth, s scheme, rows []int, known *view) (may []int) {
	for _, i := range rows {
		if s.confirms(&t.views[i], known) {
			may = append(may, i)
		}
	}
	return may
}
