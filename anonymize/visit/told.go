package visit

import (
	"hash/maphash"

	"github.com/klar-analytics/klar/hit"
)

// Told says by what a page view is known. On a site that has both logs and beacons, most page views are told of twice: by
// a line of the log and by a beacon, in either order. The second of the two adds nothing but that there was a beacon.
type Told uint8

// What tells of page views.
const (
	Once     Told = iota // no other source tells of the site's page views
	ByLog                // a line, which a beacon may follow or precede
	ByBeacon             // a beacon, likewise a line
)

// maxOpen bounds the views of one page that wait for their counterpart, so that remembering one does not take longer and
// longer. Beyond it a view counts and is not waited for.
const maxOpen = 32

// known reports whether a page view was counted when its counterpart came, which then is waited for no more. If not, the
// view waits itself.
//
// A beacon is no counterpart of a line of a visit that is over, but of one that is still to come: what is shown again
// without asking the server begins a visit. A line may come late, so that it is one whatever came since.
func (t *memory) known(d *day, p *visitor, v *Visit, at uint32) bool {
	document := v.Document
	if document.IsZero() {
		document = v.Page
	}
	page := maphash.String(d.seed, document.String())
	own, other := kindLog, kindBeacon
	if v.Told == ByBeacon {
		own, other = kindBeacon, kindLog
	}
	// visit is 0 for a visitor who is new.
	if p.visit > 0 && (v.Told == ByLog || p.running(at)) && t.meet(d, p.mark(other, page)) {
		return true
	}
	t.wait(d, p.mark(own, page))
	return false
}

// meet takes one of the views away that wait under a mark, if there is one.
func (t *memory) meet(d *day, h uint64) bool {
	at, ok := d.marks.find(h)
	switch {
	case !ok:
		return false
	case d.marks.slots[at] == h|1:
		d.marks.remove(at)
		t.entries--
	default:
		d.marks.slots[at]--
	}
	return true
}

// wait adds a view to those that wait under a mark.
func (t *memory) wait(d *day, h uint64) {
	at, ok := d.marks.find(h)
	switch {
	case ok && d.marks.slots[at]&noteBits < maxOpen:
		d.marks.slots[at]++
	case ok:
	case !t.room(1):
		t.figures.Unremembered++
	default:
		d.marks.add(at, h|1)
		t.entries++
	}
}

// again is what the second source of a page view adds: a line nothing, a beacon that there was one, its properties, and that the page
// reports how long it is read.
func (t *memory) again(d *day, p *visitor, v *Visit, o *Outcome) {
	if v.Told == ByLog {
		o.Pending = -1
		return
	}
	o.Marks, o.Arrival, o.Visitor = hit.Beaconed|hit.Known, p.arrival, p.attributes
	o.Crowd, o.Pending = p.crowd, p.pending
	if len(v.Props) > 0 {
		o.Props = t.properties(d, p, v)
	}
	if v.Reported && p.page == v.Page && p.flags&reported == 0 {
		p.flags |= reported
		if p.flags&newPage != 0 {
			o.Moves |= hit.Timed
		}
	}
}
