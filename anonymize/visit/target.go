package visit

import (
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// isTarget sets the marks of targets apart from those of pages and events.
const isTarget = 1 << 39

// targetKind is the kind of the mark that a target has.
func targetKind(target hit.Target, step uint8) uint64 {
	return isTarget | uint64(target.Kind)<<37 | uint64(step)<<56
}

// reach returns which of a hit's targets count: of a funnel the step that comes next in the visit, of the rest all. A
// funnel's progress is a mark for each step that was passed, so that only visits which are in one take memory for it.
func (t *memory) reach(d *day, p *visitor, targets []hit.Target, revenue hit.Revenue) unique.Handle[hit.Reached] {
	var list unique.Handle[hit.Reached]
	for _, target := range targets {
		what := target.Definition.String()
		if target.Step > 1 && d.inVisit(p, targetKind(target, target.Step-1), what) == nil {
			continue
		}
		r := hit.Reached{Target: target}
		r.FirstToday, r.FirstOfVisit = t.first(d, p, targetKind(target, target.Step), what)
		if target.Kind == hit.CountedFunnel && !r.FirstOfVisit {
			continue
		}
		if target.Kind == hit.CountedGoal {
			r.Revenue = revenue
		}
		r.Next = list
		list = t.reached.Of(r)
	}
	return list
}
