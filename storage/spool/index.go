package spool

import (
	"slices"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// Refs are the numbers that an [Index] gave to the parts of a hit.
type Refs struct {
	Site, Host, Path, Event, Bot uint32
	Arrival, Visitor, Crowd      uint32
	Before                       uint32
	Reached                      uint32
	From, FromHost               uint32
}

// Index numbers the parts of the hits of one cut: each distinct site, path, visitor … is looked up once for the
// spool and for adding up together. The zero value is empty and ready. It is not safe for concurrent use.
type Index struct {
	Sites    Numbers[hit.Site]
	Hosts    Numbers[hit.Host]
	Paths    Numbers[hit.Path]
	Events   Numbers[hit.Event]
	Bots     Numbers[hit.Bot]
	Arrivals Numbers[unique.Handle[hit.Arrival]]
	Visitors Numbers[unique.Handle[hit.Visitor]] // of the exact and of the crowd's attributes
	Reached  Numbers[unique.Handle[hit.Reached]]
}

// Refs appends the numbers of each hit to dst. The parts that only people have stay 0 for others.
func (x *Index) Refs(dst []Refs, hits []hit.Hit) []Refs {
	dst = slices.Grow(dst, len(hits))
	for i := range hits {
		h := &hits[i]
		r := Refs{Site: x.Sites.Of(h.Site), Host: x.Hosts.Of(h.Host), Path: x.Paths.Of(h.Path)}
		r.Event = x.Events.Of(h.Event)
		r.Bot = x.Bots.Of(h.Bot)
		if person(h) {
			r.Arrival = x.Arrivals.Of(h.Arrival)
			r.Crowd = x.Visitors.Of(h.Crowd)
			r.Visitor = x.Visitors.Of(h.Visitor)
			if h.Before != (unique.Handle[hit.Visitor]{}) {
				r.Before = x.Visitors.Of(h.Before)
			}
			r.From, r.FromHost = x.Paths.Of(h.From), x.Hosts.Of(h.FromHost)
		}
		if h.Reached != (unique.Handle[hit.Reached]{}) {
			r.Reached = x.Reached.Of(h.Reached)
		}
		dst = append(dst, r)
	}
	return dst
}

// Reset forgets everything and keeps the memory.
func (x *Index) Reset() {
	x.Sites.Reset()
	x.Hosts.Reset()
	x.Paths.Reset()
	x.Events.Reset()
	x.Bots.Reset()
	x.Arrivals.Reset()
	x.Visitors.Reset()
	x.Reached.Reset()
}

// person reports whether the hit has any of the fields that only people's hits have.
func person(h *hit.Hit) bool {
	none := unique.Handle[hit.Visitor]{}
	return h.Visitor != none || h.Crowd != none || h.Arrival != unique.Handle[hit.Arrival]{} || h.Marks != 0 || h.Seconds != 0 ||
		h.Flow != hit.Flow{}
}
