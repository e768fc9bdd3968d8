package alert

import (
	"context"
	"time"

	"github.com/klar-analytics/klar/alert/baseline"
	"github.com/klar-analytics/klar/report"
)

// volumeQuestion is a question about some series.
type volumeQuestion struct {
	metrics []report.Metric
	filters []report.Filter
	series  []volumeSeries
}

// volumeSeries is one figure.
type volumeSeries struct {
	name     string
	metric   int    // its place in the question
	counted  int    // its place in a pulse
	severity string // of what is too much
	both     bool   // too little is unusual, too
	sparse   bool   // it is mostly empty
}

var volumeQuestions = []volumeQuestion{
	{
		metrics: []report.Metric{report.Requests, report.Bytes, report.Threats},
		series: []volumeSeries{
			{name: "requests", metric: 0, counted: requests, severity: "warning", both: true},
			{name: "bytes", metric: 1, counted: bytesOut, severity: "warning"},
			{name: "threats", metric: 2, counted: threats, severity: "warning", sparse: true},
		},
	},
	{
		metrics: []report.Metric{report.Requests},
		filters: []report.Filter{{Op: report.Matches, Dimension: report.EventStatus, Values: []string{"^5"}}},
		series:  []volumeSeries{{name: "status:5xx", counted: serverErrors, severity: "critical", sparse: true}},
	},
	{
		metrics: []report.Metric{report.Requests},
		filters: []report.Filter{{Op: report.Matches, Dimension: report.EventStatus, Values: []string{"^4"}}},
		series:  []volumeSeries{{name: "status:4xx", counted: clientErrors, severity: "warning", sparse: true}},
	},
	{
		metrics: []report.Metric{report.Requests},
		filters: []report.Filter{
			{Op: report.Is, Dimension: report.EventStatus, Values: []string{"401", "403"}},
			{Op: report.Is, Dimension: report.EventMethod, Values: []string{"POST"}},
		},
		series: []volumeSeries{{name: "failed logins", counted: failedLogins, severity: "warning", sparse: true}},
	},
}

// learn returns what is usual in the hour that now is in, of the series of which enough is known.
func (v *Volumes) learn(ctx context.Context, s VolumeSite, now time.Time) (map[string]expected, error) {
	hour := hourOf(now, s.Location)
	start := hour.AddDate(0, 0, -7*baseline.Weeks)
	usual := map[string]expected{}
	first := -1
	for _, q := range volumeQuestions {
		hours, err := v.ask(ctx, s, q, report.TimeHour, start, hour)
		if err != nil {
			return nil, err
		}
		if first < 0 { // of the first question, which is about all requests
			if first = firstOf(hours[0]); first == len(hours[0]) {
				return nil, nil
			}
		}
		minute := now.Truncate(time.Minute)
		minutes, err := v.ask(ctx, s, q, report.TimeMinute, minute.Add(-24*time.Hour), minute.Add(-3*time.Minute))
		if err != nil {
			return nil, err
		}
		for _, series := range q.series {
			past := baseline.Past{Start: start, Hours: hours[series.metric], Known: len(hours[0]) - first, Minutes: minutes[series.metric]}
			usual[series.name] = expect(past, now, series.sparse)
		}
	}
	return usual, nil
}

// expect returns what is expected of a series with a past.
func expect(past baseline.Past, now time.Time, sparse bool) (e expected) {
	e.minutes, e.ok = past.Expect(now, time.Minute)
	if sparse && (!e.ok || e.minutes.Rare()) && past.Known >= 2 {
		e.minutes, e.ok = baseline.Sparse(past.Minutes, time.Minute)
		e.halves, _ = baseline.Sparse(past.Minutes, pulseBucket)
		return e
	}
	e.halves, _ = past.Expect(now, pulseBucket)
	return e
}

// hourOf returns the beginning of the hour of a time zone, which need not be one of UTC.
func hourOf(at time.Time, zone *time.Location) time.Time {
	at = at.In(zone)
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), 0, 0, 0, zone)
}

// firstOf returns the place of the first value that is not 0, or the length.
func firstOf(v []float64) int {
	for i, x := range v {
		if x > 0 {
			return i
		}
	}
	return len(v)
}

// ask returns the figures of a question by the intervals from one time to another: for each metric a value for each interval.
func (v *Volumes) ask(ctx context.Context, s VolumeSite, q volumeQuestion, by report.Dimension, from, to time.Time) ([][]float64, error) {
	step := time.Hour
	if by == report.TimeMinute {
		step = time.Minute
	}
	values := make([][]float64, len(q.metrics))
	for i := range values {
		values[i] = make([]float64, to.Sub(from)/step)
	}
	place := make(map[string]int, len(values[0]))
	for i := range values[0] {
		place[from.Add(time.Duration(i)*step).In(s.Location).Format(time.DateTime)] = i
	}
	result, err := v.Statistics.Query(ctx, report.Query{
		Site: s.ID, Location: s.Location, From: from, To: to, Metrics: q.metrics, Dimensions: []report.Dimension{by}, Filters: q.filters,
		OrderBy: []report.Order{{Key: string(by)}}, Limit: report.MaxRows, Now: v.Now(),
	})
	if err != nil {
		return nil, err
	}
	for _, row := range result.Rows {
		i, ok := place[row.Dimensions[0]]
		if !ok {
			continue
		}
		for m, figure := range row.Metrics {
			switch figure := figure.(type) {
			case int64:
				values[m][i] = float64(figure)
			case float64:
				values[m][i] = figure
			}
		}
	}
	return values, nil
}
