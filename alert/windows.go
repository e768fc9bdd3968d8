package alert

import (
	"encoding/binary"
	"time"

	"github.com/expr-lang/expr/vm"

	"github.com/klar-analytics/klar/hit"
)

// What rules can be grouped by.
const (
	byNet    = "net"
	byFile   = "net+file"
	bySeries = "net+series"
	bySite   = "site"
)

// The bounds of the windows' memory, together at most about 50 MB. Beyond them the network that was quiet longest is
// forgotten.
const (
	maxSources = 1 << 16 // networks, of about 400 bytes with their first four buckets
	maxBuckets = 1 << 18 // of 56 bytes
	maxValues  = 1 << 20 // distinct values, of 8 bytes
	maxShapes  = 1 << 12 // kinds of requests whose rules are remembered
	// maxOwn bounds the buckets of one network.
	maxOwn = 64
	// ordinary is how many buckets a network of ordinary visitors has.
	ordinary = 4
)

// Trip is one overflow of a rule.
type Trip struct {
	Rule *Rule
	Site hit.Site
	// Net is the network that tripped it; zero for a rule of sites.
	Net hit.Net
	// Finding is what the last request was recognised as, if that is more than a class: a CVE. Zero otherwise.
	Finding hit.Rule
	// Time is the log's, in seconds since 1970, UTC.
	Time int64
}

// Windows judges requests by rules, in the log's own time. It belongs to one goroutine.
type Windows struct {
	rules   []compiled
	trip    func(Trip)
	shapes  map[shape][]*compiled
	shape   shape       // the last one, and
	fitting []*compiled // the rules for it
	sources map[sourceKey]*source
	oldest  *source // of a ring; nil while there is none
	last    *source // that was used; nil for none
	buckets int
	values  int
	most    limits
	tripped []hit.Tripped // what Observe returns
}

// limits are the bounds, which tests make smaller.
type limits struct{ sources, buckets, values int }

// compiled is a rule made ready.
type compiled struct {
	*Rule
	program  *vm.Program
	part     func(*hit.Observation) uint64 // nil but for groups that are smaller than a network
	value    func(*hit.Observation) uint64 // nil without distinct
	capacity float32
	leaks    float32 // a second
	silent   uint32  // seconds
	place    uint16  // among the rules
	name     hit.Rule
	narrow   bool // nobody who just looks at pages does what it is about
}

// sourceKey names a network of a site, or with 0 the site itself.
type sourceKey struct {
	site hit.Site
	net  uint64
}

// source is what is remembered of a network or a site.
type source struct {
	key        sourceKey
	buckets    []bucket
	prev, next *source
	own        [ordinary]bucket // what buckets begin as
	used       bool             // since it was looked at whether it can be forgotten
}

// NewWindows returns windows in which nothing has happened. Each overflow is told to trip, in the goroutine of Observe.
func NewWindows(rules []Rule, trip func(Trip)) (*Windows, error) {
	w := &Windows{trip: trip, most: limits{maxSources, maxBuckets, maxValues}}
	return w, w.Take(rules)
}

// Take makes other rules hold. All windows are empty then. With rules that [ParseRules] returned there is no error.
func (w *Windows) Take(rules []Rule) error {
	all := make([]compiled, 0, len(rules))
	for i := range rules {
		r := rules[i]
		program, err := compileFilter(r.Filter)
		if err != nil {
			return err
		}
		c := compiled{Rule: &r, name: hit.NewRule(r.Name), program: program, part: parts[r.GroupBy], value: distinct[r.Distinct],
			narrow: !holds(program, looking(hit.KindPage)) && !holds(program, looking(hit.KindStatic)), capacity: float32(r.Capacity), silent: uint32(time.Duration(r.BlackHole) / time.Second), place: uint16(i)}
		if r.LeakSpeed > 0 {
			c.leaks = float32(time.Second) / float32(r.LeakSpeed)
		}
		all = append(all, c)
	}
	w.rules, w.shapes = all, map[shape][]*compiled{}
	w.sources, w.oldest, w.last, w.buckets, w.values = map[sourceKey]*source{}, nil, nil, 0, 0
	w.fitting = w.fit(w.shape)
	return nil
}

// parts are the groups within a network.
var parts = map[string]func(*hit.Observation) uint64{
	byFile:   func(o *hit.Observation) uint64 { return o.File },
	bySeries: func(o *hit.Observation) uint64 { return o.Series },
}

