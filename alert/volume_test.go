package alert

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/report"
)

// figures answers questions from minutes that are made up.
type figures struct {
	start    time.Time
	requests []int64             // of the minutes from start
	errors   []int64             // 5xx among them
	halves   map[time.Time]int64 // requests of half minutes, in place of those of their minutes
	asked    int
}

func (f *figures) Query(_ context.Context, q report.Query) (report.Result, error) {
	f.asked++
	from := f.requests
	for _, filter := range q.Filters {
		switch {
		case slices.Equal(filter.Values, []string{"^5"}):
			from = f.errors
		default:
			from = make([]int64, len(f.requests))
		}
	}
	step := time.Hour
	if q.Dimensions[0] == report.TimeMinute {
		step = time.Minute
	}
	var r report.Result
	for at := q.From; at.Before(q.To); at = at.Add(step) {
		total := int64(0)
		for i := range int64(step / time.Minute) {
			if m := int64(at.Sub(f.start)/time.Minute) + i; m >= 0 && m < int64(len(from)) {
				total += from[m]
			}
		}
		if total == 0 {
			continue // as the store does
		}
		row := report.Row{Dimensions: []string{at.In(q.Location).Format(time.DateTime)}}
		for _, m := range q.Metrics {
			v := int64(0)
			if m == report.Requests {
				v = total
			}
			row.Metrics = append(row.Metrics, v)
		}
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}

// daily are the requests of days, as many by day as by night but for a wave, from noon on, four weeks ago.
func daily(days int) *figures {
	f := &figures{start: noon.AddDate(0, 0, -days)}
	for i := range (days + 1) * 1440 {
		level := 60 + 40*math.Sin(float64(i)/1440*2*math.Pi)
		f.requests = append(f.requests, int64(level)+int64(i*7919%13))
		f.errors = append(f.errors, int64(i%30/29))
	}
	return f
}

// hits are those of half a minute: of its minute the first half has what is left over.
func (f *figures) hits(at time.Time) (list []hit.Hit) {
	m, half := int(at.Sub(f.start)/time.Minute), int64(at.Second()/30)
	if m < 0 || m >= len(f.requests) {
		return nil
	}
	all, wrong := (f.requests[m]+1-half)/2, (f.errors[m]+1-half)/2
	if n, ok := f.halves[at]; ok {
		all = n
	}
	for i := range all {
		h := hit.Hit{Site: hit.NewSite("example.org"), Time: at.Unix() + i%30, Status: 200}
		if i < wrong {
			h.Status = 500
		}
		list = append(list, h)
	}
	return list
}

// rules watches some minutes from noon on and returns what fires by then.
func (f *figures) rules(t *testing.T, zone *time.Location, minutes int) []string {
	t.Helper()
	b := NewBoard(nil, nil)
	now := noon.Add(-20 * time.Minute)
	clock := func() time.Time { return now }
	v := NewVolumes(VolumeOptions{
		Pulse: NewPulse(clock), Statistics: f, Board: b, Now: clock, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Sites: func() []VolumeSite { return []VolumeSite{{"example.org", zone}} },
	})
	for at := now; at.Before(noon.Add(time.Duration(minutes) * time.Minute)); at = at.Add(30 * time.Second) {
		now = at.Add(30 * time.Second)
		v.Pulse.Count(f.hits(at))
		if now = now.Add(volumeLate); !at.Before(noon) {
			v.Watch(t.Context())
		}
	}
	var fires []string
	for _, a := range b.Alerts("example.org", noon) {
		fires = append(fires, a.Rule+" "+a.Figures.Series)
		if a.Rule == "klar/volume-high" && a.Figures.Value <= a.Figures.High || a.Rule == "klar/volume-low" && a.Figures.Value >= a.Figures.Low {
			t.Errorf("%s: %v is within %v to %v", a.Rule, a.Figures.Value, a.Figures.Low, a.Figures.High)
		}
	}
	slices.Sort(fires)
	return fires
}

func TestVolumesRaiseWhatIsUnusual(t *testing.T) {
	present := func(f *figures) int { return int(noon.Sub(f.start) / time.Minute) }
	kolkata := time.FixedZone("UTC+5:30", 19800)
	for name, c := range map[string]struct {
		days    int
		zone    *time.Location
		minutes int
		change  func(f *figures, now int)
		want    []string
	}{
		"as usual":              {28, time.UTC, 70, nil, nil},
		"as usual, elsewhere":   {28, kolkata, 70, nil, nil},
		"many requests":         {28, time.UTC, 4, func(f *figures, i int) { f.requests[i], f.requests[i+1], f.requests[i+2] = 400, 400, 400 }, []string{"klar/volume-high requests"}},
		"many, elsewhere":       {28, kolkata, 4, func(f *figures, i int) { f.requests[i], f.requests[i+1], f.requests[i+2] = 400, 400, 400 }, []string{"klar/volume-high requests"}},
		"a minute":              {28, time.UTC, 6, func(f *figures, i int) { f.requests[i] = 4000 }, []string{"klar/volume-high requests"}},
		"half a minute":         {28, time.UTC, 6, func(f *figures, _ int) { f.halves = map[time.Time]int64{noon: 4000} }, nil},
		"errors":                {28, time.UTC, 4, func(f *figures, i int) { f.errors[i], f.errors[i+1], f.errors[i+2] = 30, 40, 30 }, []string{"klar/volume-high status:5xx"}},
		"errors in the warm-up": {2, time.UTC, 4, func(f *figures, i int) { f.errors[i], f.errors[i+1], f.errors[i+2] = 30, 40, 30 }, []string{"klar/volume-high status:5xx"}},
		"the warm-up":           {2, time.UTC, 4, func(f *figures, i int) { f.requests[i], f.requests[i+1] = 4000, 4000 }, nil},
		"a third is left":       {28, time.UTC, 5, func(f *figures, i int) { f.requests[i], f.requests[i+1], f.requests[i+2] = 5, 5, 5 }, []string{"klar/volume-low requests"}},
		"silence": {28, time.UTC, 15, func(f *figures, i int) {
			for m := range 15 {
				f.requests[i+m] = 0
			}
		}, []string{"klar/silence requests", "klar/volume-low requests"}},
	} {
		f := daily(c.days)
		if c.change != nil {
			c.change(f, present(f))
		}
		if fires := f.rules(t, c.zone, c.minutes); fmt.Sprint(fires) != fmt.Sprint(c.want) {
			t.Errorf("%s: %q, want %q", name, fires, c.want)
		}
	}
}

func TestQuietSitesAreAskedLittle(t *testing.T) {
	f := &figures{start: noon} // nothing came ever
	if fires := f.rules(t, time.UTC, 30); len(fires) > 0 || f.asked > 1 {
		t.Errorf("%q, %d questions in half an hour for a site without figures", fires, f.asked)
	}
}

// TestMuchIsToldWithinTwoMinutes lets much more come from each second of a minute on, and from no line of a site on.
func TestMuchIsToldWithinTwoMinutes(t *testing.T) {
	for second := 0; second < 60; second += 7 {
		for name, c := range map[string]struct {
			factor int64
			rule   string
		}{"three times as much": {3, "klar/volume-high"}, "nothing": {0, "klar/volume-low"}} {
			began := noon.Add(time.Duration(second) * time.Second)
			b, now := NewBoard(nil, nil), noon.Add(-10*time.Minute)
			clock := func() time.Time { return now }
			v := NewVolumes(VolumeOptions{
				Pulse: NewPulse(clock), Statistics: daily(28), Board: b, Now: clock, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
				Sites: func() []VolumeSite { return []VolumeSite{{"example.org", time.UTC}} },
			})
			told := time.Duration(0)
			for ; told == 0 && now.Before(noon.Add(5*time.Minute)); now = now.Add(time.Second) {
				n := int64(1)
				if !now.Before(began) {
					n = c.factor
				}
				v.Pulse.Count(slices.Repeat([]hit.Hit{{Site: hit.NewSite("example.org"), Time: now.Unix(), Status: 200}}, int(n)))
				if now.Unix()%int64(VolumeTick/time.Second) == 0 && !v.present().Equal(v.seen) { // as Run does
					v.seen = v.present()
					v.Watch(t.Context())
				}
				if list := b.Alerts("", noon); len(list) > 0 {
					if told = now.Sub(began); list[0].Rule != c.rule {
						t.Fatalf("%s from second %d on raises %s", name, second, list[0].Rule)
					}
				}
			}
			if told < 30*time.Second || told > 115*time.Second {
				t.Errorf("%s from second %d on is seen after %v", name, second, told)
			}
		}
	}
}

func TestTheStoreIsAskedOnceAnHour(t *testing.T) {
	f := daily(28)
	var seconds atomic.Int64
	clock := func() time.Time { return noon.Add(time.Duration(seconds.Load()) * time.Second) }
	v := NewVolumes(VolumeOptions{
		Pulse: NewPulse(clock), Statistics: f, Board: NewBoard(nil, nil), Now: clock,
		Sites: func() []VolumeSite { return []VolumeSite{{"example.org", time.UTC}} },
	})
	ctx, end := context.WithCancel(t.Context())
	tick, ended := make(chan time.Time), make(chan struct{})
	seconds.Store(30)
	go func() { defer close(ended); v.Run(ctx, tick) }()
	for range 24 { // two minutes
		tick <- time.Time{}
		seconds.Add(5)
	}
	tick <- time.Time{}
	end()
	<-ended
	if want := 8; f.asked != want {
		t.Errorf("%d questions at once and in two minutes, want %d, once an hour", f.asked, want)
	}
}
