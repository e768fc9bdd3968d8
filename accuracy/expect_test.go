package accuracy

import (
	"math"
	"slices"

	"github.com/klar-analytics/klar/report"
)

// expect answers a question by counting distinct visitors and visits.
func (r *reference) expect(q *question) cells {
	all := cells{}
	if q.breaksBy(report.VisitExitPage, report.VisitExitHost) {
		r.exitFigures(q, all)
		return all
	}
	if q.way != nil {
		r.passed(q, all)
		return all
	}
	if q.breaksBy(targetDimensions...) {
		r.targetFigures(q, all)
		return all
	}
	if q.asksFor(report.UniquePageviews, report.Exits, report.ExitRate, report.TimeOnPage) {
		r.pageFigures(q, all)
	}
	if q.asksFor(report.BounceRate, report.VisitDuration, report.ViewsPerVisit) {
		r.visitFigures(q, all)
	}
	if q.asksFor(report.Visitors, report.Visits, report.Pageviews, report.Events, report.Percentage, report.BeaconlessRate) {
		r.peopleFigures(q, all)
	}
	if q.asksFor(report.Requests, report.Bytes, report.Errors, report.Bots) {
		r.requestFigures(q, all)
	}
	return all
}

// once is something that is counted once.
type once struct {
	cell   key
	person int
	visit  int
	hour   int64
	value  string
}

// seen knows what was counted.
type seen map[once]bool

func (s seen) first(o once) float64 {
	if s[o] {
		return 0
	}
	s[o] = true
	return 1
}

// peopleFigures counts views, distinct visitors and distinct visits. A visit counts in the interval in which the question
// first saw it; on each page and host, and for each event, that it had.
func (r *reference) peopleFigures(q *question, all cells) {
	s, everybody := seen{}, map[int]bool{}
	told := map[key]float64{}
	hourly := slices.Contains(q.dimensions, report.TimeHour)
	for i := range r.views {
		v := &r.views[i]
		if v.person == 0 || !q.holds(v.values) {
			continue
		}
		everybody[v.person] = true
		k, ok := q.key(v.values)
		if !ok {
			continue
		}
		c := all.of(k)
		c[report.Events]++
		c[report.Pageviews] += float64(bit(v.page))
		told[k] += float64(bit(v.beaconed))
		who := once{cell: k, person: v.person}
		if hourly { // an hour that the clock shows twice is two
			who.hour = v.hour
		}
		if q.perValue != "" {
			who.value = v.values.of(q.perValue)
		}
		c[report.Visitors] += s.first(who)
		c[report.Visits] += s.first(once{cell: q.timeless(k), visit: v.visit, value: who.value})
	}
	for k, c := range all {
		if c[report.Pageviews] > 0 {
			c[report.BeaconlessRate] = round(100*(1-told[k]/c[report.Pageviews]), 1)
		}
		c[report.Percentage] = round(100*c[report.Visitors]/float64(len(everybody)), 1)
	}
}

// visitFigures are those of whole visits. Of a page they are of the visits that began there.
func (r *reference) visitFigures(q *question, all cells) {
	type sums struct{ visits, bounces, seconds, pages float64 }
	cell := map[key]*sums{}
	for _, one := range r.visits {
		k, ok := q.key(one.values)
		if !ok || !q.holds(one.values) {
			continue
		}
		s := cell[k]
		if s == nil {
			s = &sums{}
			cell[k] = s
		}
		s.visits++
		s.seconds += float64(one.last - one.first)
		s.pages += float64(one.pages)
		s.bounces += float64(bit(one.pages < 2 && !one.interactive))
	}
	for k, s := range cell {
		c := all.of(k)
		c[report.BounceRate] = round(100*(1-(s.visits-s.bounces)/s.visits), 0)
		c[report.VisitDuration] = round(s.seconds/s.visits, 0)
		c[report.ViewsPerVisit] = round(s.pages/s.visits, 2)
	}
}

// requestFigures count what everybody asked for.
func (r *reference) requestFigures(q *question, all cells) {
	for i := range r.views {
		v := &r.views[i]
		k, ok := q.key(v.values)
		if !ok || !q.holds(v.values) {
			continue
		}
		c := all.of(k)
		c[report.Requests]++
		c[report.Bytes] += float64(v.bytes)
		c[report.Errors] += float64(bit(v.status >= 400))
		c[report.Bots] += float64(bit(v.bot))
	}
}

// round rounds halves to even, as ClickHouse does, in the same steps as its formula.
func round(f float64, digits int) float64 {
	p := math.Pow(10, float64(digits))
	return math.RoundToEven(f*p) / p
}
