package storage

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/klar-analytics/klar/report"
)

//go:embed queries/*.sql
var queryFiles embed.FS

var queryTemplates = template.Must(template.ParseFS(queryFiles, "queries/*.sql"))

// statement is SQL with the values of its parameters.
type statement struct {
	sql          string
	values       map[string]any
	regions      regionNames
	regionParams string // the places of regions, once they are parameters
}

// args returns the values as the client wants them: each becomes a parameter of the server.
func (s *statement) args() []any {
	var args []any
	for _, name := range slices.Sorted(maps.Keys(s.values)) {
		args = append(args, clickhouse.Named(name, s.values[name]))
	}
	return args
}

// param adds a value and returns its place in the text.
func (s *statement) param(kind string, value any) string {
	name := "p" + strconv.Itoa(len(s.values))
	s.values[name] = value
	return "{" + name + ":" + kind + "}"
}

// statsText is what queries/stats.sql is filled with.
type statsText struct {
	Labels, Metrics []string
	Parts           []partText
	Totals          []totalText
	Order           string
	Only            string // the parameter with the keys of the rows that are asked for
}

// totalText is one figure that a share is of.
type totalText struct {
	Name  string
	Parts []partText
}

type partText struct {
	Keys, Where []string
	Sums        []sumText
	Present     string
	Table, Time string
	From        string // the parameter that the range starts with
}

type sumText struct{ Name, SQL string }

// noLimit is more rows than there can be.
const noLimit = 1 << 62

// text writes the plan as SQL.
func (p *plan) text() (*statement, error) {
	q := p.query
	zone := q.Location.String()
	if q.Location == time.Local {
		return nil, errors.New("a site's time zone must have a name")
	}
	s := &statement{regions: p.regions, values: map[string]any{
		"site": q.Site, "tz": zone, "limit": cmp.Or(q.Limit, noLimit), "offset": q.Offset,
		"first": q.From.In(q.Location).Format(time.DateOnly),
		"to":    epoch(q.To),
		// The hour tables cannot cut an hour in two: a range of times starts with the whole hour it starts in.
		"from_hour":   epoch(startOfHour(q.From.In(q.Location))),
		"from_minute": epoch(q.From.Truncate(time.Minute)),
		"from_day":    epoch(dayOf(q.From.In(q.Location))),
	}}
	data := statsText{Order: p.order()}
	if p.only != nil {
		data.Only = s.param("Array(String)", p.only)
	}
	for i, d := range q.Dimensions {
		data.Labels = append(data.Labels, p.label(s, d, fmt.Sprintf("k%d", i)))
	}
	sums := map[string]bool{}
	for _, m := range q.Metrics {
		sql := metricSQL[m]
		if p.behaviour == report.HasNotDone {
			sql = withoutSQL[m]
		}
		data.Metrics = append(data.Metrics, sql)
		for _, name := range metricSums[m] {
			sums[name] = true
		}
	}
	for _, part := range p.parts {
		data.Parts = append(data.Parts, p.partTexts(s, part, slices.Sorted(maps.Keys(sums)))...)
	}
	for i, total := range []*part{p.total, p.base, p.less} {
		if total != nil {
			name := [...]string{"all_visitors", "base_visitors", "less_visitors"}[i]
			data.Totals = append(data.Totals, totalText{name, p.partTexts(s, total, []string{"visitors"})})
		}
	}
	p.setDefinitions(s)
	var b strings.Builder
	if err := queryTemplates.ExecuteTemplate(&b, "stats.sql", data); err != nil {
		return nil, err
	}
	s.sql = b.String()
	return s, nil
}

// partTexts writes one table's share, and that of the days before what it counts was defined.
func (p *plan) partTexts(s *statement, part *part, sums []string) []partText {
	var list []partText
	for ; part != nil; part = part.before {
		list = append(list, p.partText(s, part, sums))
	}
	return list
}

// partText writes one table's share; a sum that is another table's is nought here.
func (p *plan) partText(s *statement, part *part, sums []string) partText {
	t := partText{
		Table: part.source.table, Time: part.source.time, Present: "toInt64(" + part.source.present + ")",
		From: "from_" + part.source.unit(), Where: slices.Clone(part.where),
	}
	if len(part.untold) > 0 {
		t.Table += s.countedAs(part.untold)
	}
	for _, d := range part.keys {
		if d.IsTime() {
			t.Keys = append(t.Keys, fmt.Sprintf(timeKeys[d], part.source.time))
		} else {
			t.Keys = append(t.Keys, part.source.columns[d])
		}
	}
	for _, name := range sums {
		sql, ok := part.sums[name]
		if !ok {
			sql = "0"
		}
		// Some sums are signed, and all must be alike; money is no whole number.
		if name == "revenue" {
			sql = "toDecimal128(" + sql + ", 4)"
		} else {
			sql = "toInt64(" + sql + ")"
		}
		t.Sums = append(t.Sums, sumText{name, sql})
	}
	filters := p.query.Filters
	if part.base {
		filters = everybody(filters)
	}
	for _, f := range filters {
		t.Where = append(t.Where, s.condition(f, part.source))
	}
	return t
}

// label turns a key into what the answer shows.
func (p *plan) label(s *statement, d report.Dimension, key string) string {
	if d.IsTime() {
		return fmt.Sprintf(timeLabels[d], key)
	}
	missing := report.NotSet
	switch {
	case d == report.VisitSource || d == report.VisitReferrer:
		missing = report.DirectNone
	case d == report.EventPreviousPage:
		missing = report.VisitBegan
	case d.IsAttribute() && p.crossed:
		missing = report.SmallGroups
	}
	shown := key
	switch d {
	case report.VisitRegionName:
		shown = s.regionName(key)
	case report.VisitCountryName:
		codes, names := countryNames()
		shown = "transform(" + key + ", " + s.param("Array(String)", codes) + ", " + s.param("Array(String)", names) + ", " + key + ")"
	}
	return fmt.Sprintf("if(%s = '', '%s', %s)", key, missing, shown)
}

// order sorts by what the question says, and by the dimensions where that leaves rows equal, so that pages fit.
func (p *plan) order() string {
	var keys []string
	for _, o := range p.query.OrderBy {
		direction := ""
		if o.Desc {
			direction = " DESC"
		}
		if i := slices.Index(p.query.Metrics, report.Metric(o.Key)); i >= 0 {
			keys = append(keys, fmt.Sprintf("m%d%s", i, direction))
		}
		if i := slices.Index(p.query.Dimensions, report.Dimension(o.Key)); i >= 0 {
			keys = append(keys, fmt.Sprintf("d%d%s", i, direction))
		}
	}
	for i := range p.query.Dimensions {
		keys = append(keys, fmt.Sprintf("d%d", i))
	}
	if len(keys) == 0 {
		keys = append(keys, "1")
	}
	return strings.Join(keys, ", ")
}

// epoch is an instant as ClickHouse reads it in any time zone: seconds since 1970.
func epoch(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// dayOf returns the start of t's day in t's location.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// startOfHour returns the start of t's hour on the clock of t's location.
func startOfHour(t time.Time) time.Time {
	return t.Truncate(time.Second).Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second)
}
