package spool

import (
	"encoding/binary"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// What stands in the byte before a target.
const (
	firstToday = 1 << iota
	firstOfVisit
	defined
	hasRevenue
)

// maxReached bounds a list, far beyond what a site can define.
const maxReached = 1024

// appendReached appends a list of targets: how many, and each with its marks.
func appendReached(dst []byte, list unique.Handle[hit.Reached]) []byte {
	n := 0
	hit.Each(list, func(*hit.Reached) { n++ })
	dst = binary.AppendUvarint(dst, uint64(n))
	hit.Each(list, func(r *hit.Reached) {
		dst = append(dst, marksOf(r), byte(r.Kind), r.Step)
		dst = appendString(dst, r.Definition.String())
		if r.Revenue != (hit.Revenue{}) {
			dst = binary.AppendVarint(dst, r.Revenue.Units)
			dst = append(dst, r.Revenue.Currency[:]...)
		}
	})
	return dst
}

func marksOf(r *hit.Reached) (marks byte) {
	for mark, is := range map[byte]bool{
		firstToday: r.FirstToday, firstOfVisit: r.FirstOfVisit, defined: r.Defined, hasRevenue: r.Revenue != hit.Revenue{},
	} {
		if is {
			marks |= mark
		}
	}
	return marks
}

// reach reads a list of targets.
func (d *decoder) reach() unique.Handle[hit.Reached] {
	n := d.uint()
	if n > maxReached {
		d.bad = true
		return unique.Handle[hit.Reached]{}
	}
	list := make([]hit.Reached, n)
	for i := range list {
		r, marks := &list[i], d.byte()
		r.FirstToday, r.FirstOfVisit, r.Defined = marks&firstToday != 0, marks&firstOfVisit != 0, marks&defined != 0
		r.Kind, r.Step = hit.Counted(d.byte()), d.byte()
		r.Definition = hit.NewDefinition(d.string())
		if marks&hasRevenue != 0 {
			r.Revenue.Units = d.int()
			r.Revenue.Currency = hit.NewCurrency(string([]byte{d.byte(), d.byte(), d.byte()}))
		}
		if r.Kind.String() == "" || r.Definition.IsZero() || r.Revenue.Units > hit.MaxRevenue || r.Revenue.Units < -hit.MaxRevenue {
			d.bad = true
		}
	}
	return hit.ListOf(list)
}
