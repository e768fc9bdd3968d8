package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/storage"
	"github.com/klar-analytics/klar/storage/spool"
)

// deleteFlags are the flags of klar delete.
type deleteFlags struct {
	site, before string
	yes, asJSON  bool
}

func deleteCommand() command {
	return command{
		name: "delete", short: "deletes what is stored of a site, for good", made: true,
		long: `Deletes what is stored of a site, or what is older than a day: from ClickHouse, from the spool, from what was set aside
and from the alerts, and waits until ClickHouse's files hold nothing of it. It says what will go and asks; --yes answers. It works while
serve runs, but not beside an import. Logs that were imported stay known: imported again they count only with --again.

  klar delete --site example.org --before 2025-01-01`,
		setup: func(c *call) func(context.Context) error {
			var f deleteFlags
			c.flags.StringVar(&f.site, "site", "", "`ID` of the site")
			c.flags.StringVar(&f.before, "before", "", "delete the days before `DATE` only, as 2025-01-31, in the site's time zone")
			c.flags.BoolVar(&f.yes, "yes", false, "do not ask")
			c.flags.BoolVar(&f.asJSON, "json", false, "print what was deleted as JSON; needs --yes")
			return func(ctx context.Context) error { return c.delete(ctx, f) }
		},
	}
}

// deletion is a klar delete that is under way.
type deletion struct {
	*call
	storage.Deletion
	flags deleteFlags
	db    *storage.DB
	log   *slog.Logger
}

func (c *call) delete(ctx context.Context, f deleteFlags) error {
	d, err := c.checkDeletion(f)
	if err != nil {
		return err
	}
	if err := c.existingData(); err != nil {
		return err
	}
	var closeStore func()
	if d.db, closeStore, err = c.store(ctx, d.log, nil); err != nil {
		return err
	}
	defer closeStore()
	result, err := d.run(ctx)
	if err != nil || result == nil {
		return err
	}
	return d.report(result)
}

// checkDeletion refuses what cannot be meant before anything is opened.
func (c *call) checkDeletion(f deleteFlags) (*deletion, error) {
	if len(c.args) > 0 {
		return nil, errors.New("delete takes no argument; see 'klar help delete'")
	}
	if f.site == "" {
		return nil, errors.New("delete needs --site: whose figures are to go?")
	}
	if err := anonymize.CheckSite(f.site); err != nil {
		return nil, fmt.Errorf("--site: %q cannot be one: %w", f.site, err)
	}
	d := &deletion{
		call: c, flags: f, Deletion: storage.Deletion{Site: f.site},
		log: slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if f.before != "" {
		var err error
		if d.Before, err = time.ParseInLocation(time.DateOnly, f.before, c.zone(f.site)); err != nil {
			return nil, fmt.Errorf("--before: %q is not a day such as 2025-01-31", f.before)
		}
	}
	stdin, ok := c.stdin.(*os.File)
	if asks := !f.asJSON && ok && term.IsTerminal(int(stdin.Fd())); !asks && !f.yes {
		return nil, errors.New("delete cannot ask here whether you mean it: say so with --yes")
	}
	return d, nil
}

// zone is the site's time zone.
func (c *call) zone(site string) *time.Location {
	for _, s := range c.config.Sites {
		if s.ID == site {
			return s.location
		}
	}
	return time.UTC
}

// run deletes, or returns nil if the answer is no.
func (d *deletion) run(ctx context.Context) (*deleted, error) {
	if err := d.drain(ctx); err != nil {
		return nil, err
	}
	result := &deleted{Site: d.flags.site, Before: d.flags.before}
	var err error
	if result.Rows, err = d.db.Deletable(ctx, d.Deletion); err != nil {
		return nil, err
	}
	if !d.flags.asJSON {
		d.show(result.Rows)
	}
	if !d.flags.yes {
		if !d.confirmed() {
			_, err := fmt.Fprintln(d.stdout, "nothing was deleted")
			return nil, err
		}
		if err := d.drain(ctx); err != nil { // what came in meanwhile
			return nil, err
		}
	}
	waits := d.sayLater("ClickHouse is writing its files anew; a server keeps the old ones for some minutes")
	defer waits.Stop()
	if err := d.db.Delete(ctx, d.Deletion); err != nil {
		return nil, err
	}
	for _, dir := range d.spools() {
		n, err := storage.DeleteRefused(dir, d.Deletion)
		if result.Refused += n; err != nil {
			return nil, err
		}
	}
	if d.Before.IsZero() {
		if err := d.forgetCrowds(d.flags.site); err != nil {
			return nil, err
		}
	}
	if err := d.forgetAlerts(ctx, d.flags.site, d.Before); err != nil {
		return nil, err
	}
	since, err := d.db.Deletable(ctx, d.Deletion)
	for _, t := range since {
		result.Since += t.Rows
	}
	return result, err
}

// spools lists the directories of the spools that there are.
func (c *call) spools() []string {
	dirs, _ := filepath.Glob(c.spoolDir("*")) // the pattern is good
	return slices.DeleteFunc(dirs, func(dir string) bool {
		info, err := os.Stat(dir)
		return err != nil || !info.IsDir()
	})
}

// settleTime is more than klar serve keeps in memory before it writes it to the spool.
const settleTime = 2 * time.Second

// drain brings what waits in the spools to ClickHouse, where it can be deleted, so that it is not delivered afterwards.
func (d *deletion) drain(ctx context.Context) error {
	waits := d.sayLater("waiting until what was taken in before is in ClickHouse")
	defer waits.Stop()
	group, ctx := errgroup.WithContext(ctx)
	for _, dir := range d.spools() {
		group.Go(func() error { return d.drainOne(ctx, dir) })
	}
	return group.Wait()
}

func (d *deletion) drainOne(ctx context.Context, dir string) error {
	settle := settleTime
	if filepath.Base(dir) == "import" {
		settle = -1
	}
	err := d.db.Drained(ctx, dir, settle, d.log)
	var locked *spool.LockedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &locked) && settle < 0:
		return fmt.Errorf("klar import is running, process %d: delete when it has ended", locked.PID)
	}
	return fmt.Errorf("what waits in the spool %s must be in ClickHouse before it can be deleted: %w", filepath.Base(dir), err)
}

// sayLater tells why it takes so long, if it does.
func (d *deletion) sayLater(text string) *time.Timer {
	return time.AfterFunc(4*time.Second, func() { fmt.Fprintln(d.stderr, "klar: "+text) })
}
