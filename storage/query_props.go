package storage

import (
	"maps"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/report"
)

// propsSource is the properties of events, by the day and without anything of the visitor.
var propsSource = source{
	table: "props", time: "day", present: "sum(events)",
	columns: map[report.Dimension]string{
		report.EventName: "if(event = '', 'pageview', event)",
		report.EventGoal: "transform(concat('event ', event), {counted:Array(String)}, {names:Array(String)}, '')",
	},
	sums: map[string]string{
		"pageviews": "sumIf(events, event = '')", "events": "sum(events)", "visitors": "sum(visitors)", "visits": "sum(visits)",
	},
}

// props returns the part of table props that answers a metric of people, nil if the question is not about a property.
func (p *plan) props(at string, m report.Metric, keys []report.Dimension) (*part, error) {
	uses := p.uses(keys)
	i := slices.IndexFunc(uses, report.Dimension.IsProperty)
	if i < 0 {
		return nil, nil
	}
	of := uses[i]
	for _, d := range uses {
		if _, ok := propsSource.columns[d]; !ok && d != of {
			return nil, report.Refuse(p.where(d), "%s stands alone or with %s and %s; %s is not kept with it, so that values cannot be tied to visitors",
				of, report.EventName, report.EventGoal, d)
		}
	}
	if of == report.EventProperty && m != report.Events {
		return nil, report.Refuse(at, "%s is not counted by %s: an event has several; ask for events", m, of)
	}
	switch m {
	case report.Visitors, report.Visits, report.Pageviews, report.Events, report.Percentage, report.Conversions, report.ConversionRate:
	default:
		return nil, report.Refuse(at, "%s is not counted by %s", m, of)
	}
	if err := p.byDay(of); err != nil {
		return nil, err
	}
	one := &part{source: propsSource, keys: keys}
	one.source.columns = maps.Clone(propsSource.columns)
	if of == report.EventProperty {
		one.source.columns[of] = "name"
	} else {
		one.source.columns[of], one.where = "value", []string{"name = {property:String}"}
		p.property = strings.TrimPrefix(string(of), report.PropertyPrefix)
	}
	if !slices.Contains(uses, report.EventGoal) {
		return one, nil
	}
	one.where = append(one.where, "concat('event ', event) IN {counted:Array(String)}")
	return one, p.eventGoals()
}

// eventGoals leaves those goals that are an event and nothing else. It fails for a question that names others.
func (p *plan) eventGoals() error {
	p.definitions = []report.Definition{}
	for _, d := range p.query.Definitions.Goals {
		if d.Event != "" {
			p.definitions = append(p.definitions, d)
		}
	}
	for _, f := range p.query.Filters {
		if f.Dimension != report.EventGoal || f.Op != report.Is {
			continue
		}
		for _, name := range f.Values {
			if !slices.ContainsFunc(p.definitions, func(d report.Definition) bool { return d.Name == name }) {
				return report.Refuse("filters", "properties are kept with events: the goal %q is a page or asks for properties itself", name)
			}
		}
	}
	return nil
}
