package report

import (
	"encoding/json"
	"slices"
	"time"
)

// realtimeMetrics are the figures that are known by the minute, or of now.
var realtimeMetrics = []Metric{Visitors, Requests, Bytes, Errors, Threats}

// setRealtime sets a range of whole minutes, the running one and those before it.
func (q *Query) setRealtime(now time.Time, back time.Duration) {
	q.To = now.Truncate(time.Minute).Add(time.Minute)
	q.From, q.Realtime = q.To.Add(-back), back
}

// checkRealtime refuses what is not known of the present. Visitors are counted in memory as a whole; nothing of them is
// stored by the minute.
func (q *Query) checkRealtime(map[string]json.RawMessage, Options) error {
	if q.Realtime == 0 {
		return nil
	}
	for i, m := range q.Metrics {
		if !slices.Contains(realtimeMetrics, m) {
			return Refuse(at("metrics", i), "%s is not known of the present, but by the hour; ask for day or 24h. Of the present are %s", m, list(realtimeMetrics))
		}
		if m != Visitors {
			continue
		}
		if len(q.Dimensions) > 0 {
			return Refuse("dimensions[0]", "visitors of the present are counted in memory, by nothing; leave %s out, or ask for requests", q.Dimensions[0])
		}
		if len(q.Filters) > 0 {
			return Refuse("filters", "visitors of the present are counted in memory, all together; leave the filters out, or ask for requests")
		}
	}
	return nil
}

// Present takes the visitors of the present out of a question, which are not in the store. The rest has the other metrics,
// perhaps none; place is where the visitors stand among all, -1 if they are not asked for.
func (q Query) Present() (rest Query, place int) {
	place = -1
	if q.Realtime > 0 {
		place = slices.Index(q.Metrics, Visitors)
	}
	rest = q
	if place >= 0 {
		rest.Metrics = slices.Delete(slices.Clone(q.Metrics), place, place+1)
		rest.OrderBy = slices.DeleteFunc(slices.Clone(q.OrderBy), func(o Order) bool { return o.Key == string(Visitors) })
	}
	return rest, place
}

// WithVisitors puts the visitors of the present into the answer to the rest of a question.
func (r Result) WithVisitors(q Query, place, visitors int) Result {
	r.Query = q
	if len(r.Rows) == 0 {
		r.Rows, r.TotalRows = []Row{{}}, 1
	}
	r.Rows = []Row{{Metrics: slices.Insert(slices.Clone(r.Rows[0].Metrics), place, any(int64(visitors)))}}
	if r.Table == "" {
		r.Table = InMemory
	} else {
		r.Table = InMemory + "+" + r.Table
	}
	return r
}

// InMemory is the Table of figures that are stored nowhere.
const InMemory = "memory"
