package visit

import (
	"slices"

	"github.com/klar-analytics/klar/hit"
)

// KeyOfDay copies the key of the day that t falls in, nil if there is none.
func (t *Tracker) KeyOfDay(at int64) []byte {
	d := t.days[t.calendar.Day(at)]
	if d == nil {
		return nil
	}
	return slices.Clone(d.key)
}

// KeyMemory returns the memory that all keys stand in.
func (t *Tracker) KeyMemory() []byte { return slices.Concat(t.keys.pages...) }

// Input returns the buffer in which a hit's input is put together, in its whole capacity.
func (t *Tracker) Input() []byte { return t.scratch.input[:cap(t.scratch.input)] }

// People returns how many sightings the crowd rule remembers.
func (t *Tracker) People() int {
	n := 0
	for _, c := range t.crowd.known {
		n += len(c.people)
	}
	return n
}

var (
	Generalise = generalise
	NewSeen    = func() *Seen { return &Seen{} }
)

// Levels is the level at which nothing is left.
const Levels = levels

// Seen is the set of marks.
type Seen struct{ set seen }

// Add reports whether h was new.
func (s *Seen) Add(h uint64) bool {
	at, ok := s.set.find(h)
	if !ok {
		s.set.add(at, h)
	}
	return !ok
}

// Size returns the number of hashes and of the bytes they take.
func (s *Seen) Size() (n, bytes int) { return s.set.n, 8 * len(s.set.slots) }

// Attributes is the handle type of combinations.
type Attributes = hit.Visitor
