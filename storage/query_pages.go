package storage

import (
	"maps"
	"slices"

	"github.com/klar-analytics/klar/report"
)

// exitsSource is hits with the visits of a page being those that ended there. Its rows are those of page views, so that
// nothing but these visits can be said of an exit page.
var exitsSource = source{
	table: "hits", time: "hour", present: "sum(exits)",
	columns: func() map[report.Dimension]string {
		columns := maps.Clone(hitsSource.columns)
		delete(columns, report.EventPage)
		delete(columns, report.EventName)
		columns[report.VisitExitPage] = "path"
		return columns
	}(),
	sums: map[string]string{
		"visitors": "sum(visitors_exit)",
		"visits":   "sum(exits)",
		"entered":  "sum(exits)",
		"engaged":  "sum(exits)", // of which those that bounced are taken away
		"exits":    "sum(exits)",
		"seconds":  "sum(exit_seconds)",
		"viewed":   "sum(pageviews)",
	},
}

// bouncedSource is hits with a visit of one page view, which ends where it began.
var bouncedSource = source{
	table: "hits", time: "hour", present: "0",
	columns: func() map[report.Dimension]string {
		columns := maps.Clone(exitsSource.columns)
		columns[report.VisitExitPage] = "entry"
		return columns
	}(),
	sums: map[string]string{"engaged": "toInt64(sum(engaged)) - toInt64(sum(visits))"},
}

// flowsSource is the page views by the page before them.
var flowsSource = source{
	table: "flows", time: "day", present: "sum(views)",
	columns: map[report.Dimension]string{report.EventPage: "to_page", report.EventPreviousPage: "from_page"},
	sums:    map[string]string{"pageviews": "sum(views)"},
}

// checkExit refuses what cannot be said of exit pages.
func checkExit(at string, m report.Metric, uses []report.Dimension) error {
	for _, d := range []report.Dimension{report.EventPage, report.EventName} {
		if slices.Contains(uses, d) {
			return report.Refuse(at, "%s and %s cannot be crossed: which pages a visit saw is not kept", report.VisitExitPage, d)
		}
	}
	switch m {
	case report.Visitors, report.Visits, report.Percentage, report.BounceRate, report.VisitDuration, report.Exits, report.ExitRate:
		return nil
	}
	return report.Refuse(at, "%s is not counted by %s; only visitors, visits, percentage, bounce_rate, visit_duration, exits and exit_rate are",
		m, report.VisitExitPage)
}

// addPage adds a metric of pages.
func (p *plan) addPage(at string, m report.Metric) error {
	uses := p.uses(p.query.Dimensions)
	page := slices.Contains(uses, report.EventPage)
	switch {
	case m == report.ExitRate && !page && !slices.Contains(uses, report.VisitExitPage):
		return report.Refuse(at, "%s is a figure of pages; ask for it by %s or %s", m, report.VisitExitPage, report.EventPage)
	case (m == report.TimeOnPage || m == report.ScrollDepth) && !page:
		return report.Refuse(at, "%s is a figure of pages; ask for it by %s, or with a filter on it", m, report.EventPage)
	case slices.Contains(uses, report.EventName):
		return report.Refuse(at, "%s is a figure of pages and cannot be given by %s", m, report.EventName)
	case m == report.Exits && slices.Contains(uses, report.VisitExitHost):
		return p.addPeople(at, m)
	}
	part, err := p.crossing(at, m, p.query.Dimensions)
	if err == nil {
		p.add(part, p.peopleSums(part, metricSums[m]))
	}
	return err
}

// addExitVisit adds a metric of whole visits to the part of those that ended on a page.
func (p *plan) addExitVisit(at string, m report.Metric, ended *part) error {
	p.add(ended, p.peopleSums(ended, metricSums[m]))
	switch {
	case m != report.BounceRate:
	case ended.source.table == exitHostSource.table:
		bounced := counted(bouncedHostSource, report.VisitEntryHost, ended.keys)
		bounced.source.columns = ended.source.columns
		p.add(bounced, maps.Clone(bouncedHostSource.sums))
	default:
		bounced := &part{source: bouncedSource, keys: ended.keys, where: []string{"entry != ''"}}
		p.add(bounced, maps.Clone(bouncedSource.sums))
	}
	return nil
}

// addFlow adds page views by the page before them, and reports whether that is asked for.
func (p *plan) addFlow(at string, m report.Metric) (bool, error) {
	d := report.EventPreviousPage
	uses := p.uses(p.query.Dimensions)
	if !slices.Contains(uses, d) {
		return false, nil
	}
	if m != report.Pageviews {
		return false, report.Refuse(at, "%s is not counted by %s; only pageviews is", m, d)
	}
	for _, other := range uses {
		if _, ok := flowsSource.columns[other]; !ok {
			return false, report.Refuse(p.where(other), "%s stands alone or with %s; %s is not kept with it, so that journeys cannot be tied to visitors",
				d, report.EventPage, other)
		}
	}
	if slices.Contains(p.query.Dimensions, report.TimeMinute) {
		return false, report.Refuse(at, "%s is not counted by time:minute; only requests, bytes, errors and threats are", m)
	}
	if err := p.byDay(d); err != nil {
		return false, err
	}
	p.add(&part{source: flowsSource, keys: p.query.Dimensions}, maps.Clone(flowsSource.sums))
	return true, nil
}
