package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/klar-analytics/klar/report"
)

// Table totals answers what is asked of whole days and of nobody and nothing in particular, from a row for each day. It
// outlives the retention, so that a trend over years is true; what else is asked of that time is warned of.
var (
	// peopleTotals are those of people.
	peopleTotals = source{table: "totals", time: "day", columns: map[report.Dimension]string{}, sums: peopleSums, present: "sum(events)"}
	// requestTotals are those of requests.
	requestTotals = source{
		table: "totals", time: "day", present: "sum(requests)",
		sums: map[string]string{
			"requests": "sum(requests)",
			"bytes":    "sum(bytes)",
			"errors":   "sum(errors)",
			"threats":  "sum(threats)",
			"bots":     "sum(bots)",
		},
	}
)

// byDays reports whether the question is of whole days, and of nothing shorter.
func (p *plan) byDays() bool {
	shorter := func(d report.Dimension) bool { return d == report.TimeMinute || d == report.TimeHour }
	return !slices.ContainsFunc(p.query.Dimensions, shorter) && p.query.WholeDays()
}

// totals returns the part of table totals that answers a metric of requests, nil if it cannot.
func (p *plan) totals(m report.Metric, uses []report.Dimension) *part {
	if len(uses) > 0 || !p.byDays() {
		return nil
	}
	s := requestTotals
	if m == report.Bots { // a day with none is no row
		s.present = s.sums[string(m)]
	}
	return &part{source: s, keys: p.query.Dimensions}
}

// onlyTotals is the code of the warning that of some of the range's days nothing but totals is left.
const onlyTotals = "only_totals"

// lookKept finds whether the question is about days of which its rows are gone.
func (db *DB) lookKept(ctx context.Context, p *plan) error {
	if p.query.Realtime != 0 {
		return nil
	}
	rest := func(one *part) bool { return one != nil && !one.ofTotals() }
	if !slices.ContainsFunc(append(slices.Clone(p.parts), p.total, p.base, p.less), rest) {
		return nil
	}
	var last time.Time
	err := db.conn.QueryRow(reading(ctx), file("kept.sql"), clickhouse.Named("site", p.query.Site),
		clickhouse.Named("tz", p.query.Location.String()), clickhouse.Named("to", epoch(p.query.To)),
		clickhouse.Named("from_day", epoch(dayOf(p.query.From.In(p.query.Location))))).Scan(&last)
	if err != nil {
		return fmt.Errorf("days of which only totals are left: %w", reason(err))
	}
	if last.Unix() > 0 {
		p.shareOfKept(last)
		p.kept = report.Warning{
			Code: onlyTotals,
			Text: "Up to " + last.In(p.query.Location).Format(time.DateOnly) + " only the totals of whole days are kept; what else this asks of that time is deleted, and missing here.",
		}
	}
	return nil
}

// shareOfKept leaves the days of which only totals are left, up to the last of them, out of what shares are of, unless those
// who have the share are of totals themselves.
func (p *plan) shareOfKept(last time.Time) {
	known := slices.ContainsFunc(p.parts, func(one *part) bool { return one.ofTotals() && !one.base })
	for _, one := range append(slices.Clone(p.parts), p.total, p.base) {
		if one.ofTotals() && (one.base || one == p.total && !known) {
			one.where = append(one.where, fmt.Sprintf("day > toDateTime(%d, 'UTC')", last.Unix()))
		}
	}
}

// ofTotals reports whether there is a part, and it is of table totals.
func (one *part) ofTotals() bool { return one != nil && one.source.table == peopleTotals.table }
