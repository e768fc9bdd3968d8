package storage

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

// wholeVisit is one visit of the oracle as somebody would know it who kept its hits together.
type wholeVisit struct {
	views    []view // page views only
	duration uint64
	engaged  bool
}

func (v *wholeVisit) last() view { return v.views[len(v.views)-1] }

func wholeVisits(views []view) map[int]*wholeVisit {
	visits := map[int]*wholeVisit{}
	for _, v := range views {
		w := visits[v.visit]
		if w == nil {
			w = &wholeVisit{}
			visits[v.visit] = w
		}
		w.duration += v.seconds
		w.engaged = w.engaged || v.second
		if v.event == "" {
			w.views = append(w.views, v)
		}
	}
	return visits
}

// moves writes what each page view of the visits adds to its row and takes from the row of the page before it.
func moves(t *testing.T, db *DB, visits map[int]*wholeVisit, loc *time.Location) {
	t.Helper()
	hits, err := db.conn.PrepareBatch(t.Context(), `INSERT INTO hits (site, hour, path, source, channel, entry, country,
		exits, visitors_exit, exit_seconds, reading, timed, scroll, scrolled)`)
	if err != nil {
		t.Fatal(err)
	}
	flows, err := db.conn.PrepareBatch(t.Context(), "INSERT INTO flows (site, day, from_page, to_page, views)")
	if err != nil {
		t.Fatal(err)
	}
	marks := seen{}
	row := func(v view, exits, visitors, seconds int64, reading, timed, scroll, scrolled uint64) {
		if err := hits.Append("shop", startOfHour(v.at.In(loc)), v.path, v.source, "x", v.entry, v.country, exits, visitors, seconds, reading, timed, scroll, scrolled); err != nil {
			t.Fatal(err)
		}
	}
	for id := range len(visits) {
		w := visits[id]
		for i, v := range w.views {
			from := ""
			if i > 0 {
				before := w.views[i-1]
				from = before.path
				row(before, -1, -1, -7, uint64(v.at.Sub(before.at).Seconds()), marks.first("timed", v.visit, from), 0, 0)
			}
			if err := flows.Append("shop", startOfDay(v.at, loc), from, v.path, uint64(1)); err != nil {
				t.Fatal(err)
			}
			last, visitors, seconds := i == len(w.views)-1, int64(1), int64(7)
			if last {
				visitors, seconds = int64(marks.first("exit", v.visitor, v.at.In(loc).Format(time.DateOnly), v.path)), int64(w.duration)
			}
			row(v, 1, visitors, seconds, 0, 0, uint64(v.visitor), marks.first("scrolled", v.visit, v.path))
		}
	}
	if err := hits.Send(); err != nil {
		t.Fatal(err)
	}
	if err := flows.Send(); err != nil {
		t.Fatal(err)
	}
}

