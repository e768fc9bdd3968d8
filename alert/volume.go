package alert

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"time"

	"github.com/klar-analytics/klar/alert/baseline"
	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/report"
)

// How volumes are watched.
const (
	// volumeEach is how often an alert that goes on is seen again, and volumeLate how long after a bucket its requests may
	// come, from the web server's buffer.
	volumeEach = time.Minute
	volumeLate = 10 * time.Second
	// volumeTime bounds the questions of a round.
	volumeTime = 50 * time.Second
	// Nothing where there usually would be silenceLeast requests, for at least silenceFrom and at most silenceTo buckets, is
	// silence.
	silenceLeast = 30
	silenceFrom  = 20
	silenceTo    = 120
)

// What the alerts say.
var (
	tooMuch   = Text{"more in a minute than there usually is at this hour", "in einer Minute mehr als sonst zu dieser Stunde"}
	tooLittle = Text{"less in a minute than there usually is at this hour", "in einer Minute weniger als sonst zu dieser Stunde"}
	surging   = Text{"more of the requests than usual come from one country, provider or bot, or are for paths that are new", "mehr Anfragen als sonst kommen aus einem Land, von einem Anbieter oder Bot, oder gelten neuen Pfaden"}
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

// VolumeOptions describe what is watched: the pulse of sites, compared with their statistics.
type VolumeOptions struct {
	Pulse      *Pulse
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

// expected is what is expected of a series: of its half minutes, by which much is seen soon, and of its minutes, by which
// less is seen, too.
type expected struct {
	halves, minutes baseline.Range
	ok              bool
}

// NewVolumes returns what has watched nothing yet.
func NewVolumes(o VolumeOptions) *Volumes {
	return &Volumes{VolumeOptions: o, known: map[string]*watched{}}
}

// VolumeTick is how often Run should look whether a bucket is over.
const VolumeTick = 2 * time.Second

// Run watches at once, and on each tick before which another bucket was over, until ctx ends.
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

// present is the end of the last bucket of which all should be known.
func (v *Volumes) present() time.Time { return v.Now().Add(-volumeLate).Truncate(pulseBucket) }

// Watch looks at the last buckets of all sites.
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

// watch looks at the last buckets of a site.
func (v *Volumes) watch(ctx context.Context, s VolumeSite) error {
	now := v.present()
	bucket, id := bucketOf(now.Unix()), hit.NewSite(s.ID)
	for _, surge := range v.Pulse.surges(id, bucket-1) {
		e := Event{Site: s.ID, Rule: "klar/surge", Description: surging, Severity: "warning", Time: now}
		v.raise(e, surge.series, surge.count, surge.Range, halves)
	}
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
	last, behind := v.Pulse.last(id, bucket, silenceTo)
	for _, q := range volumeQuestions {
		for _, series := range q.series {
			series.both = series.both && !behind
			v.judge(s, series, w.usual[series.name], last[series.counted], now)
		}
	}
	return nil
}

// judge raises an alert if the last buckets of a series are not as usual.
func (v *Volumes) judge(s VolumeSite, series volumeSeries, usual expected, last []float64, now time.Time) {
	if !usual.ok || len(last) < 3 {
		return
	}
	e := Event{Site: s.ID, Rule: "klar/volume-high", Description: tooMuch, Severity: series.severity, Time: now}
	three, by, usually := [3]float64(last[len(last)-3:]), halves, usual.halves
	side := usually.Outside(three)
	if n := len(last) - 6; side == baseline.Within && n >= 0 {
		three, by, usually = [3]float64{last[n] + last[n+1], last[n+2] + last[n+3], last[n+4] + last[n+5]}, 1, usual.minutes
		side = usually.Outside(three)
	}
	quiet := series.both && silent(last, usual.halves.Usual)
	switch {
	case quiet:
		e.Rule, e.Description, e.Severity = "klar/silence", nothing, "critical"
		v.raise(e, series.name, 0, usual.minutes, 1)
	case side == baseline.Above:
		v.raise(e, series.name, slices.Max(three[:]), usually, by)
	case side == baseline.Below && series.both:
		e.Rule, e.Description = "klar/volume-low", tooLittle
		v.raise(e, series.name, slices.Min(three[:]), usually, by)
	}
}

// halves is how many buckets a minute has.
const halves = float64(time.Minute / pulseBucket)

// raise raises an alert of a series, whose figures are of so many parts of a minute, with those by the minute.
func (v *Volumes) raise(e Event, series string, value float64, usual baseline.Range, parts float64) {
	e.Figures = &report.Figures{Series: series, Value: value * parts, Low: usual.Low * parts, High: usual.High * parts}
	e.Silent = volumeEach
	v.Board.Raise(e)
}

// silent reports whether nothing came for so long that there usually would have been much.
func silent(last []float64, usual float64) bool {
	long := max(silenceFrom, int(math.Ceil(silenceLeast/usual)))
	if usual <= 0 || long > len(last) {
		return false
	}
	return !slices.ContainsFunc(last[len(last)-long:], func(v float64) bool { return v > 0 })
}
