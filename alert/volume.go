package alert

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"time"

	"github.com/klar-analytics/klar/alert/baseline"
	"github.com/klar-analytics/klar/report"
)

// How volumes are watched.
const (
	// volumeEach is how often an alert that goes on is seen again, and volumeLate how long after a minute its requests may
	// come: from the web server's buffer, through the spool to ClickHouse.
	volumeEach = time.Minute
	volumeLate = 15 * time.Second
	// volumeTime bounds the questions of a round.
	volumeTime = 50 * time.Second
	// Nothing where there usually would be silenceLeast requests, for at least silenceFrom and at most silenceTo minutes, is
	// silence.
	silenceLeast = 30
	silenceFrom  = 10
	silenceTo    = 60
)

// What the alerts say.
var (
	tooMuch   = Text{"more in a minute than there usually is at this hour", "in einer Minute mehr als sonst zu dieser Stunde"}
	tooLittle = Text{"less in a minute than there usually is at this hour", "in einer Minute weniger als sonst zu dieser Stunde"}
	nothing   = Text{"nothing comes in any more: is the web server, its log or a source of Klar at a stop?", "es kommt nichts mehr: Steht der Webserver, sein Protokoll oder eine Quelle von Klar?"}
)

// Statistics answers questions. It is safe for concurrent use.
type Statistics interface {
	Query(ctx context.Context, q report.Query) (report.Result, error)
}

// VolumeSite is a site whose volumes are watched.
type VolumeSite struct {
	ID       string
	Location *time.Location // nil is UTC
}

// VolumeOptions describe what is watched.
type VolumeOptions struct {
	Statistics Statistics
	Sites      func() []VolumeSite
	Board      *Board
	Now        func() time.Time
	Logger     *slog.Logger
}

// Volumes raises alerts when figures of a site are not as usual. It belongs to one goroutine.
type Volumes struct {
	VolumeOptions
	known   map[string]*watched // by the site
	failing bool
	seen    time.Time // up to when Run has watched
}

// watched is what is known of a site.
type watched struct {
	hour  time.Time // for which the following is
	usual map[string]expected
}

// expected is what is expected of a series' minutes.
type expected struct {
	baseline.Range
	ok bool
}

// NewVolumes returns what has watched nothing yet.
func NewVolumes(o VolumeOptions) *Volumes {
	return &Volumes{VolumeOptions: o, known: map[string]*watched{}}
}

// VolumeTick is how often Run should look whether a minute is over.
const VolumeTick = 5 * time.Second

// Run watches at once, and on each tick before which another minute was over, until ctx ends.
func (v *Volumes) Run(ctx context.Context, tick <-chan time.Time) {
	for {
		if now := v.present(); !now.Equal(v.seen) {
			v.seen = now
			v.Watch(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

// present is the end of the last minute of which all should be known.
func (v *Volumes) present() time.Time { return v.Now().Add(-volumeLate).Truncate(time.Minute) }

// Watch looks at the last minutes of all sites.
func (v *Volumes) Watch(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, volumeTime)
	defer cancel()
	sites := map[string]bool{}
	var failed error
	for _, s := range v.Sites() {
		sites[s.ID] = true
		if s.Location == nil {
			s.Location = time.UTC
		}
		if err := v.watch(ctx, s); err != nil {
			failed = err
		}
	}
	for id := range v.known {
		if !sites[id] {
			delete(v.known, id)
		}
	}
	if failed != nil && !v.failing && !errors.Is(failed, context.Canceled) {
		v.Logger.Warn("whether figures are as usual is not known: the store does not answer", "error", failed)
	}
	v.failing = failed != nil
}

// watch looks at the last minutes of a site.
func (v *Volumes) watch(ctx context.Context, s VolumeSite) error {
	now := v.present()
	w := v.known[s.ID]
	if hour := hourOf(now, s.Location); w == nil || !hour.Equal(w.hour) {
		usual, err := v.learn(ctx, s, now)
		if err != nil {
			return err
		}
		w = &watched{hour, usual}
		v.known[s.ID] = w
	}
	if len(w.usual) == 0 { // nothing is known of the site yet
		return nil
	}
	for _, q := range volumeQuestions {
		last, err := v.ask(ctx, s, q, report.TimeMinute, now.Add(-silenceTo*time.Minute), now)
		if err != nil {
			return err
		}
		for _, series := range q.series {
			v.judge(s, series, w.usual[series.name], last[series.metric], now)
		}
	}
	return nil
}

// judge raises an alert if the last minutes of a series are not as usual.
func (v *Volumes) judge(s VolumeSite, series volumeSeries, usual expected, last []float64, now time.Time) {
	if !usual.ok {
		return
	}
	n := len(last)
	f := report.Figures{Series: series.name, Value: last[n-1], Low: usual.Low, High: usual.High}
	e := Event{
		Rule: "klar/volume-high", Description: tooMuch, Severity: series.severity,
		Site: s.ID, Figures: &f, Time: now, Silent: volumeEach,
	}
	switch usual.Outside([3]float64(last[n-3:])) {
	case baseline.Above:
		f.Value = max(last[n-3], last[n-2], last[n-1])
		v.Board.Raise(e)
	case baseline.Below:
		if series.both && !silent(last, usual.Usual) {
			f.Value = min(last[n-3], last[n-2], last[n-1])
			e.Rule, e.Description = "klar/volume-low", tooLittle
			v.Board.Raise(e)
		}
	}
	if series.both && silent(last, usual.Usual) {
		e.Rule, e.Description, e.Severity = "klar/silence", nothing, "critical"
		v.Board.Raise(e)
	}
}

// silent reports whether nothing came for so long that there usually would have been much.
func silent(minutes []float64, usual float64) bool {
	long := max(silenceFrom, int(math.Ceil(silenceLeast/usual)))
	if usual <= 0 || long > len(minutes) {
		return false
	}
	return !slices.ContainsFunc(minutes[len(minutes)-long:], func(v float64) bool { return v > 0 })
}
