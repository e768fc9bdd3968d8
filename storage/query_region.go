package storage

import (
	"maps"
	"slices"
)

// regionNames are codes of regions and, in the same order, their names. What is not among them is shown by its code.
type regionNames struct{ codes, names []string }

func newRegionNames(byCode map[string]string) (r regionNames) {
	for _, code := range slices.Sorted(maps.Keys(byCode)) {
		r.codes, r.names = append(r.codes, code), append(r.names, byCode[code])
	}
	return r
}

// regionName is the name of a column's region. The thousands of names are parameters once, however often they are asked for.
func (s *statement) regionName(column string) string {
	if len(s.regions.codes) == 0 {
		return column
	}
	if s.regionParams == "" {
		s.regionParams = s.param("Array(String)", s.regions.codes) + ", " + s.param("Array(String)", s.regions.names)
	}
	return "transform(" + column + ", " + s.regionParams + ", " + column + ")"
}
