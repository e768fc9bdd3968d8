package visit

import "math/bits"

// seen is a set of hashes of 48 bits, each with a note of 16 bits, in 9.6 to 12 bytes each. The hashes stand in ascending
// order, each as near behind its home as the order allows, so that a search ends at the first larger one even when the set
// is five sixths full. Beside a million others one in 280 million is taken for one of them.
type seen struct {
	slots []uint64 // a hash in the upper bits, its note in the lower; the last is always empty
	homes uint64   // a hash's home is its share of this many slots
	n     int
}

// noteBits are those of a note. A hash has none of them, and is not zero.
const noteBits = 1<<16 - 1

const firstHomes = 64

// find returns where h stands or, if it does not, where it would.
func (s *seen) find(h uint64) (at int, ok bool) {
	if s.homes == 0 {
		return 0, false
	}
	at = s.place(h)
	return at, s.slots[at]&^noteBits == h
}

// home returns where h stands, whatever its note, if nothing is in its way.
func (s *seen) home(h uint64) int {
	home, _ := bits.Mul64(h&^noteBits, s.homes)
	return int(home)
}

// place returns the first slot from h's home on that is empty or does not hold less than h.
func (s *seen) place(h uint64) int {
	at := s.home(h)
	for s.slots[at] != 0 && s.slots[at] < h {
		at++
	}
	return at
}

// add takes in h with its note, which was not found at the given place.
func (s *seen) add(at int, h uint64) {
	if s.n*6 >= int(s.homes)*5 {
		s.grow()
		at = s.place(h)
	}
	gap := at
	for s.slots[gap] != 0 {
		gap++
	}
	if gap == len(s.slots)-1 {
		s.slots = append(s.slots, 0)
	}
	copy(s.slots[at+1:gap+1], s.slots[at:gap])
	s.slots[at] = h
	s.n++
}

// remove takes out what stands at a place, and moves up what was pushed behind it.
func (s *seen) remove(at int) {
	for ; s.slots[at+1] != 0; at++ {
		if s.home(s.slots[at+1]) > at {
			break
		}
		s.slots[at] = s.slots[at+1]
	}
	s.slots[at] = 0
	s.n--
}

// grow makes room: twice as much while that is little, then a quarter more, which keeps the slack small. The order
// stays the same, so that the old slots are gone through once.
func (s *seen) grow() {
	old := s.slots
	switch {
	case s.homes == 0:
		s.homes = firstHomes
	case s.homes < 4096:
		s.homes *= 2
	default:
		s.homes += s.homes / 4
	}
	// Behind the last home some slots catch what is pushed off the end.
	s.slots = make([]uint64, s.homes+1, s.homes+1+min(s.homes/4, 256))
	next := 0
	for _, h := range old {
		if h == 0 {
			continue
		}
		next = max(next, s.home(h))
		if next == len(s.slots)-1 {
			s.slots = append(s.slots, 0)
		}
		s.slots[next] = h
		next++
	}
}
