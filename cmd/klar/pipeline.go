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
		Store: func(ctx context.Context) (pipeline.Store, error) { return inventory(ctx, store) },
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

// inventory asks the store what it has, when it is there.
func inventory(ctx context.Context, store *opening) (pipeline.Store, error) {
	db, err := store.wait(ctx)
	if err != nil {
		return pipeline.Store{}, err
	}
	has, err := db.Inventory(ctx)
	if err != nil {
		return pipeline.Store{}, err
	}
	s := pipeline.Store{Version: has.Version, Up: has.Up, Memory: has.Memory, Free: has.Free, Size: has.Size}
	for _, t := range has.Tables {
		s.Tables = append(s.Tables, pipeline.TableSize(t))
	}
	for _, one := range has.Sites {
		s.Sites = append(s.Sites, pipeline.SiteSize(one))
	}
	return s, nil
}
