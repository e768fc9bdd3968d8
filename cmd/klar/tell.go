package main

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/digest"
	"github.com/klar-analytics/klar/notify"
)

// digestEvery is how often klar serve looks whether a report or a notice is to be sent.
const digestEvery = 10 * time.Second

// telling sends reports and notices, of the configuration that runs.
type telling struct {
	running func() *config
	outbox  *notify.Outbox
	digest  *digest.Digest
}

// tell opens the outbox in the data directory, and tells in goroutines that end with ctx, of sites as soon as the store is
// there; then it closes the channel. Current counts the visitors of the present.
func (c *call) tell(ctx context.Context, store *opening, running func() *config, shown *reports, current func(string, time.Duration) int, reg prometheus.Registerer) (<-chan struct{}, error) {
	t := &telling{running: running}
	var err error
	t.outbox, err = notify.OpenOutbox(notify.OutboxOptions{
		Dir: filepath.Join(c.config.Data, "outbox"), Receiver: t.receiver, Now: time.Now, Logger: c.log, Registerer: reg,
	})
	if err != nil {
		return nil, err
	}
	t.digest, err = digest.New(digest.Options{
		Statistics: shown, Sites: func() []digest.Site { return running().digests() }, Current: current, Outbox: t.outbox,
		State: filepath.Join(c.config.Data, "reports.json"), Now: time.Now, Logger: c.log,
	})
	if err != nil {
		return nil, err
	}
	c.tellOfAlerts(t.outbox, running)
	return t.start(ctx, store, c.alarms.courier, c.volumes(shown, running), c.feeds(shown, running)), nil
}

// receiver finds a receiver of the configuration that runs by its key.
func (t *telling) receiver(key string) (notify.Receiver, bool) {
	c := t.running()
	for _, s := range c.Sites {
		for _, name := range s.Reports.receivers() {
			if r, ok := c.receivers.find(name); ok && r.Key() == key {
				return r, true
			}
		}
	}
	for _, r := range c.alerted() {
		if r.Key() == key {
			return r, true
		}
	}
	return notify.Receiver{}, false
}

func (t *telling) start(ctx context.Context, store *opening, alerts *alert.Courier, volumes *alert.Volumes, feeds *alert.Feeds) <-chan struct{} {
	ended, tick := make(chan struct{}), time.NewTicker(digestEvery)
	var both sync.WaitGroup
	both.Go(func() { t.outbox.Run(ctx) })
	both.Go(func() { alerts.Run(ctx) })
	both.Go(func() {
		if _, err := store.wait(ctx); err == nil {
			t.digest.Run(ctx, tick.C)
		}
	})
	if volumes != nil {
		minute := time.NewTicker(alert.VolumeTick)
		both.Go(func() {
			defer minute.Stop()
			if _, err := store.wait(ctx); err == nil {
				volumes.Run(ctx, minute.C)
			}
		})
	}
	both.Go(func() {
		written := time.NewTicker(alert.FeedTick)
		defer written.Stop()
		if _, err := store.wait(ctx); err == nil {
			feeds.Run(ctx, written.C)
		}
	})
	go func() {
		both.Wait()
		tick.Stop()
		close(ended)
	}()
	return ended
}

// digests are the sites with who is told of them.
func (c *config) digests() []digest.Site {
	var list []digest.Site
	for _, s := range c.Sites {
		if len(s.Reports.receivers()) > 0 {
			list = append(list, c.digestOf(s))
		}
	}
	return list
}

func (c *config) digestOf(s siteConfig) digest.Site {
	r := s.Reports
	d := digest.Site{
		ID: s.ID, Location: s.location, Definitions: s.defined.shown, Dashboard: c.HTTP.URL, Hour: reportHour,
		Weekly: c.told(r, r.Weekly), Monthly: c.told(r, r.Monthly), Notices: c.told(r, r.Notices),
		Spike: r.Spike, Drop: r.Drop == nil || *r.Drop,
	}
	if r.Hour != nil {
		d.Hour = *r.Hour
	}
	return d
}

// told returns receivers by their names, with their languages.
func (c *config) told(r reportsConfig, names []string) []digest.Receiver {
	var list []digest.Receiver
	for _, name := range names {
		language := digest.Language(r.Language)
		if other, ok := r.Languages[name]; ok {
			language = digest.Language(other)
		}
		if to, ok := c.receivers.find(name); ok {
			list = append(list, digest.Receiver{Receiver: to, Language: language})
		}
	}
	return list
}
