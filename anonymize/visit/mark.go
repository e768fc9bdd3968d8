package visit

import (
	"hash/maphash"
	"math/bits"

	"github.com/klar-analytics/klar/hit"
)

// A mark is what is remembered of a visitor and a thing, such as a page: one hash for the whole day, whose note says in
// which visit the thing was seen last, and, of pages and hosts, whether a visit ended there and how far this one scrolled. So a
// second visit takes memory for what is new in it only.

// The kinds of marks other than those that are a mark of package hit.
const (
	kindPage  = uint64(hit.FirstOnPage)
	kindEvent = kindPage | 1<<32
	// Views that wait for their counterpart; the note is how many.
	kindLog    = uint64(1) << 35
	kindBeacon = uint64(1) << 36
)

// The parts of a note. Visits are told apart by the last bits of their numbers: nobody has so many between two views of a
// page that it matters.
const (
	noteVisit = 1<<8 - 1  // when the thing was seen last
	noteExit  = 1 << 8    // the page, or one on the host, is the last of a visit that has ended
	noteDepth = 0x7f << 9 // how far the visit has scrolled the page, in percent and one more; 0 is unknown
	oneDepth  = noteDepth & -noteDepth
)

// mark is what stands for a visitor's mark of a kind and the hash of a value, without a note.
func (p *visitor) mark(kind, value uint64) uint64 {
	hi, lo := bits.Mul64(value^p.id[0], p.id[1]^kind*0x9e3779b97f4a7c15)
	return max((hi^lo)&^noteBits, noteBits+1)
}

// seenIn is the note of what is seen in the running visit.
func (p *visitor) seenIn() uint64 { return uint64(p.visit) & noteVisit }

// first reports whether the visitor has no such mark yet today, and none in this visit, and remembers it.
func (t *memory) first(d *day, p *visitor, kind uint64, value string) (today, inVisit bool) {
	h := p.mark(kind, maphash.String(d.seed, value))
	at, ok := d.marks.find(h)
	if ok {
		note := &d.marks.slots[at]
		if *note&noteVisit == p.seenIn() {
			return false, false
		}
		*note = h | *note&noteExit | p.seenIn()
		return false, true
	}
	if t.room(1) {
		t.entries++
		d.marks.add(at, h|p.seenIn())
	} else {
		t.figures.Unremembered++
	}
	return true, true
}

// noted returns the visitor's mark with its note, nil if there is none.
func (d *day) noted(p *visitor, kind uint64, value string) *uint64 {
	at, ok := d.marks.find(p.mark(kind, maphash.String(d.seed, value)))
	if !ok {
		return nil
	}
	return &d.marks.slots[at]
}

// inVisit is noted for what was seen in the running visit; nil for all else.
func (d *day) inVisit(p *visitor, kind uint64, value string) *uint64 {
	note := d.noted(p, kind, value)
	if note == nil || *note&noteVisit != p.seenIn() {
		return nil
	}
	return note
}
