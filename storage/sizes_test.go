package storage

import "testing"

// TestSizes counts the rows that the questions are asked of.
func TestSizes(t *testing.T) {
	db := questionDB(t)
	about, err := db.About(t.Context())
	if err != nil || about.Version == "" || about.Size == 0 || about.Free == 0 || about.Free > about.Size {
		t.Errorf("the store says %+v of itself, %v", about, err)
	}
	tables, sites, err := db.Sizes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var rows, bytes uint64
	for _, table := range tables {
		if want := one(t, db, "SELECT count() FROM "+table.Table); table.Rows != want {
			t.Errorf("%s has %d rows, want %d", table.Table, table.Rows, want)
		}
		if (table.Rows > 0) != (table.Bytes > 0) {
			t.Errorf("%s has %d rows in %d bytes", table.Table, table.Rows, table.Bytes)
		}
		if one(t, db, "SELECT count() FROM system.columns WHERE database = currentDatabase() AND name = 'site' AND table = '"+table.Table+"'") == 1 {
			rows, bytes = rows+table.Rows, bytes+table.Bytes
		}
	}
	if len(sites) < 2 {
		t.Fatalf("%d sites, want several", len(sites))
	}
	var ofSites, ofSitesBytes uint64
	for i, s := range sites {
		ofSites, ofSitesBytes = ofSites+s.Rows, ofSitesBytes+s.Bytes
		if i > 0 && s.Bytes > sites[i-1].Bytes {
			t.Errorf("%s, which is larger, stands behind %s", s.Site, sites[i-1].Site)
		}
	}
	if ofSites != rows || rows == 0 {
		t.Errorf("the sites have %d rows, the tables %d", ofSites, rows)
	}
	if ofSitesBytes > bytes || ofSitesBytes < bytes*9/10 {
		t.Errorf("the sites share %d bytes, the tables have %d", ofSitesBytes, bytes)
	}
}
