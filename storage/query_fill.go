package storage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/report"
)

// fillable reports whether something is known of what was not counted.
func (g gap) fillable() bool { return g.inHits() || g.props }

// inHits reports whether hits says it: views of pages, or events whatever their properties; of funnels of pages that is an
// estimate.
func (g gap) inHits() bool { return g.of.Pages != "" || g.of.Event != "" || g.shares != nil }

// fill gives every part of goals its share of the days on which something was not counted, from hits or props.
func (p *plan) fill(kind string) {
	var ofHits, ofProps []gap
	for i := range p.gaps {
		g := &p.gaps[i]
		switch g.props = g.of.With.Event != "" && p.keptWithProps(); {
		case g.props:
			ofProps = append(ofProps, *g)
		case g.inHits():
			ofHits = append(ofHits, *g)
		}
	}
	for _, one := range append(slices.Clone(p.parts), p.total, p.less) {
		if one == nil || one.source.table != goalsSource.table {
			continue
		}
		if len(ofHits) > 0 {
			one.before = one.inHits(ofHits, kind)
		}
		if len(ofProps) > 0 {
			before := one.inProps(ofProps, kind)
			before.before, one.before = one.before, before
		}
	}
}

// keptWithProps reports whether a question about goals is about nothing that table props does not have.
func (p *plan) keptWithProps() bool {
	return !slices.ContainsFunc(p.uses(p.query.Dimensions), func(d report.Dimension) bool { return d != report.EventGoal }) &&
		!slices.Contains(p.query.Dimensions, report.TimeHour)
}

// inHits returns a part of goals as hits has it. A page or event alone has there the same visitors and visits; those of
// several pages are counted for each.
func (one *part) inHits(untold []gap, kind string) *part {
	before := &part{source: one.source, keys: one.keys, sums: map[string]string{}, untold: untold, where: undefined(untold, kind, "hour")}
	before.source.table, before.source.columns = hitsSource.table, map[report.Dimension]string{report.EventFunnelStep: "toString(counted.2)"}
	for d, column := range one.source.columns {
		if d != report.EventFunnelStep {
			before.source.columns[d] = countedColumn(column)
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
	return before
}

// inProps returns a part of goals as props has it: what it has is the same.
func (one *part) inProps(untold []gap, kind string) *part {
	before := &part{source: propsSource, keys: one.keys, sums: map[string]string{}, untold: untold, where: undefined(untold, kind, "day")}
	before.source.columns = map[report.Dimension]string{report.EventGoal: countedColumn(one.source.columns[report.EventGoal])}
	for _, name := range []string{"visitors", "visits", "events"} {
		if sql, ok := one.sums[name]; ok {
			before.sums[name] = sql
		}
	}
	return before
}

// countedColumn makes of a column of goals that of what a row would have been counted as.
func countedColumn(column string) string {
	return strings.Replace(column, "(definition,", "(counted.1,", 1)
}

// undefined are the conditions for the days, in a column, on which something was not counted.
func undefined(untold []gap, kind, day string) []string {
	return []string{
		fmt.Sprintf("%s BETWEEN toDateTime(%d, 'UTC') AND toDateTime(%d, 'UTC')", day, firstDay(untold), lastDay(untold)),
		"(counted.1, " + day + ") NOT IN (SELECT definition, hour FROM definitions WHERE site = {site:String} AND kind = '" + kind + "')",
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
		is, shares := "event = "+s.param("String", cmp.Or(g.of.Event, g.of.With.Event)), []float64{1}
		switch {
		case g.shares != nil:
			is, shares = "event = '' AND match(path, "+s.param("String", g.of.Steps[0].Pages)+")", g.shares
		case g.props:
			is += " AND name = " + s.param("String", g.of.With.Property) + " AND value = " + s.param("String", g.of.With.Value)
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
	case g.props:
		return "from its events' properties"
	case g.of.Event != "":
		return "from its events"
	case g.of.OnePage || m == report.Pageviews || m == report.Events || m == report.Conversions:
		return "from views of its pages"
	}
	return "from views of its pages, everybody once for each"
}
