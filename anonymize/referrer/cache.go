package referrer

import "sync/atomic"

// cache remembers a bounded number of values by key. Each key has two places; a newcomer takes the place of one of the
// two that were there. Reading takes no lock and allocates nothing.
type cache[V any] struct{ slots []atomic.Pointer[entry[V]] }

type entry[V any] struct {
	key   uint64
	value V
}

// newCache returns a cache of size values; size is a power of two.
func newCache[V any](size int) cache[V] { return cache[V]{make([]atomic.Pointer[entry[V]], size)} }

// places returns the two places of the key.
func (c cache[V]) places(key uint64) (a, b *atomic.Pointer[entry[V]]) {
	i := key & uint64(len(c.slots)-1)
	return &c.slots[i], &c.slots[i^1]
}

func (c cache[V]) get(key uint64) (v V, ok bool) {
	a, b := c.places(key)
	if e := a.Load(); e != nil && e.key == key {
		return e.value, true
	}
	if e := b.Load(); e != nil && e.key == key {
		return e.value, true
	}
	return v, false
}

func (c cache[V]) put(key uint64, v V) {
	a, b := c.places(key)
	if a.Load() != nil && (b.Load() == nil || key>>63 == 1) {
		a = b
	}
	a.Store(&entry[V]{key, v})
}
