package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/klar-analytics/klar/digest"
)

func reportCommand() command {
	return command{
		name: "report", short: "the report of a site's last week, month or days, printed or sent", made: true,
		long: `Prints the report that klar serve sends by itself on Mondays (week) and on the first of a month (month), or one of the
last days (7d, 28d …), without today. With --send it is sent now, to the receivers of sites[].reports: those of monthly
for a month, else those of weekly. It also works while serve runs.`,
		setup: func(c *call) func(context.Context) error {
			site := c.flags.String("site", "", "`ID` of the site; may be left out if there is one only")
			period := c.flags.String("period", "week", "`week`, month, or a number of days such as 7d")
			format := c.flags.String("format", "text", "`FORMAT` to print: text, html or json")
			language := c.flags.String("language", "", "`LANGUAGE` to print, en or de (default: that of the site's reports)")
			send := c.flags.Bool("send", false, "send it instead")
			return func(ctx context.Context) error {
				if len(c.args) > 0 {
					return errors.New("report takes no argument; see 'klar help report'")
				}
				if !knownLanguage(*language) {
					return fmt.Errorf("--language: %q is neither en nor de", *language)
				}
				if *format != "text" && *format != "html" && *format != "json" {
					return fmt.Errorf("--format: %q is neither text, html nor json", *format)
				}
				return c.report(ctx, *site, *period, *format, *language, *send)
			}
		},
	}
}

func (c *call) report(ctx context.Context, id, period, format, language string, send bool) error {
	s, err := c.reported(id)
	if err != nil {
		return err
	}
	now := time.Now().In(s.location)
	kind, days, err := digest.ParsePeriod(period, now)
	if err != nil {
		return fmt.Errorf("--period: %w", err)
	}
	if send {
		if c.config.receivers, err = c.config.openReceivers(); err != nil {
			return err
		}
	}
	of := c.config.digestOf(s)
	to := of.Weekly
	if kind == digest.Monthly {
		to = of.Monthly
	}
	if send && len(to) == 0 {
		return fmt.Errorf("nobody gets this report: the site %s has no receivers in its reports", s.ID)
	}
	if err := c.existingData(); err != nil {
		return err
	}
	db, closeStore, err := c.store(ctx, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	defer closeStore()
	if known, err := c.sites(ctx, db); err != nil || known[s.ID] == nil {
		return errors.Join(err, fmt.Errorf("there is no site %q", s.ID))
	}
	made, err := digest.Ask(ctx, db, of, kind, days, now)
	if err != nil {
		return err
	}
	if send {
		return c.sendReport(ctx, made, to, now)
	}
	if language == "" {
		language = s.Reports.Language
	}
	return c.printReport(made, digest.Language(language), format, now)
}

// reported returns the site that is meant: by its id, or the only one.
func (c *call) reported(id string) (siteConfig, error) {
	if id == "" && len(c.config.Sites) == 1 {
		return c.config.Sites[0], nil
	}
	if id == "" {
		return siteConfig{}, errors.New("report needs --site ID")
	}
	for _, s := range c.config.Sites {
		if s.ID == id {
			return s, nil
		}
	}
	return siteConfig{ID: id, location: time.UTC}, nil // one that was only imported
}

func (c *call) printReport(made digest.Report, language digest.Language, format string, now time.Time) error {
	if format == "json" {
		enc := json.NewEncoder(c.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(made)
	}
	m, err := made.Message(language, now)
	if err != nil {
		return err
	}
	text := m.Text
	if format == "html" {
		text = m.HTML
	}
	_, err = fmt.Fprint(c.stdout, text)
	return err
}

// sendReport delivers a report at once, without the outbox of serve. What fails is said, without an address.
func (c *call) sendReport(ctx context.Context, made digest.Report, to []digest.Receiver, now time.Time) error {
	failed := 0
	for i, r := range to {
		if err := deliverNow(ctx, made, r, now); err != nil {
			failed++
			fmt.Fprintf(c.stderr, "klar: receiver %d (%s): %v\n", i+1, r.Kind(), err)
		}
	}
	fmt.Fprintf(c.stdout, "sent to %d of %d receivers\n", len(to)-failed, len(to))
	if failed > 0 {
		return errSaid
	}
	return nil
}

// deliverNow delivers a report to one receiver at once.
func deliverNow(ctx context.Context, made digest.Report, to digest.Receiver, now time.Time) error {
	m, err := made.Message(to.Language, now)
	if err != nil {
		return err
	}
	m.ID += fmt.Sprintf("/%d", now.Unix()) // another one than that which comes by itself
	return to.Deliver(ctx, m)
}
