package storage

import (
	"slices"

	"github.com/klar-analytics/klar/report"
)

// The four kinds of dimensions of table counts, each with what it keeps.
var (
	// everybodySource counts all people, by the hour.
	everybodySource = source{table: "counts", time: "hour", sums: peopleSums, present: "sum(events)"}
	// attributesSource counts visitors by one attribute, by the day.
	attributesSource = source{table: "counts", time: "hour", present: "sum(visitors)"}
	// arrivalsSource counts people by a referrer or campaign parameter, by the day. Visits without one are not in it.
	arrivalsSource = source{table: "counts", time: "hour", sums: peopleSums, present: "sum(events)"}
	// daysSource counts people by one dimension that hits has exactly, by the day: what hits would answer, from fewer rows.
	daysSource = source{table: "counts", time: "hour", sums: peopleSums, present: "sum(events)"}
	// beganSource is daysSource by entry page, with the visits of a page being those that began there, as entriesSource.
	beganSource = source{table: "counts", time: "hour", sums: peopleSums, present: "toUInt64(0)"}
)

// countedArrivals are the dimensions of arrivalsSource.
var countedArrivals = []report.Dimension{
	report.VisitReferrer, report.VisitUTMSource, report.VisitUTMMedium, report.VisitUTMCampaign, report.VisitUTMContent,
	report.VisitUTMTerm,
}

// countedDays are the dimensions of daysSource.
var countedDays = []report.Dimension{
	report.EventPage, report.EventHostname, report.VisitEntryPage, report.VisitSource, report.VisitChannel,
}

// counts returns the part of table counts that answers a metric of people, nil if table hits must. A question that
// neither can answer is an error of type report.Error.
func (p *plan) counts(at string, m report.Metric, keys []report.Dimension) (*part, error) {
	uses, place := codes(p.uses(keys)), p.place()
	switch {
	case len(uses) == 0:
		if p.byDays() {
			return &part{source: peopleTotals, keys: keys}, nil
		}
		return counted(everybodySource, totalDimension, keys), nil
	case place != "":
		return p.countedPlace(at, m, place, keys)
	case len(uses) > 1 && !slices.ContainsFunc(uses, func(d report.Dimension) bool { return !slices.Contains(campaignTags, d) }):
		return p.countedCampaign(uses, keys)
	case len(uses) > 1:
		return nil, nil
	case uses[0].IsAttribute():
		return p.countedAttribute(at, m, uses[0], keys)
	case slices.Contains(countedArrivals, uses[0]):
		return p.countedArrival(uses[0], keys)
	case slices.Contains(visitHosts, uses[0]):
		return p.countedHost(at, m, uses[0], keys)
	case slices.Contains(countedDays, uses[0]):
		return p.countedDay(uses[0], keys), nil
	}
	return nil, nil
}

// countedDay takes counts for whole days, where the question is about single values of d: of other visitors and visits
// counts does not say whose first page, source … it was.
func (p *plan) countedDay(d report.Dimension, keys []report.Dimension) *part {
	if finest, _ := p.finest(keys); finest != d || p.byDay(d) != nil {
		return nil
	}
	return counted(daysSource, d, keys)
}

// began returns the part that says how the visits went on that began on the pages of a part.
func began(pages *part) *part {
	one := *pages
	if pages.source.table != daysSource.table {
		one.source, one.where = entriesSource, []string{"entry != ''"}
		return &one
	}
	one.source = beganSource
	one.source.columns = pages.source.columns
	one.where = []string{"dimension = '" + string(report.VisitEntryPage) + "'", "value != ''"}
	return &one
}

// counted takes the rows of one dimension.
func counted(s source, d report.Dimension, keys []report.Dimension) *part {
	s.columns = map[report.Dimension]string{d: "value"}
	for name, of := range called {
		if of == d {
			s.columns[name] = "value"
		}
	}
	return &part{source: s, keys: keys, where: []string{"dimension = '" + string(d) + "'"}}
}

// countedAttribute takes counts for visitors by one attribute and day. Anything more of an attribute, and all that a
// filter lets through, comes from hits, so that the figures of one page of the dashboard fit together. What hits does not
// have, the provider, is counted alone or not at all.
func (p *plan) countedAttribute(at string, m report.Metric, d report.Dimension, keys []report.Dimension) (*part, error) {
	byDay := p.byDay(d)
	if _, ok := hitsSource.columns[d]; ok {
		if byDay != nil || len(p.query.Filters) > 0 || slices.ContainsFunc(p.query.Metrics, moreThanVisitors) {
			return nil, nil
		}
	}
	if moreThanVisitors(m) {
		return nil, refuseMore(at, m, d)
	}
	if byDay != nil {
		return nil, byDay
	}
	return counted(attributesSource, d, keys), nil
}

// refuseMore says why only visitors are counted by an attribute.
func refuseMore(at string, m report.Metric, d report.Dimension) error {
	return report.Refuse(at, "%s is not counted by %s; only visitors and percentage are, so that equal figures cannot tie it to anything else about a visitor", m, d)
}

// moreThanVisitors reports whether m needs more than attributesSource has.
func moreThanVisitors(m report.Metric) bool { return m != report.Visitors && m != report.Percentage }

// countedArrival takes counts for whole days, unless a filter lets through visits without the value.
func (p *plan) countedArrival(d report.Dimension, keys []report.Dimension) (*part, error) {
	_, crossable := hitsSource.columns[d]
	byDay := p.byDay(d)
	missing := !slices.Contains(keys, d) && p.letsMissingThrough()
	switch {
	case crossable && (missing || byDay != nil):
		return nil, nil
	case missing:
		return nil, report.Refuse("filters", "visits without %s are not counted apart, so this filter cannot let them through", d)
	case byDay != nil:
		return nil, byDay
	}
	return counted(arrivalsSource, d, keys), nil
}

// byDay returns why figures by the day cannot answer the question, nil if they can.
func (p *plan) byDay(d report.Dimension) error {
	if p.byDays() {
		return nil
	}
	return p.wholeDays(string(d) + " is counted by the day")
}
