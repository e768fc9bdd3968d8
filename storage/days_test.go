package storage

import (
	"os"
	"testing"
)

// countDays fills in the dimensions by the day that rows of hits imply.
func countDays(t testing.TB, db *DB) {
	t.Helper()
	text, err := os.ReadFile("testdata/days.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements, err := splitStatements(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range statements {
		if err := db.conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("statement %d of days.sql: %v", i+1, err)
		}
	}
}
