package collector

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/collector/raw"
)

// liveSink is a sink that loses what was not committed, as a killed process does. A line is known by its size.
type liveSink struct {
	added, kept []uint64
	sites       []string
	positions   map[string][]byte
	commits     int
	syncs       int
	forgotten   []time.Time
	broken      error
}

func (s *liveSink) Add(h raw.Hit) (bool, error) {
	f := h.Fields()
	if f.Status == 499 {
		return false, errors.New("the fake sink drops it")
	}
	s.added = append(s.added, f.Bytes)
	s.sites = append(s.sites, f.Site)
	return f.Status == 404, nil
}

func (s *liveSink) Commit(_ context.Context, key string, position []byte) error {
	s.kept = append(s.kept, s.added...)
	s.added = s.added[:0]
	s.positions = map[string][]byte{key: bytes.Clone(position)}
	s.commits++
	return s.broken
}

func (s *liveSink) Sync(context.Context) error { s.syncs++; return nil }

func (s *liveSink) Positions(string) map[string][]byte { return maps.Clone(s.positions) }

func (s *liveSink) Forget(before time.Time) { s.forgotten = append(s.forgotten, before) }

// following is a follower that a test moves by hand.
type following struct {
	t       *testing.T
	dir     string
	options FollowOptions
	sink    *liveSink
	now     time.Time
	written time.Time // the time that the last file was given: the system's is too coarse
	log     bytes.Buffer
	metrics *prometheus.Registry
	*follower
}

func follow(t *testing.T, sources ...FileSource) *following {
	x := &following{t: t, dir: t.TempDir(), sink: &liveSink{}, now: time.Now(), written: time.Unix(1_700_000_000, 0)}
	for i := range sources {
		sources[i].Pattern = filepath.Join(x.dir, sources[i].Pattern)
	}
	x.options = FollowOptions{
		Sources: sources, Sink: x.sink, Now: func() time.Time { return x.now },
		Logger: slog.New(slog.NewTextHandler(&x.log, nil)),
	}
	x.start()
	t.Cleanup(func() { x.follower.close() })
	return x
}

// start begins with what was committed; what was not is lost.
func (x *following) start() {
	x.t.Helper()
	if x.follower != nil {
		x.follower.close()
	}
	x.sink.added = nil
	x.metrics = prometheus.NewRegistry()
	x.options.Registerer = x.metrics
	var err error
	if x.follower, err = newFollower(x.options.complete()); err != nil {
		x.t.Fatal(err)
	}
}

// look lets the interval go by, and looks.
func (x *following) look() {
	x.t.Helper()
	x.now = x.now.Add(time.Second)
	if err := x.round(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
}

func (x *following) write(name, text string) {
	x.t.Helper()
	f, err := os.OpenFile(filepath.Join(x.dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		x.t.Fatal(err)
	}
	x.touch(name)
}

// touch gives a file a later time than all before.
func (x *following) touch(name string) {
	x.t.Helper()
	x.written = x.written.Add(time.Second)
	if err := os.Chtimes(filepath.Join(x.dir, name), x.written, x.written); err != nil {
		x.t.Fatal(err)
	}
}

// numbered returns lines whose sizes are the numbers.
func numbered(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "198.51.100.%d - - [23/Nov/2026:09:%02d:%02d +0000] \"GET /page/%d HTTP/1.1\" 200 %d \"-\" \"planted agent\"\n", i%250, i/60%60, i%60, i%7, i)
	}
	return b.String()
}

// want says that the lines of all numbers were kept, once each.
func (x *following) want(numbers int) {
	x.t.Helper()
	kept := slices.Sorted(slices.Values(x.sink.kept))
	if len(kept) != numbers || numbers > 0 && (kept[0] != 0 || kept[numbers-1] != uint64(numbers-1) || len(slices.Compact(kept)) != numbers) {
		x.t.Errorf("%d lines were kept, %d of them different; want each of %d", len(x.sink.kept), len(slices.Compact(kept)), numbers)
	}
	for _, planted := range []string{"198.51.100", "planted", "/page/"} {
		for key, position := range x.sink.positions {
			if strings.Contains(string(position), planted) || strings.Contains(key, planted) {
				x.t.Error("a position holds something of a line")
			}
		}
		if strings.Contains(x.log.String(), planted) {
			x.t.Error("the log holds something of a line")
		}
	}
}

func TestFollowingGoesOnBehindTheLastCommit(t *testing.T) {
	x := follow(t, FileSource{Pattern: "*access.log", Site: "example.org"})
	x.write("access.log", numbered(0, 100))
	x.look()
	x.want(100)
	x.write("access.log", numbered(100, 150))
	x.now = x.now.Add(-time.Second) // not due
	x.look()
	if len(x.sink.added) != 50 {
		t.Fatalf("%d lines wait to be committed, want 50", len(x.sink.added))
	}
	x.start() // killed: they are read again
	x.write("access.log", numbered(150, 160))
	x.look()
	x.want(160)
	commits := x.sink.commits
	x.look()
	if x.sink.commits != commits {
		t.Error("there was a commit although nothing came")
	}
	if slices.ContainsFunc(x.sink.sites, func(s string) bool { return s != "example.org" }) {
		t.Error("a hit does not have its source's site")
	}
}

