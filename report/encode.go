package report

import (
	"encoding/json"
	"time"
)

type resultJSON struct {
	Results []rowJSON `json:"results"`
	Meta    metaJSON  `json:"meta"`
	Query   queryJSON `json:"query"`
}

type rowJSON struct {
	Dimensions []string `json:"dimensions"`
	Metrics    []any    `json:"metrics"`
}

// metaJSON has Plausible's keys and three of Klar's own: range_warning, small_groups and table.
type metaJSON struct {
	ImportsIncluded *bool              `json:"imports_included,omitempty"`
	MetricWarnings  map[Metric]Warning `json:"metric_warnings,omitempty"`
	RangeWarning    Warning            `json:"range_warning,omitzero"`
	SmallGroups     bool               `json:"small_groups,omitempty"`
	Table           string             `json:"table"`
	TimeLabels      []string           `json:"time_labels,omitempty"`
	TotalRows       *int64             `json:"total_rows,omitempty"`
}

type queryJSON struct {
	Site       string          `json:"site_id"`
	Metrics    []Metric        `json:"metrics"`
	DateRange  [2]string       `json:"date_range"`
	Filters    []Filter        `json:"filters"`
	Dimensions []Dimension     `json:"dimensions"`
	OrderBy    []Order         `json:"order_by"`
	Include    map[string]bool `json:"include"`
	Pagination pageJSON        `json:"pagination"`
}

type pageJSON struct {
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
}

// MarshalJSON encodes the answer as the Stats API does: results, meta and the query as it was answered. In meta,
// table names where the figures come from, small_groups is true when the rows may hold SmallGroups, and range_warning
// says how the range was widened.
func (r Result) MarshalJSON() ([]byte, error) {
	out := resultJSON{Results: make([]rowJSON, len(r.Rows)), Query: r.Query.forJSON()}
	for i, row := range r.Rows {
		out.Results[i] = rowJSON{Dimensions: orEmpty(row.Dimensions), Metrics: orEmpty(row.Metrics)}
	}
	out.Meta = metaJSON{SmallGroups: r.Crossed, Table: r.Table, MetricWarnings: r.Warnings, RangeWarning: r.RangeWarning}
	if r.Query.TimeLabels {
		out.Meta.TimeLabels = r.TimeLabels
	}
	if r.Query.TotalRows {
		out.Meta.TotalRows = &r.TotalRows
	}
	if r.Query.Imports {
		out.Meta.ImportsIncluded = new(bool)
	}
	return json.Marshal(out)
}

func (q Query) forJSON() queryJSON {
	out := queryJSON{
		Site: q.Site, Metrics: orEmpty(q.Metrics), Filters: orEmpty(q.Filters), Dimensions: orEmpty(q.Dimensions),
		OrderBy: orEmpty(q.OrderBy), Include: map[string]bool{}, Pagination: pageJSON{Offset: q.Offset, Limit: q.Limit},
	}
	// The ends of a range are both in it.
	for i, t := range []time.Time{q.From, q.To.Add(-time.Second)} {
		if q.Location != nil {
			t = t.In(q.Location)
		}
		out.DateRange[i] = t.Format(time.RFC3339)
	}
	for name, set := range map[string]bool{"time_labels": q.TimeLabels, "total_rows": q.TotalRows, "imports": q.Imports} {
		if set {
			out.Include[name] = true
		}
	}
	return out
}

// MarshalJSON encodes the filter as it stands in a request.
func (f Filter) MarshalJSON() ([]byte, error) {
	switch {
	case f.Op == Not && len(f.Filters) == 1:
		return json.Marshal([]any{f.Op, f.Filters[0]})
	case f.Op == And || f.Op == Or:
		return json.Marshal([]any{f.Op, orEmpty(f.Filters)})
	case f.CaseInsensitive:
		return json.Marshal([]any{f.Op, f.Dimension, orEmpty(f.Values), map[string]bool{"case_sensitive": false}})
	}
	return json.Marshal([]any{f.Op, f.Dimension, orEmpty(f.Values)})
}

// MarshalJSON encodes the order as it stands in a request.
func (o Order) MarshalJSON() ([]byte, error) {
	if o.Desc {
		return json.Marshal([]string{o.Key, "desc"})
	}
	return json.Marshal([]string{o.Key, "asc"})
}

// orEmpty makes a list encode as [] rather than null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
