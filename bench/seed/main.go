// Command seed fills a data directory of its own with a year of one large site: it generates the log as a stream, in the
// order of its times, and pipes it into klar import. Beside the data it leaves seed.json: how many lines there were, and
// how large they are packed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/klar-analytics/klar/bench/genlog"
)

// site is the id of the seeded site.
const site = "seed.example"

// start is when the year begins.
var start = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// summary is what seed.json holds.
type summary struct {
	Site        string    `json:"site"`
	From        time.Time `json:"from"`
	To          time.Time `json:"to"`
	Lines       int       `json:"lines"`
	LineBytes   float64   `json:"line_bytes"`
	PackedBytes float64   `json:"packed_line_bytes"` // by gzip -6, of a sample
	Seconds     float64   `json:"seconds"`           // that the import took
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

func run() error {
	klar := flag.String("klar", "bin/klar", "klar's binary")
	from := flag.String("from", "../shared/data/logs/apache-combined-10k.log", "the real log")
	hits := flag.Int("hits", 1_000_000, "requests in the year, about")
	days := flag.Int("days", 366, "write the first days of the year only, as dense as they are in the whole")
	data := flag.String("data", filepath.Join("build", "seed"), "data directory, which must not exist yet")
	seed := flag.Uint64("seed", 1, "another seed makes another log")
	stdout := flag.Bool("stdout", false, "write the log to standard output instead of importing it")
	flag.Parse()
	if *stdout {
		_, err := genlog.Year(os.Stdout, start, *from, *hits, *days, *seed)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(*data), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(*data, 0o700); errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; delete it, or name another with -data", *data)
	} else if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	began := time.Now()
	s := summary{Site: site, From: start, To: start.AddDate(0, 0, min(*days, 365))}
	err := importing(ctx, *klar, *data, func(log io.Writer) (err error) {
		m := &measure{to: log}
		s.Lines, err = genlog.Year(m, start, *from, *hits, *days, *seed)
		s.LineBytes, s.PackedBytes = m.perLine(s.Lines)
		return err
	})
	if err != nil {
		return err
	}
	s.Seconds = time.Since(began).Seconds()
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", b)
	return os.WriteFile(filepath.Join(*data, "seed.json"), b, 0o600)
}

// importing runs klar import over what generate writes.
func importing(ctx context.Context, klar, data string, generate func(io.Writer) error) error {
	cmd := exec.CommandContext(ctx, klar, "import", "--site", site, "--format", "combined", "--data", data, "-")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	log, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	generating := generate(log)
	closing := log.Close()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("klar import: %w", err)
	}
	return errors.Join(generating, closing)
}
