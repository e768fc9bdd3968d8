package storage

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/report"
)

// fillable reports whether hits says what was not counted: views of pages, or events whatever their properties; of funnels
// of pages that is an estimate.
func (g gap) fillable() bool { return g.of.Pages != "" || g.of.Event != "" || g.shares != nil }

// fill gives every part of goals its share of the days on which something was not counted, from hits. A page or event alone
// has there the same visitors and visits; those of several pages are counted for each.
func (p *plan) fill(kind string) {
	untold := slices.DeleteFunc(slices.Clone(p.gaps), func(g gap) bool { return !g.fillable() })
	if len(untold) == 0 {
		return
	}
	for _, one := range append(slices.Clone(p.parts), p.total, p.less) {
		if one == nil || one.source.table != goalsSource.table {
			continue
		}
		before := &part{source: one.source, keys: one.keys, sums: map[string]string{}, untold: untold}
		before.source.table, before.source.columns = hitsSource.table, map[report.Dimension]string{report.EventFunnelStep: "toString(counted.2)"}
		for d, column := range one.source.columns {
			if d != report.EventFunnelStep {
				before.source.columns[d] = strings.Replace(column, "(definition,", "(counted.1,", 1)
			}
		}
		sums := ofPage
		if untold[0].shares != nil {
			sums = ofFunnel
		}
		for name, sql := range one.sums {
			if name != "revenue" && name != "priced" { // which hits does not have
				before.sums[name] = sums.Replace(sql)
			}
		}
		before.where = []string{
			fmt.Sprintf("hour >= toDateTime(%d, 'UTC') AND hour <= toDateTime(%d, 'UTC')", firstDay(untold), lastDay(untold)),
			"(counted.1, hour) NOT IN (SELECT definition, hour FROM definitions WHERE site = {site:String} AND kind = '" + kind + "')",
		}
		one.before = before
	}
}

// ofPage turns the sums of a goal into those of its page or event.
var ofPage = strings.NewReplacer("sum(visitors)", "sum(visitors_page)", "sum(visits)", "sum(visits_page)")

// ofFunnel turns the sums of a funnel's steps into estimates, each from the first step.
var ofFunnel = func() *strings.Replacer {
	visits, visitors := "round(sum(visits_page * counted.3))", "round(sum(visitors_page * counted.3))"
	return strings.NewReplacer("sum(visitors)", visitors, "sum(visits)", visits, "sum(events)", visits, "sum(pageviews)", visits)
}()

func firstDay(list []gap) int64 {
	return slices.MinFunc(list, func(a, b gap) int { return int(a.days[0] - b.days[0]) }).days[0]
}

func lastDay(list []gap) (day int64) {
	for _, g := range list {
		day = max(day, g.days[len(g.days)-1])
	}
	return day
}

// countedAs writes what the rows of hits would have been counted as: definition, step and share of their visits.
func (s *statement) countedAs(list []gap) string {
	var each []string
	for _, g := range list {
		is, shares := "event = "+s.param("String", g.of.Event), []float64{1}
		switch {
		case g.shares != nil:
			is, shares = "event = '' AND match(path, "+s.param("String", g.of.Steps[0].Pages)+")", g.shares
		case g.of.Event == "":
			is = "event = '' AND match(path, " + s.param("String", g.of.Pages) + ")"
		}
		var as []string
		definition := s.param("String", g.of.Counted)
		for i, share := range shares {
			as = append(as, fmt.Sprintf("(%s, %d, toFloat64(%.6f))", definition, i+1, share))
		}
		each = append(each, "if("+is+", ["+strings.Join(as, ", ")+"], [])")
	}
	return " ARRAY JOIN arrayConcat(" + strings.Join(each, ", ") + ") AS counted"
}

// beforeDefinition is the code of the warning that something was not counted on all days of the range.
const beforeDefinition = "before_definition"

// maxNamed is how many definitions a warning names.
const maxNamed = 3

// warnBefore says of each metric since when what it is about is counted, and what it is before.
func (p *plan) warnBefore() {
	for _, m := range p.query.Metrics {
		if len(p.gaps) == 0 {
			return
		}
		var named []string
		for _, g := range p.gaps[:min(len(p.gaps), maxNamed)] {
			since := "not on all days, else"
			if g.since != 0 {
				since = "since " + time.Unix(g.since, 0).In(p.query.Location).Format(time.DateOnly) + ", before that"
			}
			named = append(named, fmt.Sprintf("%q %s %s", g.of.Name, since, g.instead(m)))
		}
		if more := len(p.gaps) - maxNamed; more > 0 {
			named = append(named, fmt.Sprintf("and %d more", more))
		}
		text := "Counted: " + strings.Join(named, "; ") + "."
		p.warnings[m] = report.Warning{Code: beforeDefinition, Text: strings.TrimSpace(text + " " + p.warnings[m].Text)}
	}
}

// instead says what a metric is on the days of the gap.
func (g gap) instead(m report.Metric) string {
	switch {
	case !g.fillable() || m.IsMoney():
		return "missing"
	case g.shares != nil:
		return "estimated from the ways between its pages"
	case g.of.Event != "":
		return "from its events"
	case g.of.OnePage || m == report.Pageviews || m == report.Events || m == report.Conversions:
		return "from views of its pages"
	}
	return "from views of its pages, everybody once for each"
}
