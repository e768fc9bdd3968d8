package accuracy

import (
	"slices"
	"strings"

	"github.com/klar-analytics/klar/report"
)

// The classes of figures that are not exact have a row each in docs/metrics.md, by metric and class.
const (
	exact      = ""
	filtered   = "two of these, one as a filter"
	leftOut    = "a filter that leaves one value out"
	several    = "a filter that lets several values through"
	noCampaign = "campaign, with visits without one"
	byHost     = "host"
	byHour     = "hour"
	disorder   = "lines out of order"
	together   = "a log and beacons"
	anyFunnel  = "estimated funnel, any of these"
	separator  = " × "
)

// marked are the dimensions that visitors have marks of, from the finest.
var marked = []report.Dimension{
	report.EventGoal, report.EventGroup, report.EventFunnelStep, report.VisitExitPage, report.EventPage, report.EventName, report.TimeHour, report.VisitEntryPage, report.VisitUTMCampaign, report.VisitSource,
	report.VisitChannel, report.EventHostname,
}

// arrivalDimensions say how a visit began.
var arrivalDimensions = []report.Dimension{
	report.VisitEntryPage, report.VisitSource, report.VisitChannel, report.VisitReferrer, report.VisitUTMSource, report.VisitUTMMedium,
	report.VisitUTMCampaign, report.VisitUTMContent, report.VisitUTMTerm, report.VisitEntryHost,
}

// targetDimensions are what a site defines.
var targetDimensions = []report.Dimension{report.EventGoal, report.EventGroup, report.EventFunnelStep}

// short is a dimension's name without what it is of.
func short(d report.Dimension) string {
	switch _, name, _ := strings.Cut(string(d), ":"); name {
	case "entry_page":
		return "entry page"
	case "utm_campaign":
		return "campaign"
	case "goal", "group", "funnel_step":
		return "goal, group or step"
	case "exit_page":
		return "exit page"
	case "hostname":
		return byHost
	default:
		return name
	}
}

// breaksBy reports whether the answer is broken down by one of dimensions.
func (q *question) breaksBy(dimensions ...report.Dimension) bool {
	return slices.ContainsFunc(q.dimensions, func(d report.Dimension) bool { return slices.Contains(dimensions, d) })
}

// filters reports whether a filter is on one of dimensions.
func (q *question) filtersBy(dimensions ...report.Dimension) bool {
	return slices.ContainsFunc(q.filters, func(c condition) bool { return slices.Contains(dimensions, c.dimension) })
}

// class says of what kind the error of a metric is that docs/metrics.md states; exact if there is none.
func (q *question) class(m report.Metric) string {
	if !q.site.ordered && q.dependsOnOrder(m) {
		return disorder
	}
	switch {
	case q.way != nil && m == report.Visitors:
		return anyFunnel
	case q.way != nil:
		return q.way.class
	}
	switch m {
	case report.Visitors, report.Percentage:
		if q.site.beacons && q.breaksBy(report.VisitLanguage) {
			return together
		}
		return q.visitorsClass()
	case report.Visits:
		switch {
		case q.breaksBy(report.EventHostname) || q.filtersBy(report.EventHostname):
			return byHost
		case q.filtersBy(report.EventPage) && !q.breaksBy(report.EventPage) && q.filters[0].operator == report.IsNot:
			return leftOut
		}
	case report.UniquePageviews:
		if q.breaksBy(report.EventHostname) {
			return byHost
		}
	case report.BounceRate, report.VisitDuration, report.ViewsPerVisit:
		if q.breaksBy(report.TimeHour) {
			return byHour
		}
		if q.site.beacons && m == report.VisitDuration {
			return together
		}
	}
	return exact
}

func (q *question) visitorsClass() string {
	var names []string
	by := 0
	for _, d := range marked {
		switch {
		case q.breaksBy(d):
			by++
		case !q.filtersBy(d):
			continue
		case q.filters[0].operator == report.IsNot:
			return leftOut
		}
		names = append(names, short(d))
	}
	switch {
	case len(names) == 1 && names[0] == short(report.VisitUTMCampaign) && !q.alone(report.VisitUTMCampaign):
		return noCampaign
	case len(names) < 2:
		return exact
	case by < len(names):
		return filtered
	}
	return strings.Join(names, separator)
}

// dependsOnOrder reports whether a figure hangs on which hit of a visit or of an hour came first.
func (q *question) dependsOnOrder(m report.Metric) bool {
	ofVisits := m == report.BounceRate || m == report.VisitDuration || m == report.ViewsPerVisit
	switch {
	case m == report.Requests || m == report.Bytes || m == report.Errors || m == report.Bots:
		return false
	case slices.Contains(pageMetrics, m) || m == report.TimeOnPage || q.breaksBy(report.VisitExitPage, report.VisitExitHost, report.EventPreviousPage) || q.filtersBy(report.EventPreviousPage):
		return true
	case q.breaksBy(report.EventFunnelStep):
		return true
	case q.breaksBy(arrivalDimensions...) || q.filtersBy(arrivalDimensions...) || m == report.VisitDuration:
		return true
	case ofVisits && (q.breaksBy(report.EventPage, report.TimeHour) || q.filtersBy(report.EventPage)):
		return true
	case m == report.Visits && (q.breaksBy(report.TimeHour, report.EventHostname) || q.filtersBy(report.EventPage)):
		return true
	}
	return m == report.Visitors && q.visitorsClass() != exact
}
