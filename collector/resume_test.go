package collector

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportAgainStoresNothing(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	log := write(t, dir, "access.log", logText(0, 1234))
	first := mustImport(t, s, log)
	if first.Stored != 1234 || first.Already != 0 {
		t.Fatalf("%+v", first)
	}
	s.restart()
	again := mustImport(t, s, log)
	if again.Stored != 0 || again.Already != 1234 || again.Lines != 1234 || len(s.warm) != 0 || strings.Contains(s.order.String(), "c") {
		t.Errorf("%+v, calls %s", again, s.order.String())
	}
	s.once(t, 1234)
	if sum, err := importInto(t, s, func(o *ImportOptions) { o.Again = true }, log); err != nil || sum.Stored != 1234 {
		t.Errorf("--again stored %d: %v", sum.Stored, err)
	}
	if sum, err := importInto(t, s, func(o *ImportOptions) { o.Site = "example.com" }, log); err != nil || sum.Stored != 1234 {
		t.Errorf("another site stored %d: %v", sum.Stored, err)
	}
}

// The known part warms the sink, in batches, before the new part is stored.
func TestGrownLog(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	log := write(t, dir, "access.log", logText(0, 250))
	mustImport(t, s, log)
	s.restart()
	write(t, dir, "access.log", logText(0, 500))
	sum := mustImport(t, s, log)
	if sum.Stored != 250 || sum.Already != 250 {
		t.Errorf("%+v", sum)
	}
	w, a := strings.Repeat("w", 100), strings.Repeat("+", 100)
	want := w + "d" + w + "d" + w[:50] + "d" + a[:50] + "c" + a + "c" + a + "cc"
	if got := s.order.String(); got != want {
		t.Errorf("calls\n%s, want\n%s", got, want)
	}
	s.once(t, 500)
	if len(s.positions) != 1 {
		t.Errorf("%d positions for one log", len(s.positions))
	}
}

// A log's few first lines are enough to know it again.
func TestGrownFromFewLines(t *testing.T) {
	for _, n := range []int{1, 2, 15, 16, 17} {
		s, dir := newSink(), t.TempDir()
		log := write(t, dir, "access.log", logText(0, n))
		mustImport(t, s, log)
		write(t, dir, "access.log", logText(0, 40))
		mustImport(t, s, log)
		s.once(t, 40)
	}
}

// A log that is being written to may end within a line. Whatever that line becomes, it counts once.
func TestGrownWithinLine(t *testing.T) {
	whole := logText(0, 60)
	ends := strings.LastIndexByte(logText(0, 40), '"')
	for _, cut := range []int{1, 10, 40, 60, 70, 85, 86, 90, len(logLine(0)) - 1, ends - 3, ends, ends + 1} {
		s, dir := newSink(), t.TempDir()
		log := write(t, dir, "access.log", whole[:cut])
		_, err := importInto(t, s, func(o *ImportOptions) { o.Format = "combined" }, log)
		if err != nil {
			t.Fatal(err)
		}
		for _, content := range []string{whole[:cut], whole, whole + logLine(60)[:80], whole + logText(60, 70)} {
			write(t, dir, "access.log", content)
			if _, err := importInto(t, s, func(o *ImportOptions) { o.Format = "combined" }, log); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for _, times := range s.committed {
			n += times
		}
		if n != 70 {
			t.Errorf("cut at %d: %d lines stored, want 70", cut, n)
		}
	}
}

// The log was imported half, then rotated and packed, while a new one grew; the names say the opposite order.
func TestRotatedAndPacked(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	log := write(t, dir, "access.log", logText(0, 500))
	mustImport(t, s, log)
	s.restart()
	write(t, dir, "access.log.2.gz", gzipped(t, logText(0, 700)))
	write(t, dir, "access.log.1", logText(700, 900))
	write(t, dir, "access.log", logText(900, 1000))
	sum := mustImport(t, s, filepath.Join(dir, "access.log*"))
	var names []string
	for _, f := range sum.Inputs {
		names = append(names, filepath.Base(f.File))
	}
	if got := fmt.Sprint(names); got != "[access.log.2.gz access.log.1 access.log]" {
		t.Errorf("read in the order %s", got)
	}
	if sum.Stored != 500 || sum.Already != 500 || len(s.warm) != 500 {
		t.Errorf("%+v, %d warm", sum, len(s.warm))
	}
	s.once(t, 1000)
}

// An earlier log that is wholly known warms the sink for a later one with news; one behind the news does not.
func TestWarmBeforeNews(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	a, c := write(t, dir, "a", logText(0, 30)), write(t, dir, "c", logText(60, 90))
	mustImport(t, s, a, c)
	s.restart()
	b := write(t, dir, "b", logText(30, 60))
	mustImport(t, s, a, b, c)
	want := strings.Repeat("w", 30) + "d" + strings.Repeat("+", 30) + "c"
	if got := s.order.String(); got != want {
		t.Errorf("calls %s, want %s", got, want)
	}
	s.once(t, 90)
}

func TestSameLogTwiceInOneImport(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	a := write(t, dir, "access.log", logText(0, 321))
	b := write(t, dir, "access.log.gz", gzipped(t, logText(0, 321)))
	if sum := mustImport(t, s, a, b, a, filepath.Join(dir, "*.log")); sum.Stored != 321 || sum.Already != 321 || sum.Files != 2 {
		t.Errorf("%+v", sum)
	}
	s.once(t, 321)
}

// A log that begins like another in only a few lines is another. In more, it is a changed copy and refused.
func TestSameHeadOtherLog(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	mustImport(t, s, write(t, dir, "few", logText(0, 4)), write(t, dir, "many", logText(100, 150)))
	s.restart()
	if sum := mustImport(t, s, write(t, dir, "other", logText(0, 3)+logText(50, 60))); sum.Stored != 13 {
		t.Errorf("%+v", sum)
	}
	s.restart()
	for name, text := range map[string]string{
		"shorter": logText(100, 140),
		"edited":  logText(100, 120) + logText(121, 200),
	} {
		log := write(t, dir, name, text)
		if _, err := importInto(t, s, nil, log); err == nil || !strings.Contains(err.Error(), name+" begins like a log that was imported before") {
			t.Errorf("%s: got %v", name, err)
		}
		if s.order.Len() > 0 {
			t.Errorf("%s: something was stored", name)
		}
		if _, err := importInto(t, s, func(o *ImportOptions) { o.Again = true }, log); err != nil {
			t.Error(err)
		}
		s.restart()
	}
}

// Known lines from long before the news do not warm the sink.
func TestWarmBackOneMonth(t *testing.T) {
	const month = 31 * 24 * 3600 / 7
	s, dir := newSink(), t.TempDir()
	old := write(t, dir, "old", logText(0, 10))
	log := write(t, dir, "log", logText(20, 30)+logText(20+month, 25+month))
	mustImport(t, s, old, log)
	s.restart()
	write(t, dir, "log", logText(20, 30)+logText(20+month, 25+month)+logText(25+month, 26+month))
	if sum := mustImport(t, s, old, log); sum.Already != 25 || sum.Stored != 1 {
		t.Errorf("%+v", sum)
	}
	if want := strings.Repeat("w", 5+6) + "d+c"; s.order.String() != want {
		t.Errorf("calls %s, want %s", s.order.String(), want)
	}
}

// TestInterrupted crashes imports at random places, before, in and after commits, while the log grows.
func TestInterrupted(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		s, dir := newSink(), t.TempDir()
		log := filepath.Join(dir, "access.log")
		for crashes, size := 0, 300; ; size += random.IntN(200) {
			last := crashes == 6
			if last {
				size = 2000
			}
			text := logText(0, size)
			if !last && random.IntN(2) == 0 {
				text += logLine(size)[:20]
			}
			if random.IntN(3) == 0 {
				text = gzipped(t, text)
			}
			write(t, dir, "access.log", text)
			if !last {
				s.crashAt, s.crashLate = 1+random.IntN(700), random.IntN(2) == 0
			}
			_, err := importInto(t, s, nil, log)
			if err != nil && !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
			s.restart()
			if last {
				break
			}
			crashes++
		}
		s.once(t, 2000)
	}
}

