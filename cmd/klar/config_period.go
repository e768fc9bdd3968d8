package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// period is a time by the calendar; the zero value is for ever.
type period struct{ months, days int }

// maxPeriod bounds periods, in years.
const maxPeriod = 100

// periodPattern is a whole number and a unit: 13 months, 90 days, 2 years, or short 13mo, 90d, 2y.
var periodPattern = regexp.MustCompile(`^\s*([0-9]{1,5})\s*(d|days?|mo|months?|y|years?)\s*$`)

// parsePeriod reads a period of a day to 100 years. Nothing is for ever.
func parsePeriod(s string) (period, error) {
	if s == "" {
		return period{}, nil
	}
	m := periodPattern.FindStringSubmatch(strings.ToLower(s))
	if m == nil {
		return period{}, fmt.Errorf("%q is not a period such as 25 months, 90 days or 2 years", s)
	}
	n, _ := strconv.Atoi(m[1]) // digits only
	var p period
	switch m[2][0] {
	case 'd':
		p.days = n
	case 'm':
		p.months = n
	default:
		p.months = 12 * n
	}
	if n == 0 || p.days > 366*maxPeriod || p.months > 12*maxPeriod {
		return period{}, fmt.Errorf("%q is not from a day to %d years", s, maxPeriod)
	}
	return p, nil
}

// before returns the beginning of the day that lies a period before the day of now, in now's time zone. Where the month
// has no such day it is its last one.
func (p period) before(now time.Time) time.Time {
	year, month, day := now.Date()
	last := time.Date(year, month-time.Month(p.months)+1, 0, 0, 0, 0, 0, now.Location()).Day()
	return time.Date(year, month-time.Month(p.months), min(day, last)-p.days, 0, 0, 0, 0, now.Location())
}
