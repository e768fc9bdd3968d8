package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/klar-analytics/klar/report"
)

// hostile are values that would end a string, a parameter or a statement if they were ever part of the text.
var hostile = []string{
	"' OR 1 = 1 --", "'); DROP TABLE hits; --", "\\", "\\'", "\\\\'", "`", "\"", "{site:String}", "{p0:String}", "?", "$1", "@site",
	"'] OR 1 = 1 OR ['", "\\N", "NULL", "\x00", "a\x00b", "\t", "a\nb\r", "%27", "/*", "']", "\u00e4\u2028\U0001f600", "{{.Table}}",
}

// TestQueryValuesStayValues stores each hostile value as a path and source, and expects each way of asking for it to
// find that one row, and no way of asking for what is not there to find anything.
func TestQueryValuesStayValues(t *testing.T) {
	db := testDB(t)
	batch, err := db.conn.PrepareBatch(t.Context(), "INSERT INTO hits (site, hour, path, entry, source, events, pageviews)")
	if err != nil {
		t.Fatal(err)
	}
	for i, value := range hostile {
		if err := batch.Append("shop", questionTime.Truncate(3600e9), value, "/", value, uint64(1), uint64(i+1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
	if err := db.conn.Exec(t.Context(), "INSERT INTO counts (site, hour, dimension, visitors) SELECT 'shop', '2026-04-01 22:00:00', 'visit:device', 1"); err != nil {
		t.Fatal(err)
	}
	countDays(t, db, "Europe/Berlin")
	for i, value := range hostile {
		quoted, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for _, filter := range []string{
			`["is", "event:page", [%s]]`, `["is", "event:page", ["none", %s]]`, `["is", "visit:source", [%s], {"case_sensitive": false}]`,
			`["and", [["contains", "event:page", [%s]], ["is", "event:page", [%[1]s]]]]`,
			`["and", [["contains", "event:page", [%s], {"case_sensitive": false}], ["is", "event:page", [%[1]s]]]]`,
			`["and", [["not", ["is_not", "event:page", [%s]]], ["contains_not", "visit:entry_page", [%[1]s]]]]`,
		} {
			body := fmt.Sprintf(`{"site_id": "shop", "metrics": ["pageviews"], "date_range": "day", "filters": [`+filter+`]}`, quoted)
			result, err := ask(t, db, []byte(body))
			if err != nil {
				t.Errorf("%s: %v", body, err)
				continue
			}
			if got := result.Rows[0].Metrics[0]; got != int64(i+1) {
				t.Errorf("%s: found %v page views, want %d", body, got, i+1)
			}
		}
	}
	if n := one(t, db, "SELECT count() FROM hits"); n != uint64(len(hostile)) {
		t.Errorf("%d rows are left of %d", n, len(hostile))
	}
}

// TestQueryHostileEverywhere puts the values into every other place of a question: none may be answered with figures
// of the site, and none may reach the store as SQL.
func TestQueryHostileEverywhere(t *testing.T) {
	db := questionDB(t)
	for _, value := range hostile {
		quoted, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{
			`{"site_id": "shop", "metrics": [%s], "date_range": "all"}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": %s}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": ["2026-03-01", %s]}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", "dimensions": [%s]}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", "order_by": [[%s, "asc"]]}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", "order_by": [["visitors", %s]]}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", "filters": [[%s, "event:page", ["/"]]]}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", "filters": [["is", %s, ["/"]]]}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", "pagination": {"limit": %s}}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", "include": {%s: true}}`,
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "all", %s: true}`,
		} {
			var refused *report.Error
			if _, err := ask(t, db, fmt.Appendf(nil, form, quoted)); !errors.As(err, &refused) {
				t.Errorf("%s: got %v, want it refused", fmt.Sprintf(form, quoted), err)
			}
		}
		result, err := ask(t, db, fmt.Appendf(nil, `{"site_id": %s, "metrics": ["visitors", "requests"], "date_range": "all"}`, quoted))
		if err != nil {
			t.Errorf("site %s: %v", quoted, err)
		} else if m := result.Rows[0].Metrics; m[0] != int64(0) || m[1] != int64(0) {
			t.Errorf("site %s has figures of another: %v", quoted, m)
		}
	}
}
