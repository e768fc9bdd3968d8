package storage

import (
	"testing"

	"github.com/klar-analytics/klar/report"
)

// TestWarnsPerValue asks for figures that count for each of several values, and for such that do not.
func TestWarnsPerValue(t *testing.T) {
	db := testDB(t)
	storeShop(t, db)
	type codes = map[report.Metric]string
	people := codes{report.Visitors: "visitors_per_value", report.Visits: "visits_per_value"}
	goals := codes{report.Visitors: "visitors_per_value", report.Visits: "visits_per_value", report.Events: "events_per_value"}
	const metrics = `"metrics": ["visitors", "visits", "events"], `
	for question, want := range map[string]codes{
		`"filters": [["is", "event:page", ["/a", "/b"]]]`:                                      people,
		`"filters": [["contains", "event:page", ["/"]]], "dimensions": ["visit:source"]`:       people,
		`"filters": [["is", "event:name", ["pageview", "Order"]]]`:                             people,
		`"filters": [["is", "event:page", ["/a", "/b"]]], "dimensions": ["event:page"]`:        nil,
		`"filters": [["is", "event:page", ["/a"]]]`:                                            nil,
		`"filters": [["is", "visit:source", ["Google", "Bing"]]]`:                              {report.Visitors: "visitors_per_value"},
		`"filters": [["is", "event:goal", ["Thanks", "Order"]]]`:                               goals,
		`"filters": [["is", "event:goal", ["Thanks"]]]`:                                        nil,
		`"filters": [["is", "event:goal", ["Thanks", "Order"]]], "dimensions": ["event:goal"]`: nil,
		`"filters": [["is", "event:props:plan", ["pro", "basic"]]]`:                            people,
	} {
		_, got := askShopWarned(t, db, metrics+question)
		for _, m := range []report.Metric{report.Visitors, report.Visits, report.Events} {
			if got[m].Code != want[m] {
				t.Errorf("%s: of %s is warned %q, want %q", question, m, got[m].Code, want[m])
			}
		}
	}
}

// TestWarnsByHour asks for figures of whole visits by the hour, and by the day.
func TestWarnsByHour(t *testing.T) {
	db := testDB(t)
	storeShop(t, db)
	const metrics = `"metrics": ["visits", "bounce_rate", "visit_duration", "views_per_visit"], `
	for dimension, want := range map[string]string{"time:hour": "visits_by_hour", "time:day": ""} {
		_, got := askShopWarned(t, db, metrics+`"dimensions": ["`+dimension+`"]`)
		for _, m := range []report.Metric{report.BounceRate, report.VisitDuration, report.ViewsPerVisit} {
			if got[m].Code != want {
				t.Errorf("by %s: of %s is warned %q, want %q", dimension, m, got[m].Code, want)
			}
		}
		if got[report.Visits].Code != "" {
			t.Errorf("by %s: of visits, which are exact, is warned", dimension)
		}
	}
}
