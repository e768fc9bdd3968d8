package report

import (
	"regexp"
	"slices"
	"strings"
)

// parseFiltersV1 reads filters such as event:page==/a|/b;visit:source!=x, which all must hold. A * stands for any
// characters, | separates values, and \| is the character itself. After !=, none of the values may be.
func (q *Query) parseFiltersV1(text string) error {
	for piece := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(piece) == "" {
			continue
		}
		part := at("filters", len(q.Filters))
		if len(q.Filters) >= maxFilters {
			return Refuse(part, "more than %d filters", maxFilters)
		}
		f, err := parseFilterV1(part, piece)
		if err != nil {
			return err
		}
		q.Filters = append(q.Filters, f)
	}
	return nil
}

func parseFilterV1(part, text string) (Filter, error) {
	place := strings.IndexAny(text, "=!")
	if place < 0 || place+1 == len(text) || text[place+1] != '=' {
		return Filter{}, Refuse(part, "must be a condition such as event:page==/ or visit:source!=Google")
	}
	f := Filter{Op: Is, Dimension: Dimension(strings.TrimSpace(text[:place]))}
	if text[place] == '!' {
		f.Op = IsNot
	}
	if err := checkDimension(part, string(f.Dimension), valueDimensions); err != nil {
		return Filter{}, err
	}
	f.Values = valuesV1(text[place+2:])
	if len(f.Values) > maxValues {
		return Filter{}, Refuse(part, "more than %d values", maxValues)
	}
	f.usePatterns()
	return f, f.checkValues(part)
}

// valuesV1 splits at each | that no backslash stands before.
func valuesV1(text string) []string {
	var values []string
	var value strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == '|':
			i++
			value.WriteByte('|')
		case text[i] == '|':
			values = append(values, strings.TrimSpace(value.String()))
			value.Reset()
		default:
			value.WriteByte(text[i])
		}
	}
	return append(values, strings.TrimSpace(value.String()))
}

// usePatterns makes regular expressions of the values if one of them has a *, or is the version alone of a browser or
// system: Klar's versions bear the name.
func (f *Filter) usePatterns() {
	before := ""
	if versioned(f.Dimension) && !slices.Contains(f.Values, NotSet) && !slices.Contains(f.Values, SmallGroups) {
		before = "(?:.* )?"
	}
	if before == "" && !slices.ContainsFunc(f.Values, func(v string) bool { return strings.Contains(v, "*") }) {
		return
	}
	if f.Op == IsNot {
		f.Op = MatchesNot
	} else {
		f.Op = Matches
	}
	for i, v := range f.Values {
		f.Values[i] = "^" + before + strings.ReplaceAll(regexp.QuoteMeta(v), `\*`, ".*") + "$"
	}
}

// versioned reports whether the values of d are a name and a version.
func versioned(d Dimension) bool { return d == VisitBrowserVersion || d == VisitOSVersion }
