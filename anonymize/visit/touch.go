package visit

import (
	"hash/maphash"
	"math/bits"

	"github.com/dchest/siphash"

	"github.com/klar-analytics/klar/hit"
)

// Touch counts one page view or event of a person. Hits may come in any order; those of one visit that come out of
// order by less than [Timeout] stay one visit. A hit counts for the day it belongs to by its own time.
//
// When MaxEntries is reached, the day that was left alone longest is forgotten whole. When only the hit's own day is
// left, visitors and marks beyond the bound count as firsts each time: the figures err upwards, memory does not grow.
func (t *Tracker) Touch(v *Visit) Outcome { return t.memory().touch(v) }

func (t *memory) touch(v *Visit) Outcome {
	d := t.open(t.calendar.Day(v.Time))
	input := t.input(v.Who)
	id := d.id(input)
	p, fresh := t.person(d, id)
	var o Outcome
	if fresh {
		o.Marks = hit.FirstToday
		p.attributes = v.Attributes()
		p.crowd, p.pending = t.crowd.enter(p, d.number, input)
	}
	clear(input[t.scratch.site:])

	start := d.start()
	at, before := uint32(v.Time-start), start+int64(p.last)
	if v.More != nil && p.flags&complete == 0 {
		p.flags |= complete
		if more := v.More(p.attributes); more != p.attributes {
			o.Before, p.attributes = p.attributes, more
		}
	}
	if v.Told != Once && v.Event.IsZero() && t.known(d, p, v, at) {
		t.again(d, p, v, &o)
		return o
	}
	if fresh {
		before = -1
	}
	if fresh || !p.running(at) {
		o.Marks |= t.begin(d, p, v, at)
	} else {
		o.Lasted = p.last - p.begun
		o.Seconds = p.advance(at)
	}
	t.recent.move(before, start+int64(p.last))
	o.Marks |= t.place(d, p, v) | p.engage(v)
	t.flow(d, p, v, at, &o)
	if hour := uint64(1) << (t.calendar.Hour(v.Time) / (secondsPerHour / 2) & 63); p.hours&hour == 0 {
		p.hours |= hour
		o.Marks |= hit.FirstThisHour
	}
	if len(v.Props) > 0 {
		o.Props = t.properties(d, p, v)
	}
	if len(v.Targets) > 0 {
		o.Reached = t.reach(d, p, v.Targets, v.Revenue)
	}
	o.Arrival, o.Visitor, o.Crowd, o.Pending = p.arrival, p.attributes, p.crowd, p.pending
	return o
}

// input puts together what tells visitors apart: the site, and the identity on it.
func (t *memory) input(who Identity) []byte {
	s := &t.scratch
	s.input = who.put(s.input[:s.site])
	return s.input
}

// id is what an input is known by for the day.
func (d *day) id(input []byte) (id [2]uint64) {
	k0, k1 := d.key.halves()
	id[0], id[1] = siphash.Hash128(k0, k1, input)
	return id
}

// advance moves the visit on and returns the seconds since its latest hit, so that they add up to its duration.
func (p *visitor) advance(at uint32) uint32 {
	if at <= p.last {
		p.first = min(p.first, at)
		return 0
	}
	s := at - p.last
	p.last, p.alive = at, max(p.alive, at)
	return s
}

// engage counts the page views of the visit and marks what makes it more than a bounce.
func (p *visitor) engage(v *Visit) hit.Marks {
	if v.Event.IsZero() {
		p.pages = min(p.pages+1, 2)
	}
	if p.flags&engaged != 0 || p.pages < 2 && (v.Event.IsZero() || !v.Interactive) {
		return 0
	}
	p.flags |= engaged
	return hit.Second
}

// begin starts a visit and marks what the visitor's arrival is the first of.
func (t *memory) begin(d *day, p *visitor, v *Visit, at uint32) hit.Marks {
	t.leave(d, p)
	p.visit++
	p.first, p.last, p.begun, p.alive, p.pages = at, at, at, at, 0
	p.flags &^= engaged
	a := v.Arrival
	a.Entry = v.Page
	arrival := t.arrivals.Of(a)
	before := p.arrival
	p.arrival = arrival
	if p.visit == 1 {
		return hit.FirstOfVisit | arrivalMarks(&a)
	}
	if arrival == before {
		return hit.FirstOfVisit
	}
	if p.flags&arrivalsKept == 0 {
		p.flags |= arrivalsKept
		old := before.Value()
		t.arrive(d, p, &old)
	}
	return hit.FirstOfVisit | t.arrive(d, p, &a)
}

