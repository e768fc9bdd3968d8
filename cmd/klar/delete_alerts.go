package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/storage/lockfile"
)

// How long klar delete waits for a klar serve to forget alerts, and how often it looks.
const (
	forgetTime  = 30 * time.Second
	forgetEvery = 50 * time.Millisecond
)

// alertsFile keeps the alerts.
func (c *call) alertsFile() string { return filepath.Join(c.config.Data, "alerts.json") }

// forgetAlerts deletes the alerts of a site that began before a time; zero: all. A klar serve that has them does it, or
// this process, in its place: nobody else writes the file.
func (c *call) forgetAlerts(ctx context.Context, site string, before time.Time) error {
	wish, err := alert.AskToForget(c.alertsFile(), site, before)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, forgetTime)
	defer cancel()
	tick := time.NewTicker(forgetEvery)
	defer tick.Stop()
	for {
		err := c.forgetAlertsHere()
		var served *lockfile.HeldError
		if !errors.As(err, &served) {
			return err
		}
		if _, err := os.Stat(wish); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("klar serve, process %d, has not deleted the site's alerts yet; it does when it goes on", served.PID)
		case <-tick.C:
		}
	}
}

// forgetAlertsHere deletes the alerts if no klar serve has them.
func (c *call) forgetAlertsHere() error {
	lock, err := lockfile.Take(filepath.Join(c.config.Data, "serve.lock"))
	if err != nil {
		return err
	}
	defer lock.Release()
	board := alert.NewBoard(nil, nil)
	if err := board.Load(c.alertsFile()); err != nil {
		return err
	}
	return board.ForgetWished(c.alertsFile())
}
