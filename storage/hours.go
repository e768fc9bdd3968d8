package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/klar-analytics/klar/report"
)

// Table hours is table hits by the hour, of the last two days: on most sites few visits begin in an hour, so that those
// of a long time could be put together from it, page by page. It is filled by the same cuts, and its partitions are
// days of UTC, which are dropped whole.

// hoursKept is how long table hours is asked for: today and yesterday, of 25 hours, in any time zone.
const hoursKept = 50 * time.Hour

// hoursFrom returns the first hour that table hours takes and answers for.
func hoursFrom(now time.Time) time.Time { return now.Add(-hoursKept).Truncate(time.Hour) }

// dayPartition gives the day of an instant in UTC, as toYYYYMMDD does.
func dayPartition(instant uint32) uint32 {
	y, m, d := time.Unix(int64(instant), 0).UTC().Date()
	return uint32(y*10000 + int(m)*100 + d)
}

// takeHours has table hours answer what is asked of hits by the hour or of parts of days.
func (p *plan) takeHours(from time.Time) error {
	crossing := func(one *part) bool { return one.source.table == hitsSource.table }
	all := p.parts
	if p.total != nil {
		all = append(slices.Clip(all), p.total)
	}
	goals := func(one *part) bool { return one.source.table == goalsSource.table }
	switch {
	case p.byDays():
		return nil
	case slices.ContainsFunc(all, goals):
		return p.wholeDays("goals, groups and funnels are counted by the day")
	case slices.ContainsFunc(all, crossing) && p.query.From.Before(from):
		return p.wholeDays("what is filtered or crossed is kept by the hour for two days only")
	}
	for _, one := range all {
		if crossing(one) {
			one.source.table = "hours"
		}
	}
	return nil
}

// wholeDays refuses a question by the hour or of parts of days.
func (p *plan) wholeDays(why string) error {
	if i := slices.Index(p.query.Dimensions, report.TimeHour); i >= 0 {
		return report.Refuse(fmt.Sprintf("dimensions[%d]", i), "%s, so that few visitors do not stand alone; ask by time:day", why)
	}
	return report.Refuse("date_range", "%s, so that few visitors do not stand alone; ask for whole days of the site's time zone, such as two dates", why)
}

// forgetHours drops the days of table hours that nobody asks for any more.
func (db *DB) forgetHours(ctx context.Context) error {
	rows, err := db.conn.Query(ctx, oldHours, dayPartition(instant(hoursFrom(db.now()).Unix())))
	if err != nil {
		return err
	}
	var days []string
	for rows.Next() {
		var day string
		if err := rows.Scan(&day); err != nil {
			return err
		}
		days = append(days, day)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, day := range days {
		if err := db.conn.Exec(ctx, "ALTER TABLE hours DROP PARTITION ID '"+day+"'"); err != nil {
			return err
		}
	}
	return nil
}

// oldHours finds the partitions of days before one. Their ids are the days themselves, as 20261123.
const oldHours = `SELECT DISTINCT partition_id FROM system.parts
	WHERE active AND database = currentDatabase() AND table = 'hours' AND toUInt32OrZero(partition_id) < ?`
