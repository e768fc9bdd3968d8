package storage

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/report"
)

// TestExamples asks what the documentation of Plausible's Stats API v2 shows as examples, in our own words and of our own
// site: each is answered, or refused for the reason that the example says.
func TestExamples(t *testing.T) {
	db := questionDB(t)
	opts := parseOptions(t)
	opts.Segments = func(_, segment string) (json.RawMessage, bool) {
		return json.RawMessage(`[["is", "visit:country", ["DE"]]]`), segment == "2"
	}
	opts.Definitions = func(string) report.Definitions { return shopDefinitions }
	files, err := filepath.Glob("testdata/examples/*.json")
	if err != nil || len(files) < 29 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var example struct {
				Query   json.RawMessage
				Rows    int    // of the answer
				Refused string // why there is none
			}
			if err := json.Unmarshal(text, &example); err != nil {
				t.Fatal(err)
			}
			q, err := report.Parse(example.Query, opts)
			var result report.Result
			if err == nil {
				result, err = db.Query(t.Context(), q)
			}
			if example.Refused != "" {
				if err == nil || !strings.Contains(err.Error(), example.Refused) {
					t.Errorf("refused with %v, want %q", err, example.Refused)
				}
				return
			}
			if err != nil || len(result.Rows) != example.Rows {
				t.Fatalf("%d rows, %v; want %d", len(result.Rows), err, example.Rows)
			}
			for _, row := range result.Rows {
				if len(row.Metrics) != len(q.Metrics) || len(row.Dimensions) != len(q.Dimensions) {
					t.Errorf("a row has %d metrics and %d dimensions", len(row.Metrics), len(row.Dimensions))
				}
			}
		})
	}
}
