package visit

import "slices"

// KeyOfDay copies the key of the day that t falls in, nil if there is none.
func (t *Tracker) KeyOfDay(at int64) []byte {
	m := t.memory()
	d := m.days[m.calendar.Day(at)]
	if d == nil {
		return nil
	}
	return slices.Clone(d.key)
}

// KeyMemory returns the memory that all keys stand in.
func (t *Tracker) KeyMemory() []byte { return slices.Concat(t.memory().keys.pages...) }

// Input returns the buffer in which an identity's input is put together, in its whole capacity.
func Input(i *Identifier) []byte { return i.memory().input[:cap(i.memory().input)] }

// People returns how many sightings the crowd rule remembers.
func (t *Tracker) People() int {
	n := 0
	for _, c := range t.memory().crowd.known {
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

// Add reports whether h, of 48 bits, was new. Each has a note that changes.
func (s *Seen) Add(h uint64) bool {
	h <<= 16
	at, ok := s.set.find(h)
	if ok {
		s.set.slots[at] ^= noteBits
	} else {
		s.set.add(at, h|h>>16&noteBits)
	}
	return !ok
}

// Size returns the number of hashes and of the bytes they take.
func (s *Seen) Size() (n, bytes int) { return s.set.n, 8 * cap(s.set.slots) }
