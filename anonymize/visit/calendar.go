package visit

import (
	"math"
	"time"
)

const (
	secondsPerHour = 3600
	secondsPerDay  = 86400
)

// Calendar cuts time into the hours and days of a time zone. It remembers the stretch between two changes of the
// clocks that it was last asked for, so that the time zone's rules are looked up once in half a year of hits, and the
// day. It is not safe for concurrent use.
type Calendar struct {
	location   *time.Location
	start, end int64 // of the remembered stretch
	offset     int64 // seconds east of UTC in it

	dayFrom, dayUntil int64 // the part of the stretch that is of the remembered day
	dayStart          int64
}

// NewCalendar returns the calendar of a time zone, of UTC if nil.
func NewCalendar(l *time.Location) *Calendar {
	if l == nil {
		l = time.UTC
	}
	return &Calendar{location: l}
}

// Hour returns the start of the local hour that t falls in, both in seconds since 1970, UTC. Where the clocks are
// changed within an hour, as on Lord Howe Island, the change starts an hour of its own.
func (c *Calendar) Hour(t int64) int64 {
	if t < c.start || t >= c.end {
		c.find(t)
	}
	return max(t-mod(t+c.offset, secondsPerHour), c.start)
}

// Day returns the local date at t, counted in days since 1970-01-01.
func (c *Calendar) Day(t int64) int32 {
	if t < c.start || t >= c.end {
		c.find(t)
	}
	local := t + c.offset
	return int32((local - mod(local, secondsPerDay)) / secondsPerDay)
}

// DayStart returns the first instant of the local day that t falls in, both in seconds since 1970, UTC. Where midnight
// is left out, the day starts later; where it comes twice, with the first.
func (c *Calendar) DayStart(t int64) int64 {
	if t < c.dayFrom || t >= c.dayUntil {
		c.findDay(t)
	}
	return c.dayStart
}

func (c *Calendar) findDay(t int64) {
	if t < c.start || t >= c.end {
		c.find(t)
	}
	midnight := t - mod(t+c.offset, secondsPerDay)
	c.dayFrom, c.dayUntil = max(midnight, c.start), min(midnight+secondsPerDay, c.end)
	c.dayStart = startOfDay(time.Unix(t, 0).In(c.location)).Unix()
}

// startOfDay returns the first instant of t's day, as package report does for the range of a question. Where midnight
// does not exist or exists twice, package time gives an instant up to an hour away.
func startOfDay(t time.Time) time.Time {
	y, m, d := t.Date()
	start := time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	if start.Day() != d {
		return start.Add(time.Hour)
	}
	if earlier := start.Add(-time.Hour); earlier.Day() == d {
		return earlier
	}
	return start
}

func (c *Calendar) find(t int64) {
	at := time.Unix(t, 0).In(c.location)
	_, offset := at.Zone()
	start, end := at.ZoneBounds()
	c.offset, c.start, c.end = int64(offset), math.MinInt64, math.MaxInt64
	if !start.IsZero() {
		c.start = start.Unix()
	}
	if !end.IsZero() {
		c.end = end.Unix()
	}
}

// mod is the remainder that is never negative.
func mod(a, m int64) int64 {
	if r := a % m; r >= 0 {
		return r
	} else {
		return r + m
	}
}
