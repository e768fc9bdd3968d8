package accuracy

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/report"
)

// question is one question to both counters.
type question struct {
	site       *site
	metrics    []report.Metric
	dimensions []report.Dimension
	filters    []condition // all must hold
	days       [2]string   // the first and the last
	way        *way        // the funnel that is asked for, if it was not counted
	// perValue makes the reference count a visitor once for each value of this dimension that the filters let through.
	perValue report.Dimension
}

// condition is a filter on one dimension.
type condition struct {
	operator  report.Operator
	dimension report.Dimension
	values    []string // as they are shown
}

func (q *question) asksFor(metrics ...report.Metric) bool {
	return slices.ContainsFunc(q.metrics, func(m report.Metric) bool { return slices.Contains(metrics, m) })
}

// ranges reports whether the range has values.
func (q *question) ranges(v values) bool {
	day := v.of(report.TimeDay)
	return day >= q.days[0] && day <= q.days[1]
}

// holds reports whether range and filters let values through.
func (q *question) holds(v values) bool {
	return q.ranges(v) && !slices.ContainsFunc(q.filters, func(c condition) bool { return !c.holds(v.of(c.dimension)) })
}

func (c *condition) holds(value string) bool {
	switch c.operator {
	case report.IsNot:
		return !slices.Contains(c.values, value)
	case report.Contains:
		return slices.ContainsFunc(c.values, func(v string) bool { return strings.Contains(value, v) })
	}
	return slices.Contains(c.values, value)
}

// key returns the cell of values, and false if one that is missing makes them stand in none: an event is on no page, and
// visits without campaign are not among the campaigns.
func (q *question) key(v values) (k key, ok bool) {
	for i, d := range q.dimensions {
		k[i] = v.of(d)
		switch d {
		case report.TimeWeek:
			k[i] = max(k[i], q.days[0]) // the first week begins with the range
		case report.EventGoal, report.EventGroup, report.EventFunnelStep, report.EventPage, report.EventPreviousPage, report.EventBot, report.VisitReferrer, report.VisitUTMSource, report.VisitUTMMedium, report.VisitUTMContent, report.VisitUTMTerm:
			if k[i] == "" {
				return k, false
			}
		case report.VisitUTMCampaign:
			if k[i] == "" && q.alone(d) {
				return k, false
			}
		}
	}
	return k, true
}

// timeless is a cell without its interval.
func (q *question) timeless(k key) key {
	for i, d := range q.dimensions {
		if d.IsTime() {
			k[i] = ""
		}
	}
	return k
}

// alone reports whether nothing but time, by whole days, and one dimension is asked for.
func (q *question) alone(d report.Dimension) bool {
	return !slices.ContainsFunc(q.dimensions, func(other report.Dimension) bool {
		return other != d && !other.IsTime() || other == report.TimeHour
	}) && !slices.ContainsFunc(q.filters, func(c condition) bool { return c.dimension != d })
}

// body is the question in the JSON of the Stats API.
func (q *question) body() []byte {
	filters := []any{}
	for _, c := range q.filters {
		filters = append(filters, []any{c.operator, c.dimension, c.values})
	}
	b, err := json.Marshal(map[string]any{
		"site_id": q.site.id, "metrics": q.metrics, "dimensions": q.dimensions, "filters": filters, "date_range": q.days,
	})
	if err != nil {
		panic(err) // strings only
	}
	return b
}

// about names what is asked for, without site and range.
func (q *question) about() string {
	var list []string
	for _, d := range q.dimensions {
		list = append(list, string(d))
	}
	text := strings.Join(list, " × ")
	switch {
	case q.way != nil:
		return q.way.class
	case text == "":
		text = "all"
	}
	for _, c := range q.filters {
		text += " where " + string(c.dimension) + " " + strings.ReplaceAll(string(c.operator), "_", " ")
		if len(c.values) > 1 {
			text += " one of two"
		}
	}
	return text
}
