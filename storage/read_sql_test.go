package storage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSQLFormats(t *testing.T) {
	db := questionDB(t)
	for _, test := range []struct{ query, format, want string }{
		{"SELECT 1 AS a, 'x' AS b", "TSVWithNames", "a\tb\n1\tx\n"},
		{"SELECT 1 AS a, 'x?' AS b;\n", "CSVWithNames", "\"a\",\"b\"\n1,\"x?\"\n"},
		{"SELECT 1 AS a FORMAT JSONEachRow", "", "{\"a\":1}\n"},
		{"SELECT 1 AS a FORMAT JSONEachRow;", "JSONEachRow", "{\"a\":1}\n"},
		{"SELECT 2 AS format ORDER BY format DESC", "CSV", "2\n"},
		{"SELECT sum(pageviews) AS n FROM hits WHERE site = 'shop'", "TSVWithNames", "n\n7\n"},
		{"WITH 3 AS x SELECT x AS n", "TSVWithNames", "n\n3\n"},
		{"-- the number\n/* one */ (select 1 AS n)", "TSVWithNames", "n\n1\n"},
		{"SELECT 'INTO OUTFILE' AS s", "TSVWithNames", "s\nINTO OUTFILE\n"},
		{"EXISTS TABLE counts", "TabSeparated", "1\n"},
		{"SELECT 1 AS a", "", "   ┌─a─┐\n1. │ 1 │\n   └───┘\n"},
	} {
		var got strings.Builder
		if err := db.SQL(t.Context(), &got, test.query, test.format); err != nil {
			t.Errorf("%s: %v", test.query, err)
		}
		if diff := cmp.Diff(test.want, got.String()); diff != "" {
			t.Errorf("%s in %q (-want +got):\n%s", test.query, test.format, diff)
		}
	}
}

func TestSQLStreams(t *testing.T) {
	db := testDB(t)
	var got lineCounter
	if err := db.SQL(t.Context(), &got, "SELECT number FROM numbers(2000000)", "TSV"); err != nil {
		t.Fatal(err)
	}
	if got.lines != 2_000_000 {
		t.Errorf("%d lines came, want 2000000", got.lines)
	}
	if got.writes < 10 {
		t.Errorf("the result came in %d pieces; it was not streamed", got.writes)
	}
}

type lineCounter struct{ lines, writes int }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.lines += strings.Count(string(p), "\n")
	c.writes++
	return len(p), nil
}

func TestSQLChangesNothing(t *testing.T) {
	db := questionDB(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const state = "SELECT sum(pageviews) FROM hits"
	before := one(t, db, state)
	for _, query := range []string{
		"INSERT INTO hits (site, hour, pageviews) VALUES ('shop', '2026-03-28 11:00:00', 1)",
		"INSERT INTO hits (site, hour, pageviews) SELECT 'shop', '2026-03-28 11:00:00', 1",
		"DROP TABLE hits",
		"TRUNCATE TABLE hits",
		"ALTER TABLE hits DELETE WHERE 1",
		"DELETE FROM hits WHERE 1",
		"OPTIMIZE TABLE hits FINAL",
		"RENAME TABLE hits TO gone",
		"CREATE TABLE mine (a UInt8) ENGINE = Memory",
		"CREATE DATABASE mine",
		"SYSTEM STOP MERGES",
		"INSERT INTO FUNCTION file('" + filepath.Join(dir, "d.csv") + "', 'CSV', 'a UInt8') SELECT 1",
		"SELECT 1 SETTINGS readonly = 0",
		"SET readonly = 0",
		"SELECT 1; DROP TABLE hits",
		"SELECT 1 FORMAT CSV; DROP TABLE hits",
		"SYSTEM FLUSH LOGS",
		"/* SELECT */ SYSTEM STOP MERGES",
		"KILL QUERY WHERE 0",
		"SELECT 1 INTO OUTFILE '" + filepath.Join(dir, "a.csv") + "'",
		"SELECT $$'$$ into/**/outfile '" + filepath.Join(dir, "b.csv") + "' -- '",
		"WITH x AS (SELECT 1 AS a) INSERT INTO FUNCTION file('" + filepath.Join(dir, "c.csv") + "', 'CSV', 'a UInt8') SELECT a FROM x",
		"SELECT * FROM file('" + filepath.Join(dir, "secret") + "', 'LineAsString')",
	} {
		var out strings.Builder
		err := db.SQL(t.Context(), &out, query, "")
		if err == nil {
			t.Errorf("%s was not refused", query)
			continue
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error has several lines: %v", query, err)
		}
	}
	if after := one(t, db, state); after != before {
		t.Errorf("hits held %d page views before and %d after", before, after)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%d files were written (%v)", len(files)-1, err)
	}
}

func TestSQLErrors(t *testing.T) {
	db := testDB(t)
	for _, test := range []struct{ query, format, want string }{
		{"", "", "empty"},
		{" ; ", "", "empty"},
		{"SELECT nothing FROM hits", "", "nothing"},
		{"SELECT 1 FRM hits WHERE", "", "Syntax error"},
		{"SELEKT 1", "", "only reading"},
		{"SELECT 1", "NoSuchFormat", "NoSuchFormat"},
		{"SELECT 1", "CSV; DROP TABLE hits", "format"},
		{"SELECT 1 FORMAT CSV", "JSON", "leave one out"},
		{"DROP TABLE hits", "", "only reading"},
		{"SELECT file('a')", "", "can reach files"},
		{"SELECT 1 INTO OUTFILE 'a'", "", "without INTO OUTFILE"},
		{"SELECT * FROM url('http://127.0.0.1:9/')", "", "READ ON URL"},
		{"SELECT 1 SETTINGS max_threads = 1", "", "setting"},
	} {
		var out strings.Builder
		err := db.SQL(t.Context(), &out, test.query, test.format)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q in %q: got error %v, want one line that has %q", test.query, test.format, err, test.want)
		}
	}
}

func TestSites(t *testing.T) {
	got, err := questionDB(t).Sites(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []Site{
		{"other", time.Date(2026, 3, 26, 23, 0, 0, 0, time.UTC), time.Date(2026, 3, 27, 23, 0, 0, 0, time.UTC)},
		{"shop", time.Date(2026, 3, 27, 23, 0, 0, 0, time.UTC), time.Date(2026, 3, 30, 21, 0, 0, 0, time.UTC)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sites differ (-want +got):\n%s", diff)
	}
}
