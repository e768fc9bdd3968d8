package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/klar-analytics/klar/report"
)

// gap is the days with people on which something that the question is about was not counted.
type gap struct {
	of    report.Definition
	days  []int64 // their starts in seconds since 1970, in order
	since int64   // the first day after them on which it was; 0 if there is none in the range
	// shares of a funnel's visits at the first step that are thought to pass each; nil for all but funnels of pages.
	shares []float64
	// props says that table props has what was not counted.
	props bool
}

// lookBefore finds the days of the range on which what the question is about was not defined yet, and says so of its
// metrics.
func (db *DB) lookBefore(ctx context.Context, p *plan) error {
	kind, asked := p.askedDefinitions()
	if len(asked) == 0 || p.query.Realtime != 0 {
		return nil
	}
	told, err := db.told(ctx, p, kind, asked)
	if err != nil {
		return err
	}
	p.gaps = gaps(asked, told)
	if err := db.estimate(ctx, p); err != nil {
		return err
	}
	p.fill(kind)
	p.warnBefore()
	return nil
}

// askedDefinitions returns the goals, groups or funnels that the question is about, and their kind in table definitions.
// Properties of events are counted whatever is defined.
func (p *plan) askedDefinitions() (kind string, asked []report.Definition) {
	if p.property != "" || p.definitions == nil {
		return "", nil
	}
	asked = slices.Clone(p.definitions)
	for _, d := range p.uses(p.query.Dimensions) {
		if d.IsCounted() {
			kind = countedKinds[d]
		}
	}
	for _, f := range p.query.Filters {
		if f.IsBehaviour() {
			f = f.Filters[0]
		}
		if f.Dimension.IsCounted() && f.Dimension != report.EventFunnelStep {
			asked = slices.DeleteFunc(asked, func(d report.Definition) bool { return !f.Admits(d.Name) })
		}
	}
	return kind, asked
}

// told returns the days of the range with people, under the empty text, and those on which each definition was counted.
func (db *DB) told(ctx context.Context, p *plan, kind string, asked []report.Definition) (map[string][]int64, error) {
	var counted []string
	for _, d := range asked {
		counted = append(counted, d.Counted)
	}
	rows, err := db.conn.Query(reading(ctx), file("told.sql"),
		clickhouse.Named("site", p.query.Site), clickhouse.Named("kind", kind), clickhouse.Named("counted", counted),
		clickhouse.Named("channel", string(report.VisitChannel)), clickhouse.Named("to", epoch(p.query.To)),
		clickhouse.Named("from_day", epoch(dayOf(p.query.From.In(p.query.Location)))))
	if err != nil {
		return nil, fmt.Errorf("days of definitions: %w", reason(err))
	}
	defer func() { _ = rows.Close() }()
	told := map[string][]int64{}
	for rows.Next() {
		var definition string
		var day int64
		if err := rows.Scan(&definition, &day); err != nil {
			return nil, fmt.Errorf("days of definitions: %w", reason(err))
		}
		told[definition] = append(told[definition], day)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("days of definitions: %w", reason(err))
	}
	return told, nil
}

// gaps returns what was not counted on some of the days with people.
func gaps(asked []report.Definition, told map[string][]int64) []gap {
	var list []gap
	for _, d := range asked {
		one := gap{of: d}
		for _, day := range told[""] {
			if !slices.Contains(told[d.Counted], day) {
				one.days = append(one.days, day)
			}
		}
		if len(one.days) == 0 {
			continue
		}
		slices.Sort(one.days)
		for _, day := range told[d.Counted] {
			if day > one.days[len(one.days)-1] && (one.since == 0 || day < one.since) {
				one.since = day
			}
		}
		list = append(list, one)
	}
	return list
}
