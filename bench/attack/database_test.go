package attack

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage"
	"github.com/klar-analytics/klar/storage/embedded"
)

// child says that this test binary is the engine's process.
const child = "KLAR_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(child) == "" {
		_ = os.Setenv(child, "engine")
		_ = os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
		os.Exit(m.Run())
	}
	if err := embedded.ServeChild(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// database is what an attacker has copied: a store, and the directory in which it and the spool lie.
type database struct {
	t   testing.TB
	db  *storage.DB
	dir string
	// spooled is what lay in the spool while the store was away.
	spooled []byte
}

// deliveries is how many times what is stored comes.
const deliveries = 20

// store has the hits go the way of all: spooled while the store is away, then delivered.
func store(t testing.TB, from *truth) *database {
	t.Helper()
	d := &database{t: t, dir: t.TempDir()}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := embedded.Open(t.Context(), embedded.Options{
		Dir: filepath.Join(d.dir, "engine"), Command: []string{exe}, LibPath: asset(t, "libchdb.so"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	if d.db, err = storage.Connect(t.Context(), storage.Options{Dial: engine.Dial}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.db.Close() })

	back := make(chan struct{})
	w, err := storage.OpenWriter(t.Context(), func(ctx context.Context) (*storage.DB, error) {
		select {
		case <-back:
			return d.db, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}, storage.WriterOptions{Dir: filepath.Join(d.dir, "spool"), CutAge: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	size := max((len(from.hits)+deliveries-1)/deliveries, 1)
	ask := func(what string, err error) {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for hits := range slices.Chunk(from.hits, size) {
		ask("append", w.Append(slices.Clone(hits), "", nil))
		ask("sync", w.Sync(t.Context()))
	}
	d.spooled = files(t, filepath.Join(d.dir, "spool"))
	close(back)
	ask("close", w.Close(t.Context()))
	d.db.Merge(t.Context())
	ask("names", os.WriteFile(filepath.Join(d.dir, "crowds.json"), from.names, 0o600))
	return d
}

// files returns all bytes of a directory.
func files(t testing.TB, dir string) []byte {
	t.Helper()
	var all []byte
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil // the engine replaces files while it runs
		}
		b, err := os.ReadFile(name)
		if err == nil {
			all = append(append(all, b...), 0)
		}
		return nil
	})
	if err != nil {
		t.Fatal(reasonOf(err))
	}
	return all
}

// ask returns the rows of a statement.
func (d *database) ask(statement string) [][]string {
	d.t.Helper()
	var rows [][]string
	for line := range strings.Lines(string(d.bytes(statement, "TSV"))) {
		rows = append(rows, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return rows
}

func (d *database) bytes(statement, format string) []byte {
	d.t.Helper()
	var b bytes.Buffer
	if err := d.db.SQL(d.t.Context(), &b, statement, format); err != nil {
		d.t.Fatalf("%s: %v", statement, err)
	}
	return b.Bytes()
}

// everything returns all rows of all tables, unpacked, and all files.
func (d *database) everything() []byte {
	all := files(d.t, d.dir)
	for _, row := range d.ask("SELECT name FROM system.tables WHERE database = currentDatabase()") {
		for _, format := range []string{"RowBinary", "TSV"} {
			all = append(all, d.bytes("SELECT * FROM "+row[0], format)...)
		}
	}
	return append(all, d.spooled...)
}

// What the columns of the tables' keys are to the attacks. A row's key says what belongs together, so each has to be
// thought about: an attribute of visitors that stands beside others is part of what singles out.
const (
	place     = "site, time or part of the site"
	arrival   = "how the visit began"
	attribute = "attribute of visitors under the crowd rule"
	alone     = "attribute of visitors, alone"
	request   = "of the request, and not of who sent it"
	attacker  = "of a shortened network that attacked, beside nothing of a visitor"
	reached   = "what the configuration counts; the rest of the row is as in hits"
)

// crossed are the columns of the tables that cross everything.
var crossed = map[string]string{
	"site": place, "hour": place, "host": place, "path": place, "event": place,
	"source": arrival, "channel": arrival, "campaign": arrival, "entry": arrival,
	"country": attribute, "device": attribute, "browser": attribute, "browser_version": attribute, "os": attribute, "os_version": attribute,
}

// known are the tables that the attacks know, with the columns of their keys.
var known = map[string]map[string]string{
	"hits":     crossed,
	"hours":    crossed, // of logs that are older than two days it holds nothing
	"counts":   {"site": place, "dimension": alone, "hour": place, "value": alone},
	"flows":    {"site": place, "day": place, "from_page": place, "to_page": place},
	"minutes":  {"site": place, "minute": place, "origin": request, "kind": request, "method": request, "status": request, "threat": request},
	"quarters": {"site": place, "minute": place, "origin": request, "kind": request, "method": request, "status": request, "threat": request},
	"paths":    {"site": place, "hour": place, "path": place, "status": request, "method": request, "kind": request, "threat": request},
	"signals": {
		"site": place, "minute": place, "net": attacker, "threat": request, "rule": request, "country": attacker, "provider": attacker,
	},
	"goals": {
		"site": place, "kind": place, "definition": reached, "step": reached, "currency": reached, "hour": place, "path": place, "host": place,
		"source": arrival, "channel": arrival, "campaign": arrival, "entry": arrival,
		"country": attribute, "device": attribute, "browser": attribute, "browser_version": attribute, "os": attribute, "os_version": attribute,
	},
	"props":       {"site": place, "day": place, "event": place, "name": alone, "value": alone},
	"definitions": {"site": place, "kind": place, "definition": place, "hour": place}, // of the configuration, and of nobody
	"bots":        {"site": place, "hour": place, "bot": request, "class": request, "path": place, "status": request},
	"totals":      {"site": place, "day": place}, // of all together
	"crawls":      {"site": place, "hour": place, "bot": request, "class": request, "status": request},
}

// TestTablesAreKnown fails when a table or a column of a key is new, and when a column that is none is no number: then
// the attacks must be told what it is to them, in this file, and tried again.
func TestTablesAreKnown(t *testing.T) {
	d := store(t, &truth{names: []byte("{}")})
	for _, row := range d.ask(`SELECT table, name, type, is_in_sorting_key FROM system.columns
		WHERE database = currentDatabase() AND table != 'klar_migrations'`) {
		table, column, kind, key := row[0], row[1], row[2], row[3] == "1"
		switch {
		case known[table] == nil:
			t.Errorf("the attacks do not know table %s", table)
		case key && known[table][column] == "":
			t.Errorf("the attacks do not know column %s of table %s, which is part of its key", column, table)
		case !key && !strings.HasPrefix(kind, "UInt") && !strings.HasPrefix(kind, "Int") && !strings.HasPrefix(kind, "Decimal"):
			t.Errorf("column %s of table %s is %s: what is stored beside a key has to be a sum", column, table, kind)
		}
	}
}

// knownAlone are the dimensions of table counts that are of no visitor. What else is there has to be among [dimensions].
var knownAlone = []string{
	"", "event:page", "event:hostname", "visit:entry_page", "visit:exit_page", "visit:entry_page_hostname",
	"visit:exit_page_hostname", "visit:source", "visit:channel", "visit:referrer",
	"visit:utm_source", "visit:utm_medium", "visit:utm_campaign", "visit:utm_content", "visit:utm_term",
	// How a visit arrived is no attribute of the visitor. Hits has source, channel and campaign together anyway, beside
	// all that it has; here source, medium and campaign stand together by the day, and beside nothing else.
	"visit:utm",
}

// holds compares what the attacks reckon with to what the store holds: the rows of hits, the combinations of each day
// with their visitors, the values of each dimension, and the steps from page to page.
func (d *database) holds(from *truth) {
	d.t.Helper()
	want := map[string]int{}
	names := dimensions(from)
	for i := range from.views {
		v := &from.views[i]
		want[fmt.Sprint("flows ", v.Day, " ", v.From, " ", v.Path)]++
		row := fmt.Sprint(v.Day, " ", v.Path, " ", klar.group(v))
		want["views "+row]++
		want["began "+row] += int(v.Marks.Bit(hit.FirstOfVisit))
		want["engaged "+row] += int(v.Marks.Bit(hit.Second))
		want["seconds "+row] += int(v.Seconds)
		want[fmt.Sprint("reading ", v.Day, " ", v.From, " ", klar.group(v))] += int(v.Reading)
		if v.Marks&hit.FirstToday == 0 {
			continue
		}
		want[fmt.Sprint("crossed ", v.Day, " ", crowd(v))]++
		a := v.Visitor.Value()
		for _, n := range names {
			want[fmt.Sprint("alone ", v.Day, " ", n.name, " ", strings.TrimSpace(n.of(&a)))]++
		}
	}
	got := d.sums()
	maps.DeleteFunc(want, func(_ string, n int) bool { return n == 0 })
	maps.DeleteFunc(got, func(_ string, n int) bool { return n == 0 })
	wrong := map[string]int{}
	for k := range want {
		if got[k] != want[k] {
			wrong[strings.Fields(k)[0]]++
		}
	}
	if len(wrong) > 0 || len(got) != len(want) {
		d.t.Errorf("the store holds %d sums where the attacks reckon with %d, and others are %v: they attack what is not there", len(got), len(want), wrong)
	}
	// What a site counts specially stands beside nothing that hits has not.
	const key = "hour, path, host, source, channel, campaign, entry, country, device, browser, browser_version, os, os_version"
	beyond := d.ask("SELECT count(), countIf((" + key + ") NOT IN (SELECT " + key + " FROM hits)) FROM goals")[0]
	if beyond[0] == "0" && len(from.views) > 0 || beyond[1] != "0" {
		d.t.Errorf("of %s rows of goals, %s are of no row of hits", beyond[0], beyond[1])
	}
	if n := d.ask("SELECT count() FROM hours")[0][0]; n != "0" {
		d.t.Errorf("table hours holds %s rows of logs that are long over", n)
	}
	for _, row := range d.ask("SELECT DISTINCT dimension FROM counts") {
		if !slices.Contains(dimensionNames(names), row[0]) && !slices.Contains(knownAlone, row[0]) {
			d.t.Errorf("the attacks do not know dimension %s of table counts", row[0])
		}
	}
}

// sums reads what [database.holds] compares.
func (d *database) sums() map[string]int {
	d.t.Helper()
	got := map[string]int{}
	const attributes = "country, device, browser, browser_version, os, os_version"
	written := func(attributes []string) string {
		if strings.Join(attributes, "") == "" {
			return ""
		}
		return strings.Join(attributes, "\x00")
	}
	for _, row := range d.ask(`SELECT toUnixTimestamp(toStartOfDay(hour, 'UTC')), ` + attributes + `, sum(visitors) FROM hits GROUP BY ALL`) {
		got["crossed "+row[0]+" "+written(row[1:7])] += count(d.t, row[7])
	}
	for _, row := range d.ask(`SELECT toUnixTimestamp(hour), path, host, source, channel, campaign, entry, ` + attributes + `,
		sum(pageviews), sum(visits), sum(engaged), sum(seconds), sum(reading) FROM hits WHERE event = '' GROUP BY ALL`) {
		key := row[0] + " " + row[1] + " " + strings.Join(row[2:7], "\x00") + "\x00" + written(row[7:13])
		for i, name := range []string{"views ", "began ", "engaged ", "seconds ", "reading "} {
			got[name+key] += count(d.t, row[13+i])
		}
	}
	for _, row := range d.ask(`SELECT toUnixTimestamp(day), from_page, to_page, sum(views) FROM flows GROUP BY ALL`) {
		got["flows "+strings.Join(row[:3], " ")] += count(d.t, row[3])
	}
	for _, row := range d.ask(`SELECT toUnixTimestamp(hour), dimension, value, sum(visitors) FROM counts
		WHERE dimension IN ('` + strings.Join(dimensionNames(dimensions(&truth{})), "', '") + `') GROUP BY ALL`) {
		got["alone "+strings.Join(row[:3], " ")] += count(d.t, row[3])
	}
	return got
}

func dimensionNames(of []dimension) (names []string) {
	for _, d := range of {
		names = append(names, d.name)
	}
	return names
}

func count(t testing.TB, s string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal("a sum is no number")
	}
	return n
}
