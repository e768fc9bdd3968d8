package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"github.com/klar-analytics/klar/report"
)

// Query answers a question. What the stored figures cannot answer is an error of type *report.Error that says why;
// any other error is the store's.
func (db *DB) Query(ctx context.Context, q report.Query) (report.Result, error) {
	p, err := db.plan(ctx, q)
	if err != nil {
		return report.Result{}, err
	}
	result, err := p.result()
	if err != nil {
		return report.Result{}, err
	}
	q = p.query
	if result.Rows, result.TotalRows, err = db.rows(ctx, p); err != nil {
		return report.Result{}, err
	}
	if q.TotalRows && len(result.Rows) == 0 && q.Offset > 0 {
		// A page past the end holds no row that could say how many there are.
		p.query.Offset, p.query.Limit = 0, 1
		_, result.TotalRows, err = db.rows(ctx, p)
	}
	if err == nil && q.Compare != nil {
		err = db.compare(ctx, &result)
	}
	return result, err
}

// plan decides the range of a question about all of a site, and chooses the tables.
func (db *DB) plan(ctx context.Context, q report.Query) (*plan, error) {
	if q.From.IsZero() {
		first, err := db.first(ctx, q.Site)
		if err != nil {
			return nil, err
		}
		q = q.Since(first)
	}
	return db.planned(ctx, q)
}

// planned chooses the tables for a question whose range is decided.
func (db *DB) planned(ctx context.Context, q report.Query) (*plan, error) {
	p, err := newPlan(q, hoursFrom(db.now()))
	if err == nil {
		p.regions = db.regions
		err = db.lookBefore(ctx, p)
	}
	if err == nil {
		err = db.lookKept(ctx, p)
	}
	return p, err
}

// result is the answer but for its rows.
func (p *plan) result() (report.Result, error) {
	r := report.Result{Query: p.query, Table: p.tables(), Crossed: p.crossed, Warnings: p.warnings, RangeWarning: p.kept}
	if r.RangeWarning == (report.Warning{}) {
		r.RangeWarning = p.widened()
	}
	var err error
	if p.query.TimeLabels {
		if r.TimeLabels, err = p.query.Labels(); err != nil {
			return r, err
		}
	}
	if p.query.Partial {
		r.Partial, err = p.query.PartialLabels()
	}
	return r, err
}

// rows runs the plan and returns its rows, and how many there are on all pages.
func (db *DB) rows(ctx context.Context, p *plan) ([]report.Row, int64, error) {
	s, err := p.text()
	if err != nil {
		return nil, 0, err
	}
	rows, err := db.conn.Query(reading(ctx), s.sql, s.args()...)
	if err != nil {
		return nil, 0, statsError(err)
	}
	defer func() { _ = rows.Close() }()
	var list []report.Row
	var total uint64
	for rows.Next() {
		row, err := scan(rows, p.query, &total)
		if err != nil {
			return nil, 0, statsError(err)
		}
		list = append(list, row)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, statsError(err)
	}
	return list, int64(total), nil
}

// codeRegexp is ClickHouse's error for a regular expression that it cannot compile.
const codeRegexp = 427

// statsError tells a question that asks too much from a store that fails.
func statsError(err error) error {
	var e *clickhouse.Exception
	if errors.As(err, &e) && e.Code == codeRegexp {
		return report.Refuse("filters", "a regular expression is too large")
	}
	return fmt.Errorf("statistics: %w", reason(err))
}

// scan reads one row: the dimensions, the metrics, the number of all rows.
func scan(rows driver.Rows, q report.Query, total *uint64) (report.Row, error) {
	row := report.Row{Dimensions: make([]string, len(q.Dimensions)), Metrics: make([]any, len(q.Metrics))}
	var into []any
	for i := range row.Dimensions {
		into = append(into, &row.Dimensions[i])
	}
	wholes, shares, amounts := make([]*int64, len(q.Metrics)), make([]*float64, len(q.Metrics)), make([]*decimal.Decimal, len(q.Metrics))
	for i, m := range q.Metrics {
		switch {
		case m.IsMoney():
			into = append(into, &amounts[i])
		case m.IsShare():
			into = append(into, &shares[i])
		default:
			into = append(into, &wholes[i])
		}
	}
	if err := rows.Scan(append(into, total)...); err != nil {
		return report.Row{}, err
	}
	for i := range row.Metrics {
		switch {
		case wholes[i] != nil:
			row.Metrics[i] = *wholes[i]
		case shares[i] != nil:
			row.Metrics[i] = *shares[i]
		case amounts[i] != nil:
			row.Metrics[i] = report.Money{Value: *amounts[i], Currency: q.Currency()}
		}
	}
	return row, nil
}

// reading marks a statement that must change nothing, and that ends when nobody waits for it.
func reading(ctx context.Context) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"readonly": 1,
		"cancel_http_readonly_queries_on_client_close": 1,
	}))
}

// first returns the day of the site's first figure, zero if there is none.
func (db *DB) first(ctx context.Context, site string) (time.Time, error) {
	rows, err := db.conn.Query(reading(ctx), file("first.sql"), clickhouse.Named("site", site))
	if err != nil {
		return time.Time{}, fmt.Errorf("start of the statistics: %w", reason(err))
	}
	defer func() { _ = rows.Close() }()
	var first time.Time
	for rows.Next() {
		if err := rows.Scan(&first); err != nil {
			return time.Time{}, fmt.Errorf("start of the statistics: %w", reason(err))
		}
	}
	return first, rows.Err()
}
