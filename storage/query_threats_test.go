package storage

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestThreatsByPath asks which paths attacks were aimed at, and how they were answered there.
func TestThreatsByPath(t *testing.T) {
	db := testDB(t)
	err := db.conn.Exec(t.Context(), `INSERT INTO paths (site, hour, path, status, method, kind, threat, requests, bytes) VALUES
		('shop', '2026-03-10 00:00:00', '/.env', 404, 'GET', 'error', 'sensitive-file', 7, 70),
		('shop', '2026-03-10 00:00:00', '/.env', 200, 'GET', 'other', 'sensitive-file', 2, 20),
		('shop', '2026-03-10 00:00:00', '/shop', 200, 'GET', 'page', 'sqli', 3, 30),
		('shop', '2026-03-10 00:00:00', '/shop', 200, 'GET', 'page', '', 90, 900)`)
	if err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		`"metrics": ["requests"], "dimensions": ["event:page"], "filters": [["is_not", "event:threat", [""]]]`:            `[["/.env",9],["/shop",3]]`,
		`"metrics": ["threats", "requests"], "dimensions": ["event:page"], "order_by": [["requests", "desc"]]`:            `[["/shop",3,93],["/.env",9,9]]`,
		`"metrics": ["errors"], "dimensions": ["event:page", "event:threat"], "filters": [["is", "event:status", [404]]]`: `[["/.env","sensitive-file",7]]`,
	} {
		result, err := ask(t, db, []byte(`{"site_id": "shop", "date_range": ["2026-03-10", "2026-03-10"], `+question+`}`))
		if err != nil {
			t.Errorf("%s: %v", question, err)
			continue
		}
		var rows [][]any
		for _, r := range result.Rows {
			row := []any{}
			for _, d := range r.Dimensions {
				row = append(row, d)
			}
			rows = append(rows, append(row, r.Metrics...))
		}
		got, _ := json.Marshal(rows)
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", question, diff)
		}
	}
}
