package storage

import (
	"context"
	"errors"
	"slices"

	"github.com/klar-analytics/klar/report"
)

// Bounds of the keys that a comparison names, which travel in the address of a request. Beyond them all rows of the other
// range are read, and only the wanted ones kept.
const (
	maxOnly      = 2000
	maxOnlyBytes = 128 << 10
)

// compare gives each row of an answer what it is compared with. The rows are picked by what they are called, not by
// filters: a filter would be answered from other tables, in which rare values stand together.
func (db *DB) compare(ctx context.Context, r *report.Result) error {
	if err := r.Fill(); err != nil {
		return err
	}
	p, err := db.planned(ctx, r.Query.Other())
	if refused := (*report.Error)(nil); errors.As(err, &refused) {
		return report.Refuse("include.comparisons", "%s", refused)
	}
	if err != nil {
		return err
	}
	if p.crossed != r.Crossed {
		return report.Refuse("include.comparisons", "one of the two ranges is whole days and the other is not, so that rare values stand together in one only; give dates for both")
	}
	if p.only, err = wanted(*r); err != nil {
		return err
	}
	for m, w := range p.warnings {
		if w.Code == beforeDefinition && r.Warnings[m].Code != beforeDefinition {
			r.Warnings[m] = report.Warning{Code: w.Code, Text: "Of the range compared with: " + w.Text}
		}
	}
	if r.RangeWarning.Code != onlyTotals && p.kept.Code != "" {
		r.RangeWarning = report.Warning{Code: onlyTotals, Text: "Of the range compared with: " + p.kept.Text}
	}
	other := report.Result{Query: p.query}
	if other.Rows, _, err = db.rows(ctx, p); err != nil {
		return err
	}
	return r.CompareWith(other)
}

// wanted returns the keys of the rows that an answer is compared with, nil for all.
func wanted(r report.Result) ([]string, error) {
	clock := slices.IndexFunc(r.Query.Dimensions, report.Dimension.IsTime)
	if len(r.Query.Dimensions) == 0 || len(r.Rows) == 0 || len(r.Rows) > maxOnly || len(r.Query.Dimensions) == 1 && clock == 0 {
		return nil, nil
	}
	opposite, err := r.Query.Opposites()
	if err != nil {
		return nil, err
	}
	keys, size := make([]string, 0, len(r.Rows)), 0
	for _, row := range r.Rows {
		dimensions := row.Dimensions
		if clock >= 0 {
			label, ok := opposite[dimensions[clock]]
			if !ok {
				continue
			}
			dimensions = slices.Clone(dimensions)
			dimensions[clock] = label
		}
		key := report.RowKey(dimensions)
		if size += len(key); size > maxOnlyBytes {
			return nil, nil
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// checkPresent refuses figures of the present that no table has by the minute.
func (p *plan) checkPresent() error {
	if p.query.Realtime == 0 {
		return nil
	}
	for _, part := range p.parts {
		if part.source.time != "minute" {
			return report.Refuse("date_range", "this is known by the hour only, not of the present; ask for day or 24h")
		}
	}
	return nil
}
