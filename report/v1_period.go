package report

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

var periodsV1 = []string{"12mo", "6mo", "month", "30d", "7d", "day", "custom"}

// period is a range of whole days in the terms of v1. Its days are dates, kept as midnights in UTC.
type period struct {
	name        string
	part        string // of the request, for errors
	first, last time.Time
}

// parsePeriod reads period and date. Unlike the ranges of v2, which end before today, those of v1 end with their date.
func parsePeriod(values url.Values, now time.Time) (period, error) {
	p := period{name: "30d", part: "period"}
	if values.Has("period") {
		p.name = values.Get("period")
	}
	if !slices.Contains(periodsV1, p.name) {
		return p, Refuse("period", "%s is not a period; known are %s", quote(p.name), list(periodsV1))
	}
	if p.name == "custom" {
		return p, p.parseDates(values.Get("date"))
	}
	y, m, d := now.Date()
	date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if values.Has("date") {
		p.part = "date"
		var err error
		if date, err = parseDate(values.Get("date")); err != nil {
			return p, err
		}
	}
	p.end(date)
	return p, nil
}

// end sets the days of a period that is not custom.
func (p *period) end(date time.Time) {
	y, m, d := date.Date()
	day := func(m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	p.last = date
	switch p.name {
	case "day":
		p.first = date
	case "7d":
		p.first = day(m, d-6)
	case "30d":
		p.first = day(m, d-29)
	case "month":
		p.first, p.last = day(m, 1), day(m+1, 0)
	case "6mo":
		p.first, p.last = day(m-5, 1), day(m+1, 0)
	case "12mo":
		p.first, p.last = day(m-11, 1), day(m+1, 0)
	}
}

func (p *period) parseDates(text string) error {
	p.part = "date"
	from, to, ok := strings.Cut(text, ",")
	if !ok {
		return Refuse("date", "must be two dates such as 2026-01-01,2026-01-31 when the period is custom")
	}
	var err error
	if p.first, err = parseDate(from); err != nil {
		return err
	}
	p.last, err = parseDate(to)
	return err
}

func parseDate(text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
	if err != nil {
		return t, Refuse("date", "%s is not a date such as 2026-01-31", quote(text))
	}
	return t, nil
}

// before returns the period of the same number of days that ends where p starts.
func (p period) before() period {
	days := int(p.last.Sub(p.first)/(24*time.Hour)) + 1
	p.part = "compare"
	p.first, p.last = p.first.AddDate(0, 0, -days), p.first.AddDate(0, 0, -1)
	return p
}

// interval returns the dimension of a time series. A day is given by hours unless an interval is asked for.
func (p period) interval(values url.Values) (Dimension, error) {
	if !values.Has("interval") {
		switch p.name {
		case "6mo", "12mo":
			return TimeMonth, nil
		case "day":
			return TimeHour, nil
		}
		return TimeDay, nil
	}
	switch name := values.Get("interval"); name {
	case "day", "date":
		return TimeDay, nil
	case "month":
		return TimeMonth, nil
	default:
		return "", Refuse("interval", "%s is not an interval; known are day, month", quote(name))
	}
}

// setPeriod takes over the days of a period in the site's time zone.
func (q *Query) setPeriod(p period) error {
	y, m, d := p.first.Date()
	q.From = startOfDay(y, m, d, q.Location)
	y, m, d = p.last.Date()
	q.To = startOfDay(y, m, d+1, q.Location)
	return q.checkRange(p.part)
}
