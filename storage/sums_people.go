package storage

import (
	"math/bits"
	"unique"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// people sums what people did. What is moved from one page to the next is taken away where it was added, so that a
// cut's share of it may be negative.
type people struct {
	seconds, reading, scroll uint64
	exitSeconds              int64
	pageviews, events        uint32
	exits, visitorsExit      int32
	visitorsExitHost         int32
	timed, scrolled          uint32
	firsts                   [markCount]uint32 // by the mark's bit
}

// markCount is how many marks there are, but for hit.Known.
const markCount = 18

// first returns how many hits had the mark.
func (p *people) first(m hit.Marks) uint64 {
	return uint64(p.firsts[bits.TrailingZeros32(uint32(m))])
}

// count adds a page view or event to the sums of its own row.
func (p *people) count(h *hit.Hit) {
	if h.Kind == hit.KindPage {
		p.pageviews++
		p.exits++
		p.exitSeconds += int64(h.Lasted) + int64(h.Seconds)
		p.visitorsExit += int32(h.Moves.Bit(hit.ExitFirst))
		p.visitorsExitHost += int32(h.Moves.Bit(hit.ExitHostFirst))
		p.timed += uint32(h.Moves.Bit(hit.Timed))
	}
	p.events++
	p.seconds += uint64(h.Seconds)
	for m := uint32(h.Marks) & (1<<markCount - 1); m != 0; m &= m - 1 {
		p.firsts[bits.TrailingZeros32(m)]++
	}
}

// countKnown adds what a beacon tells of a page view that was counted before.
func (p *people) countKnown(h *hit.Hit) {
	p.firsts[bits.TrailingZeros32(uint32(hit.Beaconed))]++
	p.timed += uint32(h.Moves.Bit(hit.Timed))
}

// countFrom adds what a hit changes about the page before it to the sums of that page's row.
func (p *people) countFrom(h *hit.Hit) {
	switch h.Kind {
	case hit.KindPage:
		p.exits--
		p.exitSeconds -= int64(h.Lasted)
		p.visitorsExit -= int32(h.Moves.Bit(hit.ExitLeft))
		p.visitorsExitHost -= int32(h.Moves.Bit(hit.ExitHostLeft))
	case hit.KindEvent:
		p.exitSeconds += int64(h.Seconds)
	}
	p.reading += uint64(h.Reading)
	p.scroll += uint64(h.Scroll)
	p.timed += uint32(h.Moves.Bit(hit.FromTimed))
	p.scrolled += uint32(h.Moves.Bit(hit.FromScrolled))
}

func (p *people) add(o *people) {
	p.seconds += o.seconds
	p.reading += o.reading
	p.scroll += o.scroll
	p.exitSeconds += o.exitSeconds
	p.pageviews += o.pageviews
	p.events += o.events
	p.exits += o.exits
	p.visitorsExit += o.visitorsExit
	p.visitorsExitHost += o.visitorsExitHost
	p.timed += o.timed
	p.scrolled += o.scrolled
	for i, n := range o.firsts {
		p.firsts[i] += n
	}
}

// countPeople counts what a person did, and what that changes about the page before.
func (s *sums) countPeople(h *hit.Hit, r *spool.Refs) {
	if !h.Counts() {
		return
	}
	day := instant(h.Day)
	if h.Before != (unique.Handle[hit.Visitor]{}) { // counted otherwise until now: one less there, one more here
		*s.visitors.of(visitorKey{r.Site, day, r.Before})--
		*s.visitors.of(visitorKey{r.Site, day, r.Visitor})++
	}
	own := peopleKey{r.Site, instant(h.Hour), day, r.Path, r.Event, r.Host, r.Arrival, r.Crowd}
	if h.Marks.Has(hit.Known) {
		s.people.of(own).countKnown(h)
		s.goals.count(h, r) // which are defined
		return
	}
	if h.Kind != hit.KindEngagement {
		s.people.of(own).count(h)
	}
	if !h.From.IsZero() {
		noEvent := r.Event
		if !h.Event.IsZero() {
			noEvent = s.index.Events.Of(hit.Event{})
		}
		s.people.of(peopleKey{r.Site, instant(h.FromHour), day, r.From, noEvent, r.FromHost, r.Arrival, r.Crowd}).countFrom(h)
	}
	if h.Kind == hit.KindPage {
		*s.flows.of(flowKey{r.Site, day, r.From, r.Path})++
	}
	if h.Marks.Has(hit.FirstToday) {
		*s.visitors.of(visitorKey{r.Site, day, r.Visitor})++
	}
	s.goals.count(h, r)
	s.props.count(h, r)
}
