package storage

import (
	"strings"
	"testing"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/report"
)

// shopSince is the shop's second day, with a hit more, on which everything is counted for the first time.
func shopSince(t *testing.T, db *DB) {
	t.Helper()
	const day = 1_773_187_200 // 2026-03-11
	v := shopView(day, "/b", "")
	v.Reached = hit.ListOf(tellShop())
	appendShop(t, db, []hit.Hit{shopView(day-86400, "/a", ""), v})
}

// appendShop stores hits.
func appendShop(t *testing.T, db *DB, hits []hit.Hit) {
	t.Helper()
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), After: never})
	if err := w.Append(hits, "log", nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	closeWriter(t, w)
}

// TestBeforeDefinition says since when goals are counted.
func TestBeforeDefinition(t *testing.T) {
	db := testDB(t)
	shopSince(t, db)
	for _, c := range []struct{ question, want string }{
		{`"metrics": ["visitors"], "filters": [["is", "event:goal", ["Thanks"]]]`, `Counted: "Thanks" since 2026-03-11. Figures of the days before are missing.`},
		{`"metrics": ["visitors"], "dimensions": ["event:funnel_step"], "filters": [["contains", "event:funnel", ["uy"]]]`,
			`Counted: "Buying" since 2026-03-11. Figures of the days before are missing.`},
		{`"metrics": ["visitors"], "date_range": ["2026-03-01", "2026-03-10"], "dimensions": ["event:goal"]`,
			`Counted: "Thanks" not yet in this range, "Order" not yet in this range, "Gift" not yet in this range, and 1 more. ` +
				`Figures of the days before are missing.`},
		{`"metrics": ["visitors"], "date_range": ["2026-03-11", "2026-03-11"], "include": {"comparisons": {"mode": "previous_period"}},
			"filters": [["matches", "event:group", ["^B"]]]`,
			`Of the range compared with: Counted: "Blog" not yet in this range. Figures of the days before are missing.`},
		{`"metrics": ["visitors"], "date_range": ["2026-03-11", "2026-03-11"], "dimensions": ["event:goal"]`, ""},
		{`"metrics": ["visitors"], "date_range": ["2026-03-11", "2026-03-12"], "filters": [["contains", "event:goal", ["RDE"], {"case_sensitive": false}]]`, ""},
	} {
		answer, warnings := askShopWarned(t, db, c.question)
		got := warnings[report.Visitors]
		if (got.Code == beforeDefinition) != (c.want != "") || !strings.HasPrefix(got.Text, c.want) {
			t.Errorf("%s\ngives %s\nwarns %v\nwant  %v", c.question, answer, got, c.want)
		}
	}
}
