package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sys/unix"

	"github.com/klar-analytics/klar/dashboards/pipeline"
)

// watch returns what knows how klar serve is. Its goroutine ends with ctx.
func (c *call) watch(ctx context.Context, store *opening, shown *reports, metrics *prometheus.Registry) *pipeline.Watch {
	c.registerMachine(metrics)
	w := pipeline.New(pipeline.Options{
		Metrics: metrics, Version: version, Server: c.config.Storage.DSN != "", Sources: shown.listSources,
		Store: store.about, Sizes: store.sizes,
	})
	go func() {
		ticker := time.NewTicker(pipeline.Step)
		defer ticker.Stop()
		w.Run(ctx, ticker.C)
	}()
	return w
}

// registerMachine makes the figures of the program and of its disk appear.
func (c *call) registerMachine(metrics prometheus.Registerer) {
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "klar_build_info", Help: "1, with the version that runs.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	dir := c.config.Data
	metrics.MustRegister(build,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "klar_disk_free_bytes", Help: "Room on the disk of the data directory, for Klar's user."}, func() float64 {
			free, _ := disk(dir)
			return free
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "klar_disk_size_bytes", Help: "Size of the disk of the data directory."}, func() float64 {
			_, size := disk(dir)
			return size
		}))
}

// disk returns the room on a directory's disk and its size, in bytes; zeros where the system does not tell.
func disk(dir string) (free, size float64) {
	var stat unix.Statfs_t
	if unix.Statfs(dir, &stat) != nil {
		return 0, 0
	}
	return float64(stat.Bavail) * float64(stat.Bsize), float64(stat.Blocks) * float64(stat.Bsize)
}

// listSources lists the sources as they are configured now.
func (r *reports) listSources() []pipeline.Configured {
	var all []pipeline.Configured
	for _, s := range r.running.Load().Sources {
		one := pipeline.Configured{Name: s.File, Kind: "file", Site: s.Site, Format: s.Format}
		if s.Syslog != "" {
			one.Name, one.Kind = s.Syslog, "syslog"
		}
		if one.Format == "" {
			one.Format = "auto"
		}
		all = append(all, one)
	}
	return all
}

// about asks the store what it says of itself, when it is there.
func (o *opening) about(ctx context.Context) (pipeline.Store, error) {
	db, err := o.wait(ctx)
	if err != nil {
		return pipeline.Store{}, err
	}
	a, err := db.About(ctx)
	return pipeline.Store(a), err
}

// sizes counts what is stored.
func (o *opening) sizes(ctx context.Context) (pipeline.Sizes, error) {
	db, err := o.wait(ctx)
	if err != nil {
		return pipeline.Sizes{}, err
	}
	tables, sites, err := db.Sizes(ctx)
	var all pipeline.Sizes
	for _, t := range tables {
		all.Tables = append(all.Tables, pipeline.TableSize(t))
	}
	for _, s := range sites {
		all.Sites = append(all.Sites, pipeline.SiteSize(s))
	}
	return all, err
}
