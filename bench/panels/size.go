package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
)

// printSizes prints what a line of the log takes in the store, by table, and beside it packed.
func (s *store) printSizes(ctx context.Context, seeded seed) error {
	answer, err := s.sql(ctx, `SELECT table, sum(rows), sum(bytes_on_disk) AS b FROM system.parts WHERE active AND database = 'default'
		GROUP BY table ORDER BY b DESC`)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "table\trows\tbytes\tbytes/row\tbytes/line\t")
	var all float64
	lines := float64(seeded.Lines)
	for line := range strings.Lines(answer) {
		f := strings.Fields(line)
		rows, _ := strconv.ParseFloat(f[1], 64)
		size, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return err
		}
		all += size
		fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%.2f\t%.3f\t\n", f[0], rows, size, size/rows, size/lines)
	}
	fmt.Fprintf(w, "all\t\t%.0f\t\t%.2f\t\n", all, all/lines)
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Printf("%d lines of %.0f bytes, %.1f packed by gzip -6: stored is 1/%.1f of that; goal 1/5\n\n",
		seeded.Lines, seeded.LineBytes, seeded.PackedBytes, seeded.PackedBytes*lines/all)
	return nil
}
