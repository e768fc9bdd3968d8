package storage

import (
	"cmp"
	"math/bits"
	"slices"
)

// packed is a row's key without the bits that are the same in all rows.
type packed struct {
	high, low uint64
	row       uint32
}

const (
	digitBits = 11
	digits    = 1 << digitBits
	// fewRows are sorted faster by comparing.
	fewRows = 512
)

// sort returns the rows sorted by key, until the next call. Ranks are small and close to each other, so that a whole key mostly fits
// into a word or two, which are sorted digit by digit; comparing keys costs five times as much.
func (s *scratch) sort(rows []row) []row {
	least, widths, total := spans(rows)
	if len(rows) <= fewRows || total > 128 {
		slices.SortFunc(rows, compareRows)
		return rows
	}
	s.list = slices.Grow(s.list[:0], len(rows))[:len(rows)]
	s.room = slices.Grow(s.room[:0], len(rows))[:len(rows)]
	s.sorted = slices.Grow(s.sorted[:0], len(rows))[:len(rows)]
	list, room := s.list, s.room
	for i := range rows {
		p := &list[i]
		*p = packed{row: uint32(i)}
		for f, width := range widths {
			p.high = p.high<<width | p.low>>(64-width)
			p.low = p.low<<width | uint64(half(&rows[i], f)-least[f])
		}
	}
	for shift := 0; shift < total; shift += digitBits {
		sortDigit(list, room, shift)
		list, room = room, list
	}
	for i := range list {
		s.sorted[i] = rows[list[i].row]
	}
	return s.sorted
}

// sortDigit moves the rows to another list in the order of one digit of their keys; equal ones keep their order.
func sortDigit(from, to []packed, shift int) {
	var starts [digits]uint32
	for i := range from {
		starts[from[i].digit(shift)]++
	}
	sum := uint32(0)
	for d, n := range starts {
		starts[d] = sum
		sum += n
	}
	for i := range from {
		d := from[i].digit(shift)
		to[starts[d]] = from[i]
		starts[d]++
	}
}

func (p *packed) digit(shift int) uint64 {
	if shift >= 64 {
		return p.high >> (shift - 64) & (digits - 1)
	}
	return (p.low>>shift | p.high<<(64-shift)) & (digits - 1)
}

// half is one of the eight ranks of a key, the weightiest first.
func half(r *row, f int) uint32 {
	if f%2 == 0 {
		return high(r.key[f/2])
	}
	return low(r.key[f/2])
}

// spans returns each rank's least value, and how many bits its distance from there takes.
func spans(rows []row) (least [8]uint32, widths [8]int, total int) {
	for f := range widths {
		from, to := ^uint32(0), uint32(0)
		for i := range rows {
			v := half(&rows[i], f)
			from, to = min(from, v), max(to, v)
		}
		if len(rows) > 0 {
			least[f], widths[f] = from, bits.Len32(to-from)
			total += widths[f]
		}
	}
	return least, widths, total
}

func compareRows(a, b row) int {
	for i := range a.key {
		if a.key[i] != b.key[i] {
			return cmp.Compare(a.key[i], b.key[i])
		}
	}
	return 0
}
