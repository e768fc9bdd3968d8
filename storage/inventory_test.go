package storage

import "testing"

// TestInventory counts the rows that the questions are asked of.
func TestInventory(t *testing.T) {
	db := questionDB(t)
	all, err := db.Inventory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if all.Version == "" || all.Size == 0 || all.Free == 0 || all.Free > all.Size {
		t.Errorf("version %q, %d of %d bytes free", all.Version, all.Free, all.Size)
	}
	var rows, bytes uint64
	for _, table := range all.Tables {
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
	if len(all.Sites) < 2 {
		t.Fatalf("%d sites, want several", len(all.Sites))
	}
	var ofSites, ofSitesBytes uint64
	for i, s := range all.Sites {
		ofSites, ofSitesBytes = ofSites+s.Rows, ofSitesBytes+s.Bytes
		if i > 0 && s.Bytes > all.Sites[i-1].Bytes {
			t.Errorf("%s, which is larger, stands behind %s", s.Site, all.Sites[i-1].Site)
		}
	}
	if ofSites != rows || rows == 0 {
		t.Errorf("the sites have %d rows, the tables %d", ofSites, rows)
	}
	if ofSitesBytes > bytes || ofSitesBytes < bytes*9/10 {
		t.Errorf("the sites share %d bytes, the tables have %d", ofSitesBytes, bytes)
	}
}
