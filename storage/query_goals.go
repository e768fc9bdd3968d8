package storage

import (
	"maps"
	"slices"

	"github.com/klar-analytics/klar/report"
)

// goalsSource is what people reached of what a site defines, crossed like hits.
var goalsSource = func() source {
	s := source{
		table: "goals", time: "hour", present: "sum(events)",
		columns: maps.Clone(hitsSource.columns),
		sums: map[string]string{
			"pageviews": "sum(pageviews)", "events": "sum(events)", "visitors": "sum(visitors)", "visits": "sum(visits)",
			"revenue": "sumIf(revenue, currency = {currency:String} AND definition IN {priced:Array(String)})",
			"priced":  "sumIf(events, currency = {currency:String} AND definition IN {priced:Array(String)})",
		},
	}
	delete(s.columns, report.EventName)
	s.columns[report.EventGoal] = "transform(definition, {counted:Array(String)}, {names:Array(String)}, '')"
	s.columns[report.EventGroup] = s.columns[report.EventGoal]
	s.columns[report.EventFunnel] = s.columns[report.EventGoal]
	s.columns[report.EventFunnelStep] = "toString(step)"
	return s
}()

// countedKinds are the rows of goals that a dimension speaks of.
var countedKinds = map[report.Dimension]string{
	report.EventGoal: "goal", report.EventGroup: "group", report.EventFunnel: "funnel", report.EventFunnelStep: "funnel",
}

// defined returns the dimension of goals, groups or funnels that the question is about, empty for none.
func (p *plan) defined(uses []report.Dimension) (report.Dimension, error) {
	of := report.Dimension("")
	for _, d := range uses {
		switch {
		case !d.IsCounted():
		case of != "" && countedKinds[of] != countedKinds[d]:
			return "", report.Refuse(p.where(d), "%s cannot be crossed with %s", d, of)
		case of == "" || d == report.EventFunnel:
			of = d
		}
	}
	return of, nil
}

// conversionMetrics say how many became what a goal wants.
var conversionMetrics = []report.Metric{
	report.Conversions, report.ConversionRate, report.GroupConversionRate, report.TotalRevenue, report.AverageRevenue,
}

// checkDefined finds what is asked of goals and funnels without naming them.
func (p *plan) checkDefined(at string, m report.Metric) error {
	uses := p.uses(p.query.Dimensions)
	has := func(d report.Dimension) bool { return slices.Contains(uses, d) }
	switch {
	case slices.Contains(conversionMetrics, m) && !has(report.EventGoal):
		return report.Refuse(at, "%s needs %s as a dimension or a filter", m, report.EventGoal)
	case m.IsMoney() && p.query.Currency() == "":
		return report.Refuse(at, "%s needs goals with a currency, all of the same; filter on them by their names", m)
	case has(report.EventFunnelStep) && !has(report.EventFunnel):
		return report.Refuse(p.where(report.EventFunnelStep), "needs %s as a dimension or a filter", report.EventFunnel)
	case has(report.EventFunnel) && !has(report.EventFunnelStep):
		return report.Refuse(p.where(report.EventFunnel), "needs %s as a dimension or a filter: the steps of a funnel do not add up", report.EventFunnelStep)
	}
	return nil
}

// goals returns the part of table goals that answers a metric of people, nil if the question is not about any.
func (p *plan) goals(at string, m report.Metric, keys []report.Dimension) (*part, error) {
	uses := p.uses(keys)
	of, err := p.defined(uses)
	if of == "" || err != nil {
		return nil, err
	}
	for _, d := range uses {
		if _, ok := goalsSource.columns[d]; !ok {
			return nil, report.Refuse(p.where(d), "%s cannot be crossed with or filtered by %s", of, d)
		}
	}
	switch m {
	case report.Visitors, report.Visits, report.Pageviews, report.Events, report.Percentage,
		report.Conversions, report.ConversionRate, report.GroupConversionRate, report.TotalRevenue, report.AverageRevenue:
	default:
		return nil, report.Refuse(at, "%s is not counted by %s: which visits and pages lie behind is not kept", m, of)
	}
	p.crossed = p.crossed || slices.ContainsFunc(uses, report.Dimension.IsAttribute)
	p.definitions = append([]report.Definition{}, p.query.Definitions.Of(of)...)
	return &part{source: goalsSource, keys: keys, where: []string{
		"kind = '" + countedKinds[of] + "'", "definition IN {counted:Array(String)}",
	}}, nil
}

// addConversion adds a share of visitors who reached a goal.
func (p *plan) addConversion(at string, m report.Metric) error {
	if err := p.addPeople(at, m); err != nil {
		return err
	}
	if m == report.GroupConversionRate && p.property != "" {
		return report.Refuse(at, "%s is not counted by properties; conversion_rate is", m)
	}
	all := p.withoutGoals()
	if m == report.ConversionRate {
		part, err := all.people(at, report.Visitors, nil)
		if err == nil {
			part.sums, part.base = all.peopleSums(part, []string{"visitors"}), true
			p.base = part
		}
		return err
	}
	var keys []report.Dimension
	for _, d := range p.query.Dimensions {
		if !d.IsCounted() {
			keys = append(keys, d)
		}
	}
	part, err := all.people(at, report.Visitors, keys)
	if err != nil {
		return err
	}
	sums := map[string]string{"base": all.peopleSums(part, []string{"visitors"})["visitors"]}
	// Of each goal there is a row with the visitors who could have reached it; it shows only where somebody did.
	part.source.columns = maps.Clone(part.source.columns)
	part.source.columns[report.EventGoal] = "arrayJoin({names:Array(String)})"
	part.source.present, part.base, part.keys, part.sums = "toUInt64(0)", true, p.query.Dimensions, sums
	p.parts = append(p.parts, part)
	return nil
}

// withoutGoals returns the plan of the same question about everybody.
func (p *plan) withoutGoals() *plan {
	q := p.query
	q.Filters = everybody(q.Filters)
	all := &plan{query: q, warnings: map[report.Metric]report.Warning{}}
	for _, f := range q.Filters {
		all.filtered = appendFiltered(all.filtered, f)
	}
	return all
}

// everybody returns the filters that are not about goals, groups, funnels and properties.
func everybody(filters []report.Filter) []report.Filter {
	return slices.DeleteFunc(slices.Clone(filters), func(f report.Filter) bool {
		return f.Dimension.IsCounted() || f.Dimension.IsProperty() || f.IsBehaviour()
	})
}

// setDefinitions gives a statement the texts and names of what is defined.
func (p *plan) setDefinitions(s *statement) {
	if p.property != "" {
		s.values["property"] = p.property
	}
	if p.definitions == nil {
		return
	}
	texts, names := []string{}, []string{}
	for _, d := range p.definitions {
		texts, names = append(texts, d.Counted), append(names, d.Name)
	}
	s.values["counted"], s.values["names"] = texts, names
	priced := []string{}
	for _, d := range p.query.Priced() {
		priced = append(priced, d.Counted)
	}
	s.values["currency"], s.values["priced"] = p.query.Currency(), priced
}

// warnCounted says so of several goals, groups, steps or values of a property.
func (p *plan) warnCounted(m report.Metric) {
	for _, f := range p.query.Filters {
		if f.Dimension.IsCounted() || f.Dimension.IsProperty() {
			p.warnPerValue(m, f.Dimension)
		}
	}
}
