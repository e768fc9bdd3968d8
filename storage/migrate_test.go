package storage

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/klar-analytics/klar/storage/schema"
)

// newest is the version of the schema that is built in.
func newest(t *testing.T) uint64 {
	t.Helper()
	steps, err := migrations(schema.Files)
	if err != nil {
		t.Fatal(err)
	}
	return uint64(len(steps))
}

func TestMigrateTwoAtOnce(t *testing.T) {
	o := testOptions(t)
	var group errgroup.Group
	for range 4 {
		group.Go(func() error {
			db, err := Connect(t.Context(), o)
			if err != nil {
				return err
			}
			return db.Close()
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	db := connect(t, o)
	if n := one(t, db, "SELECT count(DISTINCT version) FROM klar_migrations"); n != newest(t) {
		t.Errorf("%d versions are recorded, want %d", n, newest(t))
	}
	if n := one(t, db, "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name IN ('hits', 'counts', 'minutes', 'paths', 'bots', 'flows', 'hours')"); n != 7 {
		t.Errorf("%d tables were made, want 6", n)
	}
}

func TestMigrateRefusesNewerDatabase(t *testing.T) {
	o := testOptions(t)
	db := connect(t, o)
	if err := db.conn.Exec(t.Context(), "INSERT INTO klar_migrations (version, name) SELECT 1007, 'future'"); err != nil {
		t.Fatal(err)
	}
	_, err := Connect(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "version 1007") || !strings.Contains(err.Error(), fmt.Sprint("up to ", newest(t), ";")) {
		t.Errorf("a newer database was not refused by version: %v", err)
	}
}

func TestMigrateRefusesAnotherSchema(t *testing.T) {
	o := testOptions(t)
	db := connect(t, o)
	if err := db.conn.Exec(t.Context(), "INSERT INTO klar_migrations (version, name) SELECT 1, '0001_tables'"); err != nil {
		t.Fatal(err)
	}
	if _, err := Connect(t.Context(), o); err == nil || !strings.Contains(err.Error(), "0001_tables") {
		t.Errorf("a database with another first step was not refused: %v", err)
	}
}

func TestSplitStatements(t *testing.T) {
	for _, test := range []struct {
		sql  string
		want []string
	}{
		{"", nil},
		{" ; -- nothing; here\n /* nor; here */ ;", nil},
		{"SELECT 1; SELECT 2", []string{"SELECT 1", "SELECT 2"}},
		{"SELECT ';''--', \"a;b\", `c;\\`;d`; SELECT '\\';'", []string{"SELECT ';''--', \"a;b\", `c;\\`;d`", "SELECT '\\';'"}},
		{"SELECT 1 -- one; of\n+ 2 /* ; */;", []string{"SELECT 1  \n+ 2"}},
	} {
		got, err := splitStatements(test.sql)
		if err != nil {
			t.Errorf("%q: %v", test.sql, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.sql, diff)
		}
	}
	for _, sql := range []string{"SELECT 'a", "SELECT 1;\n/* b", "`", "'\\"} {
		if got, err := splitStatements(sql); err == nil {
			t.Errorf("%q: no error, but %q", sql, got)
		}
	}
}

func TestServerAddressIsNotRepeated(t *testing.T) {
	for _, dsn := range []string{"tcp://u:secret@h:9000/db", "http://u:secret@h:x y/db", "https://u:secret@h:1:2/%zz", "http://u:secret@127.0.0.1:1/db"} {
		_, err := Connect(t.Context(), Options{DSN: dsn})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("no error, or one with the password in it: %v", err)
		}
	}
}