func TestCancelled(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	log := write(t, dir, "access.log", logText(0, 50000))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o := ImportOptions{Site: "example.org", Inputs: []string{log}, Sink: s, Now: fixedNow, batch: 100}
	o.Progress = func(p Progress) {
		if p.Lines > 5000 {
			cancel()
		}
	}
	if _, err := Import(ctx, o); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "run it again to go on") {
		t.Fatalf("got %v", err)
	}
	s.restart()
	if sum := mustImport(t, s, log); sum.Already == 0 || sum.Stored == 0 {
		t.Errorf("%+v", sum)
	}
	s.once(t, 50000)
}

// A standard input that never answers does not hold up the end.
func TestCancelledWhileStdinIsSilent(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	silent, writer := io.Pipe()
	defer func() { _ = writer.Close() }()
	go func() { // ends with the first write, after which the pipe is silent
		_, _ = writer.Write([]byte(logText(0, 10)))
		cancel()
	}()
	_, err := Import(ctx, ImportOptions{Site: "example.org", Inputs: []string{"-"}, Stdin: silent, Sink: newSink(), Now: fixedNow})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestStdinIsKnownAgain(t *testing.T) {
	for _, size := range []int{300, 3000} { // within the sample, and beyond it
		s, dir := newSink(), t.TempDir()
		mustImport(t, s, write(t, dir, "access.log", logText(0, size)))
		stdin := func(text string) (Summary, error) {
			return importInto(t, s, func(o *ImportOptions) { o.Stdin = strings.NewReader(text) }, "-")
		}
		if sum, err := stdin(logText(0, size)); err != nil || sum.Stored != 0 || sum.Already != int64(size) {
			t.Errorf("%d: %+v, %v", size, sum, err)
		}
		if sum, err := stdin(logText(0, size+500)); err != nil || sum.Stored != 500 {
			t.Errorf("%d: %+v, %v", size, sum, err)
		}
		s.once(t, size+500)
	}
	s, dir := newSink(), t.TempDir()
	mustImport(t, s, write(t, dir, "access.log", logText(0, 3000)))
	_, err := importInto(t, s, func(o *ImportOptions) { o.Stdin = strings.NewReader(logText(0, 2000) + logText(3000, 5000)) }, "-")
	if err == nil || !strings.Contains(err.Error(), "goes on differently") {
		t.Errorf("got %v", err)
	}
	s.once(t, 3000)
}

// Positions hold numbers and hashes, and nothing of a line.
func TestPositionHoldsNoContent(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	mustImport(t, s, write(t, dir, "planted.log", logText(0, 20)))
	for key, p := range s.positions {
		for _, planted := range []string{"203.0.113", "GET", "UA", "planted", os.TempDir()} {
			if strings.Contains(key+string(p), planted) {
				t.Errorf("a position holds %s", planted)
			}
		}
	}
}
