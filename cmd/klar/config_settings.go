package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/klar-analytics/klar/dashboards/settings"
)

// unused is something that was made in the interface and does not hold.
type unused struct {
	site   string
	kind   settings.Kind
	name   string // of kind Sites the site's id
	field  string // what of it is wrong, such as hosts.0; empty: all of it
	reason string
}

// is reports whether that is what is unused.
func (u unused) is(site string, kind settings.Kind, name string) bool {
	return u.site == site && u.kind == kind && u.name == name
}

// merge puts what was made in the interface under what the file says, and checks the whole. What the file names holds as
// it stands there; what of the rest cannot be is left out and noted as unused. An error is one of the file.
func (c *config) merge(made settings.Settings) error {
	c.made, c.unused = made, nil
	c.shadow()
	for {
		c.Sites = c.together()
		err := c.complete()
		wrong := (*keyError)(nil)
		if !errors.As(err, &wrong) {
			return err
		}
		u, ok := c.unusedOf(wrong)
		if !ok {
			return err
		}
		c.unused = append(c.unused, u)
	}
}

// shadow notes what the file has of the same name, and what belongs to a site that is gone from the file.
func (c *config) shadow() {
	for _, s := range c.made.Sites {
		filed := c.filedSite(s.ID)
		switch {
		case filed == nil && s.Definition == nil:
			c.unused = append(c.unused, unused{s.ID, settings.Sites, s.ID, "", "the configuration file does not name the site any more"})
			continue
		case filed == nil:
			continue
		case s.Definition != nil:
			c.unused = append(c.unused, unused{s.ID, settings.Sites, s.ID, "", "the configuration file names the site, too, and holds"})
		}
		mine := siteOf(s)
		for _, kind := range settings.Definitions {
			for _, name := range mine.names(kind) {
				if slices.Contains(filed.names(kind), name) {
					c.unused = append(c.unused, unused{s.ID, kind, name, "name", "the configuration file has one of that name, which holds"})
				}
			}
		}
	}
}

// filedSite returns a site of the file, nil if it has none of that id.
func (c *config) filedSite(id string) *siteConfig {
	if i := slices.IndexFunc(c.filed, func(s siteConfig) bool { return s.ID == id }); i >= 0 {
		return &c.filed[i]
	}
	return nil
}

// together returns the sites of the file, each with what was added to it, and then those of the interface; all without
// what is unused.
func (c *config) together() []siteConfig {
	var all []siteConfig
	for _, s := range c.filed {
		mine := c.used(c.made.Site(s.ID))
		s.Goals = slices.Concat(s.Goals, mine.Goals)
		s.Groups = slices.Concat(s.Groups, mine.Groups)
		s.Funnels = slices.Concat(s.Funnels, mine.Funnels)
		s.Segments = slices.Concat(s.Segments, mine.Segments)
		if s.Reports.zero() {
			s.Reports = mine.Reports
		}
		all = append(all, s)
	}
	for _, s := range c.made.Sites {
		if c.filedSite(s.ID) == nil && s.Definition != nil && !c.leftOut(s.ID, settings.Sites, s.ID) {
			all = append(all, c.used(s))
		}
	}
	return all
}

// leftOut reports whether something is noted as unused.
func (c *config) leftOut(site string, kind settings.Kind, name string) bool {
	return slices.ContainsFunc(c.unused, func(u unused) bool { return u.is(site, kind, name) })
}

// used returns what was made for a site, without what is unused.
func (c *config) used(made settings.Site) siteConfig {
	s := siteOf(made)
	s.Goals = slices.DeleteFunc(s.Goals, func(g goalConfig) bool { return c.leftOut(s.ID, settings.Goals, g.Name) })
	s.Groups = slices.DeleteFunc(s.Groups, func(g groupConfig) bool { return c.leftOut(s.ID, settings.Groups, g.Name) })
	s.Funnels = slices.DeleteFunc(s.Funnels, func(f funnelConfig) bool { return c.leftOut(s.ID, settings.Funnels, f.Name) })
	s.Segments = slices.DeleteFunc(s.Segments, func(one segmentConfig) bool { return c.leftOut(s.ID, settings.Segments, one.Name) })
	if c.leftOut(s.ID, settings.ReportsOf, string(settings.ReportsOf)) {
		s.Reports = reportsConfig{}
	}
	return s
}

