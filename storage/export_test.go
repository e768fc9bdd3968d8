package storage

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

// exported answers a question as a file.
func exported(t *testing.T, db *DB, body string, format report.Format) ([]byte, error) {
	t.Helper()
	opts := parseOptions(t)
	opts.Export = true
	q, err := report.Parse([]byte(body), opts)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = db.Export(t.Context(), &b, q, format)
	return b.Bytes(), err
}

const pagesByDay = `{"site_id": "shop", "metrics": ["visitors", "bounce_rate", "percentage"], "date_range": ["2026-03-28", "2026-03-30"], "dimensions": ["time:day", "event:page"]}`

func TestExport(t *testing.T) {
	db := questionDB(t)
	table, err := exported(t, db, pagesByDay, report.CSV)
	want := `"time:day","event:page","visitors","bounce_rate","percentage"
"2026-03-28","/",2,50,40
"2026-03-28","/a",1,100,20
"2026-03-29","/",1,100,20
"2026-03-29","/b%'""\",1,100,20
"2026-03-30","/",1,0,20
`
	if diff := cmp.Diff(want, string(table)); err != nil || diff != "" {
		t.Errorf("CSV (-want +got), %v:\n%s", err, diff)
	}

	parquet, err := exported(t, db, pagesByDay, report.Parquet)
	if err != nil {
		t.Fatal(err)
	}
	var read string
	statement := "SELECT concat(toString(count()), ' ', toString(sum(visitors)), ' ', toString(sum(bounce_rate)), ' ', any(toTypeName(`event:page`))) FROM format('Parquet', unhex('" + hex.EncodeToString(parquet) + "'))"
	if err := db.conn.QueryRow(t.Context(), statement).Scan(&read); err != nil || !strings.HasPrefix(read, "5 6 350 ") || !strings.Contains(read, "String") {
		t.Errorf("of Parquet %q is read, %v", read, err)
	}

	streamed, err := exported(t, db, pagesByDay, report.JSON)
	if err != nil {
		t.Fatal(err)
	}
	answered, err := ask(t, db, []byte(pagesByDay))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := json.Marshal(answered)
	if err != nil {
		t.Fatal(err)
	}
	// The file has no limit.
	if diff := cmp.Diff(strings.Replace(string(whole), `,"limit":10000`, "", 1)+"\n", string(streamed)); diff != "" {
		t.Errorf("JSON (-answered +exported):\n%s", diff)
	}
	// What is taken out of a value must be written so that the engine's guard lets it pass beside quoted names.
	for _, dimensions := range []string{`"visit:country", "visit:region", "visit:city"`, `"visit:country_name"`, `"visit:utm_source", "visit:utm_medium"`} {
		for _, format := range report.Formats() {
			if _, err := exported(t, db, `{"site_id": "shop", "metrics": ["visitors"], "date_range": ["2026-03-28", "2026-03-30"], "dimensions": [`+dimensions+`]}`, format); err != nil {
				t.Errorf("%s of %s: %v", format, dimensions, err)
			}
		}
	}
}

// TestExportOfNothing has a file without rows and a question that cannot be answered.
func TestExportOfNothing(t *testing.T) {
	db := questionDB(t)
	const nothing = `{"site_id": "shop", "metrics": ["visitors"], "date_range": "day", "dimensions": ["event:page"]}`
	for format, want := range map[report.Format]string{report.CSV: "\"event:page\",\"visitors\"\n", report.JSON: `{"results":[],"meta":{"table":"counts"}`} {
		if got, err := exported(t, db, nothing, format); err != nil || !strings.HasPrefix(string(got), want) {
			t.Errorf("%s of nothing is %q, %v", format, got, err)
		}
	}
	for _, format := range report.Formats() {
		for body, want := range map[string]string{
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "24h", "dimensions": ["visit:provider"]}`:                        "date_range: visit:provider is counted by the day",
			`{"site_id": "shop", "metrics": ["visitors"], "date_range": "day", "include": {"comparisons": {"mode": "previous_period"}}}`: "include.comparisons: a file has no comparison",
		} {
			got, err := exported(t, db, body, format)
			if refused := (*report.Error)(nil); !errors.As(err, &refused) || !strings.HasPrefix(err.Error(), want) || len(got) > 0 {
				t.Errorf("%s: %v, and %d bytes were written; want %q and none", format, err, len(got), want)
			}
		}
	}
}

// TestExportIsNoFormula wants a quote before texts of a CSV that a spreadsheet would calculate, and before nothing else.
func TestExportIsNoFormula(t *testing.T) {
	db := testDB(t)
	sources := []string{"=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "a=1", "'=1", "1-2", "Google"}
	for i, source := range sources {
		if err := db.conn.Exec(t.Context(), "INSERT INTO counts (site, hour, dimension, value, pageviews, events, seconds, visits) VALUES ('shop', '2026-04-01 22:00:00', 'visit:source', ?, ?, ?, 1, 1)",
			source, len(sources)-i, 1); err != nil {
			t.Fatal(err)
		}
	}
	const body = `{"site_id": "shop", "metrics": ["pageviews", "visitors"], "date_range": "day", "dimensions": ["visit:source", "time:day"]}`
	got, err := exported(t, db, body, report.CSV)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(got)).ReadAll()
	if err != nil || len(records) != len(sources)+1 {
		t.Fatalf("%d records, %v; want %d", len(records), err, len(sources)+1)
	}
	for i, source := range sources {
		want := strings.ReplaceAll(source, "\r\n", "\n")
		if i < 8 {
			want = "'" + want
		}
		if r := records[i+1]; r[0] != want || r[1] != "2026-04-02" || r[2] != fmt.Sprint(len(sources)-i) {
			t.Errorf("%q is exported as %q", source, r)
		}
	}
	answer, err := exported(t, db, body, report.JSON)
	if err != nil || !bytes.Contains(answer, []byte(`["=1+2","2026-04-02"]`)) {
		t.Errorf("JSON has not %q as it is, %v", sources[0], err)
	}
}

// TestExportOfManyRows has more rows than an answer may have, in order.
func TestExportOfManyRows(t *testing.T) {
	db := testDB(t)
	const rows = 25000
	insert := fmt.Sprintf("INSERT INTO counts (site, hour, dimension, value, pageviews, events) SELECT 'shop', '2026-04-01 22:00:00', 'event:page', concat('/', toString(number)), number + 1, number + 1 FROM numbers(%d)", rows)
	if err := db.conn.Exec(t.Context(), insert); err != nil {
		t.Fatal(err)
	}
	const body = `{"site_id": "shop", "metrics": ["pageviews"], "date_range": "day", "dimensions": ["event:page"]`
	got, err := exported(t, db, body+"}", report.CSV)
	lines := strings.Split(strings.TrimSpace(string(got)), "\n")
	if err != nil || len(lines) != rows+1 {
		t.Fatalf("%d lines, %v; want %d", len(lines), err, rows+1)
	}
	for i, line := range lines[1:] {
		if want := fmt.Sprintf(`"/%d",%d`, rows-1-i, rows-i); line != want {
			t.Fatalf("line %d is %s, want %s", i+1, line, want)
		}
	}
	if got, err = exported(t, db, body+`, "pagination": {"limit": 12000}}`, report.JSON); err != nil {
		t.Fatal(err)
	}
	var file struct{ Results []json.RawMessage }
	if err := json.Unmarshal(got, &file); err != nil || len(file.Results) != 12000 {
		t.Errorf("%d rows, %v; want 12000", len(file.Results), err)
	}
}
