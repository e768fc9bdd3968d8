package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/klar-analytics/klar/dashboards"
	"github.com/klar-analytics/klar/dashboards/settings"
	"github.com/klar-analytics/klar/digest"
	"github.com/klar-analytics/klar/report"
)

// editor lets the interface change what was made in it. The goroutine of the reloader does so, between two reloads.
type editor struct {
	*settings.Store
	reloader   *reloader
	statistics digest.Statistics
}

// errEnding says that no change is taken any more.
var errEnding = errors.New("klar is ending; make the change again when it runs")

// openSettings reads the settings once more, now that nobody else changes them.
func (c *call) openSettings() (*settings.Store, error) {
	made, err := settings.Open(c.config.Data)
	if err != nil {
		return nil, err
	}
	return made, c.config.merge(made.Now())
}

// View returns what is defined for a site, and false if neither the configuration file nor the interface knows it.
func (e *editor) View(site string) (settings.View, bool) { return e.reloader.shown.Load().view(site) }

// Change makes an edit hold, if the view that it was made from has the tag and the whole is one that can be; with try it
// only says whether it could. It returns the view of the site afterwards. What is refused changes nothing.
func (e *editor) Change(ctx context.Context, edit settings.Edit, tag string, try bool) (settings.View, error) {
	if err := e.inTurn(ctx, func(ctx context.Context) error { return e.reloader.edit(ctx, edit, tag, try) }); err != nil {
		return settings.View{}, err
	}
	view, _ := e.View(edit.Site)
	return view, nil
}

// Preview returns what the site would count if an edit held.
func (e *editor) Preview(ctx context.Context, edit settings.Edit) (report.Definitions, error) {
	defined := make(chan report.Definitions, 1)
	err := e.inTurn(ctx, func(context.Context) error {
		next, err := e.reloader.tried(edit)
		defined <- next.definitionsOf(edit.Site)
		return err
	})
	if err != nil {
		return report.Definitions{}, err
	}
	return <-defined, nil
}

// TryReports sends last week's report to all who get reports of a site, each in its language.
func (e *editor) TryReports(ctx context.Context, site string) ([]dashboards.AlertTest, error) {
	c, now := e.reloader.shown.Load(), time.Now()
	i := slices.IndexFunc(c.Sites, func(s siteConfig) bool { return s.ID == site })
	if i < 0 {
		return nil, nil
	}
	of := c.digestOf(c.Sites[i])
	now = now.In(of.Location)
	var list []dashboards.AlertTest
	var made *digest.Report
	names := c.Sites[i].Reports.receivers()
	for n, name := range names {
		to := c.told(c.Sites[i].Reports, []string{name})
		if len(to) == 0 || slices.Contains(names[:n], name) {
			continue
		}
		if made == nil {
			report, err := digest.Ask(ctx, e.statistics, of, digest.Weekly, digest.LastWeek(now), now)
			if err != nil {
				return nil, err
			}
			made = &report
		}
		one := dashboards.AlertTest{Receiver: name, Delivered: true}
		if err := deliverNow(ctx, *made, to[0], now); err != nil {
			one.Delivered, one.Error = false, err.Error()
			e.reloader.log.Warn("a report that was sent for a test was not taken", "site", site, "receiver", to[0].Kind(), "error", err)
		}
		list = append(list, one)
	}
	return list, nil
}

// inTurn has something done between two reloads. With an error of ctx it may still come about.
func (e *editor) inTurn(ctx context.Context, do func(context.Context) error) error {
	done := make(chan error, 1)
	select {
	case e.reloader.edits <- func(ctx context.Context) { done <- do(ctx) }:
	case <-e.reloader.ended:
		return errEnding
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// edit makes an edit hold, or leaves everything as it is.
func (r *reloader) edit(ctx context.Context, edit settings.Edit, tag string, try bool) error {
	view, defined := r.now.view(edit.Site)
	filed := r.now.filedSite(edit.Site)
	switch {
	case defined && tag != "*" && tag != view.Tag():
		return settings.ErrChanged
	case !defined && edit.Kind != settings.Sites:
		return settings.ErrUnknown
	case filed != nil && (edit.Kind == settings.Sites || slices.Contains(filed.names(edit.Kind), edit.Name)):
		return settings.ErrFixed
	}
	if try {
		_, err := r.tried(edit)
		return err
	}
	return r.made.Change(edit.Apply, func(made settings.Settings) error {
		next, err := r.with(edit, made)
		if err != nil {
			return err
		}
		return r.takeOver(ctx, next)
	})
}

// tried returns the configuration as it would be after an edit, or why that cannot be.
func (r *reloader) tried(edit settings.Edit) (config, error) {
	made, err := edit.Apply(r.made.Now())
	if err != nil {
		return config{}, err
	}
	return r.with(edit, made)
}

// with returns the configuration with what an edit has made of the settings, or why that cannot be.
func (r *reloader) with(edit settings.Edit, made settings.Settings) (config, error) {
	next := r.now
	if err := next.merge(made); err != nil {
		return next, refusal(err)
	}
	return next, next.refuses(edit, r.now.unused)
}

// refuses returns why an edit cannot be: it does not hold, or because of it something else does not that did before.
func (c *config) refuses(edit settings.Edit, before []unused) error {
	for _, u := range c.unused {
		if edit.New != "" && u.is(edit.Site, edit.Kind, edit.New) {
			return &settings.Error{Field: u.field, Reason: u.reason}
		}
	}
	for _, u := range c.unused {
		if !slices.ContainsFunc(before, func(b unused) bool { return b.is(u.site, u.kind, u.name) }) {
			return &settings.Error{Reason: u.String()}
		}
	}
	return nil
}

// refusal says what the configuration file would not go with, without the name of the file.
func refusal(err error) error {
	if wrong := (*keyError)(nil); errors.As(err, &wrong) {
		return &settings.Error{Reason: "the configuration file needs it: " + wrong.key + ": " + wrong.err.Error()}
	}
	return err
}
