package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// About is what the store says of itself.
type About struct {
	Version string        // of ClickHouse
	Up      time.Duration // for how long it has been running
	// Memory is what ClickHouse takes, in bytes; 0 where its user may not ask for it.
	Memory uint64
	// Free and Size are of the fullest of ClickHouse's disks, in bytes; 0 where its user may not ask for it.
	Free, Size uint64
}

// TableSize is the size of a table.
type TableSize struct {
	Table string
	Rows  uint64
	Bytes uint64 // on the disk, compressed
}

// SiteSize is how much of the store a site takes.
type SiteSize struct {
	Site string
	Rows uint64
	// Bytes are estimated: of each table, as much as the site has of its rows.
	Bytes uint64
}

// About asks the store, which costs it nothing. An error is that it does not answer, or refuses Klar.
func (db *DB) About(ctx context.Context) (About, error) {
	var a About
	var seconds uint64
	if err := db.conn.QueryRow(reading(ctx), file("about_server.sql")).Scan(&a.Version, &seconds); err != nil {
		return About{}, fmt.Errorf("about the store: %w", reason(err))
	}
	a.Up = time.Duration(seconds) * time.Second
	var none uint64
	err := errors.Join(db.permitted(ctx, "about_memory.sql", &a.Memory, &none), db.permitted(ctx, "about_disk.sql", &a.Free, &a.Size))
	if err != nil {
		return About{}, fmt.Errorf("about the store: %w", err)
	}
	return a, nil
}

// Sizes counts what the store has: tables by their name, sites with the largest first. It reads one column of each table.
func (db *DB) Sizes(ctx context.Context) ([]TableSize, []SiteSize, error) {
	tables, err := db.tableSizes(ctx)
	var sites []SiteSize
	if err == nil {
		sites, err = db.siteSizes(ctx, tables)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("sizes of the store: %w", err)
	}
	return tables, sites, nil
}

// permitted asks for two numbers, which stay 0 where the user of ClickHouse may not know them.
func (db *DB) permitted(ctx context.Context, name string, first, second *uint64) error {
	err := db.conn.QueryRow(reading(ctx), file(name)).Scan(first, second)
	var no *refusal
	if err = reason(err); errors.As(err, &no) && no.code == codeNoAccess {
		return nil
	}
	return err
}

func (db *DB) tableSizes(ctx context.Context) ([]TableSize, error) {
	rows, err := db.conn.Query(reading(ctx), file("sizes.sql"))
	if err != nil {
		return nil, reason(err)
	}
	defer func() { _ = rows.Close() }()
	var tables []TableSize
	for rows.Next() {
		var t TableSize
		if err := rows.Scan(&t.Table, &t.Rows, &t.Bytes); err != nil {
			return nil, reason(err)
		}
		tables = append(tables, t)
	}
	return tables, reason(rows.Err())
}

// siteSizes divides the tables among the sites.
func (db *DB) siteSizes(ctx context.Context, tables []TableSize) ([]SiteSize, error) {
	ofSites, err := db.siteTables(ctx, Deletion{})
	if err != nil || len(ofSites) == 0 {
		return nil, err
	}
	var parts []string
	for _, t := range ofSites {
		parts = append(parts, fmt.Sprintf("SELECT '%s' AS table, toString(site) AS of, count() AS n FROM %s GROUP BY site", t.name, t.name))
	}
	rows, err := db.conn.Query(reading(ctx), strings.Join(parts, " UNION ALL "))
	if err != nil {
		return nil, reason(err)
	}
	defer func() { _ = rows.Close() }()
	sizes := map[string]SiteSize{}
	for rows.Next() {
		var table, site string
		var n uint64
		if err := rows.Scan(&table, &site, &n); err != nil {
			return nil, reason(err)
		}
		one := sizes[site]
		one.Site, one.Rows = site, one.Rows+n
		i := slices.IndexFunc(tables, func(t TableSize) bool { return t.Table == table })
		if i >= 0 && tables[i].Rows > 0 {
			one.Bytes += uint64(float64(tables[i].Bytes) * min(float64(n)/float64(tables[i].Rows), 1))
		}
		sizes[site] = one
	}
	var list []SiteSize
	for _, s := range sizes {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b SiteSize) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), strings.Compare(a.Site, b.Site))
	})
	return list, reason(rows.Err())
}
