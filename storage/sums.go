package storage

import (
	"math"

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
	lately   []uint32 // by the path's number: its latest entry in paths, mostly of the same day and status
	bots     table[botKey, traffic]
	people   table[peopleKey, people]  // table hits; totals and arrivals of table counts
	visitors table[visitorKey, uint64] // attributes of table counts: how many visitors had them
	flows    table[flowKey, uint64]    // page views by the page before them
	goals    goalSums
	props    propSums
	signals  signalSums
	totals   table[dayKey, daySum]
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
		site, day, path uint32
		status          uint16
		method          hit.Method
		kind            hit.Kind
		threat          hit.Threat
		_               [3]byte
	}
	botKey struct {
		site, hour, bot, path uint32
		status                uint16
		class                 hit.BotClass
	}
	peopleKey struct {
		site, hour, day, path, event, host, arrival, crowd uint32
	}
	visitorKey struct {
		site, day, visitor uint32
	}
	flowKey struct {
		site, day, from, to uint32
	}
)

// traffic sums requests of whomever.
type traffic struct{ requests, bytes uint64 }

func (t *traffic) add(o *traffic) {
	t.requests += o.requests
	t.bytes += o.bytes
}

// add counts hits whose numbers in the index are refs.
func (s *sums) add(hits []hit.Hit, refs []spool.Refs) {
	s.hits += len(hits)
	for i := range hits {
		switch hits[i].Kind {
		case hit.KindEngagement:
			s.countPeople(&hits[i], &refs[i])
		case hit.KindSignal:
			s.signals.count(&hits[i], &refs[i])
		default:
			s.count(&hits[i], &refs[i])
		}
	}
}

func (s *sums) count(h *hit.Hit, r *spool.Refs) {
	hour := instant(h.Hour)
	minute := instant(h.Time)
	minute -= minute % 60
	s.minutes.of(minuteKey{
		site: r.Site, minute: minute, status: h.Status, origin: h.Origin, kind: h.Kind, method: h.Method, threat: h.Threat,
	}).count(h)
	s.totals.of(dayKey{r.Site, instant(h.Day)}).count(h)
	if h.Kind != hit.KindEvent {
		if int(r.Path) >= len(s.lately) {
			s.lately = append(s.lately, make([]uint32, max(int(r.Path)+1-len(s.lately), len(s.lately)))...)
		}
		s.paths.near(&s.lately[r.Path], pathKey{
			site: r.Site, day: instant(h.Day), path: r.Path, status: h.Status, method: h.Method, kind: h.Kind, threat: h.Threat,
		}).count(h)
	}
	if !h.Bot.IsZero() {
		s.bots.of(botKey{r.Site, hour, r.Bot, r.Path, h.Status, h.BotClass}).count(h)
	}
	s.countPeople(h, r)
}

func (t *traffic) count(h *hit.Hit) {
	t.requests++
	t.bytes += h.Bytes
}

// instant brings a time into what ClickHouse's DateTime holds: seconds from 1970 to 2106.
func instant(t int64) uint32 { return uint32(min(max(t, 0), math.MaxUint32)) }

// size is how many sums there are, the measure of memory: each takes at most about 150 bytes.
func (s *sums) size() int {
	return len(s.minutes.entries) + len(s.paths.entries) + len(s.bots.entries) + len(s.people.entries) +
		len(s.visitors.entries) + len(s.flows.entries) + s.goals.size() + len(s.props.sums.entries) + len(s.signals.sums.entries) +
		len(s.totals.entries)
}

// expect makes room in unused sums for as many as another cut had.
func (s *sums) expect(like *sums) {
	s.minutes.expect(&like.minutes)
	s.paths.expect(&like.paths)
	s.bots.expect(&like.bots)
	s.people.expect(&like.people)
	s.visitors.expect(&like.visitors)
	s.flows.expect(&like.flows)
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
	s.flows.reset()
	s.goals.reset()
	s.props.reset()
	s.signals.reset()
	s.totals.reset()
}
