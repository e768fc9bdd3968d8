package accuracy

import (
	"slices"
	"time"

	"github.com/klar-analytics/klar/report"
)

// times are the intervals that everything has, from the shortest.
var times = []report.Dimension{report.TimeHour, report.TimeDay, report.TimeWeek, report.TimeMonth}

// slots say where among the values of a request a dimension stands.
var slots = func() map[report.Dimension]int {
	m := map[report.Dimension]int{}
	for i, d := range slices.Concat(times, report.Dimensions()) {
		m[d] = i
	}
	return m
}()

// values are what a request or visit has of each dimension; what is missing is empty.
type values []string

func newValues() values { return make(values, len(slots)) }

func (v values) of(d report.Dimension) string     { return v[slots[d]] }
func (v values) set(d report.Dimension, s string) { v[slots[d]] = s }

// happened sets the intervals of a time.
func (v values) happened(at time.Time) {
	v.set(report.TimeHour, at.Format("2006-01-02 15:00:00"))
	v.set(report.TimeDay, at.Format(time.DateOnly))
	v.set(report.TimeWeek, at.AddDate(0, 0, -(int(at.Weekday())+6)%7).Format(time.DateOnly))
	v.set(report.TimeMonth, at.Format("2006-01")+"-01")
}

// key names a cell by the values of up to three dimensions.
type key [3]string

// cells are the figures of an answer.
type cells map[key]map[report.Metric]float64

func (c cells) of(k key) map[report.Metric]float64 {
	if c[k] == nil {
		c[k] = map[report.Metric]float64{}
	}
	return c[k]
}
