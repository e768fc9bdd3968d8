package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/klar-analytics/klar/collector"
)

// taken are the keys that a reload takes over; what stands below them is meant, too. All others need a new start.
var taken = []string{"sites", "sources", "http.trusted_proxies", "http.token_file", "http.require_token", "http.rate_limit", "beacons", "privacy.respect", "privacy.query"}

// reloader reads the configuration again. It is used by one goroutine.
type reloader struct {
	read    func() (config, error)
	policy  func(*config) error // tells the sinks, that of the sources between two batches
	others  func(*config)       // tells who else is concerned, when nothing can be refused any more
	changes chan<- collector.Change
	log     *slog.Logger
	now     config

	reloads *prometheus.CounterVec
	good    prometheus.Gauge
}

// reloadOn reads the configuration again on each signal, in a goroutine that ends with the context and then closes the
// channel. Without a configuration file a signal ends Klar by end, as that of a terminal does which is closed.
func (c *call) reloadOn(ctx context.Context, signals <-chan os.Signal, end func(error), f *collecting, b *beacons, shown *reports, reg prometheus.Registerer) <-chan struct{} {
	ended := make(chan struct{})
	if f == nil {
		go func() {
			defer close(ended)
			select {
			case <-signals:
				end(nil)
			case <-ctx.Done():
			}
		}()
		return ended
	}
	r := &reloader{
		read: c.load, changes: f.changes, log: c.log, now: c.config,
		others: func(next *config) {
			shown.configured.Store(&next.Sites)
			shown.takeOver(next)
			shown.access.Set(next.readerTokens, next.HTTP.RequireToken)
			shown.access.Limit(next.HTTP.RateLimit)
			c.peers.trust(next.proxies)
		},
	}
	r.policy = func(next *config) error {
		if err := f.reconfigure(next); err != nil {
			return err
		}
		if err := b.reconfigure(next); err != nil {
			return errors.Join(err, f.reconfigure(&r.now))
		}
		return nil
	}
	r.register(reg)
	go func() {
		defer close(ended)
		r.run(ctx, signals)
	}()
	return ended
}

// register makes the figures of reloads appear.
func (r *reloader) register(reg prometheus.Registerer) {
	auto := promauto.With(reg)
	r.reloads = auto.NewCounterVec(prometheus.CounterOpts{
		Name: "klar_config_reloads_total", Help: "Times that the configuration was read again, by result: taken or refused.",
	}, []string{"result"})
	r.reloads.WithLabelValues("taken")
	r.reloads.WithLabelValues("refused")
	r.good = auto.NewGauge(prometheus.GaugeOpts{
		Name: "klar_config_current", Help: "1 if the configuration that runs is the one that was read last, 0 if that was refused.",
	})
	r.good.Set(1)
}

// run reloads on each signal, until the context ends.
func (r *reloader) run(ctx context.Context, signals <-chan os.Signal) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
		}
		err := r.reload(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.reloads.WithLabelValues("refused").Inc()
			r.good.Set(0)
			r.log.Error("the configuration is not taken over; the old one goes on", "reason", err)
		default:
			r.reloads.WithLabelValues("taken").Inc()
			r.good.Set(1)
			r.log.Info("the configuration was read again and is in force", "sites", len(r.now.Sites), "sources", len(r.now.Sources))
		}
	}
}

// reload takes the configuration over, or leaves everything as it is.
func (r *reloader) reload(ctx context.Context) error {
	next, err := r.read()
	if err != nil {
		return err
	}
	if next.empty() && !r.now.empty() {
		return errors.New("the file is empty, as it is for a moment when it is written in place; reload when it is whole")
	}
	if err := next.checkGeo(); err != nil {
		return err
	}
	if next.readerTokens, err = next.readers(); err != nil {
		return err
	}
	sockets, err := next.syslogSources()
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	change := collector.Change{
		Files: next.fileSources(), Syslog: sockets, Apply: func() error { return r.policy(&next) }, Done: done,
	}
	select { // without a bound: what the sources are reading now may take as long as the store does
	case r.changes <- change:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err = <-done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	r.others(&next)
	if keys := waiting(&r.now, &next); len(keys) > 0 {
		r.log.Warn("some keys of the configuration take effect at the next start", "keys", strings.Join(keys, ", "))
	}
	r.now = next
	return nil
}

// waiting lists the keys that differ and are not taken over.
func waiting(running, next *config) []string {
	var keys []string
	for _, key := range differing(reflect.ValueOf(*running), reflect.ValueOf(*next), "") {
		if !slices.ContainsFunc(taken, func(t string) bool { return key == t || strings.HasPrefix(key, t+".") }) {
			keys = append(keys, key)
		}
	}
	return keys
}

// differing lists the keys in which two groups of the configuration differ.
func differing(a, b reflect.Value, group string) (keys []string) {
	for i := range a.NumField() {
		field := a.Type().Field(i)
		name := field.Tag.Get("yaml")
		if name == "" {
			continue // follows from the others
		}
		key := strings.TrimPrefix(group+"."+name, ".")
		switch {
		case field.Type.Kind() == reflect.Struct:
			keys = append(keys, differing(a.Field(i), b.Field(i), key)...)
		case !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()):
			keys = append(keys, key)
		}
	}
	return keys
}
