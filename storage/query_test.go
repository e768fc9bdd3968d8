package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

var updateQueries = flag.Bool("update-queries", false, "write the answers of testdata/query anew")

// questionTime is when the test's questions are asked.
var questionTime = time.Date(2026, 4, 2, 9, 30, 0, 0, time.UTC)

// questionDB holds the rows of testdata/query.
func questionDB(t testing.TB) *DB {
	t.Helper()
	db := testDB(t)
	rows, err := os.ReadFile("testdata/query/rows.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements, err := splitStatements(string(rows))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range statements {
		if err := db.conn.Exec(t.Context(), s); err != nil {
			t.Fatalf("statement %d of rows.sql: %v", i+1, err)
		}
	}
	countDays(t, db, "Europe/Berlin")
	if err := db.conn.Exec(t.Context(), "INSERT INTO hours SELECT * FROM hits"); err != nil {
		t.Fatal(err)
	}
	db.now = func() time.Time { return questionTime.AddDate(0, 0, -4) } // so that table hours reaches back to 27 March
	return db
}

// parse reads a question about any site of Berlin.
func parse(t testing.TB, body []byte) (report.Query, error) {
	t.Helper()
	return report.Parse(body, parseOptions(t))
}

func parseOptions(t testing.TB) report.Options {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return report.Options{Now: questionTime, Sites: func(string) (*time.Location, bool) { return berlin, true }}
}

// ask answers a question as the Stats API does.
func ask(t testing.TB, db *DB, body []byte) (report.Result, error) {
	t.Helper()
	q, err := parse(t, body)
	if err != nil {
		return report.Result{}, err
	}
	return db.Query(t.Context(), q)
}

func TestQueries(t *testing.T) {
	db := questionDB(t)
	data, err := os.ReadFile("testdata/query/requests.json")
	if err != nil {
		t.Fatal(err)
	}
	var requests []struct {
		Name  string
		Query json.RawMessage
	}
	if err := json.Unmarshal(data, &requests); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, r := range requests {
		fmt.Fprintf(&got, "== %s\n%s\n", r.Name, r.Query)
		result, err := ask(t, db, r.Query)
		var refused *report.Error
		switch {
		case errors.As(err, &refused):
			fmt.Fprintf(&got, "refused: %s\n\n", refused)
			if !strings.HasPrefix(r.Name, "refused: ") {
				t.Errorf("%s: %v", r.Name, err)
			}
		case err != nil:
			t.Fatalf("%s: %v", r.Name, err)
		default:
			got.WriteString(show(t, result))
		}
	}
	golden := filepath.Join("testdata", "query", "answers.golden")
	if *updateQueries {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("answers differ (-want +got):\n%s", diff)
	}
}

// show writes an answer with one row a line and without the query.
func show(t *testing.T, r report.Result) string {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var parts struct {
		Results []json.RawMessage
		Meta    json.RawMessage
		Query   struct {
			DateRange json.RawMessage `json:"date_range"`
		}
	}
	if err := json.Unmarshal(data, &parts); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "range %s\nmeta %s\n", parts.Query.DateRange, parts.Meta)
	for _, row := range parts.Results {
		fmt.Fprintf(&b, "%s\n", row)
	}
	return b.String() + "\n"
}

func TestQueryLargeFilters(t *testing.T) {
	db := questionDB(t)
	values := []string{"/"}
	for i := range 900 {
		values = append(values, fmt.Sprintf("/%d/%s", i, strings.Repeat("ä", 25)))
	}
	list, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	result, err := ask(t, db, fmt.Appendf(nil, `{"site_id": "shop", "metrics": ["pageviews"], "date_range": "all", "filters": [["is", "event:page", %s]]}`, list))
	if err != nil || result.Rows[0].Metrics[0] != int64(4) {
		t.Errorf("901 values: got %v (%v), want 4 page views", result.Rows, err)
	}
	// Go's regexp takes this one; ClickHouse's RE2 may not, and then says so as a refusal.
	result, err = ask(t, db, []byte(`{"site_id": "shop", "metrics": ["pageviews"], "date_range": "all", "filters": [["matches", "event:page", ["((\\pL{9}){9}){9}|^/$"]]]}`))
	var refused *report.Error
	if err != nil && !errors.As(err, &refused) {
		t.Errorf("a large regular expression: %v", err)
	}
}
