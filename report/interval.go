package report

import (
	"slices"
	"time"
)

// Formats of the labels of a time dimension, in the site's time zone, as in Plausible.
const (
	minuteLabel = "2006-01-02 15:04:00"
	hourLabel   = "2006-01-02 15:00:00"
	dayLabel    = "2006-01-02"
)

// Since returns the query with the range "all" starting at the day of the first figure, or today when there is none
// (first is zero). Other queries are returned as they are.
func (q Query) Since(first time.Time) Query {
	if !q.From.IsZero() {
		return q
	}
	last := q.To.Add(-time.Second).In(q.Location)
	if first.IsZero() || first.After(last) {
		first = last
	}
	y, m, d := first.In(q.Location).Date()
	q.From = startOfDay(y, m, d, q.Location)
	q.Dimensions, q.OrderBy = slices.Clone(q.Dimensions), slices.Clone(q.OrderBy)
	q.decideTime()
	return q
}

// decideTime replaces the dimension time by the interval that suits the range, as Plausible does.
func (q *Query) decideTime() {
	i := slices.Index(q.Dimensions, Time)
	if i < 0 {
		return
	}
	const day = 24 * time.Hour
	interval := TimeMonth
	switch length := q.To.Sub(q.From); {
	case q.Realtime > 0:
		interval = TimeMinute
	case length <= 48*time.Hour+time.Hour: // two days are 49 hours when the clock goes back
		interval = TimeHour
	case length < 41*day:
		interval = TimeDay
	case length < 53*7*day:
		interval = TimeWeek
	}
	q.Dimensions[i] = interval
	for j := range q.OrderBy {
		if q.OrderBy[j].Key == string(Time) {
			q.OrderBy[j].Key = string(interval)
		}
	}
}

// interval is one value of a dimension of time. Its ends are those of the whole interval, also where the range has only
// a part of it.
type interval struct {
	label    string
	from, to time.Time
}

// Labels returns every interval of the query's time dimension in order, as it stands in the rows; nil if there is
// no such dimension. A week that starts before the range is named by the range's first day. An hour that the clock
// shows twice is one interval. More than MaxRows intervals are an error of type Error.
func (q Query) Labels() ([]string, error) {
	intervals, err := q.intervals()
	if err != nil || intervals == nil {
		return nil, err
	}
	labels := make([]string, len(intervals))
	for i, one := range intervals {
		labels[i] = one.label
	}
	return labels, nil
}

// PartialLabels returns the labels of the intervals of which the range has only a part, or that are not over yet. Those
// to come are not among them. The error is that of Labels.
func (q Query) PartialLabels() ([]string, error) {
	intervals, err := q.intervals()
	if err != nil {
		return nil, err
	}
	end := q.To
	if now := q.Now.Add(time.Second); !q.Now.IsZero() && now.Before(end) {
		end = now
	}
	labels := []string{}
	for _, one := range intervals {
		if one.from.Before(q.From) || one.from.Before(end) && one.to.After(end) {
			labels = append(labels, one.label)
		}
	}
	return labels, nil
}

func (q Query) intervals() ([]interval, error) {
	clock := slices.IndexFunc(q.Dimensions, Dimension.IsTime)
	if clock < 0 {
		return nil, nil
	}
	d := q.Dimensions[clock]
	at, next, format := q.steps(d)
	list := []interval{}
	for at.Before(q.To) {
		one := interval{from: at, to: next(at), label: at.Format(format)}
		if d == TimeWeek && at.Before(q.From) {
			one.label = q.From.In(q.Location).Format(format)
		}
		at = one.to
		if last := len(list) - 1; last >= 0 && list[last].label >= one.label {
			list[last].to = one.to
			continue
		}
		if list = append(list, one); len(list) > MaxRows {
			return nil, Refuse("include.time_labels", "more than %d intervals; ask for longer ones than %s", MaxRows, d)
		}
	}
	return list, nil
}

// steps returns the start of the interval in which the range starts, what leads to the next one, and how they are named.
func (q Query) steps(d Dimension) (first time.Time, next func(time.Time) time.Time, format string) {
	from := q.From.In(q.Location)
	y, m, day := from.Date()
	switch d {
	case TimeMinute:
		return from.Truncate(time.Minute), func(t time.Time) time.Time { return t.Add(time.Minute) }, minuteLabel
	case TimeHour:
		return startOfHour(from), func(t time.Time) time.Time { return t.Add(time.Hour) }, hourLabel
	case TimeWeek:
		monday := startOfDay(y, m, day-int(from.Weekday()+6)%7, q.Location)
		return monday, func(t time.Time) time.Time { return daysAfter(t, 7) }, dayLabel
	case TimeMonth:
		next = func(t time.Time) time.Time { return startOfDay(t.Year(), t.Month()+1, 1, t.Location()) }
		return startOfDay(y, m, 1, q.Location), next, dayLabel
	}
	return startOfDay(y, m, day, q.Location), func(t time.Time) time.Time { return daysAfter(t, 1) }, dayLabel
}

// WholeDays reports whether the range is made of whole days of the site's time zone, however it was given.
func (q Query) WholeDays() bool {
	for _, t := range []time.Time{q.From.In(q.Location), q.To.In(q.Location)} {
		if y, m, d := t.Date(); !t.Equal(startOfDay(y, m, d, q.Location)) {
			return false
		}
	}
	return true
}

// daysAfter returns the start of the day n days after t's.
func daysAfter(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	return startOfDay(y, m, d+n, t.Location())
}
