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

// Labels returns every interval of the query's time dimension in order, as it stands in the rows; nil if there is
// no such dimension. A week that starts before the range is named by the range's first day. An hour that the clock
// shows twice is one interval. More than MaxRows intervals are an error of type Error.
func (q Query) Labels() ([]string, error) {
	i := slices.IndexFunc(q.Dimensions, Dimension.IsTime)
	if i < 0 {
		return nil, nil
	}
	from, d := q.From.In(q.Location), q.Dimensions[i]
	format, next, label := dayLabel, nextDay, from
	switch d {
	case TimeMinute:
		format, next, label = minuteLabel, func(t time.Time) time.Time { return t.Add(time.Minute) }, from.Truncate(time.Minute)
	case TimeHour:
		format, next, label = hourLabel, func(t time.Time) time.Time { return t.Add(time.Hour) }, startOfHour(from)
	case TimeWeek:
		next = func(t time.Time) time.Time {
			y, m, day := t.Date()
			return startOfDay(y, m, day+7-int(t.Weekday()+6)%7, t.Location())
		}
	case TimeMonth:
		label = startOfDay(from.Year(), from.Month(), 1, q.Location)
		next = func(t time.Time) time.Time { return startOfDay(t.Year(), t.Month()+1, 1, t.Location()) }
	}
	labels := []string{}
	for ; label.Before(q.To); label = next(label) {
		text := label.Format(format)
		if len(labels) > 0 && labels[len(labels)-1] >= text {
			continue
		}
		if labels = append(labels, text); len(labels) > MaxRows {
			return nil, Refuse("include.time_labels", "more than %d intervals; ask for longer ones than %s", MaxRows, d)
		}
	}
	return labels, nil
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

func nextDay(t time.Time) time.Time {
	y, m, d := t.Date()
	return startOfDay(y, m, d+1, t.Location())
}
