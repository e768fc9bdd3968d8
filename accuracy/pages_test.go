package accuracy

import "github.com/klar-analytics/klar/report"

// What is asked of pages and of journeys.
var (
	pageMetrics = []report.Metric{report.UniquePageviews, report.Exits, report.ExitRate}
	readMetrics = []report.Metric{report.TimeOnPage}
	exitMetrics = []report.Metric{report.Visitors, report.Visits, report.Exits, report.BounceRate, report.VisitDuration}
)

// journey notes where a page view stands in its visit. It is the n-th view of the log, from 0.
func (one *visit) journey(views []view, n int, v *view) {
	if !v.page {
		return
	}
	v.values.set(report.EventPreviousPage, report.VisitBegan)
	if one.lastPage >= 0 {
		before := &views[one.lastPage]
		before.reading, before.goesOn = v.at-before.at, true
		v.values.set(report.EventPreviousPage, before.values.of(report.EventPage))
	}
	one.lastPage = n
}

// pageFigures count pages as each visit saw them, and where visits ended.
func (r *reference) pageFigures(q *question, all cells) {
	type sums struct{ unique, exits, views, reading, timed float64 }
	cell, s := map[key]*sums{}, seen{}
	of := func(k key) *sums {
		if cell[k] == nil {
			cell[k] = &sums{}
		}
		return cell[k]
	}
	last := map[int]bool{}
	for _, one := range r.visits {
		if one.lastPage >= 0 {
			last[one.lastPage] = true
		}
	}
	for i := range r.views {
		v := &r.views[i]
		k, ok := q.key(v.values)
		if v.person == 0 || !v.page || !ok || !q.holds(v.values) {
			continue
		}
		c, page := of(k), v.values.of(report.EventPage)
		c.views++
		c.exits += float64(bit(last[i]))
		c.unique += s.first(once{cell: q.timeless(k), visit: v.visit, value: page})
		if v.goesOn {
			c.reading += float64(v.reading)
			c.timed += s.first(once{cell: q.timeless(k), visit: v.visit, value: "read " + page})
		}
	}
	for k, c := range cell {
		f := all.of(k)
		f[report.UniquePageviews], f[report.Exits] = c.unique, c.exits
		f[report.ExitRate] = round(100*c.exits/c.views, 1)
		if c.timed > 0 {
			f[report.TimeOnPage] = round(c.reading/c.timed, 0)
		}
	}
}

// exitFigures are those of visits by the page that they ended on, or its host.
func (r *reference) exitFigures(q *question, all cells) {
	type sums struct{ visits, bounces, seconds float64 }
	cell, s := map[key]*sums{}, seen{}
	for _, one := range r.visits {
		if one.lastPage < 0 {
			continue
		}
		v := &r.views[one.lastPage]
		of := append(values(nil), v.values...)
		of.set(report.VisitExitPage, v.values.of(report.EventPage))
		of.set(report.VisitExitHost, v.values.of(report.EventHostname))
		k, ok := q.key(of)
		if !ok || !q.holds(of) {
			continue
		}
		if cell[k] == nil {
			cell[k] = &sums{}
		}
		c := cell[k]
		c.visits++
		c.seconds += float64(one.last - one.first)
		c.bounces += float64(bit(one.pages < 2 && !one.interactive))
		all.of(k)[report.Visitors] += s.first(once{cell: k, person: v.person})
	}
	for k, c := range cell {
		f := all.of(k)
		f[report.Visits], f[report.Exits] = c.visits, c.visits
		f[report.BounceRate] = round(100*c.bounces/c.visits, 0)
		f[report.VisitDuration] = round(c.seconds/c.visits, 0)
	}
}

// pages asks for the figures of pages.
func (a *asker) pages() {
	with := []report.Dimension{report.VisitEntryPage, report.VisitSource, report.VisitUTMCampaign, report.EventHostname, report.VisitBrowser, report.TimeDay}
	a.add(true, pageMetrics[:2], nil)
	a.add(true, pageMetrics, []report.Dimension{report.EventPage})
	a.add(true, exitMetrics, []report.Dimension{report.VisitExitPage})
	a.add(true, exitMetrics, []report.Dimension{report.VisitExitHost})
	a.add(false, exitMetrics, []report.Dimension{report.VisitExitHost, report.TimeDay})
	for _, d := range with {
		if d == report.EventHostname && a.site.hosts == nil {
			continue
		}
		a.add(false, pageMetrics, []report.Dimension{report.EventPage, d})
		if d != report.EventHostname {
			a.add(false, exitMetrics, []report.Dimension{report.VisitExitPage, d})
		}
	}
	if !a.site.beacons { // which time their pages themselves
		a.add(true, readMetrics, []report.Dimension{report.EventPage})
		a.add(false, readMetrics, []report.Dimension{report.EventPage, report.VisitSource})
		a.add(false, readMetrics, []report.Dimension{report.EventPage, report.TimeDay})
	}
	views := []report.Metric{report.Pageviews}
	a.add(true, views, []report.Dimension{report.EventPreviousPage})
	a.add(true, views, []report.Dimension{report.EventPreviousPage, report.EventPage})
	a.add(false, views, []report.Dimension{report.EventPage}, condition{report.Is, report.EventPreviousPage, []string{report.VisitBegan}})
}
