package storage

import (
	"fmt"
	"maps"
	"slices"

	"github.com/klar-analytics/klar/report"
)

// checkBehaviour refuses what cannot be said of visits that reached a goal, or did not: which pages and events are theirs
// is not kept. It notes whether those are asked for that did not.
func (p *plan) checkBehaviour() error {
	n := 0
	for _, f := range p.query.Filters {
		if f.IsBehaviour() {
			p.behaviour = f.Op
			n++
		}
	}
	switch {
	case n == 0:
		return nil
	case n > 1:
		return report.Refuse("filters", "%s stands twice: who did two things is not kept; count them by a configured funnel", p.behaviour)
	}
	for i, m := range p.query.Metrics {
		switch m {
		case report.Visitors, report.Visits, report.Percentage:
		default:
			return report.Refuse(fmt.Sprintf("metrics[%d]", i), "%s is not known of visits that reached a goal or did not, as nothing stored tells which hits were theirs; only visitors, visits and percentage are", m)
		}
	}
	others := slices.DeleteFunc(slices.Clone(p.query.Filters), report.Filter.IsBehaviour)
	var uses []report.Dimension
	for _, f := range others {
		uses = appendFiltered(uses, f)
	}
	for _, d := range slices.Concat(p.query.Dimensions, uses) {
		switch _, kept := hitsSource.columns[d]; {
		case d.IsTime(), kept && (d.IsAttribute() || slices.Contains(broughtBy, d)):
		default:
			return report.Refuse(p.where(d), "%s and %s cannot be asked together: which hits were of such visits is not kept", p.behaviour, d)
		}
	}
	return nil
}

// broughtBy say how a visit began, and so are the same for all of its hits.
var broughtBy = []report.Dimension{
	report.VisitEntryPage, report.VisitSource, report.VisitChannel, report.VisitUTMCampaign,
}

// addWithout adds a metric of the people who did not reach a goal: of all people, less those who did.
func (p *plan) addWithout(at string, m report.Metric) error {
	all := p.withoutGoals()
	of := func(keys []report.Dimension, sums []string) (everybody, did *part, err error) {
		if did, err = p.goals(at, m, keys); err != nil {
			return nil, nil, err
		}
		if everybody, err = all.crossing(at, m, keys); err != nil {
			return nil, nil, err
		}
		everybody.base, everybody.sums = true, all.peopleSums(everybody, sums)
		did.sums = p.peopleSums(did, sums)
		return everybody, did, nil
	}
	everybody, did, err := of(p.query.Dimensions, metricSums[m])
	if err != nil {
		return err
	}
	did.source.present = "0"
	for name, sql := range did.sums {
		did.sums[name] = "-toInt64(" + sql + ")"
	}
	p.add(everybody, everybody.sums)
	p.add(did, did.sums)
	all.warn(m)
	maps.Copy(p.warnings, all.warnings)
	if m == report.Percentage {
		p.total, p.less, err = of(nil, []string{"visitors"})
	}
	return err
}

// withoutSQL are the metrics of addWithout. A visitor who came twice counts where they came from first, and for the goal
// where they reached it first, so a row may have less than none.
var withoutSQL = map[report.Metric]string{
	report.Visitors: "greatest(toInt64(0), toInt64(sum(s_visitors)))",
	report.Visits:   "greatest(toInt64(0), toInt64(sum(s_visits)))",
	report.Percentage: "if(all_visitors <= less_visitors, NULL, " +
		"round(100 * greatest(0, sum(s_visitors)) / (all_visitors - less_visitors), 1))",
}
