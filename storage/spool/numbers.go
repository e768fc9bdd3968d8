package spool

import (
	"hash/maphash"
	"slices"
)

// Numbers numbers distinct keys in the order of their first use, from 0. It is a map without the values: those stand in
// slices beside it, under the key's number. The zero value is empty and ready. It is not safe for concurrent use.
type Numbers[K comparable] struct {
	keys  []K
	slots []uint32 // open addressing; a key's number plus one, zero for a free slot
	seed  maphash.Seed
	last  uint32 // the number that was asked for last, as neighbours are often alike
}

const firstSlots = 64

// Of returns the key's number, a new one for a new key.
func (n *Numbers[K]) Of(k K) uint32 {
	if int(n.last) < len(n.keys) && n.keys[n.last] == k {
		return n.last
	}
	if 2*len(n.keys) >= len(n.slots) {
		n.grow()
	}
	mask := uint64(len(n.slots) - 1)
	i := maphash.Comparable(n.seed, k) & mask
	for ; n.slots[i] != 0; i = (i + 1) & mask {
		if at := n.slots[i] - 1; n.keys[at] == k {
			n.last = at
			return at
		}
	}
	if len(n.keys) == cap(n.keys) { // append alone grows large slices by a quarter only
		n.keys = slices.Grow(n.keys, max(firstSlots/2, len(n.keys)))
	}
	n.keys = append(n.keys, k)
	n.slots[i] = uint32(len(n.keys))
	n.last = uint32(len(n.keys) - 1)
	return n.last
}

// Len is the number of distinct keys.
func (n *Numbers[K]) Len() int { return len(n.keys) }

// Keys returns the keys in the order of their numbers. They belong to n and hold until the next Of or Reset.
func (n *Numbers[K]) Keys() []K { return n.keys }

// Reset forgets all keys and keeps the memory.
func (n *Numbers[K]) Reset() {
	clear(n.keys)
	clear(n.slots)
	n.keys, n.last = n.keys[:0], 0
}

func (n *Numbers[K]) grow() {
	if len(n.slots) == 0 {
		n.seed = maphash.MakeSeed()
	}
	n.slots = make([]uint32, max(firstSlots, 2*len(n.slots)))
	mask := uint64(len(n.slots) - 1)
	for at, k := range n.keys {
		i := maphash.Comparable(n.seed, k) & mask
		for n.slots[i] != 0 {
			i = (i + 1) & mask
		}
		n.slots[i] = uint32(at + 1)
	}
}