// distinct are the values that buckets tell apart.
var distinct = map[string]func(*hit.Observation) uint64{
	"file":  func(o *hit.Observation) uint64 { return o.File },
	"query": func(o *hit.Observation) uint64 { return o.Query },
	// The factor keeps a file and a query apart from the same numbers the other way round.
	"target": func(o *hit.Observation) uint64 { return o.File + 3*o.Query },
	"agent":  func(o *hit.Observation) uint64 { return o.Agent },
	"net":    func(o *hit.Observation) uint64 { return number(o.Net) },
}

// number returns a number of its own for each network of one prefix length, none of them 0.
func number(n hit.Net) uint64 {
	a := n.Addr()
	if a.Is4() {
		b := a.As4()
		return 1<<63 | uint64(binary.BigEndian.Uint32(b[:]))
	}
	b := a.As16()
	return 1<<62 | binary.BigEndian.Uint64(b[:8])>>16
}

// Observe judges one request, and returns the rules of networks that it tripped, also again while they are silent. A rule
// that is not about what ordinary visitors do as well counts each request then. What it returns is good until the next call. Nothing
// of o is kept but its network and the numbers of its file, query, series and agent.
func (w *Windows) Observe(o *hit.Observation) []hit.Tripped {
	var own *source
	w.tripped = w.tripped[:0]
	for _, r := range w.matching(o) {
		part, value := uint64(0), uint64(0)
		if r.value != nil {
			if value = r.value(o); value == 0 {
				continue
			}
		}
		if r.part != nil {
			part = r.part(o)
		}
		of := own
		switch {
		case r.GroupBy == bySite:
			of = w.source(sourceKey{site: o.Site})
		case own == nil:
			own = w.source(sourceKey{o.Site, number(o.Net)})
			of = own
		}
		b := w.bucket(of, r, part)
		w.pour(b, r, o, value)
	}
	return w.tripped
}

// pour pours a request into a bucket, and tells of what comes of it.
func (w *Windows) pour(b *bucket, r *compiled, o *hit.Observation, value uint64) {
	at := uint32(o.Time)
	silent := at < b.until && at+backwards >= b.last
	if silent && (r.narrow || r.GroupBy == bySite) {
		if r.GroupBy != bySite {
			w.tripped = append(w.tripped, hit.Tripped{Rule: r.name, Requests: 1})
		}
		return
	}
	room := cap(b.seen)
	overflows := b.pour(r, value, at)
	w.values += cap(b.seen) - room
	if !overflows {
		return
	}
	if !silent {
		w.overflow(r, o)
	}
	if r.GroupBy != bySite {
		w.tripped = append(w.tripped, hit.Tripped{Rule: r.name, Requests: uint64(r.capacity) + 1})
	}
}

// overflow tells of a rule that is tripped.
func (w *Windows) overflow(r *compiled, o *hit.Observation) {
	t := Trip{Rule: r.Rule, Site: o.Site, Net: o.Net, Finding: o.Finding.Rule, Time: o.Time}
	if r.GroupBy == bySite {
		t.Net = hit.Net{}
	}
	w.trip(t)
}

// matching returns the rules whose filters a request passes.
func (w *Windows) matching(o *hit.Observation) []*compiled {
	s := shapeOf(o)
	if s == w.shape {
		return w.fitting
	}
	w.shape, w.fitting = s, w.fit(s)
	return w.fitting
}

// fit returns the rules for a shape.
func (w *Windows) fit(s shape) []*compiled {
	rules, known := w.shapes[s]
	if known {
		return rules
	}
	if len(w.shapes) >= maxShapes {
		clear(w.shapes)
	}
	for i := range w.rules {
		if holds(w.rules[i].program, s) {
			rules = append(rules, &w.rules[i])
		}
	}
	w.shapes[s] = rules
	return rules
}

// bucket returns a source's bucket of a rule.
func (w *Windows) bucket(s *source, r *compiled, part uint64) *bucket {
	free := -1
	for i := range s.buckets {
		b := &s.buckets[i]
		if b.rule == r.place && b.part == part {
			return b
		}
		if free < 0 || b.last < s.buckets[free].last {
			free = i
		}
	}
	if len(s.buckets) < maxOwn {
		s.buckets = append(s.buckets, bucket{rule: r.place, part: part})
		w.buckets++
		return &s.buckets[len(s.buckets)-1]
	}
	b := &s.buckets[free]
	*b = bucket{rule: r.place, part: part, seen: b.seen[:0]}
	return b
}
