package storage

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unique"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/report"
)

// storeSince writes two days of the shop, on the second of which everything is counted for the first time. On the first
// four visitors read, three of them two pages of the blog, and two get to the thanks, one twice; one orders.
func storeSince(t *testing.T, db *DB) {
	t.Helper()
	const day = 1_773_187_200 // 2026-03-11
	const onPage = hit.FirstOnPage | hit.FirstOfVisitOnPage
	var hits []hit.Hit
	for i, v := range []struct {
		what, source string
		marks        hit.Marks
		from         string
	}{
		{"/blog/a", "Google", onPage | hit.FirstToday | hit.FirstOfVisit | hit.FirstFromSource, ""},
		{"/blog/a", "Google", onPage | hit.FirstToday | hit.FirstOfVisit | hit.FirstFromSource, ""},
		{"/blog/a", "", onPage | hit.FirstToday | hit.FirstOfVisit | hit.FirstFromSource, ""},
		{"/thanks", "", onPage | hit.FirstToday | hit.FirstOfVisit | hit.FirstFromSource, ""},
		{"/blog/b", "Google", onPage, "/blog/a"}, {"/blog/b", "Google", onPage, "/blog/a"}, {"/blog/b", "", onPage, "/blog/a"},
		{"/thanks", "Google", onPage, "/blog/b"}, {"/thanks", "Google", 0, "/thanks"}, {"/thanks/not", "Google", onPage, "/blog/b"},
		{"Order", "Google", onPage, ""}, {"Order", "Google", 0, ""},
	} {
		one := shopView(day-86400+int64(i), v.what, v.source)
		one.Marks, one.From, one.FromHost, one.FromHour = v.marks, hit.NewPath(v.from), one.Host, one.Hour
		hits = append(hits, one)
	}
	told := shopView(day, "/thanks", "")
	told.Reached = hit.ListOf(append(tellShop(), first(hit.CountedGoal, "page /thanks", 0)))
	told.Marks |= hit.FirstOfVisitOnPage
	again := shopView(day+10, "/thanks", "")
	again.Marks = 0
	unmarked := first(hit.CountedGoal, "page /thanks", 0)
	unmarked.FirstToday, unmarked.FirstOfVisit = false, false
	again.Reached = hit.ListOf([]hit.Reached{unmarked})
	appendShop(t, db, append(hits, told, again))
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

// TestBeforeDefinition asks about days on which goals were not counted yet: hits says it of pages and events.
func TestBeforeDefinition(t *testing.T) {
	db := testDB(t)
	storeSince(t, db)
	const people = `"metrics": ["visitors", "visits", "conversions"], `
	const fromPage, fromEvent = `"Thanks" since 2026-03-11, before that from views of its pages`, `"Order" since 2026-03-11, before that from its events`
	for _, c := range []struct{ question, want, warning string }{
		{people + `"filters": [["is", "event:goal", ["Thanks"]]]`, "3 3 5", "Counted: " + fromPage + "."},
		{people + `"dimensions": ["time:day"], "filters": [["is", "event:goal", ["Thanks"]]]`, "2026-03-10 2 2 3\n2026-03-11 1 1 2", "Counted: " + fromPage + "."},
		{people + `"dimensions": ["event:goal"]`, "Thanks 3 3 5\nOrder 1 1 2", "Counted: " + fromPage + "; " + fromEvent +
			`; "Gift" since 2026-03-11, before that missing; and 1 more.`},
		{people + `"dimensions": ["event:goal"], "filters": [["is", "visit:source", ["Google"]], ["is", "visit:country", ["DE"]]]`,
			"Order 1 1 2\nThanks 1 1 2", "Counted: " + fromPage},
		{people + `"dimensions": ["event:page"], "filters": [["is", "event:goal", ["Thanks"]]]`, "/thanks 3 3 5", "Counted: " + fromPage},
		{`"metrics": ["visitors", "conversion_rate", "percentage"], "dimensions": ["visit:source"], "filters": [["is", "event:goal", ["Visit /thanks"]]]`,
			"Direct / None 2 40 66.7\nGoogle 1 20 33.3", "Counted: " + fromPage},
		{`"metrics": ["visitors", "percentage"], "dimensions": ["visit:source"], "filters": [["has_not_done", ["is", "event:goal", ["Thanks"]]]]`,
			"Direct / None 1 50\nGoogle 1 50", "Counted: " + fromPage},
		{`"metrics": ["visitors"], "filters": [["has_done", ["is", "event:goal", ["Thanks"]]]]`, "3", "Counted: " + fromPage},
		{`"metrics": ["visitors", "pageviews"], "dimensions": ["event:group"]`, "Blog 6 6",
			`Counted: "Blog" since 2026-03-11, before that from views of its pages, everybody once for each.`},
		{`"metrics": ["visitors"], "dimensions": ["event:funnel_step"], "filters": [["contains", "event:funnel", ["uy"]]]`, "",
			`Counted: "Buying" since 2026-03-11, before that missing.`},
		// A third of the views of the blog lead to the thanks, directly or not.
		{`"metrics": ["visits", "visitors"], "dimensions": ["event:funnel_step"], "filters": [["is", "event:funnel", ["Reading"]]]`, "1 6 6\n2 2 2",
			`Counted: "Reading" since 2026-03-11, before that estimated from the ways between its pages.`},
		{`"metrics": ["visits", "visitors"], "dimensions": ["event:funnel", "event:funnel_step"], "filters": [["is", "visit:source", ["Google"]]]`,
			"Reading 1 4 4\nReading 2 1 1", `Counted: "Buying" since 2026-03-11, before that missing; "Reading" since 2026-03-11, before`},
		{`"metrics": ["visitors"], "date_range": ["2026-03-01", "2026-03-10"], "filters": [["is", "event:goal", ["Order"]]]`, "1",
			`Counted: "Order" not on all days, else from its events.`},
		{`"metrics": ["visitors"], "date_range": ["2026-03-11", "2026-03-11"], "include": {"comparisons": {"mode": "previous_period"}},
			"filters": [["matches", "event:group", ["^B"]]]`, "0",
			`Of the range compared with: Counted: "Blog" not on all days, else from views of its pages, everybody once for each.`},
		{`"metrics": ["visitors"], "date_range": ["2026-03-11", "2026-03-11"], "dimensions": ["event:goal"]`, "Thanks 1", ""},
		{`"metrics": ["visitors"], "date_range": ["2026-03-11", "2026-03-12"], "filters": [["contains", "event:goal", ["HANK"], {"case_sensitive": false}]]`, "1", ""},
	} {
		answer, warnings := askShopWarned(t, db, c.question)
		if answer != c.want {
			t.Errorf("%s\ngives %s\nwant  %s", c.question, answer, c.want)
		}
		if got := warnings[report.Visitors]; (got.Code == beforeDefinition) != (c.warning != "") || !strings.HasPrefix(got.Text, c.warning) {
			t.Errorf("%s\nwarns %v\nwant  %v", c.question, got, c.warning)
		}
	}
}

// TestWays follows visits over pages between the steps, back and again.
func TestWays(t *testing.T) {
	t.Parallel()
	w := ways{map[string]float64{}, map[string]map[string]float64{}}
	w.add("", "/a", 100)
	w.add("/a", "/b", 50)
	w.add("/b", "/a", 10)
	w.add("/b", "/c", 20)
	w.add("/c", "/c", 5)
	w.add("/c", "/d", 15)
	step := func(pages string) report.Definition { return report.Definition{Pages: pages} }
	for _, c := range []struct {
		steps []report.Definition
		want  []float64
	}{
		{[]report.Definition{step("^/a$"), step("^/c$"), step("^/d$")}, []float64{1, 0.2, 0.15}}, // of 100 visits 20 see /c, 15 go on
		{[]report.Definition{step("^/a$"), step("^/x$"), step("^/c$")}, []float64{1, 0, 0}},
		{[]report.Definition{step("^/x$"), step("^/a$")}, []float64{1, 0}},
		{[]report.Definition{step("^/d$"), step("^/a$")}, []float64{1, 0}},
	} {
		got, err := w.passed(c.steps)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 0.001 }) {
			t.Errorf("%v: %v pass, want %v", c.steps, got, c.want)
		}
	}
}

