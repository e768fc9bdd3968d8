package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/dashboards"
	"github.com/klar-analytics/klar/dashboards/account"
	"github.com/klar-analytics/klar/dashboards/settings"
	"github.com/klar-analytics/klar/livetail"
	"github.com/klar-analytics/klar/report"
	"github.com/klar-analytics/klar/storage"
)

func serveCommand() command {
	return command{
		name: "serve", short: "the collector, the engine, the Stats API and the dashboard", made: true,
		long: `Follows the logs that the configuration names as sources, and serves the dashboard, the Stats API, /metrics, /healthz
and /readyz until it is interrupted. Without any configuration it listens on 127.0.0.1:8080 and keeps its data in
./data.`,
		setup: func(c *call) func(context.Context) error {
			c.flags.StringVar(&c.listen, "listen", "", "`ADDRESS` to listen on (default 127.0.0.1:8080)")
			logs := c.logFlags()
			return func(ctx context.Context) error {
				if len(c.args) > 0 {
					return errors.New("serve takes no argument; see 'klar help serve'")
				}
				var err error
				if c.log, err = logs.logger(c.stderr); err != nil {
					return err
				}
				return logs.end(c.log, c.serveAndReplace(ctx))
			}
		},
	}
}

// serveAndReplace serves, and lets another program take this one's place when an upgrade ended it.
func (c *call) serveAndReplace(ctx context.Context) error {
	var err error
	if c.sockets, err = inheritSockets(); err != nil {
		return err
	}
	program, err := ownProgram()
	if err != nil {
		return err
	}
	if err := c.serve(ctx, program); !errors.Is(err, errUpgrade) {
		return err
	}
	return c.replace(program)
}

func (c *call) serve(ctx context.Context, program string) error {
	log := c.log
	defer tune()()
	upgrades := make(chan os.Signal, 1)
	signal.Notify(upgrades, syscall.SIGUSR2)
	defer signal.Stop(upgrades)
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	shown, err := c.reports()
	if err != nil {
		return err
	}
	lock, err := c.lockServe()
	if err != nil {
		return err
	}
	defer lock.Release()
	made, err := c.openSettings()
	if err != nil {
		return err
	}
	// Listening before the rest: a port that is taken is found out before the engine is started.
	listener, err := c.listenHTTP()
	if err != nil {
		return err
	}
	defer listener.Close()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	store, err := c.storeOrLater(ctx, end, log, metrics)
	if err != nil {
		return err
	}
	defer store.close()
	merging := store.keepMerged(ctx)
	defer func() { end(nil); <-merging }()
	collected, beacons, err := c.takeIn(ctx, end, store, metrics)
	if err != nil {
		return err
	}
	shown.db = store.db
	retaining := newRetention(store, &shown.configured, c.alarms.board, log, metrics).start(ctx)
	reloading := c.newReloader(end, made, collected, beacons, shown, metrics)
	go reloading.run(ctx, hangups)
	telling, err := c.tell(ctx, store, reloading.shown.Load, shown, beacons.sink.CurrentVisitors, metrics)
	if err != nil {
		end(nil)
		return errors.Join(err, c.finish(false, nil, beacons, collected))
	}
	server := dashboards.NewServer(withBeacons(beacons.handler, dashboards.New(dashboards.Options{
		Reports: shown, Settings: &editor{made, reloading, shown}, Access: &shown.access, CurrentVisitors: beacons.sink.CurrentVisitors,
		Accounts: shown.accounts, Network: c.peers.asker, Secure: c.peers.secure,
		Logger: log, Ready: c.ready(store.db).ask, Metrics: metrics, Version: version,
		Hosts:   strings.Fields(strings.ToLower(strings.Join(c.config.HTTP.Hosts, " "))),
		Privacy: func() dashboards.Privacy { return shown.privacy(beacons.sink.geo) }, PublicPrivacy: c.config.Privacy.Page,
		Pipeline: c.watch(ctx, store, shown, metrics).Status, Tail: watched(c.tail, beacons.sink.CurrentVisitors), Ending: ctx.Done(),
		Alerts: c.alarms,
	})))
	c.announce(listener, shown.accounts)
	c.sockets.dropRest(log)
	go c.upgradeOn(ctx, upgrades, program, end)
	err = serveUntil(ctx, server, listener)
	end(nil)
	<-reloading.ended
	<-retaining
	<-telling
	return c.finish(errors.Is(context.Cause(ctx), errUpgrade), err, beacons, collected)
}

