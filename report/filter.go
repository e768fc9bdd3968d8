package report

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a query's filters.
const (
	maxFilterDepth = 8
	maxFilters     = 100  // conditions in all
	maxValues      = 1000 // values of one condition
	maxPatterns    = 50   // regular expressions of one condition
)

var (
	valueOperators  = []Operator{Is, IsNot, Contains, ContainsNot, Matches, MatchesNot, MatchesWildcard, MatchesWildcardNot}
	knownOperators  = append(slices.Clone(valueOperators), And, Or, Not, HasDone, HasNotDone)
	casingOperators = []Operator{Is, IsNot, Contains, ContainsNot}
)

func (q *Query) parseFilters(fields map[string]json.RawMessage, opts Options) error {
	p := filterParser{site: q.Site, segments: opts.Segments}
	var err error
	if fields["filters"] != nil {
		q.Filters, err = p.list("filters", fields["filters"], 1)
	}
	q.Filters = flattened(q.Filters)
	return err
}

// flattened takes filters out of those that only join them by and: what a segment holds is asked as if it stood there.
func flattened(filters []Filter) []Filter {
	var list []Filter
	for _, f := range filters {
		if f.Op == And {
			list = append(list, flattened(f.Filters)...)
		} else {
			list = append(list, f)
		}
	}
	return list
}

// filterParser counts the conditions of one query.
type filterParser struct {
	conditions int
	site       string
	segments   func(site, segment string) (json.RawMessage, bool)
}

// list reads a list of filters.
func (p *filterParser) list(part string, data json.RawMessage, depth int) ([]Filter, error) {
	var entries []json.RawMessage
	if err := decode(part, data, &entries, "a list of filters"); err != nil {
		return nil, err
	}
	var filters []Filter
	for i, e := range entries {
		f, err := p.one(at(part, i), e, depth)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	return filters, nil
}

// one reads [operator, …].
func (p *filterParser) one(part string, data json.RawMessage, depth int) (Filter, error) {
	if p.conditions++; p.conditions > maxFilters {
		return Filter{}, Refuse(part, "more than %d filters", maxFilters)
	}
	if depth > maxFilterDepth {
		return Filter{}, Refuse(part, "filters stand deeper than %d in each other", maxFilterDepth)
	}
	var pieces []json.RawMessage
	if err := decode(part, data, &pieces, "a list such as [\"is\", \"event:page\", [\"/\"]]"); err != nil {
		return Filter{}, err
	}
	if len(pieces) < 2 {
		return Filter{}, Refuse(part, "must be a list such as [\"is\", \"event:page\", [\"/\"]]")
	}
	var f Filter
	if err := decode(at(part, 0), pieces[0], &f.Op, "a string"); err != nil {
		return Filter{}, err
	}
	switch {
	case isSegment(pieces[1]):
		return p.segment(part, pieces, f.Op, depth)
	case slices.Contains(valueOperators, f.Op):
		err := p.condition(part, pieces, &f)
		return f, err
	case f.Op == HasDone || f.Op == HasNotDone:
		return p.behaviour(part, pieces, f.Op, depth)
	case !slices.Contains(knownOperators, f.Op):
		return Filter{}, Refuse(at(part, 0), "%s is not an operator; known are %s", quote(string(f.Op)), list(knownOperators))
	case len(pieces) != 2:
		return Filter{}, Refuse(part, "%s takes one thing", f.Op)
	case f.Op == Not:
		inner, err := p.one(at(part, 1), pieces[1], depth+1)
		f.Filters = []Filter{inner}
		return f, err
	}
	var err error
	if f.Filters, err = p.list(at(part, 1), pieces[1], depth+1); err != nil {
		return Filter{}, err
	}
	if len(f.Filters) == 0 {
		return Filter{}, Refuse(at(part, 1), "%s needs at least one filter", f.Op)
	}
	return f, nil
}

// condition reads [operator, dimension, values] with or without modifiers.
func (p *filterParser) condition(part string, pieces []json.RawMessage, f *Filter) error {
	var name string
	if err := decode(at(part, 1), pieces[1], &name, "the name of a dimension"); err != nil {
		return err
	}
	if f.Dimension = Dimension(name); f.Dimension.IsTime() {
		return Refuse(at(part, 1), "%s cannot be filtered on; give a date_range", quote(name))
	}
	if err := checkDimension(at(part, 1), name, valueDimensions); err != nil {
		return err
	}
	if len(pieces) < 3 || len(pieces) > 4 {
		return Refuse(part, "must have an operator, a dimension, a list of values and perhaps modifiers")
	}
	if err := f.parseValues(at(part, 2), pieces[2]); err != nil {
		return err
	}
	if len(pieces) == 4 {
		return f.parseModifiers(at(part, 3), pieces[3])
	}
	return nil
}

func (f *Filter) parseValues(part string, data json.RawMessage) error {
	var values []any
	if err := decode(part, data, &values, "a list of strings"); err != nil {
		return err
	}
	if len(values) == 0 {
		return Refuse(part, "needs at least one value")
	}
	if len(values) > maxValues {
		return Refuse(part, "more than %d values", maxValues)
	}
	for i, v := range values {
		switch v := v.(type) {
		case string:
			f.Values = append(f.Values, v)
		case float64:
			f.Values = append(f.Values, strconv.FormatFloat(v, 'f', -1, 64))
		case nil:
			f.Values = append(f.Values, NotSet)
		default:
			return Refuse(at(part, i), "must be a string")
		}
	}
	f.useWildcards()
	return f.checkValues(part)
}

// useWildcards makes regular expressions of patterns in which * stands for any characters.
func (f *Filter) useWildcards() {
	switch f.Op {
	case MatchesWildcard:
		f.Op = Matches
	case MatchesWildcardNot:
		f.Op = MatchesNot
	default:
		return
	}
	for i, v := range f.Values {
		f.Values[i] = wildcard(v)
	}
}

// wildcard returns the regular expression of a pattern, which is the whole value.
func wildcard(pattern string) string {
	return "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$"
}

// checkValues finds what can never be meant.
func (f *Filter) checkValues(part string) error {
	pattern := f.Op == Matches || f.Op == MatchesNot
	if pattern && len(f.Values) > maxPatterns {
		return Refuse(part, "more than %d regular expressions", maxPatterns)
	}
	for i, v := range f.Values {
		switch {
		case pattern:
			if _, err := regexp.Compile(v); err != nil {
				return Refuse(at(part, i), "%s is not a regular expression (RE2): %s", quote(v), err)
			}
		case (f.Op == Contains || f.Op == ContainsNot) && v == "":
			return Refuse(at(part, i), "is empty, which everything contains")
		}
	}
	return nil
}

func (f *Filter) parseModifiers(part string, data json.RawMessage) error {
	modifiers, err := parseObject(part, data, "case_sensitive")
	if err != nil {
		return err
	}
	sensitive := true
	if err := decodeOptional(part+".case_sensitive", modifiers["case_sensitive"], &sensitive, "true or false"); err != nil {
		return err
	}
	if !sensitive && !slices.Contains(casingOperators, f.Op) {
		return Refuse(part, "%s has no case_sensitive; begin the expression with (?i)", f.Op)
	}
	f.CaseInsensitive = !sensitive
	return nil
}
