package storage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

// view is one page view or event of the oracle, which knows who it was.
type view struct {
	visitor, visit int
	at             time.Time
	path, event    string
	source, entry  string
	country        string
	seconds        uint64
	second         bool // the visit's second page view
}

// oracle makes three days of visits, over the night in which Berlin's clock goes back.
func oracle(loc *time.Location) []view {
	random := rand.New(rand.NewPCG(2, 26))
	pages, sources, countries := []string{"/", "/a", "/b", "/c"}, []string{"", "Google", "news"}, []string{"DE", "FR", "LI", ""}
	var views []view
	for visit := range 400 {
		v := view{visitor: random.IntN(60), visit: visit}
		v.country = countries[v.visitor%len(countries)]
		v.at = time.Date(2026, 10, 24, 0, 0, 0, 0, loc).Add(time.Duration(random.IntN(72*3600)) * time.Second)
		v.source, v.entry = sources[random.IntN(len(sources))], pages[random.IntN(len(pages))]
		v.path = v.entry
		for n := range 1 + random.IntN(4) {
			v.second = n == 1
			if n > 0 {
				v.seconds = uint64(1 + random.IntN(600))
				v.at = v.at.Add(time.Duration(v.seconds) * time.Second)
				v.path, v.event = pages[random.IntN(len(pages))], ""
				if n > 1 && random.IntN(3) == 0 {
					v.path, v.event = "", "Signup"
				}
			}
			views = append(views, v)
		}
	}
	slices.SortStableFunc(views, func(a, b view) int { return a.at.Compare(b.at) })
	return views
}

// seen is a set of what was first.
type seen map[string]bool

// first reports 1 the first time a thing is named.
func (s seen) first(name string, about ...any) uint64 {
	key := fmt.Sprint(append([]any{name}, about...)...)
	if s[key] {
		return 0
	}
	s[key] = true
	return 1
}

// store writes the views as sums of first-marks, as hit.Marks has them.
func store(t *testing.T, db *DB, views []view, loc *time.Location) {
	t.Helper()
	hits, err := db.conn.PrepareBatch(t.Context(), `INSERT INTO hits (site, hour, path, event, source, channel, entry, country, pageviews, events,
		visitors, visitors_hour, visitors_page, visitors_entry, visitors_source, visits, visits_page, engaged, seconds)`)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := db.conn.PrepareBatch(t.Context(), "INSERT INTO counts (site, hour, dimension, value, pageviews, events, visitors, visitors_hour, visits, engaged, seconds)")
	if err != nil {
		t.Fatal(err)
	}
	marks := seen{}
	bit := map[bool]uint64{true: 1}
	for _, v := range views {
		day, hour, page := v.at.In(loc).Format(time.DateOnly), startOfHour(v.at.In(loc)), v.path+"\x00"+v.event
		visitor, visit := marks.first("day", v.visitor, day), marks.first("visit", v.visit)
		thisHour := marks.first("hour", v.visitor, hour.Unix())
		if err := hits.Append("shop", hour, v.path, v.event, v.source, "x", v.entry, v.country, bit[v.event == ""], uint64(1),
			visitor, thisHour, marks.first("page", v.visitor, day, page), marks.first("entry", v.visitor, day, v.entry),
			marks.first("source", v.visitor, day, v.source), visit, marks.first("visit page", v.visit, page), bit[v.second], v.seconds); err != nil {
			t.Fatal(err)
		}
		if err := counts.Append("shop", hour, "", "", bit[v.event == ""], uint64(1), visitor, thisHour, visit, bit[v.second], v.seconds); err != nil {
			t.Fatal(err)
		}
		none := uint64(0)
		if err := counts.Append("shop", startOfDay(v.at, loc), "visit:country", v.country, none, none, visitor, none, none, none, none); err != nil {
			t.Fatal(err)
		}
	}
	if err := hits.Send(); err != nil {
		t.Fatal(err)
	}
	if err := counts.Send(); err != nil {
		t.Fatal(err)
	}
	countDays(t, db, loc.String())
}

// startOfDay returns the start of a day whose clock is not changed at midnight.
func startOfDay(t time.Time, loc *time.Location) time.Time {
	y, m, d := t.In(loc).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, loc)
}

