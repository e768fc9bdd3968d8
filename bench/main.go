// Command bench measures klar import, end to end and durable in ClickHouse, against GoAccess and against ClickHouse's
// own regular expression over the file, side by side in one run on a log that it generates from the real one. It prints
// medians and the ratio of the pairs; the machine may be shared and noisy, so ratios are what to quote.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/klar-analytics/klar/bench/genlog"
)

// peer is one of the programs that are measured. It reads the log once, into a fresh directory.
type peer struct {
	name string
	run  func(ctx context.Context, log, dir string) (usage, error)
}

// usage is what one run cost.
type usage struct {
	wall, cpu time.Duration
	rss       []resident // the largest resident memory of each process
	check     string     // what the peer says it counted
}

// resident is the largest resident memory of a process.
type resident struct {
	name string
	mib  float64
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	klar := flag.String("klar", "bin/klar", "klar's binary")
	from := flag.String("from", "../shared/data/logs/apache-combined-10k.log", "the real log")
	lines := flag.Int("lines", 1_000_000, "lines to generate")
	runs := flag.Int("runs", 3, "runs of each peer, in turn")
	only := flag.Bool("generate", false, "generate the log, print its name and stop")
	flag.Parse()
	program, err := filepath.Abs(*klar)
	if err != nil {
		return err
	}

	work := filepath.Join("build", "bench")
	if err := os.MkdirAll(work, 0o755); err != nil {
		return err
	}
	log := filepath.Join(work, fmt.Sprintf("access-%d.log", *lines))
	if _, err := os.Stat(log); err != nil {
		fmt.Fprintf(os.Stderr, "generating %s\n", log)
		if err := genlog.Copies(log, *from, *lines, 1); err != nil {
			return err
		}
	}
	if *only {
		fmt.Println(log)
		return nil
	}
	peers := []peer{
		{"klar import", importer(program)},
		{"GoAccess", goaccess},
		{"ClickHouse file() + regex", clickhouse(program)},
	}
	results, err := measure(context.Background(), peers, log, work, *runs)
	if err != nil {
		return err
	}
	return printTable(peers, results, *lines)
}

// measure runs the peers in turn, so that a slow minute of the machine meets all of them.
func measure(ctx context.Context, peers []peer, log, work string, runs int) ([][]usage, error) {
	results := make([][]usage, len(peers))
	for r := range runs {
		for i, p := range peers {
			dir, err := os.MkdirTemp(work, "run-")
			if err != nil {
				return nil, err
			}
			limited, cancel := context.WithTimeout(ctx, 5*time.Minute)
			u, err := p.run(limited, log, dir)
			cancel()
			_ = os.RemoveAll(dir)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			fmt.Fprintf(os.Stderr, "run %d: %s: %.2f s (%s)\n", r+1, p.name, u.wall.Seconds(), u.check)
			results[i] = append(results[i], u)
		}
	}
	return results, nil
}

func printTable(peers []peer, results [][]usage, lines int) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "program\twall s\tlines/s\tCPU s\ttimes as long as klar (median, min–max of pairs)\tlargest resident memory")
	for i, p := range peers {
		wall := median(results[i], func(u usage) float64 { return u.wall.Seconds() })
		cpu := median(results[i], func(u usage) float64 { return u.cpu.Seconds() })
		var ratios []float64
		for r, u := range results[i] {
			ratios = append(ratios, u.wall.Seconds()/results[0][r].wall.Seconds())
		}
		slices.Sort(ratios)
		fmt.Fprintf(w, "%s\t%.2f\t%.0f\t%.2f\t%.2f (%.2f–%.2f)\t", p.name, wall, float64(lines)/wall, cpu,
			ratios[len(ratios)/2], ratios[0], ratios[len(ratios)-1])
		for n, proc := range results[i][0].rss {
			mib := median(results[i], func(u usage) float64 { return u.rss[min(n, len(u.rss)-1)].mib })
			fmt.Fprintf(w, "%s %.0f MiB  ", proc.name, mib)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func median(us []usage, of func(usage) float64) float64 {
	var v []float64
	for _, u := range us {
		v = append(v, of(u))
	}
	slices.Sort(v)
	return v[len(v)/2]
}
