package storage

import (
	"math"
	"math/bits"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// sums adds up the hits of one cut by the keys of the tables. Keys hold the numbers of the index instead of texts, so
// that they are small and without pointers; rows comes back to the texts. It is not safe for concurrent use.
type sums struct {
	index spool.Index
	hits  int

	minutes  table[minuteKey, traffic]
	paths    table[pathKey, traffic]
	lately   []uint32 // by the path's number: its latest entry in paths, mostly of the same hour and status
	bots     table[botKey, traffic]
	people   table[peopleKey, people]  // table hits; totals and arrivals of table counts
	visitors table[visitorKey, uint64] // attributes of table counts: how many visitors had them
}

type (
	minuteKey struct {
		site, minute uint32
		status       uint16
		origin       hit.Origin
		kind         hit.Kind
		method       hit.Method
		threat       hit.Threat
		_            uint16
	}
	pathKey struct {
		site, hour, path uint32
		status           uint16
		method           hit.Method
		kind             hit.Kind
	}
	botKey struct {
		site, hour, bot, path uint32
		status                uint32
	}
	peopleKey struct {
		site, hour, day, path, event, host, arrival, crowd uint32
	}
	visitorKey struct {
		site, day, visitor uint32
	}
)

// traffic sums requests of whomever.
type traffic struct{ requests, bytes uint64 }

func (t *traffic) add(o *traffic) {
	t.requests += o.requests
	t.bytes += o.bytes
}

// people sums what people did.
type people struct {
	seconds           uint64
	pageviews, events uint32
	firsts            [markCount]uint32 // by the mark's bit
}

// markCount is how many marks there are.
const markCount = 16

// first returns how many hits had the mark.
func (p *people) first(m hit.Marks) uint64 {
	return uint64(p.firsts[bits.TrailingZeros32(uint32(m))])
}

func (p *people) count(h *hit.Hit) {
	if h.Kind == hit.KindPage {
		p.pageviews++
	}
	p.events++
	p.seconds += uint64(h.Seconds)
	for m := uint32(h.Marks) & (1<<markCount - 1); m != 0; m &= m - 1 {
		p.firsts[bits.TrailingZeros32(m)]++
	}
}

func (p *people) add(o *people) {
	p.pageviews += o.pageviews
	p.events += o.events
	p.seconds += o.seconds
	for i, n := range o.firsts {
		p.firsts[i] += n
	}
}

// add counts hits whose numbers in the index are refs.
func (s *sums) add(hits []hit.Hit, refs []spool.Refs) {
	s.hits += len(hits)
	for i := range hits {
		s.count(&hits[i], &refs[i])
	}
}

func (s *sums) count(h *hit.Hit, r *spool.Refs) {
	hour := instant(h.Hour)
	minute := instant(h.Time)
	minute -= minute % 60
	s.minutes.of(minuteKey{
		site: r.Site, minute: minute, status: h.Status, origin: h.Origin, kind: h.Kind, method: h.Method, threat: h.Threat,
	}).count(h)
	if h.Kind != hit.KindEvent {
		if int(r.Path) >= len(s.lately) {
			s.lately = append(s.lately, make([]uint32, max(int(r.Path)+1-len(s.lately), len(s.lately)))...)
		}
		s.paths.near(&s.lately[r.Path], pathKey{r.Site, hour, r.Path, h.Status, h.Method, h.Kind}).count(h)
	}
	if !h.Bot.IsZero() {
		s.bots.of(botKey{r.Site, hour, r.Bot, r.Path, uint32(h.Status)}).count(h)
	}
	if h.Counts() {
		day := instant(h.Day)
		s.people.of(peopleKey{r.Site, hour, day, r.Path, r.Event, r.Host, r.Arrival, r.Crowd}).count(h)
		if h.Marks.Has(hit.FirstToday) {
			*s.visitors.of(visitorKey{r.Site, day, r.Visitor})++
		}
	}
}

func (t *traffic) count(h *hit.Hit) {
	t.requests++
	t.bytes += h.Bytes
}

// instant brings a time into what ClickHouse's DateTime holds: seconds from 1970 to 2106.
func instant(t int64) uint32 { return uint32(min(max(t, 0), math.MaxUint32)) }

// size is how many sums there are, the measure of memory: each takes at most about 150 bytes.
func (s *sums) size() int {
	return len(s.minutes.entries) + len(s.paths.entries) + len(s.bots.entries) + len(s.people.entries) + len(s.visitors.entries)
}

// reset begins a new cut and keeps the memory.
func (s *sums) reset() {
	s.index.Reset()
	s.hits = 0
	s.minutes.reset()
	s.paths.reset()
	s.bots.reset()
	s.people.reset()
	s.visitors.reset()
}
