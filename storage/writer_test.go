package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

func openWriter(t testing.TB, db *DB, o WriterOptions) *Writer {
	t.Helper()
	w, err := OpenWriter(t.Context(), opened(db), o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func closeWriter(t testing.TB, w *Writer) {
	t.Helper()
	if err := w.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// never is a clock that fires only when the test says so.
func never(time.Duration) <-chan time.Time { return nil }

// metric returns the sum of a metric's values.
func metric(t testing.TB, registry *prometheus.Registry, name string) (sum float64) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if family.GetName() == name {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	return sum
}

// totals is what must be in the tables for hits.
type totals struct {
	requests, bytes, paths, bots, pageviews, events, visitors, visits, seconds, countries uint64
	days                                                                                  [8]uint64 // of table totals
}

func totalsOf(hits []hit.Hit) (n totals) {
	for i := range hits {
		h := &hits[i]
		n.requests++
		n.bytes += h.Bytes
		if h.Kind != hit.KindEvent {
			n.paths++
		}
		if !h.Bot.IsZero() {
			n.bots++
		}
		if h.Counts() {
			n.events++
			if h.Kind == hit.KindPage {
				n.pageviews++
			}
			n.visitors += h.Marks.Bit(hit.FirstToday)
			n.visits += h.Marks.Bit(hit.FirstOfVisit)
			n.seconds += uint64(h.Seconds)
			n.countries += h.Marks.Bit(hit.FirstToday)
		}
	}
	n.days = [8]uint64{n.requests, n.bytes, n.bots, n.pageviews, n.events, n.visitors, n.visits, n.seconds}
	return n
}

func totalsIn(t testing.TB, db *DB) totals {
	t.Helper()
	var days [8]uint64
	for i, column := range []string{"requests", "bytes", "bots", "pageviews", "events", "visitors", "visits", "seconds"} {
		days[i] = one(t, db, "SELECT sum("+column+") FROM totals")
	}
	return totals{
		days:      days,
		requests:  one(t, db, "SELECT sum(requests) FROM minutes"),
		bytes:     one(t, db, "SELECT sum(bytes) FROM minutes"),
		paths:     one(t, db, "SELECT sum(requests) FROM paths"),
		bots:      one(t, db, "SELECT sum(requests) FROM bots"),
		pageviews: one(t, db, "SELECT sum(pageviews) FROM hits"),
		events:    one(t, db, "SELECT sum(events) FROM hits"),
		visitors:  one(t, db, "SELECT sum(visitors) FROM hits"),
		visits:    one(t, db, "SELECT sum(visits) FROM hits"),
		seconds:   one(t, db, "SELECT sum(seconds) FROM hits"),
		countries: one(t, db, "SELECT sum(visitors) FROM counts WHERE dimension = 'visit:country'"),
	}
}

func wantTotals(t testing.TB, db *DB, want totals) {
	t.Helper()
	if got := totalsIn(t, db); got != want {
		t.Errorf("in ClickHouse are\n%+v, want\n%+v", got, want)
	}
}

func TestHitsArriveOnce(t *testing.T) {
	db := testDB(t)
	hits := newSite(1).hits(30_000)
	want := totalsOf(hits)
	registry := prometheus.NewRegistry()
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), CutHits: 7000, After: never, Registerer: registry})
	for i := 0; i < len(hits); i += 1000 {
		if err := w.Append(hits[i:i+1000], "log", []byte{byte(i / 1000)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantTotals(t, db, want)
	if p := w.Positions("lo")["log"]; !bytes.Equal(p, []byte{29}) {
		t.Errorf("the position is %v, want 29", p)
	}
	if p := w.Positions("other"); len(p) != 0 {
		t.Errorf("%d positions of another prefix", len(p))
	}
	if n := metric(t, registry, "klar_spool_cuts_total"); n < 2 || n > 5 {
		t.Errorf("%v cuts of 30,000 hits in sevens of thousands", n)
	}
	if n := metric(t, registry, "klar_spool_bytes"); n != 0 {
		t.Errorf("%v bytes are in the spool after Drain", n)
	}
	closeWriter(t, w)
	if err := w.Append(nil, "", nil); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed Writer answers %v", err)
	}
}

// TestRows compares single rows with hits made by hand.
func TestRows(t *testing.T) {
	db := testDB(t)
	s := newSite(1)
	page := s.hits(1)[0]
	s.person(&page)
	page.Kind, page.Path, page.Event, page.Origin = hit.KindPage, hit.NewPath("/a"), hit.Event{}, hit.OriginLog
	page.Visitor, page.Crowd, page.Arrival = s.visitors[5], s.crowds[5], s.arrivals[0]
	page.Marks, page.Seconds = hit.FirstToday|hit.FirstOfVisit|hit.FirstOnPage|hit.FirstFromUTMSource|hit.FirstFromUTMCampaign, 0
	page.Flow = hit.Flow{Moves: hit.ExitFirst}
	again := page
	again.Marks, again.Seconds, again.Time = hit.Second, 40, page.Time+40
	again.Flow = hit.Flow{From: page.Path, FromHost: page.Host, FromHour: page.Hour, Reading: 40, Moves: hit.ExitFirst | hit.ExitLeft | hit.FromTimed}
	event := again
	event.Reading, event.Lasted, event.Moves = 0, 40, 0
	event.Kind, event.Path, event.Event, event.Marks, event.Seconds = hit.KindEvent, hit.Path{}, s.signUp, hit.FirstOnPage, 7

	report := event
	report.Kind, report.Event, report.Marks, report.Seconds = hit.KindEngagement, hit.Event{}, 0, 0
	report.Path, report.Flow = page.Path, hit.Flow{From: page.Path, FromHost: page.Host, FromHour: page.Hour, Reading: 3, Scroll: 60, Moves: hit.FromScrolled}

	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), After: never})
	attack := hit.Hit{Site: page.Site, Time: page.Time, Day: page.Day, Path: hit.NewPath("/…"), Kind: hit.KindError, Status: 404, Threat: hit.ThreatXSS}
	signal := func(t hit.Threat, requests, certain uint64) hit.Hit {
		return hit.SignalOf(page.Site, page.Time, hit.Signal{
			Net: hit.ParseNet("198.51.100.0/24"), Country: hit.NewCountry("DE"), Threat: t, Rule: hit.Finding{Threat: t}.Name(), Requests: requests, Certain: certain,
		})
	}
	attacks := []hit.Hit{attack, signal(hit.ThreatXSS, 1, 1), signal(hit.ThreatXSS, 2, 0), signal(hit.ThreatNone, 7, 0)}
	if err := w.Append(append([]hit.Hit{page, again, event, report}, attacks...), "", nil); err != nil {
		t.Fatal(err)
	}
	closeWriter(t, w)
	for sql, want := range map[string]uint64{
		"SELECT count() FROM hits": 2,
		"SELECT sum(pageviews) FROM hits WHERE path = '/a' AND event = '' AND host = 'www.example.org' AND source = 'Google' AND channel = 'Organic Search' AND campaign = 'week 0' AND entry = '/articles/0/some-longer-title'": 2,
		"SELECT sum(events) FROM hits WHERE country = 'DE' AND browser = 'Firefox' AND browser_version = '' AND os = 'Linux' AND device = ''":                                                                                    3,
		"SELECT sum(engaged) FROM hits":                                             1,
		"SELECT sum(visitors_campaign) FROM hits":                                   1,
		"SELECT sum(visitors_page) FROM hits WHERE event = 'Sign up' AND path = ''": 1,
		"SELECT sum(seconds) FROM hits":                                             47,
		"SELECT toUInt64(sum(exits) = 1 AND sum(visitors_exit) = 1 AND sum(exit_seconds) = 47) FROM hits WHERE path = '/a'":                               1,
		"SELECT sum(reading) * 1000 + sum(scroll) * 10 + sum(timed) + sum(scrolled) FROM hits WHERE path = '/a'":                                          43602,
		"SELECT sum(views) FROM flows WHERE to_page = '/a' AND from_page IN ('', '/a')":                                                                   2,
		"SELECT sum(requests) FROM paths WHERE threat = ''":                                                                                               2,
		"SELECT sum(requests) FROM paths WHERE threat = 'xss' AND path = '/…'":                                                                            1,
		"SELECT sum(requests) FROM minutes":                                                                                                               4,
		"SELECT count() FROM signals":                                                                                                                     2,
		"SELECT sum(requests) * 10 + sum(certain) FROM signals WHERE rule = 'xss' AND threat = rule AND net = '198.51.100.0/24'":                          31,
		"SELECT sum(requests) FROM signals WHERE threat = '' AND rule = '' AND country = 'DE'":                                                            7,
		"SELECT sum(visitors) FROM counts WHERE dimension = 'visit:provider'":                                                                             1,
		"SELECT sum(visitors) FROM counts WHERE value = 'Firefox 105'":                                                                                    1,
		"SELECT sum(visitors) FROM counts WHERE value = 'Linux 1'":                                                                                        1,
		"SELECT sum(events) FROM counts WHERE dimension = '' AND value = ''":                                                                              3,
		"SELECT sum(visitors) FROM counts WHERE dimension = 'visit:utm_source'":                                                                           1,
		"SELECT sum(visitors) FROM counts WHERE dimension = 'visit:referrer'":                                                                             0,
		"SELECT sum(visits) FROM counts WHERE dimension = 'visit:referrer'":                                                                               1,
		"SELECT count() FROM counts WHERE dimension = 'visit:utm_term'":                                                                                   0,
		"SELECT sum(visitors) * 100 + sum(pageviews) * 10 + sum(events) FROM counts WHERE dimension = 'visit:utm' AND value = 'newsletter\x1f\x1fweek 0'": 123,
		"SELECT uniqExact(dimension) FROM counts":                                                                                                         23,
		"SELECT sum(events) FROM counts WHERE dimension = 'visit:entry_page_hostname'":                                                                    3,
		"SELECT sum(visits) * 100 + sum(seconds) FROM counts WHERE dimension = 'visit:exit_page_hostname' AND value = 'www.example.org'":                  147,
		fmt.Sprint("SELECT count() FROM hits WHERE toUnixTimestamp(hour) = ", page.Day):                                                                   2,
	} {
		if got := one(t, db, sql); got != want {
			t.Errorf("%s gives %d, want %d", sql, got, want)
		}
	}
}

