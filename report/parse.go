package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"time"
	"unicode/utf8"
)

// Bounds of a request.
const (
	MaxRequest = 64 << 10 // bytes of JSON
	MaxRows    = 10000    // rows of an answer, and intervals of a time dimension
	maxOffset  = 1 << 31
)

// Options is what Parse must know beyond the request.
type Options struct {
	Now  time.Time // relative ranges end here
	Site string    // for a request without a site_id; empty: it must have one
	// Sites returns the time zone of a site, and false for an unknown one.
	Sites func(id string) (loc *time.Location, ok bool)
	// Segments returns the filters of a saved segment of a site, by its name or number, as JSON; nil knows none.
	Segments func(site, segment string) (filters json.RawMessage, ok bool)
	// Export lifts the limit of rows: all that a question does not limit itself, and beyond MaxRows if it does.
	Export bool
	// Definitions returns the goals, groups and funnels of a site; nil knows none.
	Definitions func(id string) Definitions
}

// Parse reads a request of the Stats API v2: https://plausible.io/docs/stats-api. Its errors are of type Error and
// name the part of the request they mean. Whether the stored figures can answer the question is not decided here.
func Parse(body []byte, opts Options) (Query, error) {
	fields, err := parseObject("", body, "site_id", "metrics", "date_range", "dimensions", "filters", "order_by", "include", "pagination")
	if err != nil {
		return Query{}, err
	}
	q := Query{Limit: MaxRows, Now: opts.Now}
	if opts.Export {
		q.Limit = 0
	}
	steps := []func(map[string]json.RawMessage, Options) error{
		q.parseSite, q.parseMetrics, q.parseDimensions, q.parseRange, q.parseFilters, q.parseOrder, q.parseInclude,
		q.parsePagination, q.checkRealtime,
	}
	for _, step := range steps {
		if err := step(fields, opts); err != nil {
			return Query{}, err
		}
	}
	return q, q.checkCounted()
}

func (q *Query) parseSite(fields map[string]json.RawMessage, opts Options) error {
	q.Site = opts.Site
	if err := decodeOptional("site_id", fields["site_id"], &q.Site, "a string"); err != nil {
		return err
	}
	return q.findSite(opts)
}

// findSite checks the site and takes over its time zone.
func (q *Query) findSite(opts Options) error {
	if q.Site == "" {
		return Refuse("site_id", "missing")
	}
	loc, ok := opts.Sites(q.Site)
	if !ok {
		return Refuse("site_id", "%s is not a site of this Klar", quote(q.Site))
	}
	q.Location = loc
	if opts.Definitions != nil {
		q.Definitions = opts.Definitions(q.Site)
	}
	return nil
}

func (q *Query) parseMetrics(fields map[string]json.RawMessage, _ Options) error {
	var names []string
	if err := decodeOptional("metrics", fields["metrics"], &names, "a list of strings"); err != nil {
		return err
	}
	return q.setMetrics(names)
}

// setMetrics takes over the names of metrics, each known and once.
func (q *Query) setMetrics(names []string) error {
	if len(names) == 0 {
		return Refuse("metrics", "name at least one; known are %s", list(allMetrics))
	}
	for i, n := range names {
		if err := checkMetric(at("metrics", i), n); err != nil {
			return err
		}
		if slices.Contains(q.Metrics, Metric(n)) {
			return Refuse(at("metrics", i), "%s stands twice", quote(n))
		}
		q.Metrics = append(q.Metrics, Metric(n))
	}
	return nil
}

func (q *Query) parseDimensions(fields map[string]json.RawMessage, _ Options) error {
	var names []string
	if err := decodeOptional("dimensions", fields["dimensions"], &names, "a list of strings"); err != nil {
		return err
	}
	for i, n := range names {
		if err := checkDimension(at("dimensions", i), n, slices.Concat(valueDimensions, timeDimensions)); err != nil {
			return err
		}
		switch d := Dimension(n); {
		case slices.Contains(q.Dimensions, d):
			return Refuse(at("dimensions", i), "%s stands twice", quote(n))
		case d.IsTime() && slices.ContainsFunc(q.Dimensions, Dimension.IsTime):
			return Refuse(at("dimensions", i), "%s is a second dimension of time", quote(n))
		}
		q.Dimensions = append(q.Dimensions, Dimension(n))
	}
	return q.checkShare()
}

// checkShare returns an error if a share is asked for without what it is a share of.
func (q *Query) checkShare() error {
	if i := slices.Index(q.Metrics, Percentage); i >= 0 && len(q.Dimensions) == 0 {
		return Refuse(at("metrics", i), "percentage needs a dimension to be a share of")
	}
	return nil
}

