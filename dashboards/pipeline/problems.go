package pipeline

import (
	"cmp"
	"slices"
	"time"
)

// Level says how bad something is.
type Level int

// The levels.
const (
	Well  Level = iota
	Amber       // somebody should look at it today
	Red         // figures are late or will be missing
)

// MarshalText returns green, amber or red.
func (l Level) MarshalText() ([]byte, error) {
	return []byte([...]string{"green", "amber", "red"}[l]), nil
}

// Problem is something that is not as it should be.
type Problem struct {
	Level Level `json:"level"`
	// Code says what it is, one of a fixed number of words; the page has the words for people and what to do.
	Code string `json:"code"`
	// Subject is what it is about, as it is configured: a source, a spool; empty where there is one only.
	Subject string `json:"subject"`
	// Value measures it: seconds, bytes, a share or a number, as the code implies.
	Value float64 `json:"value"`
}

// Bounds of what is well. dashboards/prometheus/alerting.rules.yaml has the same.
const (
	lagWarns, lagFails       = 60, 600       // seconds
	spoolWarns, spoolFails   = 120, 900      // seconds
	rejectsWarn, rejectsFail = 0.05, 0.5     // of the lines
	dropsWarn                = 0.2           // of the beacons
	diskWarns, diskFails     = 0.1, 0.03     // of the disk
	diskLeast                = 200 << 20     // bytes
	restartsFail             = 3             // in half an hour
	fewLines                 = 20            // are no share of anything
	retentionLate            = 2 * time.Hour // since nothing overdue was left
)

// faults are reasons for which a beacon should not be dropped: somebody set something up wrongly. The rest, such as bots,
// is as it should be.
var faults = []string{"unknown site", "host not of the site", "rate limit", "unreadable address", "dropped"}

// problems lists what is wrong, the worst first.
func problems(s Status, f figures, past ring) []Problem {
	all := []Problem{}
	note := func(level Level, code, subject string, value float64) {
		if level > Well {
			all = append(all, Problem{level, code, subject, value})
		}
	}
	for _, source := range s.Sources {
		switch source.State {
		case "unknown_format":
			note(Red, "source_format", source.Name, 0)
		case "missing":
			note(Amber, "source_missing", source.Name, 0)
		}
		note(above(source.LagSeconds, lagWarns, lagFails), "source_lag", source.Name, source.LagSeconds)
		lines := past.grown(halfHour, func(s sample) float64 { return s.sources[source.Name] })
		if lines >= fewLines {
			share := past.grown(halfHour, func(s sample) float64 { return s.rejected[source.Name] }) / lines
			note(above(share, rejectsWarn, rejectsFail), "source_rejects", source.Name, share)
		}
	}
	if lost := past.grown(halfHour, func(s sample) float64 { return s.lost }); lost > 0 {
		note(Amber, "source_lost", "", lost)
	}
	for _, spool := range s.Spools {
		if spool.Full {
			note(Red, "spool_full", spool.Name, spool.Bytes)
		} else {
			note(above(spool.Age, spoolWarns, spoolFails), "spool_growing", spool.Name, spool.Age)
		}
		if spool.Refused > 0 {
			note(Amber, "spool_refused", spool.Name, spool.Refused)
		}
	}
	problemsOfStore(s, past, note)
	problemsOfRest(s, f, past, note)
	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(b.Level, a.Level) })
	return all
}

func problemsOfStore(s Status, past ring, note func(Level, string, string, float64)) {
	if !s.Engine.Answers {
		note(Red, "store_away", s.Engine.Kind, 0)
	}
	if failures := past.grown(RateOver, func(s sample) float64 { return s.failures }); failures > 0 {
		level := Amber
		if s.Inserts.LastSuccess == nil || s.At.Sub(*s.Inserts.LastSuccess) > RateOver {
			level = Red
		}
		note(level, "insert_failing", "", failures)
	}
	if restarts := past.grown(halfHour, func(s sample) float64 { return s.restarts }); restarts > 0 {
		note(above(restarts, 0, restartsFail-1), "engine_restarted", "", restarts)
	}
	if s.Disk.Size > 0 {
		switch share := s.Disk.Free / s.Disk.Size; {
		case share < diskFails || s.Disk.Free < diskLeast:
			note(Red, "disk_low", "", s.Disk.Free)
		case share < diskWarns:
			note(Amber, "disk_low", "", s.Disk.Free)
		}
	}
}

func problemsOfRest(s Status, f figures, past ring, note func(Level, string, string, float64)) {
	dropped := past.grown(halfHour, func(s sample) float64 { return s.faults })
	if total := dropped + past.grown(halfHour, func(s sample) float64 { return s.counted }); total >= fewLines && dropped/total > dropsWarn {
		note(Amber, "beacons_dropped", "", dropped/total)
	}
	if current := f["klar_config_current"]; current != nil && f.sum("klar_config_current", nil) == 0 {
		note(Amber, "config_refused", "", 0)
	}
	if checked := moment(f.sum("klar_retention_checked_timestamp_seconds", nil)); checked != nil && s.At.Sub(*checked) > retentionLate {
		note(Amber, "retention_late", "", s.At.Sub(*checked).Seconds())
	}
	taken := func(s sample) float64 { return s.lines + s.beacons }
	if past[len(past)-1].at.Sub(past[0].at) >= halfHour && taken(past[0]) > 0 && past.grown(halfHour, taken) == 0 {
		note(Amber, "no_data", "", halfHour.Seconds())
	}
}

// above is how bad a figure is that is well up to the first bound.
func above(v, warns, fails float64) Level {
	switch {
	case v > fails:
		return Red
	case v > warns:
		return Amber
	}
	return Well
}
