package storage

import (
	"slices"
	"strings"

	"github.com/klar-analytics/klar/report"
)

// condition writes a filter as SQL. Its values become parameters.
func (s *statement) condition(f report.Filter, from source) string {
	if f.Dimension == report.VisitCountryName {
		f = byCode(f)
	}
	column := from.columns[f.Dimension]
	if f.Dimension == report.VisitRegionName {
		column = s.regionName(column)
	}
	switch f.Op {
	case report.And:
		return s.join(f.Filters, from, " AND ")
	case report.Or:
		return s.join(f.Filters, from, " OR ")
	case report.Not:
		return "NOT " + s.join(f.Filters, from, " AND ")
	case report.HasDone, report.HasNotDone:
		return s.condition(f.Filters[0], from)
	case report.IsNot, report.ContainsNot, report.MatchesNot:
		return "NOT " + s.match(f, column)
	}
	return s.match(f, column)
}

func (s *statement) join(filters []report.Filter, from source, with string) string {
	var list []string
	for _, f := range filters {
		list = append(list, s.condition(f, from))
	}
	return "(" + strings.Join(list, with) + ")"
}

// match writes the condition that a column has one of the values.
func (s *statement) match(f report.Filter, column string) string {
	values := stored(f.Dimension, f.Values)
	switch f.Op {
	case report.Is, report.IsNot:
		if !f.CaseInsensitive {
			return "(" + column + " IN " + s.param("Array(String)", values) + ")"
		}
		for i, v := range values {
			values[i] = strings.ToLower(v)
		}
		return "(lowerUTF8(" + column + ") IN " + s.param("Array(String)", values) + ")"
	case report.Contains, report.ContainsNot:
		search := "multiSearchAny"
		if f.CaseInsensitive {
			search = "multiSearchAnyCaseInsensitiveUTF8"
		}
		return "(" + search + "(" + column + ", " + s.param("Array(String)", f.Values) + ") != 0)"
	}
	var list []string
	for _, pattern := range f.Values {
		list = append(list, "match("+column+", "+s.param("String", pattern)+")")
	}
	return "(" + strings.Join(list, " OR ") + ")"
}

// stored returns values as the tables have them: the names of a missing value are empty there.
func stored(d report.Dimension, values []string) []string {
	values = slices.Clone(values)
	for i, v := range values {
		switch {
		case v == report.NotSet,
			v == report.DirectNone && (d == report.VisitSource || slices.Contains(countedArrivals, d)),
			v == report.VisitBegan && d == report.EventPreviousPage,
			v == report.SmallGroups && d.IsAttribute():
			values[i] = ""
		}
	}
	return values
}