// siteOf returns what was made for a site as the configuration has it.
func siteOf(made settings.Site) siteConfig {
	s := siteConfig{ID: made.ID}
	if d := made.Definition; d != nil {
		s.Hosts, s.Timezone, s.Retention = d.Hosts, d.Timezone, d.Retention
	}
	for _, g := range made.Goals {
		s.Goals = append(s.Goals, goalConfig(g))
	}
	for _, g := range made.Groups {
		s.Groups = append(s.Groups, groupConfig(g))
	}
	for _, f := range made.Funnels {
		s.Funnels = append(s.Funnels, funnelConfig(f))
	}
	for _, one := range made.Segments {
		s.Segments = append(s.Segments, segmentConfig(one))
	}
	if made.Reports != nil {
		s.Reports = reportsConfig(*made.Reports)
	}
	return s
}

// shownSite is the reverse of siteOf.
func (s *siteConfig) shownSite() settings.Site {
	shown := settings.Site{ID: s.ID, Definition: &settings.Definition{Hosts: s.Hosts, Timezone: s.Timezone, Retention: s.Retention}}
	for _, g := range s.Goals {
		shown.Goals = append(shown.Goals, settings.Goal(g))
	}
	for _, g := range s.Groups {
		shown.Groups = append(shown.Groups, settings.Group(g))
	}
	for _, f := range s.Funnels {
		shown.Funnels = append(shown.Funnels, settings.Funnel(f))
	}
	for _, one := range s.Segments {
		shown.Segments = append(shown.Segments, settings.Segment(one))
	}
	if !s.Reports.zero() {
		r := settings.Reports(s.Reports)
		shown.Reports = &r
	}
	return shown
}

// names returns the names of what a site has of a kind, in their order.
func (s *siteConfig) names(kind settings.Kind) []string {
	var all []string
	switch kind {
	case settings.Goals:
		for _, g := range s.Goals {
			all = append(all, g.Name)
		}
	case settings.Groups:
		for _, g := range s.Groups {
			all = append(all, g.Name)
		}
	case settings.Funnels:
		for _, f := range s.Funnels {
			all = append(all, f.Name)
		}
	case settings.Segments:
		for _, one := range s.Segments {
			all = append(all, one.Name)
		}
	case settings.ReportsOf:
		if !s.Reports.zero() {
			all = append(all, string(kind))
		}
	}
	return all
}

// unusedOf finds what was made in the interface and stands at the key of an error, and false if that is of the file.
func (c *config) unusedOf(wrong *keyError) (unused, bool) {
	parts := strings.Split(wrong.key, ".")
	if parts[0] != "sites" || len(parts) < 2 {
		return unused{}, false
	}
	i, err := strconv.Atoi(parts[1])
	if err != nil {
		return unused{}, false
	}
	s := &c.Sites[i]
	parts = parts[2:]
	if len(parts) > 0 && slices.Contains(settings.Definitions, settings.Kind(parts[0])) {
		kind := settings.Kind(parts[0])
		names := s.names(kind)
		if kind == settings.ReportsOf { // which are not numbered
			parts = slices.Insert(parts, 1, "0")
		}
		at := len(names) - 1 // if they are too many
		if len(parts) > 1 {
			at, _ = strconv.Atoi(parts[1]) // the checks number them
		}
		if i < len(c.filed) && at < len(c.filed[i].names(kind)) {
			return unused{}, false
		}
		return unused{s.ID, kind, names[at], strings.Join(parts[min(2, len(parts)):], "."), wrong.err.Error()}, true
	}
	return unused{s.ID, settings.Sites, s.ID, strings.Join(parts, "."), wrong.err.Error()}, i >= len(c.filed)
}

// view returns what is defined for a site, and false if neither the file nor the interface knows it.
func (c *config) view(id string) (settings.View, bool) {
	v := settings.NewView(id)
	if filed := c.filedSite(id); filed != nil {
		v.Add(filed.shownSite(), func(settings.Kind, string) settings.Origin { return settings.Origin{Source: settings.FromFile} })
	}
	v.Add(c.made.Site(id), func(kind settings.Kind, name string) settings.Origin {
		o := settings.Origin{Source: settings.FromInterface}
		if i := slices.IndexFunc(c.unused, func(u unused) bool { return u.is(id, kind, name) }); i >= 0 {
			o.Problem = c.unused[i].reason
		}
		return o
	})
	v.Receivers.Mail = c.Mail.SMTP != ""
	for _, w := range c.Webhooks {
		v.Receivers.Webhooks = append(v.Receivers.Webhooks, w.Name)
	}
	return v, v.Site.Source != settings.FromFigures
}

// String says in a line what does not hold.
func (u unused) String() string {
	what := fmt.Sprintf("the site %q", u.site)
	if u.kind != settings.Sites {
		what = fmt.Sprintf("%s of the site %q: %q", u.kind, u.site, u.name)
	}
	return what + ": " + u.reason
}
