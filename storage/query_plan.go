package storage

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/report"
)

// plan is a question with the tables that answer it.
type plan struct {
	query    report.Query
	filtered []report.Dimension // dimensions that the filters name
	parts    []*part            // what is added up
	total    *part              // all visitors, which a percentage is a share of
	less     *part              // those of them who are not asked for
	base     *part              // those of the question without its goals, which a conversion rate is a share of
	crossed  bool
	warnings map[report.Metric]report.Warning
	only     []string // keys (report.RowKey) of the rows that are asked for; nil: all
	// definitions are the goals, groups or funnels that the question is about; nil if it is about none, and empty if it is
	// about those of a site that has none.
	definitions []report.Definition
	property    string          // of events that it is about, by its name; empty for none
	behaviour   report.Operator // has_done or has_not_done of a goal, empty for neither
	gaps        []gap           // the days on which these were not counted yet
	kept        report.Warning  // of days of which only totals are left; zero for none
	regions     regionNames
}

// part is one table's share of an answer.
type part struct {
	source source
	keys   []report.Dimension
	sums   map[string]string
	where  []string // conditions that make the source what it is
	before *part    // its share of the days on which something was not counted yet; nil for none
	untold []gap    // of such a share: what it is, made of hits
	base   bool     // the filters on goals, groups and funnels do not hold
}

// newPlan chooses the tables; hoursFrom is since when table hours is whole. What no table can answer is an error of type
// report.Error.
func newPlan(q report.Query, hoursFrom time.Time) (*plan, error) {
	p := &plan{query: q, warnings: map[report.Metric]report.Warning{}}
	for _, f := range q.Filters {
		p.filtered = appendFiltered(p.filtered, f)
	}
	if err := p.checkBehaviour(); err != nil {
		return nil, err
	}
	for i, m := range q.Metrics {
		at := fmt.Sprintf("metrics[%d]", i)
		err := p.checkDefined(at, m)
		if err != nil {
			return nil, err
		}
		switch flow, err := p.addFlow(at, m); {
		case err != nil:
			return nil, err
		case flow:
			continue
		}
		add := p.addMetric
		if p.behaviour == report.HasNotDone {
			add = p.addWithout
		}
		if err := add(at, m); err != nil {
			return nil, err
		}
	}
	if err := p.takeHours(hoursFrom); err != nil {
		return nil, err
	}
	return p, p.checkPresent()
}

// addMetric adds a metric that is not of flows.
func (p *plan) addMetric(at string, m report.Metric) error {
	switch m {
	case report.UniquePageviews, report.Exits, report.ExitRate, report.TimeOnPage, report.ScrollDepth:
		return p.addPage(at, m)
	case report.Requests, report.Bytes, report.Errors, report.Threats, report.Bots:
		return p.addRequests(at, m)
	case report.BounceRate, report.VisitDuration, report.ViewsPerVisit:
		return p.addVisit(at, m)
	case report.ConversionRate, report.GroupConversionRate:
		return p.addConversion(at, m)
	}
	return p.addPeople(at, m)
}

// appendFiltered adds the dimensions that a filter names.
func appendFiltered(list []report.Dimension, f report.Filter) []report.Dimension {
	if f.Dimension != "" && !slices.Contains(list, f.Dimension) {
		list = append(list, f.Dimension)
	}
	for _, inner := range f.Filters {
		list = appendFiltered(list, inner)
	}
	return list
}