// TestQueryAgainstOracle compares answers with what counting distinct visitors and visits gives, for every single
// dimension, where sums of first-marks are exact.
func TestQueryAgainstOracle(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	db := testDB(t)
	views := oracle(loc)
	store(t, db, views, loc)
	orElse := func(s, missing string) string {
		if s == "" {
			return missing
		}
		return s
	}
	for dimension, value := range map[string]func(v view) string{
		"":                 func(view) string { return "" },
		"event:page":       func(v view) string { return v.path },
		"event:name":       func(v view) string { return orElse(v.event, "pageview") },
		"visit:source":     func(v view) string { return orElse(v.source, "Direct / None") },
		"visit:entry_page": func(v view) string { return v.entry },
		"visit:country":    func(v view) string { return orElse(v.country, "(small groups)") }, // all metrics: from hits
		"time:day":         func(v view) string { return v.at.In(loc).Format(time.DateOnly) },
		"time:hour":        func(v view) string { return v.at.In(loc).Format("2006-01-02 15:00:00") },
		"time:month":       func(v view) string { return v.at.In(loc).Format("2006-01") + "-01" },
	} {
		t.Run(dimension, func(t *testing.T) {
			want := expect(views, loc, dimension, value)
			dimensions := "[]"
			if dimension != "" {
				dimensions = `["` + dimension + `"]`
			}
			result, err := ask(t, db, []byte(`{"site_id": "shop", "metrics": ["visitors", "visits", "pageviews", "events"], "date_range": ["2026-10-24", "2026-10-27"], "dimensions": `+dimensions+`}`))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, dimension, want, result.Rows)
		})
	}
}

// cell is what the oracle counts of one value.
type cell struct{ visitors, visits, pageviews, events int64 }

// expect counts distinct visitors a day and distinct visits of each value. A visit counts in the hour and on the day
// it began, but on each page and for each event it had.
func expect(views []view, loc *time.Location, dimension string, value func(view) string) map[string]*cell {
	cells, marks := map[string]*cell{}, seen{}
	for _, v := range views {
		of := value(v)
		if of == "" && dimension == "event:page" {
			continue
		}
		c := cells[of]
		if c == nil {
			c = &cell{}
			cells[of] = c
		}
		day := v.at.In(loc).Format(time.DateOnly)
		hour := int64(0)
		if dimension == "time:hour" {
			// The hour that the clock shows twice has the sum of both.
			hour = startOfHour(v.at.In(loc)).Unix()
		}
		c.visitors += int64(marks.first("visitor", v.visitor, day, hour, of))
		if dimension == "event:page" || dimension == "event:name" {
			c.visits += int64(marks.first("visit", v.visit, of))
		} else {
			c.visits += int64(marks.first("visit", v.visit))
		}
		c.events++
		if v.event == "" {
			c.pageviews++
		}
	}
	return cells
}

func compare(t *testing.T, dimension string, want map[string]*cell, rows []report.Row) {
	t.Helper()
	if len(rows) != len(want) {
		t.Errorf("%d rows, want %d", len(rows), len(want))
	}
	for _, row := range rows {
		of := ""
		if len(row.Dimensions) > 0 {
			of = row.Dimensions[0]
		}
		c := want[of]
		if c == nil {
			t.Errorf("%q is no value", of)
			continue
		}
		got := cell{row.Metrics[0].(int64), row.Metrics[1].(int64), row.Metrics[2].(int64), row.Metrics[3].(int64)}
		if got != *c {
			t.Errorf("%s %q: got %+v, want %+v", dimension, of, got, *c)
		}
	}
}

// TestAttributeAgainstOracle asks for visitors by an attribute alone, which table counts answers exactly.
func TestAttributeAgainstOracle(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	db := testDB(t)
	views := oracle(loc)
	store(t, db, views, loc)
	want, marks := map[string]int64{}, seen{}
	for _, v := range views {
		day, country := v.at.In(loc).Format(time.DateOnly), v.country
		if country == "" {
			country = report.NotSet
		}
		want[country+" "+day] += int64(marks.first("visitor", v.visitor, day))
	}
	result, err := ask(t, db, []byte(`{"site_id": "shop", "metrics": ["visitors"], "date_range": ["2026-10-24", "2026-10-27"], "dimensions": ["visit:country", "time:day"]}`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, row := range result.Rows {
		got[row.Dimensions[0]+" "+row.Dimensions[1]] = row.Metrics[0].(int64)
	}
	if diff := cmp.Diff(want, got); diff != "" || result.Table != "counts" || result.Crossed {
		t.Errorf("from %s, crossed %v (-want +got):\n%s", result.Table, result.Crossed, diff)
	}
}