// arrive takes the values in the order of their marks in package hit, and returns which of the arrival's marks are the visitor's first of the day.
func (t *memory) arrive(d *day, p *visitor, a *hit.Arrival) hit.Marks {
	texts := [...]string{
		a.Entry.String(), a.Source.String(), a.Channel.String(), a.Referrer.String(), a.UTMSource.String(),
		a.UTMMedium.String(), a.UTMCampaign.String(), a.UTMContent.String(), a.UTMTerm.String(),
	}
	var m hit.Marks
	all := arrivalMarks(a)
	for i, s := range texts {
		if mark := hit.FirstFromEntry << i; all.Has(mark) && t.first(d, p, uint64(mark), s) {
			m |= mark
		}
	}
	return m
}

// arrivalMarks returns the marks that the arrival has at all: no campaign parameter is no value, but no source and no
// referrer are.
func arrivalMarks(a *hit.Arrival) hit.Marks {
	m := hit.FirstFromEntry | hit.FirstFromSource | hit.FirstFromChannel | hit.FirstFromReferrer
	for i, u := range [...]hit.Campaign{a.UTMSource, a.UTMMedium, a.UTMCampaign, a.UTMContent, a.UTMTerm} {
		if !u.IsZero() {
			m |= hit.FirstFromUTMSource << i
		}
	}
	return m
}

// place returns the marks of the page or event and of the host.
func (t *memory) place(d *day, p *visitor, v *Visit) hit.Marks {
	var m hit.Marks
	what, kind := v.Page.String(), kindPage
	if !v.Event.IsZero() {
		what, kind = v.Event.String(), kindEvent
	}
	if t.first(d, p, kind, what) {
		m |= hit.FirstOnPage
	}
	// Within the first visit the two marks are the same, so that only later visits take entries of their own.
	if p.visit == 1 && m != 0 || p.visit > 1 && t.first(d, p, p.visitKind(kind), what) {
		m |= hit.FirstOfVisitOnPage
	}
	switch {
	case p.hours == 0: // the visitor's first hit
		m |= hit.FirstOnHost
	case v.Host != p.host:
		if p.flags&hostKept == 0 {
			p.flags |= hostKept
			t.first(d, p, uint64(hit.FirstOnHost), p.host.String())
		}
		if t.first(d, p, uint64(hit.FirstOnHost), v.Host.String()) {
			m |= hit.FirstOnHost
		}
	}
	p.host = v.Host
	return m
}

// The kinds of marks other than those that are a mark of package hit.
const (
	kindPage  = uint64(hit.FirstOnPage)
	kindEvent = kindPage | 1<<32
	kindExit  = kindPage | 1<<33 // the last page of a visit that has ended
	kindDepth = kindPage | 1<<34
	// Views that wait for their counterpart; the number of the view stands above.
	kindLog    = uint64(1) << 35
	kindBeacon = uint64(1) << 36
)

// visitKind makes of a kind that of the running visit alone.
func (p *visitor) visitKind(kind uint64) uint64 { return kind | uint64(p.visit)<<40 }

// knows reports whether the visitor has such a mark today.
func (t *memory) knows(d *day, p *visitor, kind uint64, value string) bool {
	_, ok := d.marks.find(p.mark(kind, maphash.String(d.seed, value)))
	return ok
}

// first reports whether the visitor has no such mark yet today, and remembers it.
func (t *memory) first(d *day, p *visitor, kind uint64, value string) bool {
	h := p.mark(kind, maphash.String(d.seed, value))
	at, ok := d.marks.find(h)
	if ok {
		return false
	}
	if !t.room(1) {
		t.figures.Unremembered++
		return true
	}
	t.entries++
	d.marks.add(at, h)
	return true
}

// mark is what stands for a visitor's mark of a kind and the hash of a value.
func (p *visitor) mark(kind, value uint64) uint64 {
	hi, lo := bits.Mul64(value^p.id[0], p.id[1]^kind*0x9e3779b97f4a7c15)
	return max(hi^lo, 1)
}
