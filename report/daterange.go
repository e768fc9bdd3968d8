package report

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Bounds of relative ranges, as in Plausible.
const (
	maxDays   = 5000
	maxMonths = 100
)

// The stored instants have 32 bits.
var (
	earliest = time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2106, 1, 1, 0, 0, 0, 0, time.UTC)
)

const knownRanges = "day, 24h, 7d, 28d, 30d, 91d, month, 6mo, 12mo, year, all, realtime, realtime_30m, or two dates or times as in ISO 8601"

func (q *Query) parseRange(fields map[string]json.RawMessage, opts Options) error {
	data := fields["date_range"]
	if data == nil {
		return Refuse("date_range", "missing; known are %s", knownRanges)
	}
	var name string
	var ends []string
	switch {
	case json.Unmarshal(data, &name) == nil:
		if !q.setRelative(name, opts.Now.In(q.Location)) {
			return Refuse("date_range", "%s is not a range; known are %s", quote(name), knownRanges)
		}
	case json.Unmarshal(data, &ends) == nil && len(ends) == 2:
		if err := q.setCustom(ends[0], ends[1]); err != nil {
			return err
		}
	default:
		return Refuse("date_range", "must be one of %s", knownRanges)
	}
	if err := q.checkRange("date_range"); err != nil {
		return err
	}
	if !q.From.IsZero() {
		q.decideTime()
	}
	return nil
}

// checkRange returns an error, of the given part, unless the range can be asked for.
func (q *Query) checkRange(part string) error {
	switch {
	case !q.From.IsZero() && !q.To.After(q.From):
		return Refuse(part, "ends before it starts")
	case !q.From.IsZero() && q.From.Before(earliest):
		return Refuse(part, "starts before 1970")
	case q.To.After(latest):
		return Refuse(part, "ends after 2105")
	}
	return nil
}

// setRelative sets a range by its name, as Plausible reads it: Nd are the N days before today and Nmo the N months
// before this one, both without today; day, month and year are whole ones that hold today.
func (q *Query) setRelative(name string, now time.Time) bool {
	y, m, d := now.Date()
	loc := now.Location()
	today, tomorrow := startOfDay(y, m, d, loc), startOfDay(y, m, d+1, loc)
	switch name {
	case "day":
		q.From, q.To = today, tomorrow
	case "24h":
		// Whole hours, as the figures are by the hour: the running one and the 23 before it.
		q.To = startOfHour(now).Add(time.Hour)
		q.From = q.To.Add(-24 * time.Hour)
	case "realtime":
		q.setRealtime(now, 5*time.Minute)
	case "realtime_30m":
		q.setRealtime(now, 30*time.Minute)
	case "month":
		q.From, q.To = startOfDay(y, m, 1, loc), startOfDay(y, m+1, 1, loc)
	case "year":
		q.From, q.To = startOfDay(y, 1, 1, loc), startOfDay(y+1, 1, 1, loc)
	case "all":
		q.From, q.To = time.Time{}, tomorrow
	default:
		return q.setCounted(name, today)
	}
	return true
}

// setCounted sets Nd and Nmo.
func (q *Query) setCounted(name string, today time.Time) bool {
	y, m, d := today.Date()
	loc := today.Location()
	if digits, ok := strings.CutSuffix(name, "mo"); ok {
		n, ok := count(digits, maxMonths)
		q.From, q.To = startOfDay(y, m-time.Month(n), 1, loc), startOfDay(y, m, 1, loc)
		return ok
	}
	digits, ok := strings.CutSuffix(name, "d")
	n, valid := count(digits, maxDays)
	q.From, q.To = startOfDay(y, m, d-n, loc), today
	return ok && valid
}

// count reads a number of days or months.
func count(digits string, most int) (int, bool) {
	n, err := strconv.ParseUint(digits, 10, 16)
	return int(n), err == nil && n >= 1 && int(n) <= most && digits[0] != '0'
}

// setCustom sets a range of two dates or two times. Both ends are in it.
func (q *Query) setCustom(from, to string) error {
	first, err := time.Parse(time.DateOnly, from)
	if err == nil {
		last, err := time.Parse(time.DateOnly, to)
		if err != nil {
			return Refuse("date_range[1]", "%s is not a date such as 2026-01-31", quote(to))
		}
		q.From = startOfDay(first.Year(), first.Month(), first.Day(), q.Location)
		q.To = startOfDay(last.Year(), last.Month(), last.Day()+1, q.Location)
		return nil
	}
	if q.From, err = time.Parse(time.RFC3339, from); err != nil {
		return Refuse("date_range[0]", "%s is neither a date such as 2026-01-31 nor a time such as 2026-01-31T12:00:00+01:00", quote(from))
	}
	if q.To, err = time.Parse(time.RFC3339, to); err != nil {
		return Refuse("date_range[1]", "%s is not a time such as 2026-01-31T12:00:00+01:00", quote(to))
	}
	if q.To.Before(q.From) {
		return Refuse("date_range", "ends before it starts")
	}
	q.From = q.From.In(q.Location).Truncate(time.Second)
	q.To = q.To.In(q.Location).Truncate(time.Second).Add(time.Second)
	return nil
}

// startOfDay returns the first instant of a day, also where the clock is changed at midnight: there 00:00 does not
// exist, or exists twice.
func startOfDay(y int, m time.Month, d int, loc *time.Location) time.Time {
	want := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Day()
	t := time.Date(y, m, d, 0, 0, 0, 0, loc)
	if t.Day() != want {
		return t.Add(time.Hour)
	}
	if earlier := t.Add(-time.Hour); earlier.Day() == want {
		return earlier
	}
	return t
}

// startOfHour returns the start of t's hour on the clock of t's location.
func startOfHour(t time.Time) time.Time {
	return t.Truncate(time.Second).Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second)
}
