package report

import (
	"regexp"
	"slices"
	"strings"
)

// Definitions are what a site counts under names of its own: goals, content groups and funnels.
type Definitions struct {
	Goals, Groups, Funnels []Definition
}

// Definition is one of them.
type Definition struct {
	Name string // of a step what the configuration calls it: a page, event:NAME or goal:NAME
	// Counted is the text that its figures are stored under. It stays when the name changes.
	Counted string
	// Also are other names that a filter may use, such as Plausible's "Visit /thanks".
	Also []string
	// Pages is a regular expression (RE2) of the paths whose views are counted, of page goals and groups; empty if views are
	// not all that is. OnePage says that it fits one path only.
	Pages   string
	OnePage bool
	// Steps of a funnel, each with Pages or Event, or neither if it asks for more.
	Steps []Definition
	// Event is the name of the event that a goal is, whatever its properties; empty for other goals.
	Event string
	// With is the event and the property of a goal that is an event with one property; zero for other goals.
	With EventWith
	// Currency of a revenue goal, three letters; empty for none.
	Currency string
}

// EventWith is an event with a property that has a value.
type EventWith struct{ Event, Property, Value string }

// named returns the definition that a name or another of its spellings means. A name goes before another's spelling.
func named(list []Definition, name string) (Definition, bool) {
	if i := slices.IndexFunc(list, func(d Definition) bool { return d.Name == name }); i >= 0 {
		return list[i], true
	}
	if i := slices.IndexFunc(list, func(d Definition) bool { return slices.Contains(d.Also, name) }); i >= 0 {
		return list[i], true
	}
	return Definition{}, false
}

// Of returns the definitions that a dimension has as values, nil for one that has others.
func (d Definitions) Of(dimension Dimension) []Definition {
	switch dimension {
	case EventGoal:
		return d.Goals
	case EventGroup:
		return d.Groups
	case EventFunnel:
		return d.Funnels
	}
	return nil
}

// PropertyPrefix begins the dimensions that are properties of events, such as event:props:plan.
const PropertyPrefix = "event:props:"

// IsProperty reports whether d is a property of events, or the names of all.
func (d Dimension) IsProperty() bool {
	return d == EventProperty || len(d) > len(PropertyPrefix) && strings.HasPrefix(string(d), PropertyPrefix)
}

// IsCounted reports whether d is of what a site defines: goals, groups, funnels and their steps.
func (d Dimension) IsCounted() bool {
	switch d {
	case EventGoal, EventGroup, EventFunnel, EventFunnelStep:
		return true
	}
	return false
}

// checkCounted checks the filters on goals, groups and funnels, and replaces their other spellings by names.
func (q *Query) checkCounted() error {
	for i := range q.Filters {
		if err := q.checkCountedFilter(at("filters", i), &q.Filters[i]); err != nil {
			return err
		}
	}
	return nil
}

// checkCountedFilter checks one filter of the top level.
func (q *Query) checkCountedFilter(part string, f *Filter) error {
	switch {
	case f.IsBehaviour():
		return q.checkCountedFilter(at(part, 1), &f.Filters[0])
	case len(f.Filters) > 0:
		if d := countedWithin(*f); d != "" {
			return Refuse(part, "%s can only be filtered on at the top level", d)
		}
		return nil
	case !f.Dimension.IsCounted():
		return nil
	case f.Op != Is && f.Op != Contains && f.Op != Matches:
		return Refuse(part, "%s knows is, contains and matches only", f.Dimension)
	case f.Op != Is || f.Dimension == EventFunnelStep || f.CaseInsensitive:
		return nil
	}
	list := q.Definitions.Of(f.Dimension)
	for i, v := range f.Values {
		d, ok := named(list, v)
		if !ok {
			var names []string
			for _, d := range list {
				names = append(names, d.Name)
			}
			return Refuse(part, "%s is not defined for the site as %s; known are %s", quote(v), f.Dimension, quote(strings.Join(names, ", ")))
		}
		f.Values[i] = d.Name
	}
	return nil
}

// countedWithin returns the first counted dimension within a filter, empty for none.
func countedWithin(f Filter) Dimension {
	if f.Dimension.IsCounted() {
		return f.Dimension
	}
	for _, inner := range f.Filters {
		if d := countedWithin(inner); d != "" {
			return d
		}
	}
	return ""
}

// asked returns the goals that the question is about: those that a filter picks, or else all.
func (q Query) asked() []Definition {
	for _, f := range q.Filters {
		if f.Dimension != EventGoal || f.Op != Is || f.CaseInsensitive {
			continue
		}
		var list []Definition
		for _, name := range f.Values {
			if d, ok := named(q.Definitions.Goals, name); ok {
				list = append(list, d)
			}
		}
		return list
	}
	return q.Definitions.Goals
}

// Priced returns the goals of the question that have a currency.
func (q Query) Priced() []Definition {
	return slices.DeleteFunc(slices.Clone(q.asked()), func(d Definition) bool { return d.Currency == "" })
}

// Currency returns the one currency of the goals of the question, empty if they have none or several.
func (q Query) Currency() string {
	currency := ""
	for _, d := range q.Priced() {
		if currency != "" && d.Currency != currency {
			return ""
		}
		currency = d.Currency
	}
	return currency
}

// Admits reports whether a value passes a filter with one of the operators that goals, groups and funnels know.
func (f Filter) Admits(value string) bool {
	return slices.ContainsFunc(f.Values, func(v string) bool {
		switch {
		case f.Op == Matches:
			pattern, err := regexp.Compile(v)
			return err == nil && pattern.MatchString(value)
		case f.CaseInsensitive:
			v, value = strings.ToLower(v), strings.ToLower(value)
		}
		return v == value || f.Op == Contains && strings.Contains(value, v)
	})
}
