package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/dashboards"
	"github.com/klar-analytics/klar/digest"
	"github.com/klar-analytics/klar/notify"
	"github.com/klar-analytics/klar/report"
)

// alarms is what klar serve alerts with.
type alarms struct {
	board   *alert.Board
	windows *alert.Windows // of the goroutine that collects
	beacons *alert.Windows // of the one that takes beacons
	pulse   *alert.Pulse   // nil if figures are not watched
	courier *alert.Courier
	file    string // that keeps the board
	metrics prometheus.Registerer
}

// openAlarms returns the alarms with what is known of before. Whom they tell of it is known later (see tell).
func (c *call) openAlarms(reg prometheus.Registerer) (*alarms, error) {
	var err error
	if c.config.ruleset, err = c.config.rules(); err != nil {
		return nil, err
	}
	raised := promauto.With(reg).NewCounterVec(prometheus.CounterOpts{
		Name: "klar_alerts_raised_total", Help: "Alerts that began, by rule and severity; those of networks that share one count once.",
	}, []string{"rule", "severity"})
	for _, r := range c.config.ruleset {
		raised.WithLabelValues(r.Name, r.Severity)
	}
	a := &alarms{metrics: reg, file: c.alertsFile(), board: alert.NewBoard(c.config.silences, func(e alert.Event) { raised.WithLabelValues(e.Rule, e.Severity).Inc() })}
	if err := a.board.Load(a.file); err != nil {
		return nil, err
	}
	if c.config.Alerts.Volumes {
		a.pulse = alert.NewPulse(time.Now)
	}
	raise := func(t alert.Trip) { a.board.Raise(t.Event()) }
	if a.windows, err = alert.NewWindows(c.config.ruleset, raise); err != nil {
		return nil, err
	}
	a.beacons, err = alert.NewWindows(c.config.ruleset, raise)
	return a, err
}

// tellOfAlerts makes the courier of the alarms, which tells those that the configuration names that runs.
func (c *call) tellOfAlerts(outbox alert.Outbox, running func() *config) {
	c.alarms.courier = alert.NewCourier(alert.CourierOptions{
		Board: c.alarms.board, File: c.alarms.file, Logger: c.log, Registerer: c.alarms.metrics, Outbox: outbox, Now: time.Now,
		Told:         func() alert.Telling { return running().telling() },
		Alertmanager: func() string { return running().Alerts.Alertmanager },
	})
}

// volumes returns what watches the figures of all sites, nil if the configuration has it that nothing does.
func (c *call) volumes(shown *reports, running func() *config) *alert.Volumes {
	if c.alarms.pulse == nil {
		return nil
	}
	return alert.NewVolumes(alert.VolumeOptions{
		Pulse: c.alarms.pulse, Statistics: shown, Board: c.alarms.board, Now: time.Now, Logger: c.log,
		Sites: func() (list []alert.VolumeSite) {
			for _, s := range running().Sites {
				list = append(list, alert.VolumeSite{ID: s.ID, Location: s.location})
			}
			return list
		},
	})
}

// feeds returns what writes files of networks that tripped rules.
func (c *call) feeds(shown *reports, running func() *config) *alert.Feeds {
	return alert.NewFeeds(alert.FeedsOptions{
		Offenders: shown.Offenders, Now: time.Now, Logger: c.log,
		Feeding: func() alert.Feeding {
			now := running()
			f := alert.Feeding{Feeds: now.feeds, Rules: now.ruleset, Silences: now.silences, Spared: now.proxies}
			for _, s := range now.Sites {
				f.Sites = append(f.Sites, s.ID)
			}
			return f
		},
	})
}

// alerted are the receivers of alerts.
func (c *config) alerted() (list []notify.Receiver) {
	for _, name := range c.Alerts.Receivers {
		if r, ok := c.receivers.find(name); ok {
			list = append(list, r)
		}
	}
	return list
}

// telling says who is told of alerts, and in which language.
func (c *config) telling() alert.Telling {
	return alert.Telling{Base: c.HTTP.URL, German: c.Alerts.Language == string(digest.German), Receivers: c.alerted()}
}

func alertCommand() command {
	return command{
		name: "alert", args: "test", short: "tries whether alerts arrive",
		long: `Sends an alert that is none to Alertmanager and to each receiver of alerts that the configuration names, and says which
of them took it. It works while serve runs, and without.`,
		setup: func(c *call) func(context.Context) error {
			return func(ctx context.Context) error {
				if len(c.args) != 1 || c.args[0] != "test" {
					return errors.New("alert takes the argument test; see 'klar help alert'")
				}
				return c.testAlerts(ctx)
			}
		},
	}
}

// testAlerts tells everybody of an alert that is none.
func (c *call) testAlerts(ctx context.Context) error {
	var err error
	if c.config.receivers, err = c.config.openReceivers(); err != nil {
		return err
	}
	courier := alert.NewCourier(alert.CourierOptions{
		Told:         c.config.telling,
		Alertmanager: func() string { return c.config.Alerts.Alertmanager }, Now: time.Now,
	})
	results := courier.Test(ctx, "")
	if len(results) == 0 {
		return errors.New("nobody is told of alerts: the configuration names neither alerts.alertmanager nor a receiver")
	}
	failed := 0
	for _, r := range sorted(results) {
		if r.Error != "" {
			failed++
			fmt.Fprintf(c.stdout, "%s: WRONG: %s\n", r.Receiver, r.Error)
		} else {
			fmt.Fprintf(c.stdout, "%s: delivered\n", r.Receiver)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of these did not take it", failed)
	}
	return nil
}

// sorted returns the results of a test by the names of the receivers.
func sorted(results map[string]error) []dashboards.AlertTest {
	list := []dashboards.AlertTest{}
	for name, err := range results {
		r := dashboards.AlertTest{Receiver: name, Delivered: err == nil}
		if err != nil {
			r.Error = err.Error()
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b dashboards.AlertTest) int { return strings.Compare(a.Receiver, b.Receiver) })
	return list
}

// Alerts and TestAlerts are what the dashboard asks (see [dashboards.Alerts]).
func (a *alarms) Alerts(site string, since time.Time) []report.Alert {
	return a.board.Alerts(site, since)
}

// TestAlerts tells everybody of an alert that is none.
func (a *alarms) TestAlerts(ctx context.Context) []dashboards.AlertTest {
	return sorted(a.courier.Test(ctx, ""))
}
