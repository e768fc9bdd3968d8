package report

import (
	"encoding/json"
	"time"
)

// CompareMode says which range a question is compared with.
type CompareMode string

// The modes, as in Plausible.
const (
	PreviousPeriod CompareMode = "previous_period" // as long, and directly before
	YearOverYear   CompareMode = "year_over_year"  // as long, from a year before
	CustomPeriod   CompareMode = "custom"
)

const knownModes = "previous_period, year_over_year, custom"

// Comparison is the range that a question is compared with. From and To are half open, as those of Query.
type Comparison struct {
	Mode           CompareMode
	MatchDayOfWeek bool // the range starts on the same day of the week
	From, To       time.Time
}

// parseCompare reads include.comparisons, or include.compare with include.compare_match_day_of_week, which Plausible's
// dashboard has instead.
func (q *Query) parseCompare(include map[string]json.RawMessage, opts Options) error {
	const part = "include.comparisons"
	c := Comparison{}
	var custom json.RawMessage
	if short := include["compare"]; short != nil {
		if include["comparisons"] != nil {
			return Refuse("include.compare", "say it in comparisons alone")
		}
		if json.Unmarshal(short, &c.Mode) != nil {
			c.Mode, custom = CustomPeriod, short
		}
		if err := decodeOptional("include.compare_match_day_of_week", include["compare_match_day_of_week"], &c.MatchDayOfWeek, "true or false"); err != nil {
			return err
		}
		return q.compareWith("include.compare", "include.compare", c, custom, opts)
	}
	if include["comparisons"] == nil {
		return nil
	}
	fields, err := parseObject(part, include["comparisons"], "mode", "date_range", "match_day_of_week")
	if err != nil {
		return err
	}
	if err := decodeOptional(part+".mode", fields["mode"], &c.Mode, "one of "+knownModes); err != nil {
		return err
	}
	if err := decodeOptional(part+".match_day_of_week", fields["match_day_of_week"], &c.MatchDayOfWeek, "true or false"); err != nil {
		return err
	}
	if custom = fields["date_range"]; custom != nil && c.Mode != CustomPeriod {
		return Refuse(part+".date_range", "goes with the mode custom only")
	}
	return q.compareWith(part+".mode", part+".date_range", c, custom, opts)
}

// compareWith sets the range of a comparison. Parts are for errors.
func (q *Query) compareWith(modePart, rangePart string, c Comparison, custom json.RawMessage, opts Options) error {
	switch {
	case c.Mode != PreviousPeriod && c.Mode != YearOverYear && c.Mode != CustomPeriod:
		return Refuse(modePart, "%s is not a mode; known are %s", quote(string(c.Mode)), knownModes)
	case q.Realtime > 0:
		return Refuse(modePart, "what is happening now is not compared")
	case c.Mode != CustomPeriod && q.From.IsZero():
		return Refuse(modePart, "there is nothing before all of it; give a date_range, or compare with a custom one")
	}
	switch c.Mode {
	case CustomPeriod:
		var ends []string
		if custom == nil || json.Unmarshal(custom, &ends) != nil || len(ends) != 2 {
			return Refuse(rangePart, "must be two dates or times as in ISO 8601")
		}
		other := Query{Location: q.Location}
		if err := other.setCustom(ends[0], ends[1]); err != nil {
			return Refuse(rangePart, "%s", err)
		}
		if err := other.checkRange(rangePart); err != nil {
			return err
		}
		c.From, c.To = other.From, other.To
	default:
		if q.WholeDays() {
			c.ofDays(*q, opts.Now.In(q.Location))
		} else {
			c.ofTimes(*q)
		}
	}
	q.Compare = &c
	return nil
}

// ofDays sets the range that a range of whole days is compared with. Of a range that reaches into the future, only the
// days up to today are compared: half a month with half a month.
func (c *Comparison) ofDays(q Query, now time.Time) {
	first, last := date(q.From.In(q.Location)), date(q.To.Add(-time.Second).In(q.Location))
	if today := date(now); today.Before(last) && !today.Before(first) {
		last = today
	}
	days := int(last.Sub(first)/(24*time.Hour)) + 1
	start := first.AddDate(0, 0, -days)
	if c.Mode == YearOverYear {
		start = yearBefore(first)
	}
	if c.MatchDayOfWeek {
		start = nearest(first.Weekday(), start, first)
	}
	y, m, d := start.Date()
	c.From, c.To = startOfDay(y, m, d, q.Location), startOfDay(y, m, d+days, q.Location)
}

// nearest returns the day next to a date that is a certain day of the week, but not the day that is compared itself.
func nearest(weekday time.Weekday, to, not time.Time) time.Time {
	after := to.AddDate(0, 0, (int(weekday-to.Weekday())+7)%7)
	before := to.AddDate(0, 0, -(int(to.Weekday()-weekday)+7)%7)
	if after.Equal(not) || after.Sub(to) > to.Sub(before) {
		return before
	}
	return after
}

// ofTimes sets the range that a range of times is compared with.
func (c *Comparison) ofTimes(q Query) {
	from, to := q.From.In(q.Location), q.To.In(q.Location)
	switch length := to.Sub(from); {
	case c.Mode == YearOverYear:
		c.From = yearBefore(from)
		if c.MatchDayOfWeek {
			c.From = nearest(from.Weekday(), c.From, from)
		}
		c.To = c.From.Add(length)
	case c.MatchDayOfWeek:
		const week = 7 * 24 * time.Hour
		days := 7 * int((length+week-1)/week)
		c.From, c.To = from.AddDate(0, 0, -days), to.AddDate(0, 0, -days)
	default:
		c.From, c.To = from.Add(-length), from
	}
}

// date returns the day of t as a midnight of UTC, where all days have 24 hours.
func date(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// yearBefore returns the same time a year before; for 29 February that is the 28th.
func yearBefore(t time.Time) time.Time {
	before := t.AddDate(-1, 0, 0)
	if before.Day() != t.Day() {
		return before.AddDate(0, 0, -before.Day())
	}
	return before
}