// TestKilledBetweenRotations kills at any point, and rotates in any way between.
func TestKilledBetweenRotations(t *testing.T) {
	for seed := range 40 {
		rnd := rand.New(rand.NewPCG(uint64(seed), 3))
		x := follow(t, FileSource{Pattern: "*.log"})
		n, rotations := 0, 0
		x.write("a.log", "")
		for range 40 {
			more := 1 + rnd.IntN(60)
			x.write("a.log", numbered(n, n+more))
			n += more
			path := filepath.Join(x.dir, "a.log")
			to := fmt.Sprintf("%s-%014d", path, rotations)
			switch rnd.IntN(6) {
			case 0, 1:
				x.look()
			case 2:
				x.now = x.now.Add(-time.Second)
				x.look()
				x.start()
			case 3:
				x.look()
				x.write("a.log", numbered(n, n+3))
				n += 3
				if err := os.Rename(path, to); err != nil {
					t.Fatal(err)
				}
				rotations++
			case 4:
				x.look()
				x.write("a.log", numbered(n, n+3))
				n += 3
				b, err := os.ReadFile(path)
				if err == nil {
					err = os.WriteFile(to, b, 0o600)
				}
				x.touch(filepath.Base(to))
				if err == nil {
					err = os.Truncate(path, 0)
				}
				if err != nil {
					t.Fatal(err)
				}
				x.touch("a.log")
				rotations++
				x.start()
				x.look() // two truncations unseen are more than can be known
			}
		}
		x.look()
		x.look()
		x.want(n)
		if t.Failed() {
			t.Fatalf("seed %d, %d rotations, log:\n%s", seed, rotations, x.log.String())
		}
		x.follower.close()
	}
}

func TestFormatIsFoundOutWhenThereIsALine(t *testing.T) {
	x := follow(t, FileSource{Pattern: "access.log"})
	x.write("access.log", "")
	x.look()
	x.write("access.log", numbered(0, 1)[:40])
	x.look()
	x.write("access.log", numbered(0, 1)[40:])
	x.look()
	x.want(1)
}

// TestChangedConfiguration has the pattern and the format written otherwise, a source taken out, and put in again.
func TestChangedConfiguration(t *testing.T) {
	x := follow(t, FileSource{Pattern: "access.log"}, FileSource{Pattern: "b.log"})
	x.write("access.log", numbered(0, 30))
	x.write("b.log", numbered(30, 40))
	x.look()
	x.look() // commits what was read of the second
	both := slices.Clone(x.options.Sources)
	for i, sources := range [][]FileSource{
		{{Pattern: filepath.Join(x.dir, "a*.log"), Format: "auto"}},
		{{Pattern: filepath.Join(x.dir, "*.log")}},
		{{Pattern: filepath.Join(x.dir, "*.log"), Format: "combined"}},
		both,
	} {
		x.options.Sources = sources
		x.start()
		x.look()
		x.want(40 + i)
		x.write("access.log", numbered(40+i, 41+i))
		x.look()
		x.want(41 + i)
	}
}

// TestLinesReadInAnotherWay has the same lines give other fingerprints, because the host is no longer read.
func TestLinesReadInAnotherWay(t *testing.T) {
	hosted := func(from, to int) string {
		return strings.ReplaceAll(numbered(from, to), "198.51", "h.example.org 198.51")
	}
	x := follow(t, FileSource{Pattern: "access.log", Format: "combined-vhost"})
	x.write("access.log", hosted(0, 30))
	x.look()
	x.options.Sources[0].Format = `$vhost $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent`
	x.start()
	x.write("access.log", hosted(30, 40))
	x.look()
	x.want(40)
}

func TestUnknownFormatLosesNothing(t *testing.T) {
	x := follow(t, FileSource{Pattern: "access.log"})
	odd := func(from, to int) string { return strings.ReplaceAll(numbered(from, to), "\"", "|") }
	x.write("access.log", odd(0, 5))
	x.look()
	x.look()
	x.want(0)
	if n := strings.Count(x.log.String(), "unknown format"); n != 1 {
		t.Errorf("the unknown format was reported %d times, want once:\n%s", n, x.log.String())
	}
	x.options.Sources[0].Format = "$remote_addr - $remote_user [$time_local] |$request| $status $body_bytes_sent |$http_referer| |$http_user_agent|"
	x.start()
	x.write("access.log", odd(5, 9))
	x.look()
	x.start()
	x.write("access.log", odd(9, 12))
	x.look()
	x.want(12)
}

