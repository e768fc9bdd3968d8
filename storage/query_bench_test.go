package storage

import (
	"strconv"
	"testing"
)

// benchRows is how many rows of hits the questions are asked of; a site with a hundred million hits in 30 days has
// some ten times as many.
const benchRows = 2_000_000

// BenchmarkQuery measures the panels of a dashboard over 30 days.
func BenchmarkQuery(b *testing.B) {
	db := testDB(b)
	for _, fill := range []string{
		`INSERT INTO hits SELECT 'shop', toDateTime('2026-03-02 23:00:00', 'UTC') + 3600 * intDiv(number * 720, ` + strconv.Itoa(benchRows) + `), 'shop.example',
			concat('/page/', toString(intHash32(number) % 2000)), '', ['', 'Google', 'Bing', 'news'][1 + intHash32(number + 1) % 4], 'Direct', '',
			concat('/page/', toString(intHash32(number + 2) % 50)), ['DE', 'FR', 'AT', ''][1 + intHash32(number + 3) % 4], 'Desktop',
			['Firefox', 'Chrome', ''][1 + intHash32(number + 4) % 3], '', 'Windows', '', 1, 1, number % 3, 1, 1, 1, 1, 1, 1, 1, number % 4, 1, number % 5, 30
			FROM numbers(` + strconv.Itoa(benchRows) + `)`,
		`INSERT INTO counts SELECT 'shop', toDateTime('2026-03-02 23:00:00', 'UTC') + 3600 * number, '', '', 1, 1, 1, 1, 1, 1, 1 FROM numbers(720)`,
		`INSERT INTO counts SELECT 'shop', toDateTime('2026-03-02 23:00:00', 'UTC') + 86400 * (number % 30), ['visit:country', 'visit:device', 'visit:browser'][1 + intDiv(number, 30) % 3],
			toString(intDiv(number, 90)), 0, 0, 1, 0, 0, 0, 0 FROM numbers(9000)`,
		`INSERT INTO minutes SELECT 'shop', toDateTime('2026-03-02 23:00:00', 'UTC') + 60 * (number % 43200), 'log', ['page', 'static', 'error'][1 + intDiv(number, 43200) % 3], 'GET',
			[200, 304, 404][1 + intDiv(number, 43200) % 3], '', 10, 1000 FROM numbers(129600)`,
	} {
		if err := db.conn.Exec(b.Context(), fill); err != nil {
			b.Fatal(err)
		}
	}
	for name, question := range map[string]string{
		"totals":          `"metrics": ["visitors", "visits", "pageviews", "bounce_rate", "visit_duration", "views_per_visit"]`,
		"graph by day":    `"metrics": ["visitors", "requests"], "dimensions": ["time:day"]`,
		"graph by hour":   `"metrics": ["visitors"], "dimensions": ["time:hour"]`,
		"countries":       `"metrics": ["visitors", "percentage"], "dimensions": ["visit:country"]`,
		"sources":         `"metrics": ["visitors"], "dimensions": ["visit:source"], "pagination": {"limit": 10}`,
		"pages":           `"metrics": ["visitors", "pageviews"], "dimensions": ["event:page"], "pagination": {"limit": 10}`,
		"pages + bounces": `"metrics": ["visitors", "bounce_rate"], "dimensions": ["event:page"], "pagination": {"limit": 10}`,
		"page filtered":   `"metrics": ["visitors", "pageviews"], "dimensions": ["time:day"], "filters": [["is", "event:page", ["/page/7"]]]`,
		"page by country": `"metrics": ["visitors"], "dimensions": ["event:page", "visit:country"], "pagination": {"limit": 10}`,
		"path searched":   `"metrics": ["pageviews"], "dimensions": ["event:page"], "filters": [["contains", "event:page", ["e/77"]]]`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := ask(b, db, []byte(`{"site_id": "shop", "date_range": "30d", `+question+`}`)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
