package storage

import (
	"cmp"

	"github.com/klar-analytics/klar/hit"
)

// A city is in one region, and a region in one country. So visit:city and visit:region are kept with what they are in,
// which tells nothing that they do not tell themselves, and the three can be asked for together (query_place.go).

// placeBetween stands between what a city is in and its name, which has no control characters (hit.NewCity).
const placeBetween = "\x1f"

// region is the code of a region, which begins with its country's, or the country's alone if the region is unknown.
func region(v *hit.Visitor) string { return cmp.Or(v.Region.String(), v.Country.String()) }

// city is the name of a city, empty if unknown, behind what region says; "" if nothing is known at all.
func city(v *hit.Visitor) string {
	in := region(v)
	if in == "" && v.City.IsZero() {
		return ""
	}
	return in + placeBetween + v.City.String()
}
