package pipeline

import (
	"math"
	"time"
)

const (
	// Step is how often the figures are kept, Kept how many of them: half an hour.
	Step = 10 * time.Second
	// Kept is how many samples there are at most.
	Kept = 181
	// RateOver is the time over which a rate is told.
	RateOver = 5 * time.Minute
	halfHour = (Kept - 1) * Step
)

// sample is what the graphs need of one moment. Of counters it has the total.
type sample struct {
	at                       time.Time
	lines, beacons, rows     float64
	spool, lag, memory       float64
	failures, restarts, lost float64
	counted, faults          float64            // beacons
	sources, rejected        map[string]float64 // lines
}

func sampled(f figures, at time.Time) sample {
	s := sample{
		at: at, lines: f.sum("klar_source_lines_total", nil), beacons: f.sum("klar_beacons_total", nil),
		rows: f.sum("klar_insert_rows_total", nil), spool: f.sum("klar_spool_bytes", nil), lag: f.most("klar_source_lag_seconds"),
		memory: f.sum("klar_engine_memory_bytes", nil), failures: f.sum("klar_insert_retries_total", nil),
		restarts: f.sum("klar_engine_restarts_total", nil),
		lost:     f.sum("klar_source_lost_bytes_total", nil) + f.sum("klar_syslog_lost_total", nil),
	}
	s.sources, s.rejected = f.by("klar_source_lines_total", "source", nil), f.by("klar_source_rejected_total", "source", nil)
	s.counted = f.sum("klar_beacons_total", match{"result": "counted"})
	for _, reason := range faults {
		s.faults += f.sum("klar_beacons_total", match{"result": reason})
	}
	return s
}

// ring holds the samples of the last half hour, the oldest first. It is never empty once New has returned.
type ring []sample

func (r ring) add(s sample) ring {
	if len(r) == Kept {
		copy(r, r[1:])
		r = r[:Kept-1]
	}
	return append(r, s)
}

// ago returns the oldest sample that is at most so old, seen from the latest.
func (r ring) ago(d time.Duration) sample {
	latest := r[len(r)-1].at
	for _, s := range r {
		if latest.Sub(s.at) <= d {
			return s
		}
	}
	return r[len(r)-1]
}

// grown is by how much a counter has grown within a time, [halfHour] at most. One that began anew counts from 0.
func (r ring) grown(within time.Duration, of func(sample) float64) float64 {
	return growth(of(r.ago(within)), of(r[len(r)-1]))
}

func growth(before, now float64) float64 {
	if now < before {
		return now
	}
	return now - before
}

// rate is by how much a counter grows in a second.
func (r ring) rate(of func(sample) float64) *float64 {
	if len(r) < 2 {
		return nil
	}
	return perSecond(r.ago(RateOver), r[len(r)-1], of)
}

func perSecond(before, now sample, of func(sample) float64) *float64 {
	seconds := now.at.Sub(before.at).Seconds()
	if seconds <= 0 {
		return nil
	}
	return rounded(growth(of(before), of(now)) / seconds)
}

// rates is the history of a counter.
func (r ring) rates(of func(sample) float64) []*float64 {
	all := make([]*float64, len(r))
	for i := 1; i < len(r); i++ {
		all[i] = perSecond(r[i-1], r[i], of)
	}
	return all
}

// values is the history of a gauge.
func (r ring) values(of func(sample) float64) []*float64 {
	all := make([]*float64, len(r))
	for i := range r {
		all[i] = rounded(of(r[i]))
	}
	return all
}

func rounded(v float64) *float64 {
	v = math.Round(v*100) / 100
	return &v
}
