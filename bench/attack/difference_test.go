package attack

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// dimension is an attribute that table counts has alone, by the day.
type dimension struct {
	name string
	of   func(*hit.Visitor) string
	// may reports whether a visitor with a stored combination can have the value of somebody with full attributes.
	may func(stored, full *hit.Visitor) bool
}

// dimensions are those of table counts that are of the visitor. Of providers, regions, cities and languages it is taken for
// known in which countries they are, and of classes of screens on which devices.
func dimensions(t *truth) []dimension {
	country := func(v *hit.Visitor) string { return v.Country.String() }
	list := []dimension{
		{"visit:country", country, func(s, f *hit.Visitor) bool {
			return may(&hit.Visitor{Country: s.Country}, f)
		}},
		{"visit:browser", func(v *hit.Visitor) string { return v.Browser.String() }, func(s, f *hit.Visitor) bool {
			return may(&hit.Visitor{Browser: s.Browser}, f)
		}},
		{"visit:browser_version", func(v *hit.Visitor) string { return v.Browser.String() + " " + v.BrowserVersion.String() }, func(s, f *hit.Visitor) bool {
			return may(&hit.Visitor{Browser: s.Browser, BrowserVersion: s.BrowserVersion}, f)
		}},
		{"visit:os", func(v *hit.Visitor) string { return v.OS.String() }, func(s, f *hit.Visitor) bool {
			return may(&hit.Visitor{OS: s.OS}, f)
		}},
		{"visit:os_version", func(v *hit.Visitor) string { return v.OS.String() + " " + v.OSVersion.String() }, func(s, f *hit.Visitor) bool {
			return may(&hit.Visitor{OS: s.OS, OSVersion: s.OSVersion}, f)
		}},
		{"visit:device", func(v *hit.Visitor) string { return v.Device.String() }, func(s, f *hit.Visitor) bool {
			return may(&hit.Visitor{Device: s.Device}, f)
		}},
	}
	for _, d := range []struct {
		name     string
		of, with func(*hit.Visitor) string
	}{
		{"visit:provider", func(v *hit.Visitor) string { return v.Provider.String() }, country},
		{"visit:region", region, country},
		{"visit:city", func(v *hit.Visitor) string {
			if in := region(v); in != "" || !v.City.IsZero() {
				return in + "\x1f" + v.City.String()
			}
			return ""
		}, country},
		{"visit:language", func(v *hit.Visitor) string { return v.Language.String() }, country},
		{"visit:screen", func(v *hit.Visitor) string { return v.Screen.String() }, func(v *hit.Visitor) string { return v.Device.String() }},
	} {
		list = append(list, dimension{d.name, d.of, together(t, d.of, d.with)})
	}
	return list
}

// region is what table counts has as a region: the country's code where it is unknown.
func region(v *hit.Visitor) string { return cmp.Or(v.Region.String(), v.Country.String()) }

// together returns whether a stored combination can be that of somebody with a value, as far as it says the other attribute
// with which the value is found in the log.
func together(t *truth, of, with func(*hit.Visitor) string) func(stored, full *hit.Visitor) bool {
	found := map[[2]string]bool{}
	for i := range t.views {
		v := t.views[i].Visitor.Value()
		found[[2]string{of(&v), with(&v)}] = true
	}
	return func(s, f *hit.Visitor) bool { return with(s) == "" || found[[2]string{of(f), with(s)}] }
}

// group is the visitors of a day who are stored under one combination.
type group struct {
	stored hit.Visitor
	values map[string]int // how many of them have which value, which the attacker does not know
}

// joined returns the attributes of page views as they are after table counts was joined: where the values that a day
// has in all leave only one for everybody of a combination, it stands beside it.
func joined(t *truth) func(*view) string {
	known := map[string]string{} // by day and combination
	for _, d := range dimensions(t) {
		for day := range t.days {
			for name, value := range forced(t, day, d) {
				known[name] += "\x00" + d.name + "=" + value
			}
		}
	}
	return func(v *view) string {
		c := v.Crowd.Value()
		name := combination(&c)
		return name + known[fmt.Sprint(v.day, " ", name)]
	}
}

// forced returns the values that follow for combinations of a day.
//
// What counts and hits say is a table of which the sums of rows (a combination's visitors) and columns (a value's
// visitors) are known, and which cells must be empty. What is true is one way to fill it. It is the only one, for a row
// that is all in one column, unless visitors can be exchanged in a circle so that one of the row goes elsewhere.
func forced(t *truth, day int, d dimension) map[string]string {
	groups, full := map[string]*group{}, map[string]hit.Visitor{}
	for i := range t.views {
		v := &t.views[i]
		if v.day != day || v.Marks&hit.FirstToday == 0 {
			continue
		}
		stored, exact := v.Crowd.Value(), v.Visitor.Value()
		name := combination(&stored)
		if groups[name] == nil {
			groups[name] = &group{stored, map[string]int{}}
		}
		value := d.of(&exact)
		groups[name].values[value]++
		if _, ok := full[value]; !ok {
			full[value] = exact
		}
	}
	// next lists, for a value, what somebody who has it could have instead.
	next := map[string][]string{}
	for _, g := range groups {
		for value := range g.values {
			for other, exact := range full {
				if other != value && d.may(&g.stored, &exact) && !slices.Contains(next[value], other) {
					next[value] = append(next[value], other)
				}
			}
		}
	}
	out := map[string]string{}
	for name, g := range groups {
		value, ok := only(g.values)
		if !ok || value == "" || strings.TrimSpace(value) == "" || says(&g.stored, d, value) {
			continue
		}
		elsewhere := false
		for other, exact := range full {
			elsewhere = elsewhere || other != value && d.may(&g.stored, &exact) && reaches(next, other, value)
		}
		if !elsewhere {
			out[fmt.Sprint(day, " ", name)] = value
		}
	}
	return out
}

// only returns the only key of a map, if it has one.
func only(m map[string]int) (string, bool) {
	for k := range m {
		return k, len(m) == 1
	}
	return "", false
}

// says reports whether a stored combination has the value itself.
func says(stored *hit.Visitor, d dimension, value string) bool { return d.of(stored) == value }

func reaches(next map[string][]string, from, to string) bool {
	seen, open := map[string]bool{from: true}, []string{from}
	for len(open) > 0 {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		if at == to {
			return true
		}
		for _, n := range next[at] {
			if !seen[n] {
				seen[n] = true
				open = append(open, n)
			}
		}
	}
	return false
}
