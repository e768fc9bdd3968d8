package accuracy

import (
	"slices"

	"github.com/klar-analytics/klar/report"
)

// What is asked together. Visitors are also asked for alone, because then table counts can answer.
var (
	peopleMetrics  = []report.Metric{report.Visitors, report.Visits, report.Pageviews, report.Events}
	shareMetrics   = []report.Metric{report.Visitors, report.Percentage}
	visitMetrics   = []report.Metric{report.BounceRate, report.VisitDuration, report.ViewsPerVisit}
	requestMetrics = []report.Metric{report.Requests, report.Bytes, report.Errors}
	botMetrics     = []report.Metric{report.Bots}
)

var (
	// crossable are the dimensions of people that can be asked for together, with those of time.
	crossable = []report.Dimension{
		report.EventPage, report.EventHostname, report.EventName, report.VisitEntryPage, report.VisitSource, report.VisitChannel,
		report.VisitUTMCampaign, report.VisitCountry, report.VisitDevice, report.VisitBrowser, report.VisitBrowserVersion, report.VisitOS,
		report.VisitOSVersion, report.TimeHour, report.TimeDay,
	}
	// lone are those that are counted alone.
	lone = []report.Dimension{
		report.VisitReferrer, report.VisitUTMSource, report.VisitUTMMedium, report.VisitUTMCampaign, report.VisitUTMContent, report.VisitUTMTerm,
		report.VisitEntryHost,
	}
	attributes = []report.Dimension{
		report.VisitCountry, report.VisitProvider, report.VisitDevice, report.VisitBrowser, report.VisitBrowserVersion, report.VisitOS,
		report.VisitOSVersion, report.VisitRegion, report.VisitCity, report.VisitLanguage,
	}
	traffic = []report.Dimension{report.EventStatus, report.EventMethod, report.EventKind, report.EventOrigin}
)

// asker collects the questions about a site.
type asker struct {
	site *site
	ref  *reference
	list []*question
}

// ranges are a day, a week and all days; when little is to be asked, all days only.
func (a *asker) ranges(all bool, dimensions []report.Dimension) [][2]string {
	if all && len(dimensions) == 0 || *everything {
		return [][2]string{a.site.day, a.site.week, a.site.days}
	}
	return [][2]string{a.site.days}
}

func (a *asker) add(all bool, metrics []report.Metric, dimensions []report.Dimension, filters ...condition) {
	for _, r := range a.ranges(all, dimensions) {
		a.list = append(a.list, &question{site: a.site, metrics: metrics, dimensions: dimensions, filters: filters, days: r})
	}
}

// questions are those about one site.
func questions(s *site, ref *reference) []*question {
	a := &asker{site: s, ref: ref}
	a.singles()
	if !s.ordered && !*everything {
		return a.list
	}
	if (s.real || s.beacons) && !*everything {
		if s.beacons {
			a.under(condition{report.IsNot, report.EventName, []string{report.PageviewEvent}}, nil)
			a.under(condition{report.IsNot, report.EventName, []string{report.PageviewEvent}}, []report.Dimension{report.VisitSource})
		}
		a.add(false, peopleMetrics, []report.Dimension{report.EventPage, report.VisitEntryPage})
		a.add(false, peopleMetrics, []report.Dimension{report.EventPage, report.VisitSource})
		a.add(false, peopleMetrics, []report.Dimension{report.VisitEntryPage, report.VisitSource})
		return a.list
	}
	a.pairs()
	a.filtered()
	return a.list
}

func (a *asker) singles() {
	a.add(true, peopleMetrics, nil)
	a.add(true, visitMetrics, nil)
	for _, d := range crossable {
		a.add(true, peopleMetrics, []report.Dimension{d})
		a.add(true, shareMetrics, []report.Dimension{d})
		a.visits(true, d)
	}
	for _, d := range lone {
		a.add(true, peopleMetrics, []report.Dimension{d})
		a.add(true, visitMetrics, []report.Dimension{d})
		a.add(false, peopleMetrics, []report.Dimension{d, report.TimeDay})
	}
	for _, d := range attributes {
		a.add(true, shareMetrics, []report.Dimension{d})
		a.add(false, shareMetrics, []report.Dimension{d, report.TimeDay})
	}
	a.places()
	for _, d := range []report.Dimension{report.TimeWeek, report.TimeMonth} {
		a.add(true, peopleMetrics, []report.Dimension{d})
		a.add(true, visitMetrics, []report.Dimension{d})
	}
	if a.site.beacons {
		share := []report.Metric{report.BeaconlessRate}
		a.add(true, share, nil)
		a.add(true, share, []report.Dimension{report.EventPage})
		a.add(true, share, []report.Dimension{report.TimeDay})
	} else {
		a.traffic()
	}
	a.pages()
	a.targets()
}