// uses returns the dimensions other than time that the question breaks down by or filters on.
func (p *plan) uses(keys []report.Dimension) []report.Dimension {
	var list []report.Dimension
	for _, d := range slices.Concat(keys, p.filtered) {
		if !d.IsTime() && !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	return list
}

// add gives the sums of a metric to the part of a source, which is made if it is missing.
func (p *plan) add(one *part, sums map[string]string) {
	for _, known := range p.parts {
		if known.source.table == one.source.table && known.source.present == one.source.present {
			maps.Copy(known.sums, sums)
			return
		}
	}
	one.sums = sums
	p.parts = append(p.parts, one)
}

// addPeople adds a metric of people.
func (p *plan) addPeople(at string, m report.Metric) error {
	part, err := p.people(at, m, p.query.Dimensions)
	if err != nil {
		return err
	}
	p.add(part, p.peopleSums(part, metricSums[m]))
	p.warn(m)
	if m != report.Percentage {
		return nil
	}
	p.total, err = p.people(at, m, nil)
	if err == nil {
		p.total.sums = p.peopleSums(p.total, []string{"visitors"})
	}
	return err
}

// addVisit adds a metric of whole visits. Of a page it is said of the visits that began there.
func (p *plan) addVisit(at string, m report.Metric) error {
	uses := p.uses(p.query.Dimensions)
	for _, d := range []report.Dimension{report.EventName, report.EventHostname} {
		if slices.Contains(uses, d) {
			return report.Refuse(at, "%s is a figure of whole visits and cannot be given by %s", m, d)
		}
	}
	page := slices.Contains(uses, report.EventPage)
	if page && m == report.ViewsPerVisit {
		return report.Refuse(at, "%s is a figure of whole visits and cannot be given by %s", m, report.EventPage)
	}
	part, err := p.people(at, m, p.query.Dimensions)
	if err != nil {
		return err
	}
	p.warnByHour(m)
	if slices.Contains(uses, report.VisitExitPage) || slices.Contains(uses, report.VisitExitHost) {
		return p.addExitVisit(at, m, part)
	}
	if !page {
		p.add(part, p.peopleSums(part, metricSums[m]))
		return nil
	}
	p.add(part, map[string]string{}) // says which rows there are
	entries := began(part)
	p.add(entries, p.peopleSums(entries, metricSums[m]))
	return nil
}

// people chooses the table for a metric of people: counts as long as one dimension alone is asked for and counts keeps
// that much of it, which is exact and small, else hits.
func (p *plan) people(at string, m report.Metric, keys []report.Dimension) (*part, error) {
	if slices.Contains(keys, report.TimeMinute) {
		return nil, report.Refuse(at, "%s is not counted by time:minute; only requests, bytes, errors and threats are", m)
	}
	if part, err := p.props(at, m, keys); part != nil || err != nil {
		return part, err
	}
	if part, err := p.goals(at, m, keys); part != nil || err != nil {
		return part, err
	}
	if m != report.BeaconlessRate { // which only hits has
		if alone, err := p.counts(at, m, keys); alone != nil || err != nil {
			return alone, err
		}
	}
	return p.crossing(at, m, keys)
}

// crossing takes hits, which has more metrics and crosses everything that it has.
func (p *plan) crossing(at string, m report.Metric, keys []report.Dimension) (*part, error) {
	if slices.Contains(keys, report.TimeMinute) {
		return nil, report.Refuse(at, "%s is not counted by time:minute; only requests, bytes, errors and threats are", m)
	}
	uses := p.uses(keys)
	source := hitsSource
	if slices.Contains(uses, report.VisitExitPage) {
		if err := checkExit(at, m, uses); err != nil {
			return nil, err
		}
		source = exitsSource
	}
	for _, d := range uses {
		if _, ok := source.columns[d]; ok {
			continue
		}
		if slices.Contains(campaignTags, d) {
			return nil, report.Refuse(p.where(d), "%s is counted alone, or with %s, and cannot be crossed with or filtered by anything else but time", d, campaignNames)
		}
		if slices.Contains(places, code(d)) {
			return nil, report.Refuse(p.where(d), "%s is counted alone, or with %s, and cannot be crossed with or filtered by anything else but time", d, placeNames)
		}
		if d.IsAttribute() || slices.Contains(countedArrivals, d) || slices.Contains(visitHosts, d) {
			return nil, report.Refuse(p.where(d), "%s is counted alone and cannot be crossed with or filtered by anything else but time", d)
		}
		return nil, report.Refuse(at, "%s is not counted by %s; only %s", m, d, countedBy(d))
	}
	hits := &part{source: source, keys: keys}
	if slices.Contains(keys, report.EventPage) || slices.Contains(uses, report.VisitExitPage) {
		hits.where = append(hits.where, "path != ''") // custom events stand on no page
	}
	p.crossed = p.crossed || slices.ContainsFunc(uses, report.Dimension.IsAttribute)
	return hits, nil
}

// where names the place of the question that a dimension stands in.
func (p *plan) where(d report.Dimension) string {
	if i := slices.Index(p.query.Dimensions, d); i >= 0 {
		return fmt.Sprintf("dimensions[%d]", i)
	}
	return "filters"
}

// countedBy names the metrics that a dimension of requests has.
func countedBy(d report.Dimension) string {
	switch d {
	case report.EventBot, report.EventBotClass:
		return "bots, requests, bytes and errors are"
	case report.EventThreat, report.EventOrigin, report.EventMethod, report.EventKind:
		return "requests, bytes, errors and threats are"
	}
	return "requests, bytes, errors, threats and bots are"
}

// addRequests adds a metric of requests from the first table that has all dimensions.
func (p *plan) addRequests(at string, m report.Metric) error {
	uses := p.uses(p.query.Dimensions)
	if whole := p.totals(m, uses); whole != nil {
		p.add(whole, map[string]string{string(m): whole.source.sums[string(m)]})
		return nil
	}
	candidates := []source{minutesSource, pathsSource, botsSource}
	if m == report.Bots {
		candidates = []source{botsSource}
	}
	ofBots := func(d report.Dimension) bool {
		return botsSource.columns[d] != "" && minutesSource.columns[d] == "" && pathsSource.columns[d] == ""
	}
	var possible []string
	for _, s := range candidates {
		if _, ok := s.sums[string(m)]; !ok {
			continue
		}
		for d := range s.columns {
			possible = append(possible, string(d))
		}
		lacks := func(d report.Dimension) bool { return s.columns[d] == "" }
		tooFine := s.time != "minute" && slices.Contains(p.query.Dimensions, report.TimeMinute) ||
			s.byDay && slices.Contains(p.query.Dimensions, report.TimeHour)
		onlyBots := s.table == botsSource.table && m != report.Bots && !slices.ContainsFunc(uses, ofBots)
		if tooFine || onlyBots || slices.ContainsFunc(uses, lacks) {
			continue
		}
		p.add(&part{source: p.coarser(s, uses), keys: p.query.Dimensions}, map[string]string{string(m): s.sums[string(m)]})
		return nil
	}
	slices.Sort(possible)
	return report.Refuse(at, "%s is not counted by %s; it is by some of %s", m, strings.Join(names(uses, p.query.Dimensions), " with "),
		strings.Join(slices.Compact(possible), ", "))
}

// coarser returns the source that has the same requests in fewer rows, where the question leaves that open.
func (p *plan) coarser(s source, uses []report.Dimension) source {
	const quarter = 15 * 60
	switch {
	case s.table == botsSource.table && !slices.Contains(uses, report.EventPage):
		s.table = "crawls"
	case s.table == minutesSource.table && !slices.Contains(p.query.Dimensions, report.TimeMinute) &&
		p.query.From.Unix()%quarter == 0 && p.query.To.Unix()%quarter == 0:
		s.table = "quarters"
	}
	return s
}

// names lists the dimensions of a question for an error.
func names(uses, keys []report.Dimension) []string {
	var list []string
	for _, d := range uses {
		list = append(list, string(d))
	}
	for _, d := range []report.Dimension{report.TimeMinute, report.TimeHour} {
		if slices.Contains(keys, d) {
			list = append(list, string(d))
		}
	}
	return list
}

// tables names the tables of the answer.
func (p *plan) tables() string {
	var list []string
	for _, part := range p.parts {
		for ; part != nil; part = part.before {
			if !slices.Contains(list, part.source.table) {
				list = append(list, part.source.table)
			}
		}
	}
	return cmp.Or(strings.Join(list, "+"), "hits")
}

// widened warns when a table holds whole days, hours or minutes of which the range has only a part.
func (p *plan) widened() report.Warning {
	from, to := p.query.From.In(p.query.Location), p.query.To.In(p.query.Location)
	for _, unit := range []struct {
		name  string
		start func(time.Time) time.Time
	}{
		{"day", dayOf},
		{"hour", startOfHour},
		{"minute", func(t time.Time) time.Time { return t.Truncate(time.Minute) }},
	} {
		of := func(one *part) bool { return one.source.unit() == unit.name }
		if !slices.ContainsFunc(p.parts, of) || unit.start(from).Equal(from) && unit.start(to).Equal(to) {
			continue
		}
		return report.Warning{
			Code: "whole_" + unit.name + "s",
			Text: "Figures are stored by the " + unit.name + ": each " + unit.name + " that the range touches is counted whole.",
		}
	}
	return report.Warning{}
}
