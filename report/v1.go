package report

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// EndpointV1 is one of the addresses of the Stats API v1 below /api/v1/stats.
type EndpointV1 string

// The addresses.
const (
	RealtimeV1   EndpointV1 = "realtime/visitors" // the number of current visitors
	AggregateV1  EndpointV1 = "aggregate"         // figures of a period
	TimeseriesV1 EndpointV1 = "timeseries"        // by day, month or hour
	BreakdownV1  EndpointV1 = "breakdown"         // by one property
)

// Bounds of a page of BreakdownV1, as in Plausible.
const (
	defaultLimitV1 = 100
	maxLimitV1     = 1000
)

// EndpointsV1 lists the addresses.
func EndpointsV1() []EndpointV1 {
	return []EndpointV1{RealtimeV1, AggregateV1, TimeseriesV1, BreakdownV1}
}

// Parameters lists the parameters that the address takes. RealtimeV1 takes only the site.
func (e EndpointV1) Parameters() []string {
	common := []string{"site_id", "period", "date", "metrics", "filters", "with_imported"}
	switch e {
	case AggregateV1:
		return append(common, "compare")
	case TimeseriesV1:
		return append(common, "interval")
	case BreakdownV1:
		return append(common, "property", "limit", "page")
	}
	return common[:1]
}

// QueryV1 is one question of the Stats API v1, as the question or questions of v2 that answer it.
type QueryV1 struct {
	Endpoint EndpointV1
	Query    Query
	// Previous is the same question of the period before, of equal length; nil unless it is to be compared.
	Previous *Query
}

// ParseV1 reads a request of the Stats API v1: https://plausible.io/docs/stats-api-v1. Its errors are of type Error and
// name the parameter. Of RealtimeV1, whose answer is not in the store, only the site is set.
func ParseV1(e EndpointV1, values url.Values, opts Options) (QueryV1, error) {
	v := QueryV1{Endpoint: e, Query: Query{Site: opts.Site, Limit: MaxRows}}
	if err := checkParameters(e, values); err != nil {
		return QueryV1{}, err
	}
	if values.Has("site_id") {
		v.Query.Site = values.Get("site_id")
	}
	if err := v.Query.findSite(opts); err != nil || e == RealtimeV1 {
		return v, err
	}
	period, err := parsePeriod(values, opts.Now.In(v.Query.Location))
	if err != nil {
		return QueryV1{}, err
	}
	for _, step := range []func() error{
		func() error { return v.Query.setPeriod(period) },
		func() error { return v.parseMetrics(values) },
		func() error { return v.parseBy(values, period) },
		func() error { return v.Query.parseFiltersV1(values.Get("filters")) },
		func() error { return v.parseCompare(values, period) },
		v.Query.checkShare,
		v.Query.checkCounted,
	} {
		if err := step(); err != nil {
			return QueryV1{}, err
		}
	}
	return v, nil
}

// checkParameters refuses what the address does not take: what is overlooked would be answered wrongly.
func checkParameters(e EndpointV1, values url.Values) error {
	known := e.Parameters()
	for name, given := range values {
		switch {
		case !slices.Contains(known, name):
			return Refuse("", "%s is not a parameter of %s; known are %s", quote(name), e, list(known))
		case len(given) > 1:
			return Refuse(name, "stands twice")
		}
	}
	if imported := values.Get("with_imported"); imported != "" && imported != "true" && imported != "false" {
		return Refuse("with_imported", "must be true or false")
	}
	return nil
}

func (v *QueryV1) parseMetrics(values url.Values) error {
	text := values.Get("metrics")
	if !values.Has("metrics") {
		text = string(Visitors)
	}
	var names []string
	for name := range strings.SplitSeq(text, ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return v.Query.setMetrics(names)
}

// parseBy reads what the figures are given by: the property and its page, or the interval.
func (v *QueryV1) parseBy(values url.Values, p period) error {
	q := &v.Query
	switch v.Endpoint {
	case TimeseriesV1:
		by, err := p.interval(values)
		if err != nil {
			return err
		}
		q.Dimensions, q.TimeLabels = []Dimension{by}, true
		q.OrderBy = []Order{{Key: string(by)}}
		_, err = q.Labels()
		return InV1(v.Endpoint, err)
	case BreakdownV1:
		if values.Get("property") == "" {
			return Refuse("property", "missing; known are %s", list(valueDimensions))
		}
		if err := checkDimension("property", values.Get("property"), valueDimensions); err != nil {
			return err
		}
		q.Dimensions = []Dimension{Dimension(values.Get("property"))}
		q.OrderBy = []Order{{Key: string(q.Metrics[0]), Desc: true}}
		return q.parsePageV1(values)
	}
	return nil
}

func (q *Query) parsePageV1(values url.Values) error {
	page := 1
	q.Limit = defaultLimitV1
	for name, to := range map[string]*int{"limit": &q.Limit, "page": &page} {
		if !values.Has(name) {
			continue
		}
		var err error
		if *to, err = strconv.Atoi(values.Get(name)); err != nil {
			return Refuse(name, "must be a whole number")
		}
	}
	if q.Limit < 1 || q.Limit > maxLimitV1 {
		return Refuse("limit", "must be 1 to %d", maxLimitV1)
	}
	if page < 1 || page > maxOffset/maxLimitV1 {
		return Refuse("page", "must be 1 to %d", maxOffset/maxLimitV1)
	}
	q.Offset = (page - 1) * q.Limit
	return nil
}

func (v *QueryV1) parseCompare(values url.Values, p period) error {
	if !values.Has("compare") {
		return nil
	}
	if mode := values.Get("compare"); mode != "previous_period" {
		return Refuse("compare", "%s is not available; known is previous_period", quote(mode))
	}
	previous := v.Query
	v.Previous = &previous
	return previous.setPeriod(p.before())
}

// InV1 returns a refusal, which names its part as v2 does, with the parameter of v1 that is meant. Other errors are
// returned as they are.
func InV1(e EndpointV1, err error) error {
	refused := (*Error)(nil)
	if !errors.As(err, &refused) {
		return err
	}
	part := refused.Part
	switch {
	case strings.HasPrefix(part, "dimensions") && e == TimeseriesV1, strings.HasPrefix(part, "include"):
		part = "interval"
	case strings.HasPrefix(part, "dimensions"):
		part = "property"
	case strings.HasPrefix(part, "date_range"):
		part = "period"
	}
	return &Error{Part: part, Reason: refused.Reason}
}
