package threat

import "github.com/klar-analytics/klar/hit"

// What the first looks leave out, for tests: what is found of a path, a parameter and a header when all are looked at.

var (
	LongPath = longLook
	OddPath  = oddPath
)

func LongParameter(part []byte) hit.Finding {
	s := scratches.Get().(*scratch)
	defer s.free()
	return s.parameter(part)
}

func LongHeader(value []byte) hit.Finding {
	s := scratches.Get().(*scratch)
	defer s.free()
	return header(s.fold(value, false), oddInHeader&^percent)
}
