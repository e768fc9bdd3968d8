package visit

import (
	"hash/maphash"
	"unique"
	"unsafe"

	"github.com/klar-analytics/klar/hit"
)

// dayCost is what a day counts besides its visitors and marks, so that many small days are bounded too.
const dayCost = 1024

const chunkLength = 256

// day is what is remembered of one local day.
type day struct {
	number   int32  // days since 1970-01-01
	used     uint64 // when it was last turned to, for finding the day that was left alone longest
	key      secret
	seed     maphash.Seed // of the contents of marks
	slots    []uint64     // hash table of visitors: upper half of the key's first word, number of the visitor from 1
	chunks   []*[chunkLength]visitor
	visitors int
	marks    seen
	// properties are the distinct ones, by their hashes.
	properties map[uint64]struct{}
}

// visitor is one visitor's day and the visit that runs.
type visitor struct {
	id         [2]uint64
	hours      uint64 // the hours of the day with a hit, by half hours since 1970, modulo 64
	arrival    unique.Handle[hit.Arrival]
	attributes unique.Handle[hit.Visitor]
	crowd      unique.Handle[hit.Visitor] // valid if pending is negative
	host       hit.Host                   // of the last hit
	page       hit.Path                   // of the visit's latest page view; zero if it has none
	pageHost   hit.Host                   // its host
	pageAt     uint32                     // its time, in seconds since the start of the day before in UTC
	first      uint32                     // hit of the visit, likewise
	last       uint32                     // hit of the visit, likewise
	begun      uint32                     // what the visit's seconds are counted from, likewise
	alive      uint32                     // when the visit was last known to go on, likewise
	pending    int32                      // index among those who wait for the crowd rule, or -1
	visit      uint16                     // number of the visit within the day, from 1
	flags      uint8
	pages      uint8  // page views of the visit, up to 2
	arrivals   uint16 // the parts of an arrival, by the order of their marks, of which the visitor's are kept as marks
}

// The flags of a visitor. A visitor's first host is kept in the visitor, not as a mark, until there is a second: most have
// none. So is each part of the first arrival.
const (
	engaged    uint8 = 1 << iota // the visit was given its Second
	hostKept                     // the first host stands among the marks
	reported                     // how long the page is read is reported
	newPage                      // it is the visit's first view of the page
	complete                     // the attributes hold what not every hit tells
	hostExited                   // a visit has ended, on the first host while that is not kept
)

// running reports whether a hit at the given time belongs to the visit: within half an hour of any of its hits,
// in whichever order they come.
func (p *visitor) running(at uint32) bool { return at+Timeout >= p.first && at <= p.alive+Timeout }

// open turns to a day and remembers it from now on.
func (t *memory) open(number int32) *day {
	if t.today != nil && t.today.number == number {
		return t.today
	}
	t.uses++
	d := t.days[number]
	if d == nil {
		t.today = nil
		t.room(dayCost)
		d = &day{number: number, key: t.key(), seed: maphash.MakeSeed(), slots: make([]uint64, 64)}
		t.days[number] = d
		t.entries += dayCost
	}
	d.used = t.uses
	t.today = d
	return d
}

// key draws the key of a new day. Should the system refuse another page, a day's key is taken back for it.
func (t *memory) key() secret {
	for {
		if k, err := t.keys.draw(); err == nil {
			return k
		}
		if !t.dropOldest() {
			// Not reached: the page that New got holds more keys than the crowd rule uses.
			panic("visit: no memory for a day's key")
		}
	}
}

// room reports whether n more entries may be remembered, and forgets days other than today until they may.
func (t *memory) room(n int) bool {
	for t.entries+n > t.maxEntries {
		if !t.dropOldest() {
			return false
		}
	}
	return true
}

// dropOldest forgets the day that was left alone longest, but never today.
func (t *memory) dropOldest() bool {
	var oldest *day
	for _, d := range t.days {
		if d != t.today && (oldest == nil || d.used < oldest.used) {
			oldest = d
		}
	}
	if oldest == nil {
		return false
	}
	t.drop(oldest)
	t.figures.DroppedDays++
	return true
}

func (t *memory) drop(d *day) {
	t.keys.wipe(d.key)
	t.entries -= dayCost + d.visitors + d.marks.n
	delete(t.days, d.number)
	if t.today == d {
		t.today = nil
	}
}

// person returns the visitor with the given id, and whether they are new today. Without room, a new visitor is a
// guest, forgotten at the next hit: each of a guest's hits counts as a visitor, so that the figures err upwards.
func (t *memory) person(d *day, id [2]uint64) (p *visitor, fresh bool) {
	p, at := d.find(id)
	if p != nil {
		return p, false
	}
	if t.room(1) {
		t.entries++
		return d.enter(at, id), true
	}
	t.figures.Unremembered++
	t.scratch.guest = visitor{id: id, pending: -1}
	return &t.scratch.guest, true
}

// find returns the visitor with the given id, or nil and where there is a place for them.
func (d *day) find(id [2]uint64) (p *visitor, at uint64) {
	mask := uint64(len(d.slots) - 1)
	for at = id[0] & mask; d.slots[at] != 0; at = (at + 1) & mask {
		if s := d.slots[at]; s>>32 == id[0]>>32 {
			if p := d.visitor(uint32(s) - 1); p.id == id {
				return p, at
			}
		}
	}
	return nil, at
}

func (d *day) visitor(n uint32) *visitor { return &d.chunks[n/chunkLength][n%chunkLength] }

// enter makes a place for a visitor whose search ended at a free slot.
func (d *day) enter(at uint64, id [2]uint64) *visitor {
	n := uint32(d.visitors)
	if n%chunkLength == 0 {
		d.chunks = append(d.chunks, new([chunkLength]visitor))
	}
	d.visitors++
	p := d.visitor(n)
	*p = visitor{id: id, pending: -1}
	d.slots[at] = id[0]>>32<<32 | uint64(n+1)
	if d.visitors*4 > len(d.slots)*3 {
		d.widen()
	}
	return p
}

// widen doubles the table of visitors.
func (d *day) widen() {
	old := d.slots
	d.slots = make([]uint64, 2*len(old))
	mask := uint64(len(d.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		at := d.visitor(uint32(s) - 1).id[0] & mask
		for d.slots[at] != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = s
	}
}

// bytes returns the memory that the day takes.
func (d *day) bytes() int {
	return int(unsafe.Sizeof(*d)) + 16*len(d.properties) + 8*len(d.slots) + 8*cap(d.chunks) + 8*cap(d.marks.slots) +
		len(d.chunks)*int(unsafe.Sizeof([chunkLength]visitor{}))
}
