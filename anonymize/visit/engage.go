package visit

import "github.com/klar-analytics/klar/hit"

// Engagement is what a page tells of how it was read since its last report.
type Engagement struct {
	// Time in seconds since 1970, UTC.
	Time int64
	Who  Identity
	Host hit.Host
	Page hit.Path
	// Seconds that the page was visible. Not more is counted than have gone by.
	Seconds uint32
	// Depth is how far the page was scrolled so far, in percent up to 100; negative if unknown.
	Depth int8
	// Scrolled returns the targets that the visit may reach by scrolling the page from one depth to another, in percent; nil
	// for none.
	Scrolled func(before, depth uint8) []hit.Target
}

// ahead is how many seconds a page may have been visible before its page view arrived.
const ahead = 10

// Engage counts how a page was read that is known of by [Tracker.Touch]. It begins no visit and is nothing that the visitor
// did; it only keeps a visit from ending, so that who reads on is not a new visit afterwards. Of what belongs to no running
// visit, or to a page that it has not seen, the outcome is empty.
func (t *Tracker) Engage(e *Engagement) Outcome { return t.memory().engagement(e) }

func (t *memory) engagement(e *Engagement) Outcome {
	o := Outcome{Pending: -1}
	number := t.calendar.Day(e.Time)
	if t.days[number] == nil {
		return o
	}
	d := t.open(number)
	input := t.input(e.Who)
	p, _ := d.find(d.id(input))
	clear(input[t.scratch.site:])
	if p == nil {
		return o
	}
	at := uint32(e.Time - d.start())
	if !p.running(at) {
		return o
	}
	page := d.inVisit(p, kindPage, e.Page.String())
	if page == nil {
		return o
	}
	p.alive = max(p.alive, at)
	o.Arrival, o.Visitor, o.Crowd, o.Pending = p.arrival, p.attributes, p.crowd, p.pending
	since := p.begun
	if o.From, o.FromHost, o.FromHour = e.Page, e.Host, t.calendar.Hour(e.Time); e.Page == p.page {
		t.from(d, p, &o)
		since = p.pageAt
	}
	if p.flags&reported != 0 {
		o.Reading = min(e.Seconds, max(at, since)-since+ahead)
	}
	if e.Depth >= 0 {
		t.scroll(d, p, page, e, &o)
	}
	return o
}

// scroll counts how much further the page was scrolled, and what that reached.
func (t *memory) scroll(d *day, p *visitor, page *uint64, e *Engagement, o *Outcome) {
	depth := min(uint8(e.Depth), 100)
	more, first := deepen(page, depth)
	if o.Scroll = more; first {
		o.Moves = hit.FromScrolled
	}
	if more > 0 && e.Scrolled != nil {
		o.Reached = t.reach(d, p, e.Scrolled(depth-more, depth), hit.Revenue{})
	}
}

// deepen returns by how much further than known the visit has scrolled the page that the note is of, and whether nothing
// was known.
func deepen(note *uint64, depth uint8) (more uint8, first bool) {
	known := *note & noteDepth / oneDepth
	if known > uint64(depth) {
		return 0, false
	}
	*note = *note&^noteDepth | (uint64(depth)+1)*oneDepth
	if known == 0 {
		return depth, true
	}
	return depth + 1 - uint8(known), false
}
