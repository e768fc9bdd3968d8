package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/klar-analytics/klar/hit"
)

// Deletion says which rows go.
type Deletion struct {
	// Site whose rows go.
	Site string
	// Before is the moment before which they do, to be the beginning of a day of the site; zero for all of them.
	Before time.Time
	// KeepTotals spares table totals, as the retention does.
	KeepTotals bool
}

// TableRows is how many rows of a table a deletion takes.
type TableRows struct {
	Table string `json:"table"`
	Rows  uint64 `json:"rows"`
}

// deletePoll is how often a deletion looks how far ClickHouse is.
const deletePoll = 100 * time.Millisecond

// siteTable is a table whose rows belong to sites.
type siteTable struct{ name, clock, kind string }

// siteTables finds the tables with sites, also those that a later version adds, with the column of their time. Its type
// is an instant or a day.
const siteTables = `SELECT table, anyIf(name, name IN ('minute', 'hour', 'day')), anyIf(type, name IN ('minute', 'hour', 'day'))
	FROM system.columns WHERE database = currentDatabase() AND table IN (
		SELECT name FROM system.tables WHERE database = currentDatabase() AND endsWith(engine, 'MergeTree'))
	GROUP BY table HAVING countIf(name = 'site') > 0 ORDER BY table`

// siteTables lists those that a deletion may take rows of.
func (db *DB) siteTables(ctx context.Context, d Deletion) ([]siteTable, error) {
	rows, err := db.conn.Query(reading(ctx), siteTables)
	if err != nil {
		return nil, reason(err)
	}
	defer func() { _ = rows.Close() }()
	var tables []siteTable
	for rows.Next() {
		var t siteTable
		if err := rows.Scan(&t.name, &t.clock, &t.kind); err != nil {
			return nil, reason(err)
		}
		if !d.KeepTotals || t.name != peopleTotals.table {
			tables = append(tables, t)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, reason(err)
	}
	return tables, nil
}

// condition is what the deleted rows of a table have in common, beginning with deletedSite.
func (d Deletion) condition(t siteTable) (string, error) {
	where := deletedSite + quote(d.Site)
	switch {
	case d.Site == "" || hit.NewSite(d.Site).String() != d.Site:
		return "", errors.New("what is to be deleted is of no site")
	case d.Before.IsZero():
	case strings.HasPrefix(t.kind, "DateTime"):
		where += fmt.Sprintf(" AND %s < toDateTime(%d, 'UTC')", t.clock, max(d.Before.Unix(), 0))
	case t.kind == "Date" || t.kind == "Date32":
		where += fmt.Sprintf(" AND %s < '%s'", t.clock, d.Before.Format(time.DateOnly))
	default:
		return "", fmt.Errorf("the table %s does not say of which time its rows are", t.name)
	}
	return where, nil
}

const deletedSite = "site = "

// quote writes a string for SQL.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// Deletable counts what a deletion would take, by table; a table of which it takes nothing is left out.
func (db *DB) Deletable(ctx context.Context, d Deletion) ([]TableRows, error) {
	tables, err := db.siteTables(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("counting what is to be deleted: %w", err)
	}
	var all []TableRows
	for _, t := range tables {
		where, err := d.condition(t)
		if err != nil {
			return nil, err
		}
		n := TableRows{Table: t.name}
		if err := db.conn.QueryRow(reading(ctx), "SELECT count() FROM `"+t.name+"` WHERE "+where).Scan(&n.Rows); err != nil {
			return nil, fmt.Errorf("counting what is to be deleted of %s: %w", t.name, reason(err))
		}
		if n.Rows > 0 {
			all = append(all, n)
		}
	}
	return all, nil
}

// Delete deletes the rows from the tables, and returns when they are gone from ClickHouse's files, too: no part is left
// that holds one, and no note of what was deleted. What is inserted meanwhile may stay; what waits in a spool does. When
// it fails, or ctx ends, ClickHouse may go on by itself; called again it does the rest.
func (db *DB) Delete(ctx context.Context, d Deletion) error {
	tables, err := db.siteTables(ctx, d)
	if err != nil {
		return fmt.Errorf("deleting: %w", err)
	}
	for _, t := range tables {
		where, err := d.condition(t)
		if err != nil {
			return err
		}
		if err := db.conn.Exec(ctx, "ALTER TABLE `"+t.name+"` DELETE WHERE "+where+" SETTINGS mutations_sync = 0"); err != nil {
			return fmt.Errorf("deleting from %s: %w", t.name, reason(err))
		}
		// One table after the other, because each part that is written anew takes memory.
		if err := db.rewritten(ctx); err != nil {
			return err
		}
	}
	// A deletion stands in a file of its own, with the name of the site, until it is taken back.
	if err := db.conn.Exec(ctx, "KILL MUTATION WHERE database = currentDatabase() AND is_done AND "+ours+" FORMAT Null"); err != nil {
		return fmt.Errorf("the rows are deleted, but not the note of it: %w", reason(err))
	}
	return db.cleared(ctx, tables)
}

// ours finds the deletions of this package among ClickHouse's mutations. ClickHouse may put the command into parentheses.
const ours = "match(command, '^[(]?DELETE WHERE [(]?" + deletedSite + "')"

// running counts the deletions that are under way, and those of them that failed. One that lacked memory is tried again
// when there is more.
const running = "SELECT count(), countIf(latest_fail_reason != '' AND position(latest_fail_reason, 'MEMORY_LIMIT_EXCEEDED') = 0)" +
	" FROM system.mutations WHERE database = currentDatabase() AND NOT is_done AND " + ours

// rewritten waits until ClickHouse has written all parts anew without the rows that are deleted. It does that by itself,
// also after it was restarted, so that no statement need last as long. Meanwhile it may lack the memory for an answer.
func (db *DB) rewritten(ctx context.Context) error {
	const unanswered = 100 // in a row
	for n := 0; ; {
		var left, failed uint64
		err := db.conn.QueryRow(reading(ctx), running).Scan(&left, &failed)
		if n++; err == nil {
			n = 0
		}
		switch {
		case n == unanswered:
			return fmt.Errorf("deleting: %w", reason(err))
		case err != nil:
		case failed > 0:
			return errors.New("ClickHouse cannot delete the rows yet, and tries again by itself: see latest_fail_reason in system.mutations, and give the command again")
		case left == 0:
			return nil
		}
		if err := pause(ctx, deletePoll); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// diskPart is a piece of a table on ClickHouse's disk.
type diskPart struct{ table, path string }

// cleared waits until the parts that were written anew are gone from the disk, and tells ClickHouse to hurry. A server
// of an older version has no word for that, and its own time.
func (db *DB) cleared(ctx context.Context, tables []siteTable) error {
	before, err := db.oldParts(ctx)
	if err != nil {
		return err
	}
	for left := before; len(left) > 0; {
		for _, t := range tables {
			_ = db.conn.Exec(ctx, "SYSTEM START CLEANUP `"+t.name+"`")
		}
		if err := pause(ctx, deletePoll); err != nil {
			return fmt.Errorf("the rows are deleted, but ClickHouse has not removed the old parts from its disk yet: %w", err)
		}
		now, err := db.oldParts(ctx)
		if err != nil {
			return err
		}
		for p := range left {
			if !now[p] && gone(p.path) {
				delete(left, p)
			}
		}
	}
	var detached uint64
	if err := db.conn.QueryRow(reading(ctx), "SELECT count() FROM system.detached_parts WHERE database = currentDatabase()").Scan(&detached); err != nil {
		return fmt.Errorf("looking for detached parts: %w", reason(err))
	}
	if detached > 0 {
		return fmt.Errorf("the rows are deleted, but ClickHouse has %d detached parts, which may hold some: see system.detached_parts, and drop them", detached)
	}
	return nil
}

// gone reports that a directory of the engine, or of a server on this machine, is not there.
func gone(path string) bool {
	_, err := os.Stat(path)
	return err != nil
}

// oldParts lists the parts that nobody reads any more and that still lie on the disk with rows in them.
func (db *DB) oldParts(ctx context.Context) (map[diskPart]bool, error) {
	rows, err := db.conn.Query(reading(ctx), "SELECT table, path FROM system.parts WHERE database = currentDatabase() AND NOT active AND rows > 0")
	if err != nil {
		return nil, fmt.Errorf("looking for old parts: %w", reason(err))
	}
	defer func() { _ = rows.Close() }()
	parts := map[diskPart]bool{}
	for rows.Next() {
		var p diskPart
		if err := rows.Scan(&p.table, &p.path); err != nil {
			return nil, fmt.Errorf("looking for old parts: %w", reason(err))
		}
		parts[p] = true
	}
	return parts, rows.Err()
}