func (q *Query) parseOrder(fields map[string]json.RawMessage, _ Options) error {
	var entries [][]string
	if err := decodeOptional("order_by", fields["order_by"], &entries, `a list of pairs such as ["visitors", "desc"]`); err != nil {
		return err
	}
	clock := slices.IndexFunc(q.Dimensions, Dimension.IsTime)
	for i, e := range entries {
		part := at("order_by", i)
		if len(e) != 2 || e[1] != "asc" && e[1] != "desc" {
			return Refuse(part, `must be a pair such as ["visitors", "desc"]`)
		}
		key := e[0]
		if key == string(Time) && clock >= 0 {
			key = string(q.Dimensions[clock])
		}
		if !slices.Contains(q.Metrics, Metric(key)) && !slices.Contains(q.Dimensions, Dimension(key)) {
			return Refuse(part, "%s is neither a metric nor a dimension of this query", quote(key))
		}
		if slices.ContainsFunc(q.OrderBy, func(o Order) bool { return o.Key == key }) {
			return Refuse(part, "%s stands twice", quote(key))
		}
		q.OrderBy = append(q.OrderBy, Order{Key: key, Desc: e[1] == "desc"})
	}
	if len(q.OrderBy) > 0 {
		return nil
	}
	if clock >= 0 {
		q.OrderBy = append(q.OrderBy, Order{Key: string(q.Dimensions[clock])})
	}
	q.OrderBy = append(q.OrderBy, Order{Key: string(q.Metrics[0]), Desc: true})
	return nil
}

func (q *Query) parseInclude(fields map[string]json.RawMessage, opts Options) error {
	if fields["include"] == nil {
		return nil
	}
	switches := map[string]*bool{
		"time_labels": &q.TimeLabels, "partial_time_labels": &q.Partial, "total_rows": &q.TotalRows, "imports": &q.Imports,
		"imports_meta": &q.ImportsMeta,
	}
	known := append(slices.Sorted(maps.Keys(switches)), "comparisons", "compare", "compare_match_day_of_week")
	include, err := parseObject("include", fields["include"], known...)
	if err != nil {
		return err
	}
	for key, to := range switches {
		if err := decodeOptional("include."+key, include[key], to, "true or false"); err != nil {
			return err
		}
	}
	if err := q.checkLabels(); err != nil {
		return err
	}
	return q.parseCompare(include, opts)
}

// checkLabels returns an error if intervals are asked for that cannot be listed.
func (q *Query) checkLabels() error {
	part := "include.time_labels"
	switch {
	case !q.TimeLabels && !q.Partial:
		return nil
	case !q.TimeLabels:
		part = "include.partial_time_labels"
	}
	if !slices.ContainsFunc(q.Dimensions, Dimension.IsTime) {
		return Refuse(part, "needs a dimension of time")
	}
	if q.From.IsZero() {
		return nil
	}
	_, err := q.Labels()
	return err
}

func (q *Query) parsePagination(fields map[string]json.RawMessage, opts Options) error {
	if fields["pagination"] == nil {
		return nil
	}
	page, err := parseObject("pagination", fields["pagination"], "limit", "offset")
	if err != nil {
		return err
	}
	if err := decodeOptional("pagination.limit", page["limit"], &q.Limit, "a whole number"); err != nil {
		return err
	}
	most := MaxRows
	if opts.Export {
		most = math.MaxInt32
	}
	if q.Limit < 0 || q.Limit > most || q.Limit == 0 && page["limit"] != nil {
		return Refuse("pagination.limit", "must be 1 to %d", most)
	}
	if err := decodeOptional("pagination.offset", page["offset"], &q.Offset, "a whole number"); err != nil {
		return err
	}
	if q.Offset < 0 || q.Offset > maxOffset {
		return Refuse("pagination.offset", "must be 0 to %d", maxOffset)
	}
	return nil
}

// parseObject reads a JSON object that has no keys but the known ones. A key whose value is null counts as absent.
func parseObject(part string, data []byte, known ...string) (map[string]json.RawMessage, error) {
	if len(data) > MaxRequest {
		return nil, Refuse(part, "the query is longer than %d bytes", MaxRequest)
	}
	if !utf8.Valid(data) {
		return nil, Refuse(part, "the query is not UTF-8")
	}
	var fields map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&fields); err != nil {
		var syntax *json.SyntaxError
		switch {
		case errors.As(err, &syntax):
			return nil, Refuse(part, "not JSON at byte %d: %s", syntax.Offset, syntax.Error())
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, Refuse(part, "not JSON: it ends too early")
		}
		return nil, Refuse(part, "must be a JSON object")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, Refuse(part, "something follows the JSON object")
	}
	if fields == nil && part == "" {
		return nil, Refuse(part, "must be a JSON object")
	}
	for key, value := range fields {
		if !slices.Contains(known, key) {
			return nil, Refuse(part, "%s is not a key of it; known are %s", quote(key), list(known))
		}
		if string(value) == "null" {
			delete(fields, key)
		}
	}
	return fields, nil
}

// decode reads a JSON value; what says in an error which kind it must be.
func decode(part string, data json.RawMessage, to any, what string) error {
	if err := json.Unmarshal(data, to); err != nil {
		return Refuse(part, "must be %s", what)
	}
	return nil
}

// decodeOptional is decode for a value that may be absent.
func decodeOptional(part string, data json.RawMessage, to any, what string) error {
	if data == nil {
		return nil
	}
	return decode(part, data, to, what)
}
