package storage

import (
	"hash/maphash"
	"slices"
)

// table is a map from keys to sums, made for adding up: a sum stands beside its key, so that a hit touches two places
// in memory and not four. Entries keep the order of their first use. The zero value is empty and ready.
type table[K comparable, V any] struct {
	entries []entry[K, V]
	// slots are open-addressed: in the upper half the key's hash, whose end is the slot's place and which saves
	// looking at most other keys; in the lower half the entry's number plus one. Zero is a free slot.
	slots []uint64
	seed  maphash.Seed
	last  uint32 // the entry that was asked for last, as neighbours are often alike
	// sorted is memory for the sums in the order of their rows.
	sorted []V
}

type entry[K comparable, V any] struct {
	key K
	sum V
}

const firstSlots = 1 << 10

// of returns the sum of a key, a new one for a new key. It holds until the next call.
func (t *table[K, V]) of(k K) *V {
	if int(t.last) < len(t.entries) && t.entries[t.last].key == k {
		return &t.entries[t.last].sum
	}
	if 3*len(t.entries) >= 2*len(t.slots) {
		t.grow()
	}
	hash := maphash.Comparable(t.seed, k) >> 32
	mask := uint64(len(t.slots) - 1)
	i := hash & mask
	for ; t.slots[i] != 0; i = (i + 1) & mask {
		if t.slots[i]>>32 == hash {
			if e := &t.entries[uint32(t.slots[i])-1]; e.key == k {
				t.last = uint32(t.slots[i]) - 1
				return &e.sum
			}
		}
	}
	if len(t.entries) == cap(t.entries) { // append alone grows large slices by a quarter only
		t.entries = slices.Grow(t.entries, max(firstSlots/2, len(t.entries)))
	}
	t.entries = append(t.entries, entry[K, V]{key: k})
	t.slots[i] = hash<<32 | uint64(len(t.entries))
	t.last = uint32(len(t.entries) - 1)
	return &t.entries[t.last].sum
}

// near is of for a key that is often the one at *hint, the number of an entry, where it then need not be looked for.
// Any number is good; near leaves the key's.
func (t *table[K, V]) near(hint *uint32, k K) *V {
	if int(*hint) < len(t.entries) && t.entries[*hint].key == k {
		return &t.entries[*hint].sum
	}
	sum := t.of(k)
	*hint = t.last
	return sum
}

// reset forgets everything and keeps the memory.
func (t *table[K, V]) reset() {
	clear(t.slots)
	t.entries, t.last = t.entries[:0], 0
}

func (t *table[K, V]) grow() {
	if len(t.slots) == 0 {
		t.seed = maphash.MakeSeed()
	}
	old := t.slots
	t.slots = newSlots(max(firstSlots, 2*len(old)))
	mask := uint64(len(t.slots) - 1)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		i := slot >> 32 & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = slot
	}
}

// expect makes room for as many sums as another table has, if there is none yet.
func (t *table[K, V]) expect(like *table[K, V]) {
	if len(t.slots) > 0 || len(like.slots) == 0 {
		return
	}
	t.seed = maphash.MakeSeed()
	t.slots = newSlots(len(like.slots))
	t.entries = make([]entry[K, V], 0, cap(like.entries))
}

// newSlots returns free slots, of which each page of memory was written to: what is read first and written then is given
// by the kernel twice, and the second time it interrupts all processors for it.
func newSlots(n int) []uint64 {
	const page = 4096 / 8
	slots := make([]uint64, n)
	for i := 0; i < n; i += page {
		slots[i] = 0
	}
	return slots
}
