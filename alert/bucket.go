package alert

import "slices"

// bucket is what one network, one file or series of it, or one site has poured of one rule. Most hold at most one value,
// which stands in the bucket itself: looking for it elsewhere would cost more than all the rest.
type bucket struct {
	part  uint64   // the file or series, of rules by them
	one   uint64   // the distinct value that it holds; 0 for none or for more
	seen  []uint64 // the distinct values, if there were ever more than one at a time
	last  uint32   // when it was poured into, in seconds since 1970
	until uint32   // until when the rule is silent
	level float32
	rule  uint16 // its place among the rules
}

// backwards is how far times may go back within a log, in seconds. Beyond that another log has begun.
const backwards = 3600

// pour adds a request and reports whether the bucket overflows. Then it is empty again, and silent for a while, in which it
// may overflow again. value is 0 for a rule that tells none apart.
func (b *bucket) pour(r *compiled, value uint64, at uint32) bool {
	if at+backwards < b.last {
		*b = bucket{rule: b.rule, part: b.part, seen: b.seen[:0]}
	}
	if at > b.last {
		b.level -= float32(at-b.last) * r.leaks
		b.last = at
	}
	if b.level <= 0 {
		b.empty()
	}
	if value != 0 && !b.hold(value) {
		return false
	}
	if b.level++; b.level <= r.capacity {
		return false
	}
	b.empty()
	if at >= b.until {
		b.until = at + r.silent
	}
	return true
}

func (b *bucket) empty() { b.level, b.one, b.seen = 0, 0, b.seen[:0] }

// hold takes in a distinct value, and reports false if it is there already.
func (b *bucket) hold(value uint64) bool {
	switch {
	case b.one == value:
		return false
	case len(b.seen) == 0 && b.one == 0:
		b.one = value
		return true
	case slices.Contains(b.seen, value):
		return false
	}
	if b.one != 0 {
		b.seen = append(b.seen, b.one)
		b.one = 0
	}
	b.seen = append(b.seen, value)
	return true
}
