package digest

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/klar-analytics/klar/report"
)

// Rows of a list in a report.
const (
	listed      = 5
	listedGoals = 10
)

// Report is what a period was like. As JSON it is what programs get.
type Report struct {
	Site       string   `json:"site"`
	Kind       Kind     `json:"kind"`
	From       string   `json:"from"` // the first day, as 2026-11-16
	To         string   `json:"to"`   // the last day
	BeforeFrom string   `json:"before_from"`
	BeforeTo   string   `json:"before_to"`
	Figures    []Figure `json:"figures"`
	Days       []Day    `json:"days"`
	Lists      []List   `json:"lists"`
	Link       string   `json:"link,omitempty"`

	period Period
}

// Figure is a metric of the period and of the one before; nil where it means nothing, as the bounce rate of no visits.
type Figure struct {
	Metric report.Metric `json:"metric"`
	Value  *float64      `json:"value"`
	Before *float64      `json:"before"`
}

// Day is one day's visitors.
type Day struct {
	Date     string `json:"date"`
	Visitors int64  `json:"visitors"`
}

// List is the first values of a dimension, by their visitors.
type List struct {
	Dimension report.Dimension `json:"dimension"`
	Rows      []Row            `json:"rows"`
}

// Row is a value of a dimension. Countries are ISO 3166-1 codes.
type Row struct {
	Name     string   `json:"name"`
	Visitors int64    `json:"visitors"`
	Before   *int64   `json:"before"`                    // visitors of the period before
	Rate     *float64 `json:"conversion_rate,omitempty"` // of goals, in percent
}

// figures are the metrics of a report, the first of which is the one that matters most.
var figures = []report.Metric{report.Visitors, report.Visits, report.Pageviews, report.BounceRate, report.VisitDuration}

// lists are the dimensions of a report.
var lists = []report.Dimension{report.VisitSource, report.EventPage, report.VisitCountry, report.EventGoal}

// Ask makes the report of a period.
func Ask(ctx context.Context, from Statistics, s Site, kind Kind, p Period, now time.Time) (Report, error) {
	r := Report{
		Site: s.ID, Kind: kind, Link: s.link(p.From, p.To), period: p,
		From: p.From.Format(time.DateOnly), To: p.To.Format(time.DateOnly),
		BeforeFrom: p.BeforeFrom.Format(time.DateOnly), BeforeTo: p.BeforeTo.Format(time.DateOnly),
	}
	a := asker{ctx, from, s, now}
	total, err := a.ask(p, question{Metrics: figures, compared: true})
	if err != nil {
		return r, err
	}
	if len(total.Rows) > 0 {
		for i, m := range figures {
			f := Figure{Metric: m, Value: number(total.Rows[0].Metrics[i])}
			if c := total.Rows[0].Compared; c != nil {
				f.Before = number(c.Metrics[i])
			}
			r.Figures = append(r.Figures, f)
		}
	}
	if r.Days, err = a.days(p); err != nil {
		return r, err
	}
	for _, dimension := range lists {
		if dimension == report.EventGoal && len(s.Definitions.Goals) == 0 {
			continue
		}
		list, err := a.list(p, dimension)
		if err != nil {
			return r, err
		}
		if len(list.Rows) > 0 {
			r.Lists = append(r.Lists, list)
		}
	}
	return r, nil
}

// link leads to the site's days in the dashboard.
func (s Site) link(from, to time.Time) string {
	if s.Dashboard == "" {
		return ""
	}
	return s.Dashboard + "/?" + url.Values{
		"site": {s.ID}, "period": {"custom"}, "from": {from.Format(time.DateOnly)}, "to": {to.Format(time.DateOnly)},
	}.Encode()
}

// Empty reports whether nobody came, neither in the period nor before: there is nothing to tell.
func (r Report) Empty() bool {
	for _, f := range r.Figures {
		if f.Metric == report.Visitors && (f.Value != nil && *f.Value > 0 || f.Before != nil && *f.Before > 0) {
			return false
		}
	}
	return true
}

// asker asks questions about a site.
type asker struct {
	ctx  context.Context
	from Statistics
	site Site
	now  time.Time
}

// question is one of the Stats API.
type question struct {
	Site       string             `json:"site_id"`
	Metrics    []report.Metric    `json:"metrics"`
	Range      any                `json:"date_range"`
	Dimensions []report.Dimension `json:"dimensions,omitempty"`
	Pagination map[string]int     `json:"pagination,omitempty"`
	Include    map[string]any     `json:"include,omitempty"`

	compared bool
}

// ask asks about a period, and about the one before if the question is to be compared.
func (a asker) ask(p Period, q question) (report.Result, error) {
	q.Range = [2]string{p.From.Format(time.DateOnly), p.To.Format(time.DateOnly)}
	if q.compared {
		before := [2]string{p.BeforeFrom.Format(time.DateOnly), p.BeforeTo.Format(time.DateOnly)}
		q.Include = map[string]any{"comparisons": map[string]any{"mode": report.CustomPeriod, "date_range": before}}
	}
	return a.askRaw(q)
}

// askRaw asks a question that has its range.
func (a asker) askRaw(q question) (report.Result, error) {
	q.Site = a.site.ID
	body, err := json.Marshal(q)
	if err != nil {
		return report.Result{}, err
	}
	parsed, err := report.Parse(body, report.Options{
		Now: a.now, Sites: func(string) (*time.Location, bool) { return a.site.Location, true },
		Definitions: func(string) report.Definitions { return a.site.Definitions },
	})
	if err != nil {
		return report.Result{}, err
	}
	return a.from.Query(a.ctx, parsed)
}

// days asks for the visitors of each day.
func (a asker) days(p Period) ([]Day, error) {
	result, err := a.ask(p, question{Metrics: []report.Metric{report.Visitors}, Dimensions: []report.Dimension{report.TimeDay}})
	if err != nil {
		return nil, err
	}
	on := map[string]int64{}
	for _, row := range result.Rows {
		on[row.Dimensions[0]] = count(row.Metrics[0])
	}
	var list []Day
	for day := p.From; !day.After(p.To); day = day.AddDate(0, 0, 1) {
		name := day.Format(time.DateOnly)
		list = append(list, Day{name, on[name]})
	}
	return list, nil
}

// list asks for the first values of a dimension.
func (a asker) list(p Period, of report.Dimension) (List, error) {
	q := question{
		Metrics: []report.Metric{report.Visitors}, Dimensions: []report.Dimension{of}, compared: true,
		Pagination: map[string]int{"limit": listed},
	}
	if of == report.EventGoal {
		q.Metrics, q.Pagination["limit"] = append(q.Metrics, report.ConversionRate), listedGoals
	}
	result, err := a.ask(p, q)
	list := List{Dimension: of}
	for _, found := range result.Rows {
		row := Row{Name: found.Dimensions[0], Visitors: count(found.Metrics[0])}
		if c := found.Compared; c != nil && c.Metrics[0] != nil {
			before := count(c.Metrics[0])
			row.Before = &before
		}
		if len(found.Metrics) > 1 {
			row.Rate = number(found.Metrics[1])
		}
		list.Rows = append(list.Rows, row)
	}
	return list, err
}

// number returns a metric's figure, nil where it has none.
func number(m any) *float64 {
	switch n := m.(type) {
	case int64:
		f := float64(n)
		return &f
	case float64:
		return &n
	}
	return nil
}

// count returns a figure that is a number of something.
func count(m any) int64 {
	n, _ := m.(int64)
	return n
}
