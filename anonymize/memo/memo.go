// Package memo owns the bounded memory of answers: what was once worked out for an agent, a path, a referrer or a
// network is found again by a hash of the question, and the question itself is never kept.
package memo

import "sync/atomic"

// ways is the number of places an answer may stand in.
const ways = 4

// Cache remembers answers by a 64-bit key in a fixed number of places. Keys must be spread evenly and, where the
// question is personal, come from a hash whose own key dies with the process. Two questions with one key share an
// answer, which a keyed hash makes too rare to matter and impossible to bring about. The zero value panics when used.
//
// Nothing waits for a lock, for a place is replaced as a whole, and Get allocates nothing. A new answer whose four
// places are taken pushes out one of them, so that the size never grows. It is safe for concurrent use.
type Cache[V any] struct {
	places []atomic.Pointer[answer[V]]
	mask   uint64
}

type answer[V any] struct {
	key   uint64
	value V
}

// New returns a cache of size answers, rounded up to a power of two and at least four.
func New[V any](size int) Cache[V] {
	n := ways
	for n < size {
		n *= 2
	}
	return Cache[V]{places: make([]atomic.Pointer[answer[V]], n), mask: uint64(n/ways - 1)}
}

// row returns the places of the key.
func (c *Cache[V]) row(key uint64) *[ways]atomic.Pointer[answer[V]] {
	i := (key & c.mask) * ways
	return (*[ways]atomic.Pointer[answer[V]])(c.places[i : i+ways])
}

// first is the place of its row that a key is looked for first and stored first: by the bits that do not choose the row.
func first(key uint64) uint64 { return key >> 62 }

// Get returns the answer that was put under the key, and false if there is none, or none any more.
func (c *Cache[V]) Get(key uint64) (v V, ok bool) {
	row := c.row(key)
	for i := range uint64(ways) {
		if a := row[(first(key)+i)%ways].Load(); a != nil && a.key == key {
			return a.value, true
		}
	}
	return v, false
}

// Put remembers the answer under the key, in place of the one that it had.
func (c *Cache[V]) Put(key uint64, v V) {
	row := c.row(key)
	place := first(key)
	for i := range uint64(ways) {
		at := (first(key) + i) % ways
		if a := row[at].Load(); a == nil || a.key == key {
			place = at
			break
		}
	}
	row[place].Store(&answer[V]{key, v})
}
