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
	Dimensions []string      `json:"dimensions"`
	Metrics    []any         `json:"metrics"`
	Comparison *comparedJSON `json:"comparison,omitempty"`
}

type comparedJSON struct {
	Dimensions []any `json:"dimensions"`
	Metrics    []any `json:"metrics"`
	Change     []any `json:"change"`
}

// metaJSON has Plausible's keys and three of Klar's own: range_warning, small_groups and table.
type metaJSON struct {
	ImportsIncluded   *bool              `json:"imports_included,omitempty"`
	ImportsSkipReason string             `json:"imports_skip_reason,omitempty"`
	MetricWarnings    map[Metric]Warning `json:"metric_warnings,omitempty"`
	PartialLabels     *[]string          `json:"partial_time_labels,omitempty"`
	RangeWarning      Warning            `json:"range_warning,omitzero"`
	SmallGroups       bool               `json:"small_groups,omitempty"`
	Table             string             `json:"table"`
	TimeLabels        []string           `json:"time_labels,omitempty"`
	TotalRows         *int64             `json:"total_rows,omitempty"`
}

type queryJSON struct {
	Site       string         `json:"site_id"`
	Metrics    []Metric       `json:"metrics"`
	DateRange  [2]string      `json:"date_range"`
	Filters    []Filter       `json:"filters"`
	Dimensions []Dimension    `json:"dimensions"`
	OrderBy    []Order        `json:"order_by"`
	Include    map[string]any `json:"include"`
	Pagination pageJSON       `json:"pagination"`
	// ComparisonRange is what the rows were compared with.
	ComparisonRange *[2]string `json:"comparison_date_range,omitempty"`
}

type pageJSON struct {
	Offset int `json:"offset"`
	Limit  int `json:"limit,omitempty"` // none of an export without one
}

// MarshalJSON encodes the answer as the Stats API does: results, meta and the query as it was answered. In meta,
// table names where the figures come from, small_groups is true when the rows may hold SmallGroups, and range_warning
// says how the range was widened, or until when only totals are left.
func (r Result) MarshalJSON() ([]byte, error) {
	out := resultJSON{Results: make([]rowJSON, len(r.Rows)), Query: r.Query.forJSON()}
	for i, row := range r.Rows {
		out.Results[i] = row.forJSON()
	}
	out.Meta = r.meta()
	return json.Marshal(out)
}

func (row Row) forJSON() rowJSON {
	out := rowJSON{Dimensions: orEmpty(row.Dimensions), Metrics: orEmpty(row.Metrics)}
	if c := row.Compared; c != nil {
		out.Comparison = &comparedJSON{orEmpty(c.Dimensions), orEmpty(c.Metrics), orEmpty(c.Change)}
	}
	return out
}

func (r Result) meta() metaJSON {
	out := metaJSON{SmallGroups: r.Crossed, Table: r.Table, MetricWarnings: r.Warnings, RangeWarning: r.RangeWarning}
	if r.Query.TimeLabels {
		out.TimeLabels = r.TimeLabels
	}
	if r.Query.Partial {
		labels := orEmpty(r.Partial)
		out.PartialLabels = &labels
	}
	if r.Query.TotalRows {
		out.TotalRows = &r.TotalRows
	}
	if r.Query.Imports || r.Query.ImportsMeta {
		out.ImportsIncluded, out.ImportsSkipReason = new(bool), "no_imported_data"
	}
	return out
}

func (q Query) forJSON() queryJSON {
	out := queryJSON{
		Site: q.Site, Metrics: orEmpty(q.Metrics), Filters: orEmpty(q.Filters), Dimensions: orEmpty(q.Dimensions),
		OrderBy: orEmpty(q.OrderBy), Include: map[string]any{}, Pagination: pageJSON{Offset: q.Offset, Limit: q.Limit},
	}
	for name, set := range map[string]bool{
		"time_labels": q.TimeLabels, "partial_time_labels": q.Partial, "total_rows": q.TotalRows, "imports": q.Imports,
		"imports_meta": q.ImportsMeta,
	} {
		if set {
			out.Include[name] = true
		}
	}
	out.DateRange = rangeJSON(q.From, q.To, q.Location)
	if c := q.Compare; c != nil {
		between := rangeJSON(c.From, c.To, q.Location)
		out.ComparisonRange = &between
		comparisons := map[string]any{"mode": c.Mode, "match_day_of_week": c.MatchDayOfWeek}
		if c.Mode == CustomPeriod {
			comparisons["date_range"] = between
		}
		out.Include["comparisons"] = comparisons
	}
	return out
}

// rangeJSON writes a half open range with its ends both in it, in a time zone unless that is nil.
func rangeJSON(from, to time.Time, loc *time.Location) (ends [2]string) {
	for i, t := range []time.Time{from, to.Add(-time.Second)} {
		if loc != nil {
			t = t.In(loc)
		}
		ends[i] = t.Format(time.RFC3339)
	}
	return ends
}

// MarshalJSON encodes the filter as it stands in a request.
func (f Filter) MarshalJSON() ([]byte, error) {
	switch {
	case (f.Op == Not || f.IsBehaviour()) && len(f.Filters) == 1:
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