// takeIn starts to follow the sources and opens the handler of beacons, and what both share.
func (c *call) takeIn(ctx context.Context, end context.CancelCauseFunc, store *opening, metrics *prometheus.Registry) (collected *collecting, b *beacons, err error) {
	if c.visits, err = anonymize.NewVisits(); err != nil {
		return nil, nil, err
	}
	c.tail = livetail.New(livetail.Options{Crowd: c.config.Privacy.Crowd})
	if c.alarms, err = c.openAlarms(metrics); err != nil {
		return nil, nil, err
	}
	if collected, err = c.collect(ctx, end, store, c.log, metrics); err != nil {
		return nil, nil, err
	}
	if b, err = c.beacons(ctx, end, store, metrics); err != nil {
		end(nil)
		return nil, nil, errors.Join(err, collected.end())
	}
	return collected, b, nil
}

// listenHTTP listens for connections that tell a shortened address of who is at their other end.
func (c *call) listenHTTP() (net.Listener, error) {
	listener, err := c.sockets.ListenHTTP(c.config.HTTP.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another address with --listen", c.config.HTTP.Listen, errors.Unwrap(err))
	}
	if c.config.HTTP.ProxyProtocol {
		listener = proxied(listener, c.config.proxies)
	}
	c.peers.trust(c.config.proxies)
	c.peers.answersAt(c.config.HTTP.URL)
	return c.peers.shortened(listener), nil
}

// announce says where Klar is to be found, and warns when that is everywhere.
func (c *call) announce(listener net.Listener, accounts *account.Store) {
	open, local := addressToOpen(listener.Addr().String())
	fmt.Fprintf(c.stdout, "Klar is ready: open http://%s\n", open)
	if closed, err := accounts.Closed(); err == nil && !closed && !local && !c.config.HTTP.RequireToken {
		c.log.Warn("there is no user: whoever reaches this address reads the statistics; 'klar user add NAME' adds one, and from then on everybody signs in", "listen", listener.Addr().String())
	}
}

// addressToOpen returns the address at which a browser on this machine reaches a listener, which may be on all
// addresses, and whether only this machine reaches it.
func addressToOpen(listens string) (open string, local bool) {
	at, err := netip.ParseAddrPort(listens)
	if err != nil {
		return listens, false
	}
	addr := at.Addr().Unmap()
	if addr.IsUnspecified() { // of both kinds: the system's [::] takes IPv4 as well
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String(), false
	}
	return netip.AddrPortFrom(addr, at.Port()).String(), addr.IsLoopback()
}

// reports answers the dashboard from the store, and adds the sites that are configured but have no figures yet.
type reports struct {
	db         *storage.DB
	configured atomic.Pointer[[]siteConfig]
	accounts   *account.Store
	running    atomic.Pointer[config]
	access     dashboards.Access
}

// reports reads the secrets that the configuration names, and returns what the dashboard asks, without the store, for those
// who may ask.
func (c *call) reports() (*reports, error) {
	tokens, err := c.config.readers()
	if err != nil {
		return nil, err
	}
	if c.config.receivers, err = c.config.openReceivers(); err != nil {
		return nil, err
	}
	r := &reports{}
	r.configured.Store(&c.config.Sites)
	r.running.Store(&c.config)
	r.access.Set(tokens, c.config.HTTP.RequireToken)
	r.access.Limit(c.config.HTTP.RateLimit)
	if err := c.config.checkSecrets(); err != nil {
		return nil, err
	}
	if r.accounts, err = account.Open(c.config.Data, time.Now); err != nil {
		return nil, err
	}
	r.accounts.Fix(c.config.users)
	r.accounts.Provide(c.config.providers)
	return r, nil
}

func (r *reports) Query(ctx context.Context, q report.Query) (report.Result, error) {
	return r.db.Query(ctx, q)
}

func (r *reports) Export(ctx context.Context, w io.Writer, q report.Query, format report.Format) error {
	return r.db.Export(ctx, w, q, format)
}

func (r *reports) Offenders(ctx context.Context, q report.Query, most int) (report.Offenders, error) {
	return r.db.Offenders(ctx, q, most)
}

func (r *reports) Sites(ctx context.Context) ([]dashboards.Site, error) {
	stored, err := r.db.Sites(ctx)
	if err != nil {
		return nil, err
	}
	var list []dashboards.Site
	place := map[string]int{}
	for _, s := range *r.configured.Load() {
		place[s.ID] = len(list)
		list = append(list, dashboards.Site{ID: s.ID, Location: s.location, Segments: s.segments, Definitions: s.defined.shown})
	}
	for _, s := range stored {
		i, ok := place[s.ID]
		if !ok {
			i = len(list)
			list = append(list, dashboards.Site{ID: s.ID, Location: time.UTC})
		}
		list[i].First, list[i].Last = s.First, s.Last
		place[s.ID] = i
	}
	for _, u := range r.running.Load().unused { // what does not hold can be looked at, and mended
		if _, ok := place[u.site]; u.kind == settings.Sites && !ok {
			list = append(list, dashboards.Site{ID: u.site, Location: time.UTC})
		}
	}
	return list, nil
}
