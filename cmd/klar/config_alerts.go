package main

import (
	"fmt"
	"net/netip"
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
	return nil
}
