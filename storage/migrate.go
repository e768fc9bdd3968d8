package storage

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/klar-analytics/klar/storage/schema"
)

// migration is one step of the schema. Its statements are idempotent, so that two processes may apply it at the same
// time and an interrupted one may be applied again.
type migration struct {
	version    uint32
	name       string
	statements []string
}

const createMigrations = `CREATE TABLE IF NOT EXISTS klar_migrations
(version UInt32, name String, applied DateTime('UTC') DEFAULT now())
ENGINE = ReplacingMergeTree ORDER BY version`

// migrate brings the tables to this program's version.
func (db *DB) migrate(ctx context.Context) error {
	steps, err := migrations(schema.Files)
	if err != nil {
		return err
	}
	return db.apply(ctx, steps)
}

func (db *DB) apply(ctx context.Context, steps []migration) error {
	if err := db.conn.Exec(ctx, createMigrations); err != nil {
		return fmt.Errorf("the table of migrations cannot be made: %w", reason(err))
	}
	done, err := db.applied(ctx, steps)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if done[step.version] {
			continue
		}
		for i, statement := range step.statements {
			if err := db.conn.Exec(ctx, statement); err != nil {
				return fmt.Errorf("migration %s, statement %d: %w", step.name, i+1, reason(err))
			}
		}
		record := fmt.Sprintf("INSERT INTO klar_migrations (version, name) SELECT %d, '%s'", step.version, step.name)
		if err := db.conn.Exec(ctx, record); err != nil {
			return fmt.Errorf("migration %s cannot be recorded: %w", step.name, reason(err))
		}
		db.log.Info("migration applied", "migration", step.name)
	}
	// A newer Klar may have started at the same time.
	_, err = db.applied(ctx, steps)
	return err
}

// applied returns the versions that the store has. It fails for a store that is newer than the steps.
func (db *DB) applied(ctx context.Context, steps []migration) (map[uint32]bool, error) {
	rows, err := db.conn.Query(ctx, "SELECT DISTINCT version, name FROM klar_migrations")
	if err != nil {
		return nil, fmt.Errorf("the migrations cannot be read: %w", reason(err))
	}
	defer func() { _ = rows.Close() }()
	done := map[uint32]bool{}
	known, newest, other := steps[len(steps)-1].version, uint32(0), ""
	for rows.Next() {
		var version uint32
		var name string
		if err := rows.Scan(&version, &name); err != nil {
			return nil, fmt.Errorf("the migrations cannot be read: %w", reason(err))
		}
		if i := int(version) - 1; i >= 0 && i < len(steps) && steps[i].version == version && steps[i].name != name {
			other = name
		}
		done[version] = true
		newest = max(newest, version)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("the migrations cannot be read: %w", reason(err))
	}
	if newest > known {
		return nil, fmt.Errorf("the database belongs to a newer Klar: its schema has version %d, this Klar knows versions up to %d; use that newer Klar", newest, known)
	}
	if other != "" {
		return nil, fmt.Errorf("the database was made by a build of Klar that was never released: its schema has the step %s, which this Klar does not know; use another data directory or database", other)
	}
	return done, nil
}

// migrations reads the steps in the order of their versions, which count from 1 without a gap.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no migrations are built in: %w", err)
	}
	var steps []migration
	for i, file := range names { // fs.Glob sorts
		name := strings.TrimSuffix(file, ".sql")
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseUint(number, 10, 32)
		if err != nil || version != uint64(i+1) {
			return nil, fmt.Errorf("migration %s: its number should be %04d", name, i+1)
		}
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		statements, err := splitStatements(string(text))
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		steps = append(steps, migration{uint32(version), name, statements})
	}
	return steps, nil
}