// places asks for what lies in each other.
func (a *asker) places() {
	country, region, city := report.VisitCountry, report.VisitRegion, report.VisitCity
	for _, together := range [][]report.Dimension{{country, region}, {country, city}, {region, city}, {country, city, report.TimeDay}} {
		a.add(false, shareMetrics, together)
	}
	for _, of := range a.frequent(country) {
		a.add(false, shareMetrics, []report.Dimension{region, city}, condition{report.Is, country, []string{of}})
		a.add(false, shareMetrics, []report.Dimension{city}, condition{report.IsNot, country, []string{of}})
	}
}

// traffic asks for what everybody requested.
func (a *asker) traffic() {
	a.add(true, requestMetrics, nil)
	a.add(true, botMetrics, nil)
	for i, d := range traffic {
		a.add(true, requestMetrics, []report.Dimension{d})
		for _, with := range traffic[i+1:] {
			a.add(false, requestMetrics, []report.Dimension{d, with})
		}
		for _, interval := range times {
			if interval != report.TimeHour && !*everything {
				continue
			}
			a.add(false, requestMetrics, []report.Dimension{d, interval})
		}
	}
	a.add(true, requestMetrics, []report.Dimension{report.EventPage})
	a.add(false, requestMetrics, []report.Dimension{report.EventPage, report.EventStatus})
	a.add(true, botMetrics, []report.Dimension{report.EventBot})
	a.add(false, botMetrics, []report.Dimension{report.EventBot, report.EventPage})
}

// visits asks for the figures of whole visits by dimensions that have them.
func (a *asker) visits(all bool, dimensions ...report.Dimension) {
	if slices.Contains(dimensions, report.EventHostname) || slices.Contains(dimensions, report.EventName) {
		return // refused, as no part of a visit has a figure of the whole one
	}
	metrics := visitMetrics
	if slices.Contains(dimensions, report.EventPage) {
		metrics = metrics[:2]
	}
	a.add(all, metrics, dimensions)
}

func (a *asker) pairs() {
	for i, d := range crossable {
		if d.IsAttribute() && d != report.VisitBrowser && !*everything {
			continue
		}
		for _, with := range crossable[i+1:] {
			if d == report.TimeHour || a.site.hosts == nil && (d == report.EventHostname || with == report.EventHostname) {
				continue
			}
			a.add(false, peopleMetrics, []report.Dimension{d, with})
			a.visits(false, d, with)
		}
	}
}

// filtered asks under filters, for the most frequent values that they can pick.
func (a *asker) filtered() {
	under := [][]report.Dimension{
		nil, {report.EventPage}, {report.VisitEntryPage}, {report.VisitSource}, {report.VisitCountry}, {report.TimeDay}, {report.TimeHour},
	}
	for _, d := range crossable {
		if d.IsTime() || a.site.hosts == nil && d == report.EventHostname {
			continue
		}
		if brief := []report.Dimension{report.EventPage, report.VisitSource, report.VisitCountry}; !*everything && !slices.Contains(brief, d) {
			continue
		}
		frequent := a.frequent(d)
		for _, dimensions := range under {
			a.under(condition{report.Is, d, frequent[:1]}, dimensions)
			a.under(condition{report.IsNot, d, frequent[:1]}, dimensions)
		}
		for _, dimensions := range [][]report.Dimension{nil, {report.TimeDay}} {
			if len(frequent) > 1 {
				a.under(condition{report.Is, d, frequent}, dimensions)
			}
			if d == report.EventPage {
				a.under(condition{report.Contains, d, []string{"/"}}, dimensions)
			}
		}
	}
}

// under asks for figures of people under a condition.
func (a *asker) under(c condition, dimensions []report.Dimension) {
	a.add(false, peopleMetrics, dimensions, c)
	if c.dimension != report.EventHostname && c.dimension != report.EventName {
		a.add(false, visitMetrics[:2], dimensions, c)
	}
}

// frequent returns up to two values of a dimension, the most frequent first.
func (a *asker) frequent(d report.Dimension) []string {
	often := map[string]int{}
	for i := range a.ref.views {
		if v := &a.ref.views[i]; v.person != 0 && v.values.of(d) != "" {
			often[v.values.of(d)]++
		}
	}
	var list []string
	for v := range often {
		list = append(list, v)
	}
	slices.SortFunc(list, func(x, y string) int {
		if often[x] != often[y] {
			return often[y] - often[x]
		}
		return bit(x > y) - bit(x < y)
	})
	return list[:min(2, len(list))]
}
