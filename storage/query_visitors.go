package storage

import (
	"regexp"
	"slices"

	"github.com/klar-analytics/klar/report"
)

// marks are the columns of hits that count visitors, from the finest dimension to the coarsest: a visitor counts once
// a day for each value of it.
var marks = []struct {
	dimension report.Dimension
	column    string
}{
	{report.EventPage, "visitors_page"},
	{report.EventName, "visitors_page"},
	{report.TimeHour, "visitors_hour"}, // most come from one place in an hour, but from several in a day
	{report.VisitEntryPage, "visitors_entry"},
	{report.VisitUTMCampaign, "visitors_campaign"},
	{report.VisitSource, "visitors_source"},
	{report.VisitChannel, "visitors_channel"},
	{report.EventHostname, "visitors_host"},
}

// peopleSums returns the named sums of a part, with the columns for visitors and visits that suit the question.
func (p *plan) peopleSums(part *part, names []string) map[string]string {
	sums := map[string]string{}
	for _, name := range names {
		sql, own := part.source.sums[name]
		switch {
		case own:
			sums[name] = sql
		case name == "visitors":
			sums[name] = "sum(" + p.visitorsColumn(part) + ")"
		case name == "visits":
			sums[name] = "sum(" + p.visitsColumn(part) + ")"
		}
	}
	return sums
}

// visitorsColumn takes the mark of the finest dimension asked for.
func (p *plan) visitorsColumn(part *part) string {
	if part.source.alone() {
		if slices.Contains(part.keys, report.TimeHour) {
			return "visitors_hour"
		}
		return "visitors"
	}
	return p.finestColumn(part.keys)
}

// finestColumn is the column of the finest dimension that is not among others.
func (p *plan) finestColumn(keys []report.Dimension, but ...report.Dimension) string {
	finest, column := p.finest(keys, but...)
	switch finest {
	case report.EventName:
		// Of events each name is counted apart; of page views only each page is, so the next dimension counts these.
		return "if(event = '', " + p.finestColumn(keys, append(but, finest)...) + ", visitors_page)"
	case report.VisitUTMCampaign:
		// No campaign is no value that a visitor could come from first; the next dimension counts these.
		return "if(campaign = '', " + p.finestColumn(keys, append(but, finest)...) + ", visitors_campaign)"
	}
	return column
}

// visitsColumn counts the visits that saw a page or did an event, or else those that began.
func (p *plan) visitsColumn(part *part) string {
	if part.source.alone() {
		return "visits"
	}
	switch finest, _ := p.finest(part.keys); finest {
	case report.EventPage:
		return "visits_page"
	case report.EventName:
		return "if(event = '', visits, visits_page)"
	}
	return "visits"
}

// finest returns the finest dimension that the question breaks down by or picks values of, and its column.
func (p *plan) finest(keys []report.Dimension, but ...report.Dimension) (report.Dimension, string) {
	for _, m := range marks {
		if slices.Contains(but, m.dimension) {
			continue
		}
		if slices.Contains(keys, m.dimension) || slices.ContainsFunc(p.query.Filters, func(f report.Filter) bool { return picks(f, m.dimension, false) }) {
			return m.dimension, m.column
		}
	}
	return "", "visitors"
}

// picks reports whether a filter lets through values of d that it names. One that only shuts values out does not make
// the figures those of single values.
func picks(f report.Filter, d report.Dimension, negated bool) bool {
	switch f.Op {
	case report.IsNot, report.ContainsNot, report.MatchesNot:
		// Without page views only events are left, none of which a visit or a day begins with as a rule.
		events := d == report.EventName && f.Op == report.IsNot && slices.Contains(f.Values, report.PageviewEvent)
		return f.Dimension == d && (negated || events)
	case report.Not:
		negated = !negated
	case report.And, report.Or:
	default:
		return f.Dimension == d && !negated
	}
	return slices.ContainsFunc(f.Filters, func(inner report.Filter) bool { return picks(inner, d, negated) })
}

// warn says of visitors and visits when they are counted once for each of several values.
func (p *plan) warn(m report.Metric) {
	if p.definitions != nil || p.property != "" {
		p.warnCounted(m)
		return
	}
	d, _ := p.finest(p.query.Dimensions)
	if m == report.Visits && d != report.EventPage && d != report.EventName { // a visit began once
		return
	}
	for _, of := range []report.Dimension{report.VisitExitPage, report.VisitEntryHost, report.VisitExitHost} {
		if slices.Contains(p.filtered, of) {
			d = of
		}
	}
	if d != "" {
		p.warnPerValue(m, d)
	}
}

// warnByHour says of a figure of whole visits that by the hour it is rough: they may go on in other hours than they begin.
func (p *plan) warnByHour(m report.Metric) {
	if slices.Contains(p.query.Dimensions, report.TimeHour) {
		p.warnings[m] = report.Warning{
			Code: "visits_by_hour",
			Text: "A visit counts in the hour in which it began, what it did later in the hour of that: by the hour this is rough, by the day it is exact.",
		}
	}
}

// warnPerValue says of a metric when the filters let several values of d through and each counts for itself.
func (p *plan) warnPerValue(m report.Metric, d report.Dimension) {
	if slices.Contains(p.query.Dimensions, d) || slices.ContainsFunc(p.query.Filters, func(f report.Filter) bool { return single(f, d) }) {
		return
	}
	code, once := "", ""
	switch m {
	case report.Visitors, report.Percentage, report.ConversionRate, report.GroupConversionRate:
		code, once = "visitors_per_value", "a visitor counts once a day for each of them"
	case report.Visits:
		code, once = "visits_per_value", "a visit counts once for each of them"
	default:
		if !d.IsCounted() {
			return
		}
		code, once = "events_per_value", "what reaches several of them counts for each"
	}
	p.warnings[m] = report.Warning{Code: code, Text: "The filter lets several values of " + string(d) + " through; " + once + "."}
}

// single reports whether a filter lets through one value of d at most.
func single(f report.Filter, d report.Dimension) bool {
	inner := func(f report.Filter) bool { return single(f, d) }
	switch f.Op {
	case report.Is:
		return f.Dimension == d && len(f.Values) == 1 && !f.CaseInsensitive
	case report.And:
		return slices.ContainsFunc(f.Filters, inner)
	case report.Or:
		return len(f.Filters) == 1 && inner(f.Filters[0])
	}
	return false
}

// letsMissingThrough reports whether the filters, which are all on one dimension, hold for a missing value.
func (p *plan) letsMissingThrough() bool {
	return !slices.ContainsFunc(p.query.Filters, func(f report.Filter) bool { return !holdsForMissing(f) })
}

func holdsForMissing(f report.Filter) bool {
	switch f.Op {
	case report.Is, report.IsNot:
		return slices.Contains(stored(f.Dimension, f.Values), "") == (f.Op == report.Is)
	case report.Contains, report.ContainsNot:
		return f.Op == report.ContainsNot
	case report.Matches, report.MatchesNot:
		any := slices.ContainsFunc(f.Values, func(v string) bool {
			pattern, err := regexp.Compile(v)
			return err == nil && pattern.MatchString("")
		})
		return any == (f.Op == report.Matches)
	case report.Or:
		return slices.ContainsFunc(f.Filters, holdsForMissing)
	case report.Not:
		return !holdsForMissing(f.Filters[0])
	}
	return !slices.ContainsFunc(f.Filters, func(inner report.Filter) bool { return !holdsForMissing(inner) })
}
