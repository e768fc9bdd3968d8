package main

import (
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/dashboards"
	"github.com/klar-analytics/klar/storage/schema"
)

// takeOver follows a reload in what it changes at once; what waits for the next start is told as it still is.
func (r *reports) takeOver(next *config) {
	now := *r.running.Load()
	now.Sites, now.Sources, now.unused = next.Sites, next.Sources, next.unused
	now.Privacy.Respect, now.Privacy.Query = next.Privacy.Respect, next.Privacy.Query
	r.running.Store(&now)
}

// privacy says what is collected and stored.
func (r *reports) privacy(db *geo.DB) dashboards.Privacy {
	c := r.running.Load()
	p := dashboards.Privacy{
		IPv4Prefix: c.Privacy.IPv4Prefix, IPv6Prefix: c.Privacy.IPv6Prefix, Crowd: c.Privacy.Crowd,
		Respect: list(c.Privacy.Respect), Query: list(c.Privacy.Query),
		Geo: []dashboards.GeoDatabase{}, Store: "embedded",
	}
	if c.Storage.DSN != "" {
		p.Store = "server"
	}
	for _, s := range db.Sources() {
		p.Geo = append(p.Geo, dashboards.GeoDatabase{What: s.What, Name: s.Name, Date: s.Built.Format(time.DateOnly)})
	}
	counting := false
	for i := range c.Sites {
		site := c.privacyOf(&c.Sites[i])
		counting = counting || site.Goals
		p.Sites = append(p.Sites, site)
	}
	for _, t := range schema.Described() {
		if t.Needs == "goals" && !counting {
			continue
		}
		table := dashboards.PrivacyTable{Name: t.Name, Text: dashboards.Bilingual(t.Text)}
		for _, col := range t.Columns {
			table.Columns = append(table.Columns, dashboards.PrivacyColumn{Name: col.Name, Text: dashboards.Bilingual(col.Text)})
		}
		p.Tables = append(p.Tables, table)
	}
	return p
}

// privacyOf says what holds for one site.
func (c *config) privacyOf(s *siteConfig) dashboards.PrivacySite {
	return dashboards.PrivacySite{
		ID: s.ID, Hosts: s.Hosts, RetentionDays: s.keep.days, RetentionMonths: s.keep.months,
		Logs: c.logged(s.ID), Beacons: true, LogSignals: c.logSignals(s.ID),
		Goals:   len(s.Goals)+len(s.Groups)+len(s.Funnels) > 0,
		Revenue: slices.ContainsFunc(s.Goals, func(g goalConfig) bool { return g.Currency != "" }),
	}
}

// logSignals returns those of gpc and dnt that are respected and that the written format of every log of a site names.
// What the formats that are found out name is not known here.
func (c *config) logSignals(site string) []string {
	names := map[string][]string{"gpc": {"sec_gpc", "sec-gpc"}, "dnt": {"http_dnt", "(dnt)"}}
	signals := []string{}
	for _, signal := range c.Privacy.Respect {
		unnamed := func(s sourceConfig) bool {
			of := s.Site == site || s.Site == ""
			format := strings.ToLower(s.Format)
			return of && !slices.ContainsFunc(names[signal], func(n string) bool { return strings.Contains(format, n) })
		}
		if c.logged(site) && !slices.ContainsFunc(c.Sources, unnamed) {
			signals = append(signals, signal)
		}
	}
	return signals
}

// list returns an empty list for none, which JSON tells from null.
func list(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}