func TestCutByAge(t *testing.T) {
	db := testDB(t)
	fire := make(chan time.Time)
	registry := prometheus.NewRegistry()
	w := openWriter(t, db, WriterOptions{Dir: t.TempDir(), Registerer: registry, CutAge: 7 * time.Second, After: func(d time.Duration) <-chan time.Time {
		if d != 7*time.Second {
			t.Errorf("waits %v, want the age of a cut", d)
		}
		return fire
	}})
	if err := w.Append(newSite(1).hits(10), "", nil); err != nil {
		t.Fatal(err)
	}
	fire <- time.Time{}
	// The next batch begins another cut, or the first was not made.
	if err := w.Append(newSite(2).hits(10), "", nil); err != nil {
		t.Fatal(err)
	}
	closeWriter(t, w)
	if n := metric(t, registry, "klar_spool_cuts_total"); n != 2 {
		t.Errorf("%v cuts, want 2", n)
	}
}

// TestSentTwice sends cuts again that were delivered, as after a crash between the last answer and the deletion.
func TestSentTwice(t *testing.T) {
	db := testDB(t)
	dir := t.TempDir()
	hits := newSite(1).hits(5000)
	s, _, _, err := spool.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var index spool.Index
	if err := s.Append(hits, index.Refs(nil, hits), "log", []byte{1}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{dir, copied} {
		w := openWriter(t, db, WriterOptions{Dir: dir, After: never})
		if p := w.Positions("")["log"]; !bytes.Equal(p, []byte{1}) {
			t.Errorf("the position is %v, want 1", p)
		}
		closeWriter(t, w)
	}
	wantTotals(t, db, totalsOf(hits))
}

func TestWriterLock(t *testing.T) {
	db := testDB(t)
	dir := t.TempDir()
	w := openWriter(t, db, WriterOptions{Dir: dir, After: never})
	_, err := OpenWriter(t.Context(), opened(db), WriterOptions{Dir: dir})
	var locked *spool.LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() {
		t.Errorf("a second Writer gives %v, want the holder's process", err)
	}
	closeWriter(t, w)
}

// opened is a store that is open already.
func opened(db *DB) func(context.Context) (*DB, error) {
	return func(context.Context) (*DB, error) { return db, nil }
}