// TestPropertiesBeforeDefinition asks for a goal that is an event with one property, on a day on which it was not counted: as
// long as nothing else is asked, props has what goals would have.
func TestPropertiesBeforeDefinition(t *testing.T) {
	db := testDB(t)
	const day = 1_773_187_200 // 2026-03-11
	bought := func(at int64, plan string, first bool, reached ...hit.Reached) hit.Hit {
		one := shopView(at, "Order", "Google", reached...)
		one.Marks |= hit.FirstOfVisitOnPage
		one.Props = unique.Make(hit.Property{Name: hit.NewProp("plan"), Value: hit.NewProp(plan), FirstToday: first, FirstOfVisit: first})
		return one
	}
	told := first(hit.CountedGoal, "event Order plan=pro", 0)
	told.Defined = true
	appendShop(t, db, []hit.Hit{
		bought(day-86400, "pro", true), bought(day-86399, "pro", false), bought(day-86398, "pro", true), bought(day-86397, "free", true),
		bought(day, "pro", true, told, first(hit.CountedGoal, "event Order plan=pro", 0)), bought(day+1, "free", true),
	})
	definitions := report.Definitions{Goals: []report.Definition{
		{Name: "Pro", Counted: "event Order plan=pro", Currency: "EUR", With: report.EventWith{Event: "Order", Property: "plan", Value: "pro"}},
		{Name: "Order", Counted: "event Order", Event: "Order"},
	}}
	const people = `"metrics": ["visitors", "visits", "conversions"], `
	const missing = `Counted: "Pro" since 2026-03-11, before that missing.`
	const filled = `Counted: "Pro" since 2026-03-11, before that from its events' properties.`
	for _, c := range []struct{ question, want, warning string }{
		{people + `"filters": [["is", "event:goal", ["Pro"]]]`, "3 3 4", filled},
		{people + `"dimensions": ["time:day"], "filters": [["is", "event:goal", ["Pro"]]]`, "2026-03-10 2 2 3\n2026-03-11 1 1 1", filled},
		{people + `"dimensions": ["event:goal"]`, "Order 6 6 6\nPro 3 3 4", `Counted: "Pro" since 2026-03-11, before that from its events' properties; "Order"`},
		{people + `"dimensions": ["visit:source"], "filters": [["is", "event:goal", ["Pro"]]]`, "Google 1 1 1", missing},
		{people + `"filters": [["is", "event:goal", ["Pro"]], ["is", "visit:country", ["DE"]]]`, "1 1 1", missing},
		{`"metrics": ["visitors"], "filters": [["has_done", ["is", "event:goal", ["Pro"]]]]`, "3", filled},
		{`"metrics": ["visitors", "total_revenue"], "filters": [["is", "event:goal", ["Pro"]]]`, "3 null", filled},
	} {
		answer, warnings := askShopAs(t, db, c.question, definitions)
		if answer != c.want {
			t.Errorf("%s\ngives %s\nwant  %s", c.question, answer, c.want)
		}
		if got := warnings[report.Visitors].Text; !strings.HasPrefix(got, c.warning) {
			t.Errorf("%s\nwarns %v\nwant  %v", c.question, got, c.warning)
		}
		if got, ok := warnings[report.TotalRevenue]; ok && got.Text != missing {
			t.Errorf("of revenue is warned %v, want %v", got.Text, missing)
		}
	}
}
