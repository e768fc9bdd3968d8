// Package digest owns the reports that come by themselves: what a week or a month was like, and that a site has unusually
// many visitors, or none. It asks for figures as the dashboard does and hands finished messages on.
package digest

import (
	"context"
	"log/slog"
	"time"

	"github.com/klar-analytics/klar/notify"
	"github.com/klar-analytics/klar/report"
)

// Statistics answers questions. Its store may be away for a while.
type Statistics interface {
	Query(ctx context.Context, q report.Query) (report.Result, error)
}

// Outbox takes messages and delivers them (see [notify.Outbox]).
type Outbox interface {
	Put(m notify.Message, to ...notify.Receiver) error
}

// Language is what a receiver reads.
type Language string

// The languages.
const (
	English Language = "en"
	German  Language = "de"
)

// Receiver is who is told, and in which language.
type Receiver struct {
	notify.Receiver
	Language Language
}

// Site is a site with who is told of it.
type Site struct {
	ID          string
	Location    *time.Location
	Definitions report.Definitions // whose goals are reported
	Dashboard   string             // where people find it, such as https://stats.example.org; empty: it is not linked
	Hour        int                // of the site's day at which reports are sent, 0 to 23

	Weekly, Monthly, Notices []Receiver

	Spike int  // current visitors from which a notice is sent; 0: never
	Drop  bool // whether a notice is sent when there are none although there usually are
}

// Options are what the digest works with.
type Options struct {
	Statistics Statistics
	Sites      func() []Site // as they are configured now
	// Current counts the visitors of a site who did something within a time of up to half an hour.
	Current func(site string, within time.Duration) int
	Outbox  Outbox
	// State is the file that says what was sent last. It is made if need be.
	State  string
	Now    func() time.Time
	Logger *slog.Logger
}

const (
	// lateness is how long after its hour a report is still sent, if Klar was not running then.
	lateness = 24 * time.Hour
	// again is how long a site is left alone after something failed.
	again = 10 * time.Minute
)

// Digest sends reports and notices. It belongs to one goroutine.
type Digest struct {
	Options
	began  time.Time
	sent   sent
	rest   map[string]time.Time // sites that failed, and until when they are left alone
	looked map[string]time.Time // the end of the last hour of each site that was looked at for a drop
}

// New reads what was sent already. The error names the file.
func New(o Options) (*Digest, error) {
	d := &Digest{Options: o, began: o.Now(), rest: map[string]time.Time{}, looked: map[string]time.Time{}}
	var err error
	d.sent, err = loadSent(o.State)
	return d, err
}

// Run looks at each tick what is to be sent, and ends with ctx.
func (d *Digest) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		for _, s := range d.Sites() {
			d.look(ctx, s)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

// look sends what is due of one site.
func (d *Digest) look(ctx context.Context, s Site) {
	now := d.Now().In(s.Location)
	if now.Before(d.rest[s.ID]) {
		return
	}
	for _, one := range []func(context.Context, Site, time.Time) error{d.weekly, d.monthly, d.spike, d.drop} {
		if err := one(ctx, s, now); err != nil && ctx.Err() == nil {
			d.rest[s.ID] = now.Add(again)
			d.Logger.Error("a report or notice could not be made; trying again in ten minutes", "site", s.ID, "error", err)
			return
		}
	}
}

func (d *Digest) weekly(ctx context.Context, s Site, now time.Time) error {
	return d.report(ctx, s, now, s.Weekly, Weekly, LastWeek(now))
}

func (d *Digest) monthly(ctx context.Context, s Site, now time.Time) error {
	return d.report(ctx, s, now, s.Monthly, Monthly, LastMonth(now))
}

// report sends the report of a period that is over, once, and within a day after its hour.
func (d *Digest) report(ctx context.Context, s Site, now time.Time, to []Receiver, kind Kind, p Period) error {
	day := p.To.AddDate(0, 0, 1)
	due := time.Date(day.Year(), day.Month(), day.Day(), s.Hour, 0, 0, 0, s.Location)
	if len(to) == 0 || now.Before(due) || now.Sub(due) > lateness || d.sent.is(s.ID, kind, day) {
		return nil
	}
	r, err := Ask(ctx, d.Statistics, s, kind, p, now)
	if err != nil {
		return err
	}
	if !r.Empty() {
		if err := d.put(to, func(l Language) (notify.Message, error) { return r.Message(l, due) }); err != nil {
			return err
		}
	}
	return d.note(s.ID, kind, day)
}

// put hands a message on to its receivers, to each in its language.
func (d *Digest) put(to []Receiver, in func(Language) (notify.Message, error)) error {
	by := map[Language][]notify.Receiver{}
	for _, r := range to {
		by[r.Language] = append(by[r.Language], r.Receiver)
	}
	for language, receivers := range by {
		m, err := in(language)
		if err != nil {
			return err
		}
		if err := d.Outbox.Put(m, receivers...); err != nil {
			return err
		}
	}
	return nil
}

// note writes down that something was sent. Only then is it over: after a crash before that it is sent again.
func (d *Digest) note(site string, kind Kind, day time.Time) error {
	d.sent.set(site, kind, day)
	d.sent.forget(d.Sites(), d.Now())
	return d.sent.save(d.State)
}
