package storage

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/klar-analytics/klar/report"
)

// Offenders lists the shortened networks that tripped rules in a question's range, those with the most requests first, at
// most so many. Of the question only site and range count.
func (db *DB) Offenders(ctx context.Context, q report.Query, most int) (report.Offenders, error) {
	answer := report.Offenders{Networks: []report.Offender{}}
	rows, err := db.conn.Query(reading(ctx), file("offenders.sql"), clickhouse.Named("site", q.Site),
		clickhouse.Named("from", fmt.Sprint(instant(q.From.Unix()))), clickhouse.Named("to", fmt.Sprint(instant(q.To.Unix()))),
		clickhouse.Named("most", fmt.Sprint(min(most, report.MaxOffenders))))
	if err != nil {
		return answer, fmt.Errorf("offenders: %w", reason(err))
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var o report.Offender
		err := rows.Scan(&o.Net, &o.Country, &o.Provider, &o.Requests, &o.Certain, &o.Harmless, &o.Threats, &o.Rules, &o.First, &o.Last, &answer.Total)
		if err != nil {
			return answer, fmt.Errorf("offenders: %w", reason(err))
		}
		o.First, o.Last = o.First.UTC(), o.Last.UTC()
		answer.Networks = append(answer.Networks, o)
	}
	if err := rows.Err(); err != nil {
		return answer, fmt.Errorf("offenders: %w", reason(err))
	}
	return answer, nil
}
