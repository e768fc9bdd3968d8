package storage

import (
	"regexp"
	"slices"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/klar-analytics/klar/report"
)

// renamed are countries whose name has changed since the names of package display.
var renamed = map[string]string{"MK": "North Macedonia", "SZ": "Eswatini", "TR": "Türkiye"}

// countryNames returns the codes of countries and, in the same order, their English names. What is not among them is
// shown by its code.
var countryNames = sync.OnceValues(func() (codes, names []string) {
	english := display.English.Regions()
	for _, code := range letters() {
		r, err := language.ParseRegion(code)
		if err != nil || r.Canonicalize() != r {
			continue
		}
		name := english.Name(r)
		if now, ok := renamed[code]; ok {
			name = now
		}
		if name != "" {
			codes, names = append(codes, code), append(names, name)
		}
	}
	return codes, names
})

// letters are all that a country's code can be.
func letters() []string {
	var list []string
	for a := byte('A'); a <= 'Z'; a++ {
		for b := byte('A'); b <= 'Z'; b++ {
			list = append(list, string([]byte{a, b}))
		}
	}
	return list
}

// byCode makes of a filter on the names of countries one on their codes, which are what is stored.
func byCode(f report.Filter) report.Filter {
	of := report.Filter{Op: report.Is, Dimension: f.Dimension}
	switch f.Op {
	case report.IsNot:
		of.Op, f.Op = report.IsNot, report.Is
	case report.ContainsNot:
		of.Op, f.Op = report.IsNot, report.Contains
	case report.MatchesNot:
		of.Op, f.Op = report.IsNot, report.Matches
	}
	if holdsForMissing(f) {
		of.Values = append(of.Values, "")
	}
	holds := f.Admits
	if f.Op == report.Matches { // for hundreds of names, so that each pattern is compiled once
		var patterns []*regexp.Regexp
		for _, v := range f.Values {
			if pattern, err := regexp.Compile(v); err == nil {
				patterns = append(patterns, pattern)
			}
		}
		holds = func(name string) bool {
			return slices.ContainsFunc(patterns, func(pattern *regexp.Regexp) bool { return pattern.MatchString(name) })
		}
	}
	codes, names := countryNames()
	for _, code := range letters() {
		name := code
		if i, ok := slices.BinarySearch(codes, code); ok {
			name = names[i]
		}
		if holds(name) {
			of.Values = append(of.Values, code)
		}
	}
	return of
}