func TestColumnsSurviveARestart(t *testing.T) {
	x := follow(t, FileSource{Pattern: "u_ex.log"})
	line := func(n int) string {
		return fmt.Sprintf("2026-11-23 09:00:%02d 198.51.100.7 GET /page/%d - 200 %d planted+agent\n", n, n, n)
	}
	x.write("u_ex.log", "#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status sc-bytes cs(User-Agent)\n"+line(0)+line(1))
	x.look()
	x.start()
	x.write("u_ex.log", line(2)+line(3))
	x.look()
	x.want(4)
}

func TestSourceMetrics(t *testing.T) {
	x := follow(t, FileSource{Pattern: "access.log"})
	x.write("access.log", numbered(0, 6)+strings.Replace(numbered(6, 7), " 200 ", " 404 ", 1)+
		strings.Replace(numbered(8, 9), " 200 ", " 499 ", 1)+"198.51.100.1 - - [planted] \"GET / HTTP/1.1\" 200 1\n"+"half a line")
	x.look()
	x.want(7)
	x.write("access.log", strings.Repeat("x", 70<<10)+"\n")
	x.look()
	if err := os.Truncate(filepath.Join(x.dir, "access.log"), 0); err != nil {
		t.Fatal(err)
	}
	x.look()
	got, err := x.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(fmt.Sprint(got), x.dir, "")
	if strings.Contains(text, "198.51.100") || strings.Contains(text, "planted") {
		t.Error("a metric holds something of a line")
	}
	for name, want := range map[string]float64{
		"klar_source_lines_total stored": 6, "klar_source_lines_total bot": 1, "klar_source_lines_total rejected": 3,
		"klar_source_rejected_total field $time_local is not a time": 1,
		"klar_source_rejected_total the fake sink drops it":          1,
		"klar_source_rejected_total the line is longer than 64 KiB":  1,
		"klar_source_truncations_total":                              1, "klar_source_lost_bytes_total": 0, "klar_source_lag_bytes": 0, "klar_source_files current": 1,
	} {
		if n, ok := x.figure(name); !ok || n != want {
			t.Errorf("%s is %v, want %v", name, n, want)
		}
	}
}

// figure returns a metric by its name and, but for the source, its labels' values.
func (x *following) figure(name string) (float64, bool) {
	x.t.Helper()
	all, err := x.metrics.Gather()
	if err != nil {
		x.t.Fatal(err)
	}
	for _, family := range all {
		for _, m := range family.GetMetric() {
			full := family.GetName()
			for _, l := range m.GetLabel() {
				if l.GetName() != "source" {
					full += " " + l.GetValue()
				}
			}
			if full == name {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue(), true
			}
		}
	}
	return 0, false
}

func TestYesterdayIsForgotten(t *testing.T) {
	x := follow(t, FileSource{Pattern: "access.log"})
	x.look()
	x.now = x.now.Add(time.Hour)
	x.look()
	if n := len(x.sink.forgotten); n != 1 || !x.sink.forgotten[0].Equal(x.now.Add(-2*time.Hour)) {
		t.Fatalf("the sink was told %d times to forget, want once, what is two hours old", n)
	}
	// Of a file that is far behind, the days are kept.
	x.write("access.log", numbered(0, 5000))
	x.look()
	x.write("access.log", numbered(5000, 5001))
	x.now = x.now.Add(90 * 24 * time.Hour)
	x.look()
	last := time.Date(2026, 11, 23, 9, 4999/60%60, 4999%60, 0, time.UTC)
	if got := x.sink.forgotten[len(x.sink.forgotten)-1]; !got.Equal(last.Add(-2 * time.Hour)) {
		t.Errorf("with lines of %v to come, everything before %v was forgotten", last, got)
	}
}

func TestFollowEndsWithItsContext(t *testing.T) {
	x := follow(t, FileSource{Pattern: "access.log"})
	x.write("access.log", numbered(0, 100))
	ctx, cancel := context.WithCancel(t.Context())
	x.options.Registerer = nil
	x.options.Interval = time.Hour
	x.options.After = func(time.Duration) <-chan time.Time { cancel(); return nil }
	if err := Follow(ctx, x.options); err != nil {
		t.Fatal(err)
	}
	x.want(100)
	if x.sink.syncs != 1 {
		t.Errorf("there were %d syncs, want one at the end", x.sink.syncs)
	}
	x.sink.broken = errors.New("the disk is full")
	x.write("access.log", numbered(100, 101))
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	if err := Follow(ctx, x.options); !errors.Is(err, x.sink.broken) {
		t.Errorf("a sink that is broken gives the error %v", err)
	}
}

func TestSourcesThatCannotBe(t *testing.T) {
	for _, sources := range [][]FileSource{{{Pattern: "a", Format: "no format"}}, {{Pattern: "a"}, {Pattern: "a"}}} {
		if err := Follow(t.Context(), FollowOptions{Sources: sources, Sink: &liveSink{}}); err == nil {
			t.Errorf("%v gives no error", sources)
		}
	}
}
