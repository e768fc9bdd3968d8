package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize"

	"github.com/klar-analytics/klar/storage"
)

// deleted is what klar delete --json prints.
type deleted struct {
	Site   string              `json:"site"`
	Before string              `json:"before,omitempty"`
	Rows   []storage.TableRows `json:"rows"`
	// Refused are rows of blocks that were set aside, Since those that came in while the others were deleted.
	Refused int    `json:"refused"`
	Since   uint64 `json:"since"`
}

// show prints what will go.
func (d *deletion) show(rows []storage.TableRows) {
	if len(rows) == 0 {
		fmt.Fprintf(d.stdout, "there is nothing of %s in ClickHouse\n", d.what())
		return
	}
	t := tabwriter.NewWriter(d.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "TABLE\tROWS")
	for _, r := range rows {
		fmt.Fprintf(t, "%s\t%s\n", r.Table, humanize.Comma(int64(r.Rows)))
	}
	_ = t.Flush()
}

// what names what is deleted.
func (d *deletion) what() string {
	if d.flags.before == "" {
		return d.flags.site
	}
	return d.flags.site + " before " + d.flags.before
}

func (d *deletion) confirmed() bool {
	fmt.Fprintf(d.stdout, "Delete all of %s, for good? [y/N] ", d.what())
	answer, _ := bufio.NewReader(d.stdin).ReadString('\n')
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// report prints what was deleted.
func (d *deletion) report(r *deleted) error {
	if d.flags.asJSON {
		if r.Rows == nil {
			r.Rows = []storage.TableRows{}
		}
		enc := json.NewEncoder(d.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	var rows uint64
	for _, t := range r.Rows {
		rows += t.Rows
	}
	fmt.Fprintf(d.stdout, "deleted: %s rows of %s; none of ClickHouse's files holds them any more\n", humanize.Comma(int64(rows)), d.what())
	if r.Refused > 0 {
		fmt.Fprintf(d.stdout, "deleted: %s rows that ClickHouse had refused\n", humanize.Comma(int64(r.Refused)))
	}
	if r.Since > 0 {
		fmt.Fprintf(d.stdout, "%s rows came in meanwhile and are stored\n", humanize.Comma(int64(r.Since)))
	}
	if d.Before.IsZero() && slices.ContainsFunc(d.config.Sites, func(s siteConfig) bool { return s.ID == d.flags.site }) {
		fmt.Fprintf(d.stdout, "%s is in the configuration: what comes in from now on is counted\n", d.flags.site)
	}
	return nil
}
