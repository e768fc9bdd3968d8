package spool

import (
	"encoding/binary"
	"slices"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// maxProperties bounds a list, far beyond what a beacon may carry.
const maxProperties = 1024

// appendProperties appends a list of properties: how many, and each with its marks.
func appendProperties(dst []byte, list unique.Handle[hit.Property]) []byte {
	n := 0
	hit.EachProperty(list, func(*hit.Property) { n++ })
	dst = binary.AppendUvarint(dst, uint64(n))
	hit.EachProperty(list, func(p *hit.Property) {
		marks := byte(0)
		if p.FirstToday {
			marks |= firstToday
		}
		if p.FirstOfVisit {
			marks |= firstOfVisit
		}
		dst = append(dst, marks)
		dst = appendString(appendString(dst, p.Name.String()), p.Value.String())
	})
	return dst
}

// property reads a list of properties.
func (d *decoder) property() unique.Handle[hit.Property] {
	n := d.uint()
	if n > maxProperties {
		d.bad = true
		return unique.Handle[hit.Property]{}
	}
	list := make([]hit.Property, n)
	for i := range list {
		marks := d.byte()
		list[i] = hit.Property{FirstToday: marks&firstToday != 0, FirstOfVisit: marks&firstOfVisit != 0}
		list[i].Name, list[i].Value = hit.NewProp(d.string()), hit.NewProp(d.string())
	}
	var all unique.Handle[hit.Property]
	for _, p := range slices.Backward(list) {
		p.Next = all
		all = unique.Make(p)
	}
	return all
}
