package storage

import (
	"context"
	"fmt"
	"time"
)

// Site is a site that has figures: the first day's start, and the hour (UTC) that holds the last of them, or the start of
// its day where nothing but totals is left.
type Site struct {
	ID          string
	First, Last time.Time
}

// Sites lists the sites that have figures, by their id.
func (db *DB) Sites(ctx context.Context) ([]Site, error) {
	rows, err := db.conn.Query(reading(ctx), file("sites.sql"))
	if err != nil {
		return nil, fmt.Errorf("sites: %w", reason(err))
	}
	defer func() { _ = rows.Close() }()
	var list []Site
	for rows.Next() {
		var s Site
		if err := rows.Scan(&s.ID, &s.First, &s.Last); err != nil {
			return nil, fmt.Errorf("sites: %w", reason(err))
		}
		s.First, s.Last = s.First.UTC().Truncate(time.Hour), s.Last.UTC().Truncate(time.Hour)
		list = append(list, s)
	}
	return list, rows.Err()
}

// file returns the text of a query that has no structural parts.
func file(name string) string {
	text, err := queryFiles.ReadFile("queries/" + name)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return string(text)
}
