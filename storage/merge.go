package storage

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// mergeEvery is how often KeepMerged looks for parts to merge, and so for how long deliveries lie apart.
	mergeEvery = time.Minute
	// maxMerge bounds the partitions that are merged on purpose, in rows: to merge more takes ClickHouse too long, and it
	// merges what is so busy by itself.
	maxMerge = 5_000_000
	// mergeAtOnce is how many partitions are merged at a time.
	mergeAtOnce = 2
)

// KeepMerged has ClickHouse merge what was delivered, and forget hours that are over, every minute until the context ends. What was delivered together
// lies together in a part until then, and on a small site a delivery may be of a single visitor, whose attributes stand
// in rows of their own: merged with the others' they can no longer be told to be one visitor's.
func (db *DB) KeepMerged(ctx context.Context) {
	tick := time.NewTicker(mergeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			db.Merge(ctx)
			if err := db.forgetHours(ctx); err != nil && ctx.Err() == nil {
				db.log.Warn("table hours still has days that are over; trying again in a minute", "error", reason(err))
			}
		}
	}
}

// Merge merges what was delivered of people until now. What cannot be merged is logged, and left to ClickHouse.
func (db *DB) Merge(ctx context.Context) {
	if err := db.merge(ctx); err != nil && ctx.Err() == nil {
		db.log.Warn("deliveries could not be merged; ClickHouse does so in its own time", "error", reason(err))
	}
}

func (db *DB) merge(ctx context.Context) error {
	rows, err := db.conn.Query(ctx, mergeable, maxMerge)
	if err != nil {
		return err
	}
	var statements []string
	for rows.Next() {
		var table, partition string
		if err := rows.Scan(&table, &partition); err != nil {
			return err
		}
		statements = append(statements, fmt.Sprintf("OPTIMIZE TABLE %s PARTITION ID '%s' FINAL", table, partition))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(mergeAtOnce)
	for _, s := range statements {
		group.Go(func() error { return db.conn.Exec(ctx, s) })
	}
	return group.Wait()
}

// mergeable finds the partitions that have more than one part. Their ids are ClickHouse's own: months, as 202611.
const mergeable = `SELECT table, partition_id FROM system.parts
	WHERE active AND database = currentDatabase() AND table = 'counts'
	GROUP BY table, partition_id HAVING count() > 1 AND sum(rows) <= ?`
