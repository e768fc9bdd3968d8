package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/storage"
)

// retentionEvery is how often klar serve looks for what is older than it may be. Only the first time after a site's
// midnight finds something.
const retentionEvery = time.Hour

// retention deletes what is older than the configuration lets it be. ClickHouse's TTL would do so when it merges a part,
// which it need not do in time, and the name and the period of each site would stand in the definition of each table.
type retention struct {
	store   *opening
	sites   *atomic.Pointer[[]siteConfig] // changed by reloads
	alerts  *alert.Board
	log     *slog.Logger
	now     func() time.Time
	checked prometheus.Gauge
}

func newRetention(store *opening, sites *atomic.Pointer[[]siteConfig], alerts *alert.Board, log *slog.Logger, reg prometheus.Registerer) *retention {
	return &retention{store: store, sites: sites, alerts: alerts, log: log, now: time.Now, checked: promauto.With(reg).NewGauge(prometheus.GaugeOpts{
		Name: "klar_retention_checked_timestamp_seconds",
		Help: "When nothing was left that is older than the retention of its site, in seconds since 1970; 0 before the first time.",
	})}
}

// start deletes as soon as the store is there and then every hour, in a goroutine that ends with ctx and then closes the channel.
func (r *retention) start(ctx context.Context) <-chan struct{} {
	ended, tick := make(chan struct{}), time.NewTicker(retentionEvery)
	go func() {
		defer close(ended)
		defer tick.Stop()
		if _, err := r.store.wait(ctx); err != nil {
			return
		}
		for {
			r.deleteOld(ctx)
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	return ended
}

// deleteOld deletes of all sites; what fails is tried again the next time.
func (r *retention) deleteOld(ctx context.Context) {
	complete := true
	for _, s := range *r.sites.Load() {
		if s.keep == (period{}) {
			continue
		}
		if err := r.deleteOldOf(ctx, s); err != nil {
			complete = false
			if ctx.Err() == nil {
				r.log.Error("what is older than the retention could not be deleted; trying again in an hour", "site", s.ID, "error", err)
			}
		}
	}
	if complete {
		r.checked.Set(float64(r.now().Unix()))
	}
}

func (r *retention) deleteOldOf(ctx context.Context, s siteConfig) error {
	d := storage.Deletion{Site: s.ID, Before: s.keep.before(r.now().In(s.location)), KeepTotals: true}
	r.alerts.Forget(d.Site, d.Before)
	tables, err := r.store.db.Deletable(ctx, d)
	if err != nil || len(tables) == 0 {
		return err
	}
	if err := r.store.db.Delete(ctx, d); err != nil {
		return err
	}
	var rows uint64
	for _, t := range tables {
		rows += t.Rows
	}
	r.log.Info("what is older than the retention was deleted", "site", s.ID, "before", d.Before.Format(time.DateOnly), "rows", rows)
	return nil
}
