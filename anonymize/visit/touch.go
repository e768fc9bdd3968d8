package visit

import (
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
		p.crowd, p.pending = t.crowd.enter(p, v.Attributes(), d.number, input)
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
	d.leave(p)
	p.visit++
	p.first, p.last, p.begun, p.alive, p.pages = at, at, at, at, 0
	p.flags &^= engaged
	a := v.Arrival
	a.Entry, a.EntryHost = v.Page, v.Host
	arrival := t.arrivals.Of(a)
	before := p.arrival
	p.arrival = arrival
	if p.visit == 1 {
		return hit.FirstOfVisit | arrivalMarks(&a)
	}
	if arrival == before {
		return hit.FirstOfVisit
	}
	old := before.Value()
	return hit.FirstOfVisit | t.arrive(d, p, &old, &a)
}

// arrive returns which of the arrival's marks are the visitor's first of the day, who came before as the other one says.
// Where the two are alike none is, and what has been alike on all visits of the day is not kept as marks.
func (t *memory) arrive(d *day, p *visitor, before, a *hit.Arrival) hit.Marks {
	was, is := arrivalTexts(before), arrivalTexts(a)
	var m hit.Marks
	for i := range is {
		if was[i] == is[i] {
			continue
		}
		mark := hit.FirstFromEntry << i
		if p.arrivals&(1<<i) == 0 {
			p.arrivals |= 1 << i
			if arrivalMarks(before).Has(mark) {
				t.first(d, p, uint64(mark), was[i])
			}
		}
		if arrivalMarks(a).Has(mark) {
			if today, _ := t.first(d, p, uint64(mark), is[i]); today {
				m |= mark
			}
		}
	}
	return m
}

// arrivalTexts returns the parts of an arrival in the order of their marks in package hit.
func arrivalTexts(a *hit.Arrival) [10]string {
	return [...]string{
		a.Entry.String(), a.Source.String(), a.Channel.String(), a.Referrer.String(), a.UTMSource.String(),
		a.UTMMedium.String(), a.UTMCampaign.String(), a.UTMContent.String(), a.UTMTerm.String(), a.EntryHost.String(),
	}
}

// arrivalMarks returns the marks that the arrival has at all: no campaign parameter is no value, but no source and no
// referrer are.
func arrivalMarks(a *hit.Arrival) hit.Marks {
	m := hit.FirstFromEntry | hit.FirstFromSource | hit.FirstFromChannel | hit.FirstFromReferrer | hit.FirstFromEntryHost
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
	today, inVisit := t.first(d, p, kind, what)
	if today {
		m |= hit.FirstOnPage
	}
	if inVisit {
		m |= hit.FirstOfVisitOnPage
	}
	switch {
	case p.hours == 0: // the visitor's first hit
		m |= hit.FirstOnHost
	case v.Host != p.host:
		if p.flags&hostKept == 0 {
			p.flags |= hostKept
			t.first(d, p, uint64(hit.FirstOnHost), p.host.String())
			if p.flags&hostExited != 0 {
				d.exit(p, uint64(hit.FirstOnHost), p.host.String())
			}
		}
		if today, _ := t.first(d, p, uint64(hit.FirstOnHost), v.Host.String()); today {
			m |= hit.FirstOnHost
		}
	}
	p.host = v.Host
	return m
}
