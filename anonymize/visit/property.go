package visit

import (
	"hash/maphash"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// MaxProperties bounds the distinct properties, with their events and values, that are counted for a site in a day. What
// comes beyond is counted as [hit.OtherProp].
const MaxProperties = 10_000

// isProperty sets the marks of properties apart from those of targets.
const isProperty = isTarget | 3<<37

var otherProp = hit.NewProp(hit.OtherProp)

// properties returns what the hit is the first of for each of its properties.
func (t *memory) properties(d *day, p *visitor, v *Visit) unique.Handle[hit.Property] {
	var list unique.Handle[hit.Property]
	for _, one := range v.Props {
		before := v.Event.String() + "\x00" + one.Name.String() + "\x00"
		what := before + one.Value.String()
		if !d.admits(what) {
			one.Value, what = otherProp, before+hit.OtherProp
		}
		one.FirstToday, one.FirstOfVisit = t.first(d, p, isProperty, what)
		one.Next = list
		list = unique.Make(one)
	}
	return list
}

// admits reports whether a property of the day is among the first [MaxProperties].
func (d *day) admits(what string) bool {
	h := maphash.String(d.seed, what)
	if _, ok := d.properties[h]; ok {
		return true
	}
	if len(d.properties) >= MaxProperties {
		return false
	}
	if d.properties == nil {
		d.properties = map[uint64]struct{}{}
	}
	d.properties[h] = struct{}{}
	return true
}
