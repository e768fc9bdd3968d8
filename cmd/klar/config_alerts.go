package main

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/klar-analytics/klar/alert"
)

// silenceConfig keeps alerts from being told. What is empty fits all.
type silenceConfig struct {
	Rule    string `yaml:"rule"` // a name, or a pattern with *
	Site    string `yaml:"site"`
	Net     string `yaml:"net"`
	Until   string `yaml:"until"`   // a day, which is not part of it, or a time; empty: for ever
	Comment string `yaml:"comment"` // for who reads the file
}

// feedConfig is a file of networks that tripped rules.
type feedConfig struct {
	File        string `yaml:"file"`
	Format      string `yaml:"format"`       // one of alert.FeedFormats
	TTL         string `yaml:"ttl"`          // how long a network is listed, such as 4h; empty: 4h
	MaxHarmless uint64 `yaml:"max_harmless"` // leaves out networks with more harmless requests; 0: none
}

// The bounds of how long a network is listed, and what it is by default.
const (
	leastFeed   = 10 * time.Minute
	defaultFeed = 4 * time.Hour
	mostFeed    = 30 * 24 * time.Hour
)

// checkFeeds checks the files of networks.
func (c *config) checkFeeds() error {
	c.feeds = nil
	for i, f := range c.Alerts.Feeds {
		key := fmt.Sprintf("alerts.feeds.%d", i)
		one := alert.Feed{File: f.File, Format: f.Format, TTL: defaultFeed, MaxHarmless: f.MaxHarmless}
		if f.File == "" || slices.ContainsFunc(c.feeds, func(o alert.Feed) bool { return o.File == f.File }) {
			return c.fail(key, "needs the name of a file that no other has")
		}
		if !slices.Contains(alert.FeedFormats, f.Format) {
			return c.fail(key, "format: %q is none of %q", f.Format, alert.FeedFormats)
		}
		if f.TTL != "" {
			var err error
			if one.TTL, err = time.ParseDuration(f.TTL); err != nil || one.TTL < leastFeed || one.TTL > mostFeed {
				return c.fail(key+".ttl", "%q is not a time from 10m to 720h", f.TTL)
			}
		}
		c.feeds = append(c.feeds, one)
	}
	return nil
}

// checkAlerts checks who is told of alerts and who is not. The rules are read where they are needed.
func (c *config) checkAlerts() error {
	if at := c.Alerts.Alertmanager; at != "" {
		if _, err := alert.NewAlertmanager(at); err != nil {
			return c.fail("alerts.alertmanager", "%w", err)
		}
	}
	for i, name := range c.Alerts.Receivers {
		if err := c.checkReceiver(name); err != nil {
			return c.fail(fmt.Sprintf("alerts.receivers.%d", i), "%w", err)
		}
	}
	if l := c.Alerts.Language; !knownLanguage(l) {
		return c.fail("alerts.language", "%q is neither en nor de", l)
	}
	c.silences = nil
	for i, s := range c.Alerts.Silences {
		key := fmt.Sprintf("alerts.silences.%d", i)
		one := alert.Silence{Rule: s.Rule, Site: s.Site}
		var err error
		if s.Net != "" {
			if one.Net, err = netip.ParsePrefix(s.Net); err != nil {
				return c.fail(key+".net", "%q is no network such as 192.0.2.0/24", s.Net)
			}
		}
		if s.Until != "" {
			if one.Until, err = time.Parse(time.DateOnly, s.Until); err != nil {
				one.Until, err = time.Parse(time.RFC3339, s.Until)
			}
			if err != nil {
				return c.fail(key+".until", "%q is neither a day such as 2026-12-01 nor a time such as 2026-12-01T08:00:00+01:00", s.Until)
			}
		}
		if err := one.Check(); err != nil {
			return c.fail(key, "%w", err)
		}
		c.silences = append(c.silences, one)
	}
	return c.checkFeeds()
}