// figuresOf asks a question about the oracle's days and returns each row as text.
func figuresOf(t *testing.T, db *DB, question string) map[string]string {
	t.Helper()
	result, err := ask(t, db, []byte(`{"site_id": "shop", "date_range": ["2026-10-24", "2026-10-27"], `+question+`}`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range result.Rows {
		got[strings.Join(row.Dimensions, " ")] = fmt.Sprint(row.Metrics...)
	}
	return got
}

// figures adds up what the oracle knows of one value.
type figures struct {
	visitors, visits, bounced, seconds, views int64
	reading, timed, scroll, scrolled          float64
}

func (f *figures) exits() string {
	return fmt.Sprint(f.visitors, f.visits, percent(f.bounced, f.visits), whole(float64(f.seconds)/float64(f.visits)))
}

func percent(part, of int64) int64 { return whole(100 * float64(part) / float64(of)) }

// whole rounds as ClickHouse does: a half goes to the even neighbour.
func whole(x float64) int64 { return int64(math.RoundToEven(x)) }

// table adds up figures by name.
type figureTable map[string]*figures

func (f figureTable) at(name string) *figures {
	if f[name] == nil {
		f[name] = &figures{}
	}
	return f[name]
}

// TestExitPagesAgainstOracle compares exit pages with the last pages of visits that are known as a whole: alone, by
// day and hour, crossed and filtered.
func TestExitPagesAgainstOracle(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	db := testDB(t)
	views := oracle(loc)
	visits := wholeVisits(views)
	store(t, db, views, loc)
	moves(t, db, visits, loc)
	all := func(view) bool { return true }
	for _, c := range []struct {
		name, question string
		key            func(view) string
		filter         func(view) bool
		alone          bool // a visitor is counted exactly
	}{
		{"alone", `"dimensions": ["visit:exit_page"]`, func(v view) string { return v.path }, all, true},
		{"by day", `"dimensions": ["visit:exit_page", "time:day"]`, func(v view) string { return v.path + " " + v.at.In(loc).Format(time.DateOnly) }, all, true},
		{"by entry page", `"dimensions": ["visit:entry_page", "visit:exit_page"]`, func(v view) string { return v.entry + " " + v.path }, all, false},
		{"of a source", `"dimensions": ["visit:exit_page"], "filters": [["is", "visit:source", ["Google"]]]`, func(v view) string { return v.path }, func(v view) bool { return v.source == "Google" }, false},
		{"one page by source", `"dimensions": ["visit:source"], "filters": [["is", "visit:exit_page", ["/a"]]]`, func(v view) string {
			if v.source == "" {
				return report.DirectNone
			}
			return v.source
		}, func(v view) bool { return v.path == "/a" }, false},
	} {
		want, marks := figureTable{}, seen{}
		for id := range len(visits) {
			w := visits[id]
			last := w.last()
			if !c.filter(last) {
				continue
			}
			f := want.at(c.key(last))
			f.visits++
			f.seconds += int64(w.duration)
			if !w.engaged {
				f.bounced++
			}
			f.visitors += int64(marks.first("visitor", last.visitor, last.at.In(loc).Format(time.DateOnly), c.key(last)))
		}
		metrics, expected := `"visitors", "visits", "bounce_rate", "visit_duration"`, map[string]string{}
		for name, f := range want {
			expected[name] = f.exits()
			if !c.alone {
				metrics, expected[name] = `"visits", "bounce_rate", "visit_duration"`, strings.TrimPrefix(f.exits(), fmt.Sprint(f.visitors, " "))
			}
		}
		if d := cmp.Diff(expected, figuresOf(t, db, `"metrics": [`+metrics+`], `+c.question)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// TestPagesAgainstOracle compares the metrics of pages, and the flow between them.
func TestPagesAgainstOracle(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	db := testDB(t)
	views := oracle(loc)
	visits := wholeVisits(views)
	store(t, db, views, loc)
	moves(t, db, visits, loc)
	pages, flows, marks, unique := figureTable{}, map[string]int64{}, seen{}, int64(0)
	for id := range len(visits) {
		w := visits[id]
		for i, v := range w.views {
			f := pages.at(v.path)
			f.views++
			first := marks.first("page", v.visit, v.path)
			f.scrolled += float64(first)
			f.scroll += float64(v.visitor)
			unique += int64(first)
			if i+1 < len(w.views) {
				f.reading += w.views[i+1].at.Sub(v.at).Seconds()
				f.timed += float64(marks.first("timed", v.visit, v.path))
			}
			from := report.VisitBegan
			if i > 0 {
				from = w.views[i-1].path
			}
			flows[from+" "+v.path]++
		}
		pages.at(w.last().path).visits++
	}
	want := map[string]string{}
	for name, f := range pages {
		rate := math.RoundToEven(1000*float64(f.visits)/float64(f.views)) / 10
		want[name] = fmt.Sprint(f.views, f.visits, rate, whole(f.reading/f.timed), whole(f.scroll/f.scrolled))
	}
	if d := cmp.Diff(want, figuresOf(t, db, `"metrics": ["pageviews", "exits", "exit_rate", "time_on_page", "scroll_depth"], "dimensions": ["event:page"]`)); d != "" {
		t.Error(d)
	}
	total := map[string]string{"": fmt.Sprint(unique, len(visits))}
	if d := cmp.Diff(total, figuresOf(t, db, `"metrics": ["unique_pageviews", "exits"]`)); d != "" {
		t.Error(d)
	}
	journeys, begun := map[string]string{}, map[string]string{}
	for name, n := range flows {
		journeys[name] = fmt.Sprint(n)
		if page, ok := strings.CutPrefix(name, report.VisitBegan+" "); ok {
			begun[page] = fmt.Sprint(n)
		}
	}
	if d := cmp.Diff(journeys, figuresOf(t, db, `"metrics": ["pageviews"], "dimensions": ["event:previous_page", "event:page"]`)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(begun, figuresOf(t, db, `"metrics": ["pageviews"], "dimensions": ["event:page"], "filters": [["is", "event:previous_page", ["(entry)"]]]`)); d != "" {
		t.Error(d)
	}
}

// TestPagesRefused asks what no table can say, and wants to know why.
func TestPagesRefused(t *testing.T) {
	db := testDB(t)
	for question, want := range map[string]string{
		`"metrics": ["pageviews"], "dimensions": ["visit:exit_page"]`:                    "metrics[0]: pageviews is not counted by visit:exit_page",
		`"metrics": ["visits"], "dimensions": ["visit:exit_page", "event:page"]`:         "which pages a visit saw is not kept",
		`"metrics": ["visitors"], "dimensions": ["visit:exit_page", "visit:utm_source"]`: "dimensions[1]: visit:utm_source is counted alone",
		`"metrics": ["exit_rate"]`:                                                                  "metrics[0]: exit_rate is a figure of pages",
		`"metrics": ["time_on_page"], "dimensions": ["visit:source"]`:                               "time_on_page is a figure of pages",
		`"metrics": ["scroll_depth"], "dimensions": ["event:page", "event:name"]`:                   "cannot be given by event:name",
		`"metrics": ["exits"], "dimensions": ["time:minute"]`:                                       "not counted by time:minute",
		`"metrics": ["visitors"], "dimensions": ["event:previous_page"]`:                            "only pageviews is",
		`"metrics": ["pageviews"], "dimensions": ["event:previous_page", "visit:source"]`:           "dimensions[1]: event:previous_page stands alone",
		`"metrics": ["pageviews"], "dimensions": ["event:previous_page", "time:hour"]`:              "counted by the day",
		`"metrics": ["views_per_visit"], "filters": [["contains", "visit:exit_page", ["/tariff"]]]`: "views_per_visit is not counted by visit:exit_page",
	} {
		_, err := ask(t, db, []byte(`{"site_id": "shop", "date_range": ["2026-10-24", "2026-10-27"], `+question+`}`))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", question, err, want)
		}
	}
}
