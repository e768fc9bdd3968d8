package report

import (
	"math"
	"strings"
)

// AnswerV1 is an answer of the Stats API v1. It encodes itself as its JSON.
type AnswerV1 struct {
	Results any    `json:"results"` // an object of AggregateV1, else a list of objects
	Warning string `json:"warning,omitempty"`
}

// figureV1 is a figure of AggregateV1.
type figureV1 struct {
	Value any `json:"value"`
}

// comparedV1 is a figure and its change from the period before: in percent, of a bounce rate in points; null where there
// is nothing to compare.
type comparedV1 struct {
	Value  any      `json:"value"`
	Change *float64 `json:"change"`
}

// Answer puts the answers to Query and, if it is not nil, to Previous into the form of v1.
func (v QueryV1) Answer(result Result, previous *Result) AnswerV1 {
	answer := AnswerV1{Warning: warningV1(result)}
	switch v.Endpoint {
	case TimeseriesV1:
		answer.Results = seriesV1(result)
	case BreakdownV1:
		answer.Results = breakdownV1(result)
	default:
		answer.Results = v.figures(result, previous)
	}
	return answer
}

// warningV1 joins the reservations about the metrics.
func warningV1(r Result) string {
	var texts []string
	for _, m := range r.Query.Metrics {
		if w := r.Warnings[m].Text; w != "" {
			texts = append(texts, string(m)+": "+w)
		}
	}
	return strings.Join(texts, "; ")
}

func (v QueryV1) figures(result Result, previous *Result) map[Metric]any {
	figures := map[Metric]any{}
	for i, m := range v.Query.Metrics {
		value := only(result, i, m)
		if previous == nil {
			figures[m] = figureV1{value}
			continue
		}
		figures[m] = comparedV1{value, change(m, only(*previous, i, m), value)}
	}
	return figures
}

// only returns a figure of an answer without dimensions.
func only(r Result, i int, m Metric) any {
	if len(r.Rows) == 0 {
		return nothing(m)
	}
	return r.Rows[0].Metrics[i]
}

// nothing is the figure of an interval in which nothing was: 0, or null for a rate of nothing.
func nothing(m Metric) any {
	switch m {
	case BounceRate, VisitDuration, ViewsPerVisit, Percentage, BeaconlessRate, ExitRate, TimeOnPage, ScrollDepth,
		ConversionRate, GroupConversionRate:
		return nil
	}
	return int64(0)
}

// change is computed as Plausible does: from nothing to anything is 100 percent.
func change(m Metric, before, now any) *float64 {
	old, known := number(before)
	value, knownNow := number(now)
	if !known || !knownNow {
		return nil
	}
	var c float64
	switch {
	case m == BounceRate && old == 0:
		return nil
	case inPoints(m):
		c = math.Round((value-old)*10) / 10
	case old == 0 && value > 0:
		c = 100
	case old != 0:
		c = math.Round((value - old) / old * 100)
	}
	return &c
}

// inPoints reports whether a change of m is a difference: a percentage of a percentage would mislead.
func inPoints(m Metric) bool {
	switch m {
	case BounceRate, BeaconlessRate, ExitRate, ConversionRate, GroupConversionRate:
		return true
	}
	return false
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case Money:
		return v.Value.InexactFloat64(), true
	case float64:
		return v, true
	}
	return 0, false
}

// seriesV1 lists every interval, also those without figures.
func seriesV1(r Result) []map[string]any {
	rows := map[string]Row{}
	for _, row := range r.Rows {
		rows[row.Dimensions[0]] = row
	}
	list := []map[string]any{}
	for _, label := range r.TimeLabels {
		entry := map[string]any{"date": label}
		row, known := rows[label]
		for i, m := range r.Query.Metrics {
			if entry[string(m)] = nothing(m); known {
				entry[string(m)] = row.Metrics[i]
			}
		}
		list = append(list, entry)
	}
	return list
}

// breakdownV1 names the value by the property's name without its group. A version has the name of its browser or system
// beside it.
func breakdownV1(r Result) []map[string]any {
	by := r.Query.Dimensions[0]
	_, key, _ := strings.Cut(string(by), ":")
	list := []map[string]any{}
	for _, row := range r.Rows {
		entry := map[string]any{key: row.Dimensions[0]}
		if versioned(by) {
			name, version := row.Dimensions[0], row.Dimensions[0]
			if i := strings.LastIndexByte(name, ' '); i >= 0 && !strings.HasPrefix(name, "(") {
				name, version = name[:i], name[i+1:]
			}
			entry[strings.TrimSuffix(key, "_version")], entry[key] = name, version
		}
		for i, m := range r.Query.Metrics {
			entry[string(m)] = row.Metrics[i]
		}
		list = append(list, entry)
	}
	return list
}
