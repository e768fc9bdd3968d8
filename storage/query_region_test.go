package storage

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/report"
)

// TestRegionsHaveNames asks for regions by their names, of which there are thousands, with filters and as a file. A region
// without a name is called by its code.
func TestRegionsHaveNames(t *testing.T) {
	o := testOptions(t)
	o.Regions = map[string]string{"DE-BE": "Berlin", "DE-BY": "Bayern", "FR-IDF": "Île-de-France"}
	for n := range 6000 {
		o.Regions[fmt.Sprintf("XX-%d", n)] = fmt.Sprintf("Where names have their umlauts: Ä%d", n)
	}
	db := connect(t, o)
	if err := db.conn.Exec(t.Context(), `INSERT INTO counts (site, hour, dimension, value, visitors) VALUES
		('shop', '2026-04-01 22:00:00', 'visit:region', 'DE-BE', 5), ('shop', '2026-04-01 22:00:00', 'visit:region', 'DE-BY', 4),
		('shop', '2026-04-01 22:00:00', 'visit:region', 'FR-IDF', 3), ('shop', '2026-04-01 22:00:00', 'visit:region', 'DE-ZZ', 2),
		('shop', '2026-04-01 22:00:00', 'visit:region', '', 1)`); err != nil {
		t.Fatal(err)
	}
	question := func(filters string) string {
		return `{"site_id": "shop", "metrics": ["visitors"], "date_range": ["2026-04-02", "2026-04-02"], "dimensions": ["visit:region_name"], "filters": [` + filters + `]}`
	}
	for filters, want := range map[string][]string{
		``: {"Berlin", "Bayern", "Île-de-France", "DE-ZZ", report.NotSet},
		`["is", "visit:region_name", ["Berlin", "DE-ZZ", "DE-BY"]]`:                                 {"Berlin", "DE-ZZ"},
		`["is_not", "visit:region_name", ["Berlin", "(not set)"]]`:                                  {"Bayern", "Île-de-France", "DE-ZZ"},
		`["contains", "visit:region_name", ["île"], {"case_sensitive": false}]`:                     {"Île-de-France"},
		`["matches", "visit:region_name", ["^B.*n$"]], ["is_not", "visit:region_name", ["Bayern"]]`: {"Berlin"},
		`["is", "visit:region", ["DE-BY"]]`:                                                         {"Bayern"},
	} {
		r, err := ask(t, db, []byte(question(filters)))
		if err != nil {
			t.Errorf("%s: %v", filters, err)
			continue
		}
		var got []string
		for _, row := range r.Rows {
			got = append(got, row.Dimensions[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", filters, got, want)
		}
	}
	file, err := exported(t, db, question(`["is", "visit:region_name", ["Île-de-France"]]`), report.CSV)
	if err != nil || !strings.Contains(string(file), `"Île-de-France",3`) {
		t.Errorf("the file is %q, %v", file, err)
	}
}
