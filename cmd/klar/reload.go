package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/klar-analytics/klar/collector"
	"github.com/klar-analytics/klar/dashboards/settings"
)

// taken are the keys that a reload takes over; what stands below them is meant, too. All others need a new start.
var taken = []string{"sites", "sources", "http.trusted_proxies", "http.token_file", "http.require_token", "http.rate_limit", "users", "sign_in", "beacons", "privacy.respect", "privacy.query", "http.url", "mail", "webhooks", "alerts.silences", "alerts.receivers", "alerts.language", "alerts.rules", "alerts.without", "alerts.alertmanager", "alerts.feeds"}

// reloader reads the configuration again, and changes what was made in the interface under it. It is used by one
// goroutine.
type reloader struct {
	read    func() (config, error) // the file, whose values are yet to be checked
	made    *settings.Store
	edits   chan func(context.Context) // to be done between two reloads
	end     func(error)
	policy  func(*config) error     // tells the sinks, that of the sources between two batches
	others  func(*config)           // tells who else is concerned, when nothing can be refused any more
	changes chan<- collector.Change // nil: there are no sources, nor will be
	log     *slog.Logger
	now     config
	shown   atomic.Pointer[config] // now, for those who only look
	ended   chan struct{}

	reloads *prometheus.CounterVec
	good    prometheus.Gauge
}

// newReloader returns the reloader of what runs.
func (c *call) newReloader(end func(error), made *settings.Store, f *collecting, b *beacons, shown *reports, reg prometheus.Registerer) *reloader {
	r := &reloader{
		read: c.read, made: made, edits: make(chan func(context.Context)), end: end, log: c.log, now: c.config, ended: make(chan struct{}),
		others: func(next *config) {
			shown.configured.Store(&next.Sites)
			shown.takeOver(next)
			shown.access.Set(next.readerTokens, next.HTTP.RequireToken)
			shown.access.Limit(next.HTTP.RateLimit)
			shown.accounts.Fix(next.users)
			shown.accounts.Provide(next.providers)
			c.peers.trust(next.proxies)
			c.alarms.board.Silence(next.silences)
			c.peers.answersAt(next.HTTP.URL)
		},
	}
	r.shown.Store(&c.config)
	r.policy = b.reconfigure
	if f != nil {
		r.changes = f.changes
		r.policy = func(next *config) error {
			if err := f.reconfigure(next); err != nil {
				return err
			}
			if err := b.reconfigure(next); err != nil {
				return errors.Join(err, f.reconfigure(&r.now))
			}
			return nil
		}
	}
	r.register(reg)
	r.sayUnused()
	return r
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

// run reloads on each signal and does the edits, until the context ends. Without a configuration file a signal ends Klar,
// as that of a terminal does which is closed.
func (r *reloader) run(ctx context.Context, signals <-chan os.Signal) {
	defer close(r.ended)
	for {
		select {
		case <-ctx.Done():
			return
		case edit := <-r.edits:
			edit(ctx)
			continue
		case <-signals:
		}
		if r.now.file == "" {
			r.end(nil)
			continue
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
	if err == nil {
		err = next.merge(r.made.Now())
	}
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
	if err := next.checkSecrets(); err != nil {
		return err
	}
	if next.receivers, err = next.openReceivers(); err != nil {
		return err
	}
	if next.ruleset, err = next.rules(); err != nil {
		return err
	}
	keys := waiting(&r.now, &next)
	if err := r.takeOver(ctx, next); err != nil {
		return err
	}
	if len(keys) > 0 {
		r.log.Warn("some keys of the configuration take effect at the next start", "keys", strings.Join(keys, ", "))
	}
	r.sayUnused()
	return nil
}

// takeOver makes another configuration hold, or leaves everything as it is.
func (r *reloader) takeOver(ctx context.Context, next config) error {
	if err := r.tell(ctx, &next); err != nil {
		return err
	}
	r.others(&next)
	r.now = next
	r.shown.Store(&next)
	return nil
}

// tell makes what comes in count by another configuration.
func (r *reloader) tell(ctx context.Context, next *config) error {
	if r.changes == nil {
		return r.policy(next)
	}
	sockets, err := next.syslogSources()
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	change := collector.Change{
		Files: next.fileSources(), Syslog: sockets, Apply: func() error { return r.policy(next) }, Done: done,
	}
	select { // without a bound: what the sources are reading now may take as long as the store does
	case r.changes <- change:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err = <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sayUnused warns of what was made in the interface and does not hold.
func (r *reloader) sayUnused() {
	for _, u := range r.now.unused {
		r.log.Warn("something that was made in the interface does not hold", "reason", u.String())
	}
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
