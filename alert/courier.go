package alert

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/klar-analytics/klar/notify"
	"github.com/klar-analytics/klar/report"
)

// How often a courier looks, keeps the board, and tells Alertmanager of what changed or, when it fails, tries again.
const (
	look      = time.Second
	keepEach  = 10 * time.Second
	tellEach  = 2 * time.Second
	tellAgain = 10 * time.Second
)

// Outbox takes messages and keeps them until they are delivered.
type Outbox interface {
	Put(m notify.Message, to ...notify.Receiver) error
}

// Telling is whom messages are for, and how they are said.
type Telling struct {
	// Base is the address of the dashboard, which stands before links and may be empty.
	Base string
	// German messages are in German, all others in English.
	German    bool
	Receivers []notify.Receiver
}

func (t Telling) wording() *wording {
	if t.German {
		return &inGerman
	}
	return &inEnglish
}

// CourierOptions describe a courier.
type CourierOptions struct {
	Board *Board
	// File keeps the board.
	File string
	// Outbox takes the messages; nil: nobody gets any.
	Outbox Outbox
	// Told says who gets messages. It is called by several goroutines.
	Told func() Telling
	// Alertmanager returns the address of one that is told, too (see [NewAlertmanager]); empty: there is none.
	Alertmanager func() string
	Now          func() time.Time
	Logger       *slog.Logger
	Registerer   prometheus.Registerer // nil: no metrics
}

// Courier tells of what is on a board, and keeps it.
type Courier struct {
	CourierOptions
	posts *prometheus.CounterVec

	kept    time.Time // of the goroutine of step, as the next
	stuck   bool
	told    time.Time     // of the goroutine of tell, as the following
	knows   *Alertmanager // nil for none
	waits   time.Time
	failing bool
}

// NewCourier returns a courier that has told nothing yet.
func NewCourier(o CourierOptions) *Courier {
	c := &Courier{CourierOptions: o}
	auto := promauto.With(o.Registerer)
	c.posts = auto.NewCounterVec(prometheus.CounterOpts{
		Name: "klar_alerts_alertmanager_posts_total", Help: "Times that Alertmanager was told of alerts, by result: delivered, failed.",
	}, []string{"result"})
	c.posts.WithLabelValues("delivered")
	c.posts.WithLabelValues("failed")
	if o.Registerer != nil {
		o.Registerer.MustRegister(firing{o.Board})
	}
	return c
}

// Run tells until ctx ends, and then keeps the board. What was not delivered by then is delivered after the next start.
func (c *Courier) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { c.each(ctx, c.tell) })
	c.each(ctx, c.step)
	running.Wait()
	c.keep()
}

// each calls do once a second, until ctx ends.
func (c *Courier) each(ctx context.Context, do func(context.Context)) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			do(ctx)
		}
	}
}

// step hands over what is to be told, ends what is over, and keeps the board from time to time.
func (c *Courier) step(context.Context) {
	now := c.Now()
	if to := c.Told(); c.Outbox != nil && len(to.Receivers) > 0 {
		for _, m := range c.Board.messages(now, to) {
			if err := c.Outbox.Put(m, to.Receivers...); err != nil {
				c.Logger.Error("an alert cannot be told", "error", err)
			}
		}
	}
	c.Board.Tick(now)
	c.forget()
	if now.Sub(c.kept) >= keepEach {
		c.kept = now
		c.keep()
	}
}

// forget forgets what others asked to have forgotten. Of what fails it tells once.
func (c *Courier) forget() {
	err := c.Board.ForgetWished(c.File)
	if err != nil && !c.stuck {
		c.Logger.Error("alerts that were deleted are still there; trying again", "error", err)
	}
	c.stuck = err != nil
}

func (c *Courier) keep() {
	if err := c.Board.Save(c.File); err != nil {
		c.Logger.Error("the alerts are not kept over a restart", "error", err)
	}
}

// tell tells Alertmanager what it must know by now.
func (c *Courier) tell(ctx context.Context) {
	now := c.Now()
	if at := c.Alertmanager(); at == "" {
		c.knows = nil
		return
	} else if c.knows == nil || c.knows.at != at { // it knows nothing yet
		to, err := NewAlertmanager(at)
		if err != nil {
			return // the address was checked
		}
		c.knows, c.told, c.waits = to, time.Time{}, time.Time{}
	}
	if now.Before(c.waits) || !c.Board.fresh() && now.Sub(c.told) < renew && !c.failing {
		return
	}
	c.told, c.waits = now, now.Add(tellEach)
	alerts, sent := c.Board.pending(now, c.Told().Base)
	if len(alerts) == 0 {
		return
	}
	err := c.knows.send(ctx, alerts)
	switch {
	case err == nil:
		sent()
		c.posts.WithLabelValues("delivered").Inc()
	case ctx.Err() == nil:
		c.posts.WithLabelValues("failed").Inc()
		c.waits = now.Add(tellAgain)
		if !c.failing {
			c.Logger.Warn("alerts wait for Alertmanager", "error", err)
		}
	}
	c.failing = err != nil
}

// fresh reports whether something changed since Alertmanager was told.
func (b *Board) fresh() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.news
}

// firing shows what is firing as metrics.
type firing struct{ board *Board }

var firingDesc = prometheus.NewDesc("klar_alerts_firing", "Alerts that are firing, by rule, site and severity; silenced ones are left out.",
	[]string{"rule", "site", "severity"}, nil)

// Describe is part of [prometheus.Collector].
func (firing) Describe(to chan<- *prometheus.Desc) { to <- firingDesc }

// Collect is part of [prometheus.Collector].
func (f firing) Collect(to chan<- prometheus.Metric) {
	counts := map[[3]string]int{}
	f.board.Firing(func(a report.Alert) {
		if !a.Silenced {
			counts[[3]string{a.Rule, a.Site, a.Severity}] += 1 + a.Others
		}
	})
	for labels, n := range counts {
		to <- prometheus.MustNewConstMetric(firingDesc, prometheus.GaugeValue, float64(n), labels[:]...)
	}
}

// tried is what the alert of a test says.
var tried = Text{"somebody tried whether alerts arrive; nothing happened", "jemand hat versucht, ob Alarme ankommen; geschehen ist nichts"}

// Test tells all receivers and Alertmanager of an alert that is none, at once, and returns for each what became of it: nil
// when it was delivered. Alertmanager is called alertmanager.
func (c *Courier) Test(ctx context.Context, site string) map[string]error {
	now := c.Now()
	e := Event{Rule: "klar/test", Description: tried, Severity: "info", Site: site, Time: now}
	a := report.Alert{
		ID: id(e), Rule: e.Rule, Description: tried.English, German: tried.German, Severity: e.Severity, Site: site, Times: 1, Firing: true, Start: now, Last: now, Link: link(e),
	}
	results := map[string]error{}
	told := c.Told()
	m := message([]report.Alert{a}, told, now)
	m.Title = told.wording().test
	for _, r := range told.Receivers {
		results[r.Key()] = r.Deliver(ctx, m)
	}
	if at := c.Alertmanager(); at != "" {
		to, err := NewAlertmanager(at)
		if err == nil {
			err = to.send(ctx, []posted{post(&a, told.Base, now.Add(renew))})
		}
		results["alertmanager"] = err
	}
	return results
}
