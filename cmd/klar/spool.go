package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/klar-analytics/klar/storage/spool"
)

func spoolCommand() command {
	return command{
		name: "spool", args: "[retry]", short: "blocks of rows that ClickHouse refused, and sending them again",
		long: `Lists the blocks of rows that ClickHouse refused and that were set aside, with the reason; "klar spool retry" sends them
again and deletes those that are taken. Both work while serve runs. docs/operations.md tells when that happens.`,
		setup: func(c *call) func(context.Context) error {
			asJSON := c.flags.Bool("json", false, "list as JSON")
			return func(ctx context.Context) error {
				switch {
				case len(c.args) == 0:
					return c.listRefused(*asJSON)
				case len(c.args) == 1 && c.args[0] == "retry":
					return c.retryRefused(ctx)
				}
				return errors.New("spool takes no argument but retry; see 'klar help spool'")
			}
		},
	}
}

// refusedBlock is a block that was set aside, and the name of its spool.
type refusedBlock struct {
	Spool string `json:"spool"`
	spool.Refused
	dir string
}

// refusedBlocks returns what is set aside in all spools.
func (c *call) refusedBlocks() ([]refusedBlock, error) {
	dirs, err := filepath.Glob(c.spoolDir("*"))
	if err != nil {
		return nil, err
	}
	all := []refusedBlock{}
	for _, dir := range dirs {
		blocks, err := spool.ListRefused(dir)
		if err != nil {
			return nil, err
		}
		for _, b := range blocks {
			all = append(all, refusedBlock{Spool: filepath.Base(dir), Refused: b, dir: dir})
		}
	}
	return all, nil
}

func (c *call) listRefused(asJSON bool) error {
	blocks, err := c.refusedBlocks()
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(blocks)
	}
	if len(blocks) == 0 {
		_, err := fmt.Fprintln(c.stdout, "no block is set aside")
		return err
	}
	t := tabwriter.NewWriter(c.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "SPOOL\tCUT\tTABLE\tMONTH\tROWS\tSINCE\tREASON")
	for _, b := range blocks {
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%s\t%s\t%s\n", b.Spool, b.Cut, b.Table, b.Month, humanize.Comma(int64(b.Rows)), b.At.Format(time.RFC3339), b.Reason)
	}
	return t.Flush()
}

// retryRefused sends all blocks again, one after the other; one that is still refused does not stop the rest.
func (c *call) retryRefused(ctx context.Context) error {
	blocks, err := c.refusedBlocks()
	if err != nil || len(blocks) == 0 {
		return errors.Join(err, c.listRefused(false))
	}
	db, closeStore, err := c.store(ctx, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	defer closeStore()
	var errs []error
	for _, b := range blocks {
		if err := db.Retry(ctx, b.dir, b.Refused); err != nil {
			errs = append(errs, err)
		}
	}
	fmt.Fprintf(c.stdout, "%d of %d blocks are stored now\n", len(blocks)-len(errs), len(blocks))
	return errors.Join(errs...)
}
