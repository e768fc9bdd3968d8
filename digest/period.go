package digest

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Kind is what a message is.
type Kind string

// The kinds.
const (
	Weekly  Kind = "weekly"  // the report of a week, on the Monday after it
	Monthly Kind = "monthly" // that of a month, on the first day after it
	Asked   Kind = "asked"   // that of any days, because somebody asked
	Spike   Kind = "spike"   // the notice of many visitors
	Drop    Kind = "drop"    // that of none
)

// Period is a range of whole days, both ends in it, and the range that it is compared with. The days are midnights of UTC,
// where all of them have 24 hours.
type Period struct {
	From, To             time.Time
	BeforeFrom, BeforeTo time.Time
}

// date returns the day of t on its own clock.
func date(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// LastWeek returns the last week that is over at now, from Monday, compared with the one before.
func LastWeek(now time.Time) Period {
	today := date(now)
	return days(today.AddDate(0, 0, -(int(today.Weekday())+6)%7), 7)
}

// days returns n days before a day, compared with the n before.
func days(before time.Time, n int) Period {
	return Period{before.AddDate(0, 0, -n), before.AddDate(0, 0, -1), before.AddDate(0, 0, -2*n), before.AddDate(0, 0, -n-1)}
}

// LastMonth returns the last month that is over at now, compared with the one before.
func LastMonth(now time.Time) Period {
	today := date(now)
	first := today.AddDate(0, 0, 1-today.Day())
	return Period{first.AddDate(0, -1, 0), first.AddDate(0, 0, -1), first.AddDate(0, -2, 0), first.AddDate(0, -1, -1)}
}

// maxDays bounds the periods that can be asked for.
const maxDays = 366

var daysPattern = regexp.MustCompile(`^([1-9][0-9]{0,2})d$`)

// ParsePeriod reads week, month or 7d: the last of them, or as many days, that are over at now.
func ParsePeriod(s string, now time.Time) (Kind, Period, error) {
	switch s {
	case "week":
		return Weekly, LastWeek(now), nil
	case "month":
		return Monthly, LastMonth(now), nil
	}
	if m := daysPattern.FindStringSubmatch(s); m != nil {
		if n, _ := strconv.Atoi(m[1]); n <= maxDays {
			return Asked, days(date(now), n), nil
		}
	}
	return "", Period{}, fmt.Errorf("%q is neither week, month nor a number of days up to %dd, such as 7d", s, maxDays)
}
