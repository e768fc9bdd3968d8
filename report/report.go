// Package report owns the questions that can be asked of the statistics and the shape of their answers, after
// Plausible's Stats API v2. It knows neither where the figures are stored nor who asks.
package report

import "time"

// Metric is a figure that can be asked for, by its name in the Stats API.
type Metric string

// The metrics. The first block counts people: no bots, no files, no errors; the second counts every request.
const (
	Visitors      Metric = "visitors"
	Visits        Metric = "visits"
	Pageviews     Metric = "pageviews"
	Events        Metric = "events"
	BounceRate    Metric = "bounce_rate"     // percent
	VisitDuration Metric = "visit_duration"  // seconds
	ViewsPerVisit Metric = "views_per_visit" // two decimals
	Percentage    Metric = "percentage"      // of all visitors of the query without its dimensions

	Requests Metric = "requests"
	Bytes    Metric = "bytes"
	Errors   Metric = "errors" // answers 400 to 599
	Threats  Metric = "threats"
	Bots     Metric = "bots" // requests of bots
)

// Dimension is what an answer can be broken down by, or filtered on, by its name in the Stats API.
type Dimension string

// Filter is a condition: either Op over Dimension and Values, or and, or, not over Filters.
type Filter struct {
	Op              string // is, is_not, contains, contains_not, matches, matches_not, and, or, not
	Dimension       Dimension
	Values          []string
	CaseInsensitive bool
	Filters         []Filter
}

// Order is one key to sort by: a metric or a dimension of the query.
type Order struct {
	Key  string
	Desc bool
}

// Query is one question, checked and complete. Make it with Parse.
type Query struct {
	Site       string
	Location   *time.Location // the site's time zone
	From, To   time.Time      // half open, whole hours of the site's time zone unless the range was given in times
	Metrics    []Metric
	Dimensions []Dimension
	Filters    []Filter
	OrderBy    []Order
	Limit      int
	Offset     int
	TimeLabels bool // list every interval of the time dimension in the answer
	TotalRows  bool // count all rows, not only those of this page
}

// Row is one line of an answer, in the order of the query's dimensions and metrics.
type Row struct {
	Dimensions []string
	Metrics    []any // int64, float64, or nil where the figure means nothing
}

// Result is an answer.
type Result struct {
	Rows       []Row
	TotalRows  int64
	TimeLabels []string
	// Table the figures come from: "hits", "counts", "minutes", "paths" or "bots".
	Table string
	// Crossed is true when rare combinations of visitor attributes may stand as small groups (DESIGN section 1).
	Crossed bool
}
