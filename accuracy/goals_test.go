package accuracy

import (
	"strconv"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/report"
)

// What the generated sites want of their visitors. A page is no more than one goal and one group, so that the reference
// needs one value of each.
var (
	goals  = []goal.Goal{{Page: "/order"}, {Page: "/shop/**"}, {Event: "Signup"}}
	groups = []goal.Group{{Pages: []string{"/docs/**"}}, {Pages: []string{"/blog/**", "/tariffs"}}}
	funnel = []goal.Goal{{Page: "/"}, {Page: "/tariffs"}, {Page: "/order"}}
)

// defined are they as the configuration would have them: what is counted, and under which names.
func defined(t testing.TB) (goal.Definitions, report.Definitions) {
	t.Helper()
	counted := goal.Definitions{Goals: goals, Groups: groups, Funnels: []goal.Funnel{{Steps: funnel}}}
	var shown report.Definitions
	add := func(list *[]report.Definition, name, text string, err error) {
		if err != nil {
			t.Fatal(err)
		}
		*list = append(*list, report.Definition{Name: name, Counted: text})
	}
	for i, name := range []string{"Order", "Shop", "Signup"} {
		d, err := goals[i].Definition()
		add(&shown.Goals, name, d.String(), err)
	}
	for i, name := range []string{"Docs", "Blog"} {
		d, err := groups[i].Definition()
		add(&shown.Groups, name, d.String(), err)
	}
	d, err := counted.Funnels[0].Definition()
	add(&shown.Funnels, "Buying", d.String(), err)
	return counted, shown
}

// reaches says which goal, group and step of the funnel a view of a visit is.
func (one *visit) reaches(v *view) {
	page, name := v.values.of(report.EventPage), v.values.of(report.EventName)
	switch {
	case name == "Signup":
		v.values.set(report.EventGoal, "Signup")
	case page == "/order":
		v.values.set(report.EventGoal, "Order")
	case strings.HasPrefix(page, "/shop/"):
		v.values.set(report.EventGoal, "Shop")
	}
	switch {
	case strings.HasPrefix(page, "/docs/"):
		v.values.set(report.EventGroup, "Docs")
	case strings.HasPrefix(page, "/blog/"), page == "/tariffs":
		v.values.set(report.EventGroup, "Blog")
	}
	if one.steps < len(funnel) && v.page && page == funnel[one.steps].Page {
		one.steps++
		v.values.set(report.EventFunnel, "Buying")
		v.values.set(report.EventFunnelStep, strconv.Itoa(one.steps))
	}
}

// targetFigures count what was reached.
func (r *reference) targetFigures(q *question, all cells) {
	s := seen{}
	everybody := map[int]bool{}
	for i := range r.views {
		v := &r.views[i]
		if v.person == 0 || !q.ranges(v.values) {
			continue
		}
		everybody[v.person] = true
		k, ok := q.key(v.values)
		if !ok || !q.holds(v.values) {
			continue
		}
		c := all.of(k)
		c[report.Conversions]++
		c[report.Visitors] += s.first(once{cell: k, person: v.person})
		c[report.Visits] += s.first(once{cell: q.timeless(k), visit: v.visit})
	}
	for _, c := range all {
		c[report.ConversionRate] = round(100*c[report.Visitors]/float64(len(everybody)), 2)
	}
}

// targets asks for goals, groups and the funnel.
func (a *asker) targets() {
	if a.site.real {
		return // nobody knows what it wants
	}
	inFunnel := condition{report.Is, report.EventFunnel, []string{"Buying"}}
	reached := []report.Metric{report.Visitors, report.Visits}
	a.add(true, []report.Metric{report.Visitors, report.Visits, report.Conversions, report.ConversionRate}, []report.Dimension{report.EventGoal})
	a.add(true, reached, []report.Dimension{report.EventGroup})
	a.add(true, reached, []report.Dimension{report.EventFunnelStep}, inFunnel)
	for _, d := range []report.Dimension{report.TimeDay, report.VisitSource, report.VisitEntryPage, report.VisitBrowser} {
		a.add(false, append([]report.Metric{report.Conversions}, reached...), []report.Dimension{report.EventGoal, d})
		a.add(false, reached, []report.Dimension{report.EventGroup, d})
		a.add(false, reached, []report.Dimension{report.EventFunnelStep, d}, inFunnel)
	}
}
