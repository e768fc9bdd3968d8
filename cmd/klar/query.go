package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/klar-analytics/klar/report"
	"github.com/klar-analytics/klar/storage"
)

func queryCommand() command {
	return command{
		name: "query", args: "JSON", short: "a question in the form of the Stats API, answered as a table or JSON", made: true,
		long: `Asks the statistics in the form of Plausible's Stats API v2. JSON is the question; "-" reads it from standard input.
Without site_id in it, --site names the site. It also works while serve runs.

  klar query --site example.org '{"metrics": ["visitors", "pageviews"], "date_range": "28d", "dimensions": ["visit:source"]}'`,
		setup: func(c *call) func(context.Context) error {
			site := c.flags.String("site", "", "`ID` of the site, if the question does not name it")
			asJSON := c.flags.Bool("json", false, "answer as the Stats API does")
			format := c.flags.String("format", "", "a file of all rows: `FORMAT` is csv, json or parquet")
			return func(ctx context.Context) error { return c.query(ctx, *site, *asJSON, *format) }
		},
	}
}

func (c *call) query(ctx context.Context, site string, asJSON bool, format string) error {
	var file report.Format
	if format != "" {
		var err error
		if file, err = report.ParseFormat("--format", format); err != nil {
			return err
		}
	}
	if len(c.args) != 1 {
		return errors.New("query takes one argument, the question as JSON; see 'klar help query'")
	}
	body := []byte(c.args[0])
	if c.args[0] == "-" {
		var err error
		if body, err = io.ReadAll(io.LimitReader(c.stdin, 1<<20)); err != nil {
			return err
		}
	}
	if err := c.existingData(); err != nil {
		return err
	}
	body, err := withSite(body, site)
	if err != nil {
		return err
	}
	db, closeStore, err := c.store(ctx, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	defer closeStore()
	sites, err := c.sites(ctx, db)
	if err != nil {
		return err
	}
	q, err := report.Parse(body, report.Options{Now: time.Now(), Sites: sites.location, Segments: c.segment, Definitions: c.config.definitionsOf, Export: file != ""})
	if err != nil {
		return err
	}
	if _, place := q.Present(); place >= 0 {
		return errors.New("visitors of the present are known to the running klar serve only; ask its Stats API")
	}
	if file != "" {
		return db.Export(ctx, c.stdout, q, file)
	}
	result, err := db.Query(ctx, q)
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(result)
	}
	if err := printResult(c.stdout, result); err != nil {
		return err
	}
	printWarnings(c.stderr, result)
	return nil
}

// withSite adds the site to a question that names none.
func withSite(body []byte, site string) ([]byte, error) {
	if site == "" {
		return body, nil
	}
	var q map[string]json.RawMessage
	if err := json.Unmarshal(body, &q); err != nil {
		return body, nil // Parse says what is wrong with it
	}
	id, err := json.Marshal(site)
	if err != nil {
		return nil, err
	}
	if have, ok := q["site_id"]; ok && string(have) != string(id) {
		return nil, errors.New("the question names another site than --site")
	}
	q["site_id"] = id
	return json.Marshal(q)
}

func printResult(w io.Writer, r report.Result) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, d := range r.Query.Dimensions {
		fmt.Fprintf(t, "%s\t", d)
	}
	for _, m := range r.Query.Metrics {
		fmt.Fprintf(t, "%s\t", m)
	}
	fmt.Fprintln(t)
	for _, row := range r.Rows {
		for _, d := range row.Dimensions {
			fmt.Fprintf(t, "%s\t", d)
		}
		for _, m := range row.Metrics {
			if m == nil {
				m = "-"
			}
			fmt.Fprintf(t, "%v\t", m)
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// printWarnings says below a table what its JSON form says in meta.
func printWarnings(w io.Writer, r report.Result) {
	if r.RangeWarning.Text != "" {
		fmt.Fprintln(w, "klar: note:", r.RangeWarning.Text)
	}
	for _, m := range slices.Sorted(maps.Keys(r.Warnings)) {
		fmt.Fprintf(w, "klar: note: %s: %s\n", m, r.Warnings[m].Text)
	}
}

// siteList knows the time zones of the sites: of the configured ones, and UTC for those that were only imported.
type siteList map[string]*time.Location

func (s siteList) location(id string) (*time.Location, bool) {
	l, ok := s[id]
	return l, ok
}

// segment returns the filters of a saved segment of a site, by its name or number, and false if there is none.
func (c *call) segment(site, key string) (json.RawMessage, bool) {
	for _, s := range c.config.Sites {
		if s.ID != site {
			continue
		}
		if i := slices.IndexFunc(s.segments, func(saved report.Segment) bool { return saved.Is(key) }); i >= 0 {
			return s.segments[i].Filters, true
		}
	}
	return nil, false
}

func (c *call) sites(ctx context.Context, db *storage.DB) (siteList, error) {
	list := siteList{}
	stored, err := db.Sites(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range stored {
		list[s.ID] = time.UTC
	}
	for _, s := range c.config.Sites {
		list[s.ID] = s.location
	}
	return list, nil
}
