package storage

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/storage/schema"
)

// TestTablesAreDescribed holds what the privacy page says against the tables that there are: a new column is described
// in storage/schema/described.json, in both languages.
func TestTablesAreDescribed(t *testing.T) {
	db := testDB(t)
	var rows []struct {
		Table string `ch:"table"`
		Name  string `ch:"name"`
	}
	err := db.conn.Select(t.Context(), &rows, `SELECT table, name FROM system.columns
		WHERE database = currentDatabase() AND table != 'klar_migrations'`)
	if err != nil {
		t.Fatal(err)
	}
	var have, described []string
	for _, r := range rows {
		have = append(have, r.Table+"."+r.Name)
	}
	for _, table := range schema.Described() {
		if table.English == "" || table.German == "" {
			t.Errorf("table %s is not described in both languages", table.Name)
		}
		for _, c := range table.Columns {
			described = append(described, table.Name+"."+c.Name)
			if c.English == "" || c.German == "" {
				t.Errorf("%s.%s is not described in both languages", table.Name, c.Name)
			}
		}
	}
	slices.Sort(have)
	slices.Sort(described)
	if diff := cmp.Diff(have, described); diff != "" {
		t.Errorf("storage/schema/described.json and the tables differ (-tables +described):\n%s", diff)
	}
}
