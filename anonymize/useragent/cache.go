package useragent

import "sync/atomic"

// ways is the number of places an answer may stand in.
const ways = 4

// cache remembers answers by the key of their agent in a fixed number of places, without locks: a place is replaced
// as a whole. A new answer pushes out one of its four neighbours, so that its size never grows.
type cache struct {
	places []atomic.Pointer[answer]
	mask   uint64
}

type answer struct {
	key   uint64
	agent Agent
}

func newCache(size int) cache {
	n := ways
	for n < size {
		n *= 2
	}
	return cache{places: make([]atomic.Pointer[answer], n), mask: uint64(n/ways - 1)}
}

func (c *cache) set(key uint64) []atomic.Pointer[answer] {
	i := (key & c.mask) * ways
	return c.places[i : i+ways]
}

func (c *cache) get(key uint64) (Agent, bool) {
	for i := range c.set(key) {
		if e := c.set(key)[i].Load(); e != nil && e.key == key {
			return e.agent, true
		}
	}
	return Agent{}, false
}

func (c *cache) put(key uint64, a Agent) {
	set := c.set(key)
	victim := int(key >> 62) // bits that do not choose the set
	for i := range set {
		if set[i].Load() == nil {
			victim = i
			break
		}
	}
	set[victim].Store(&answer{key, a})
}
