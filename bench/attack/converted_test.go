package attack

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// everyPage is the funnel of which every page view is a step, so that the step says the how manyth of its visit it is.
var everyPage = func() hit.Definition {
	d, err := drawnCounted.Funnels[len(drawnCounted.Funnels)-1].Definition()
	if err != nil {
		panic(err) // a constant
	}
	return d
}()

// split parts rows by the step of that funnel. A row of several steps has its seconds and reading time for all together.
func split(t *truth, rows map[cell]*sum) map[cell]*sum {
	parts := map[cell]*sum{}
	for c, r := range rows {
		for _, i := range r.views {
			v := &t.views[i]
			hit.Each(v.Reached, func(x *hit.Reached) {
				if x.Definition == everyPage && !x.Defined {
					c.step = x.Step
				}
			})
			part := parts[c]
			if part == nil {
				part = &sum{seconds: r.seconds, reading: r.reading, untold: len(r.views) > 1}
				parts[c] = part
			}
			part.views = append(part.views, i)
			part.began += int(v.Marks.Bit(hit.FirstOfVisit))
			c.step = 0
		}
	}
	return parts
}

// behaved is what hits has of a visit besides its page: how it began.
func behaved(v *view) string {
	a := v.Arrival.Value()
	return strings.Join([]string{crowd(v), a.Entry.String(), a.Source.String()}, "\x01")
}

// converted is the same in table goals: beside what was reached.
func converted(v *view) string {
	var list []string
	hit.Each(v.Reached, func(r *hit.Reached) {
		if !r.Defined {
			list = append(list, fmt.Sprint(r.Definition, r.Step))
		}
	})
	slices.Sort(list)
	return behaved(v) + "\x01" + strings.Join(list, "\x01")
}

// ofEvents is a log of which the events only are attacked.
func ofEvents(t *truth) *truth {
	of := *t
	of.views = t.events
	return &of
}

func event(v *view) string { return crowd(v) + "\x01" + v.Event.String() }

// propertied returns events as hits has them, with the properties that follow from table props: it stands beside nothing of
// a visitor, so that a value is known where all events of that name and day have it.
func propertied(t *truth) func(*view) string {
	values := map[string]map[string]bool{}
	each := func(v *view, f func(name, value string)) {
		hit.EachProperty(v.Props, func(p *hit.Property) { f(fmt.Sprint(v.day, v.Event, p.Name), p.Value.String()) })
	}
	for i := range t.views {
		each(&t.views[i], func(name, value string) {
			if values[name] == nil {
				values[name] = map[string]bool{}
			}
			values[name][value] = true
		})
	}
	return func(v *view) string {
		known := event(v)
		each(v, func(name, _ string) {
			if len(values[name]) == 1 {
				known += "\x01" + slices.Collect(maps.Keys(values[name]))[0]
			}
		})
		return known
	}
}
