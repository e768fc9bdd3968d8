package report

import (
	"slices"
	"time"
)

// Compared is what a row is compared with: the same figures of the same dimensions in the other range. Of a dimension of
// time it has the interval that stands at the same place there, or nil where that range has none; its figures and their
// changes are then nil, too.
type Compared struct {
	Dimensions []any // string or nil
	Metrics    []any
	Change     []any // percent, of rates points; nil where one of both figures means nothing
}

// Other returns the question about the range that q is compared with, for all of its rows.
func (q Query) Other() Query {
	q.From, q.To = q.Compare.From, q.Compare.To
	q.Compare, q.Limit, q.Offset = nil, 0, 0
	q.TimeLabels, q.Partial, q.TotalRows = false, false, false
	return q
}

// Fill gives a series a row for each of its intervals in which nothing was, so that these can be compared as well. What
// is no single page of a series by time alone stays as it is. The error is that of Labels.
func (r *Result) Fill() error {
	q := r.Query
	if len(q.Dimensions) != 1 || !q.Dimensions[0].IsTime() || q.OrderBy[0].Key != string(q.Dimensions[0]) ||
		q.Offset > 0 || len(r.Rows) == q.Limit {
		return nil
	}
	labels, err := q.Labels()
	if err != nil {
		return err
	}
	if q.OrderBy[0].Desc {
		slices.Reverse(labels)
	}
	have := map[string]Row{}
	for _, row := range r.Rows {
		have[row.Dimensions[0]] = row
	}
	rows := make([]Row, 0, len(labels))
	for _, label := range labels {
		row, ok := have[label]
		if !ok {
			row = Row{Dimensions: []string{label}, Metrics: nothings(q.Metrics)}
		}
		rows = append(rows, row)
	}
	r.Rows = rows[:min(len(rows), q.Limit)]
	return nil
}

func nothings(metrics []Metric) []any {
	var list []any
	for _, m := range metrics {
		list = append(list, nothing(m))
	}
	return list
}

// CompareWith gives each row what it is compared with, from the answer to Other. The error is that of Labels.
func (r *Result) CompareWith(other Result) error {
	opposite, err := r.Query.Opposites()
	if err != nil {
		return err
	}
	rows := map[string][]any{}
	for _, row := range other.Rows {
		rows[RowKey(row.Dimensions)] = row.Metrics
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		row.Compared = r.Query.compared(*row, opposite, rows)
	}
	return nil
}

// compared returns what one row is compared with.
func (q Query) compared(row Row, opposite map[string]string, rows map[string][]any) *Compared {
	c := &Compared{Metrics: make([]any, len(q.Metrics)), Change: make([]any, len(q.Metrics))}
	var key []string
	none := false
	for i, d := range q.Dimensions {
		value := row.Dimensions[i]
		if d.IsTime() {
			var ok bool
			if value, ok = opposite[value]; !ok {
				c.Dimensions, none = append(c.Dimensions, nil), true
				continue
			}
		}
		key, c.Dimensions = append(key, value), append(c.Dimensions, value)
	}
	if none {
		return c
	}
	metrics, ok := rows[RowKey(key)]
	if !ok {
		metrics = nothings(q.Metrics)
	}
	c.Metrics = metrics
	for i, m := range q.Metrics {
		if by := change(m, metrics[i], row.Metrics[i]); by != nil {
			c.Change[i] = *by
		}
	}
	return c
}

// RowKey makes one text of the dimensions of a row, to find it by.
func RowKey(dimensions []string) string {
	var b []byte
	for i, d := range dimensions {
		if i > 0 {
			b = append(b, '\x1f')
		}
		b = append(b, d...)
	}
	return string(b)
}

// Opposites says by their labels which interval of the range that q is compared with stands opposite each interval of q's,
// if one does. Hours and minutes of whole days stand opposite those of the same clock, as days may have 23 or 25 hours;
// all others are counted from the start. The error is that of Labels.
func (q Query) Opposites() (map[string]string, error) {
	other := q.Other()
	mine, err := q.intervals()
	if err != nil {
		return nil, err
	}
	theirs, err := other.intervals()
	if err != nil {
		return nil, err
	}
	opposite := map[string]string{}
	byClock := len(mine) > 0 && len(mine[0].label) > len(dayLabel) && q.WholeDays() && other.WholeDays()
	if !byClock {
		for i := range min(len(mine), len(theirs)) {
			opposite[mine[i].label] = theirs[i].label
		}
		return opposite, nil
	}
	known := map[string]bool{}
	for _, one := range theirs {
		known[one.label] = true
	}
	days := int(date(q.From.In(q.Location)).Sub(date(other.From.In(q.Location))) / (24 * time.Hour))
	for _, one := range mine {
		day, err := time.Parse(dayLabel, one.label[:len(dayLabel)])
		if err != nil {
			return nil, err
		}
		if label := day.AddDate(0, 0, -days).Format(dayLabel) + one.label[len(dayLabel):]; known[label] {
			opposite[one.label] = label
		}
	}
	return opposite, nil
}
