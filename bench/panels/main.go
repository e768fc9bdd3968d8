// Command panels measures the dashboard over a data directory that bench/seed filled: every question that the page asks,
// for the last 30 days and for 12 months, as the Stats API answers it, and beside it the same question of a table with a
// row for each page view and the ids of visitor and visit, in the same engine. It also prints what a line of the log takes
// in the store.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/klar-analytics/klar/bench/process"
)

// seed is what bench/seed says of its data.
type seed struct {
	Site        string
	From, To    time.Time
	Lines       int
	LineBytes   float64 `json:"line_bytes"`
	PackedBytes float64 `json:"packed_line_bytes"`
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "panels:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	klar := flag.String("klar", "bin/klar", "klar's binary")
	data := flag.String("data", filepath.Join("build", "seed"), "data directory that bench/seed filled")
	runs := flag.Int("runs", 10, "runs of each question, after one that warms up")
	peer := flag.Bool("peer", true, "ask the table with ids, too; it is made in the data directory when it is missing")
	flag.Parse()
	program, err := filepath.Abs(*klar)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(filepath.Join(*data, "seed.json"))
	if err != nil {
		return fmt.Errorf("%w; make it with make seed", err)
	}
	var seeded seed
	if err := json.Unmarshal(b, &seeded); err != nil {
		return err
	}
	s, err := openStore(ctx, program, *data)
	if err != nil {
		return err
	}
	defer s.engine.Close()
	config, err := writeConfig(seeded.Site)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(config) }()
	server, err := process.Start(exec.CommandContext(ctx, program, "serve", "--config", config, "--data", *data, "--listen", "127.0.0.1:0"))
	if err != nil {
		return err
	}
	defer server.Stop()
	if err := s.merge(ctx, "default"); err != nil {
		return err
	}
	if err := s.printSizes(ctx, seeded); err != nil {
		return err
	}
	if *peer {
		if err := s.buildPeer(ctx, seeded.From, seeded.To); err != nil {
			return err
		}
	}
	m := measure{store: s, address: server.Address, site: seeded.Site, runs: *runs, peer: *peer}
	for _, period := range []struct {
		name string
		from time.Time
		goal time.Duration
	}{
		{"30 days", seeded.To.AddDate(0, 0, -30), 100 * time.Millisecond},
		{"12 months", seeded.From, 300 * time.Millisecond},
	} {
		if err := m.period(ctx, period.name, period.from, seeded.To, period.goal); err != nil {
			return err
		}
	}
	return nil
}

// writeConfig writes the configuration of the klar that is asked.
func writeConfig(site string) (string, error) {
	f, err := os.CreateTemp("", "panels-*.yaml")
	if err != nil {
		return "", err
	}
	if _, err := fmt.Fprintf(f, "http: {rate_limit: 0}\nsites: [{id: %s}]\n", site); err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}
