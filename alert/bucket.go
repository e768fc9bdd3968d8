package alert

import "slices"

// bucket is what one network, one file or series of it, or one site has poured of one rule.
type bucket struct {
	rule  *compiled
	part  uint64 // the file or series, of rules by them
	last  int64  // when it was poured into, in seconds since 1970
	until int64  // until when the rule is silent
	level float32
	seen  []uint64 // the distinct values that it holds
}

// backwards is how far times may go back within a log, in seconds. Beyond that another log has begun.
const backwards = 3600

// pour adds a request and reports whether the bucket overflows. Then it is empty again, and silent for a while.
func (b *bucket) pour(value uint64, at int64) bool {
	r := b.rule
	if at < b.last-backwards {
		*b = bucket{rule: r, part: b.part, seen: b.seen[:0]}
	}
	if at < b.until {
		return false
	}
	if at > b.last {
		b.level -= float32(at-b.last) * r.leaks
	}
	b.last = max(b.last, at)
	if b.level <= 0 {
		b.level, b.seen = 0, b.seen[:0]
	}
	if r.value != nil {
		if slices.Contains(b.seen, value) {
			return false
		}
		b.seen = append(b.seen, value)
	}
	if b.level++; b.level <= r.capacity {
		return false
	}
	b.level, b.seen, b.until = 0, b.seen[:0], at+r.silent
	return true
}
