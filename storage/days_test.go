package storage

import (
	"os"
	"strings"
	"testing"
)

// countDays fills in what rows of other tables imply: the dimensions by the day of hits, the quarters of minutes, the crawls
// of bots, the totals of a zone's days.
func countDays(t testing.TB, db *DB, zone string) {
	t.Helper()
	text, err := os.ReadFile("testdata/days.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements, err := splitStatements(strings.ReplaceAll(string(text), "{zone}", zone))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range statements {
		if err := db.conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("statement %d of days.sql: %v", i+1, err)
		}
	}
}
