package visit

import (
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// question is what is asked of a visitor's attributes: whether enough people share them.
type question int

// The questions. Of what is counted alone, provider, region and city have the most values, and what is counted alone can be
// joined to some extent: one that few people have would be enough to know one of them.
const (
	ofProvider question = iota
	ofRegion
	ofCity // which is kept only with its region
	ofCombination
	questions
)

// about returns what must be shared, and whether the visitor has something of that.
func (q question) about(v *hit.Visitor) (shared hit.Visitor, ok bool) {
	switch q {
	case ofProvider:
		shared.Provider, ok = v.Provider, !v.Provider.IsZero()
	case ofRegion:
		shared.Country, shared.Region, ok = v.Country, v.Region, !v.Region.IsZero()
	case ofCity:
		shared.Country, shared.Region, shared.City, ok = v.Country, v.Region, v.City, !v.City.IsZero()
	case ofCombination:
		shared = generalise(*v, 0)
		ok = shared != (hit.Visitor{})
	}
	return shared, ok
}

// steps is how often what is asked about can be generalised until nothing is left of it.
func (q question) steps() int {
	if q == ofCombination {
		return levels
	}
	return 1
}

// hide takes out what is asked about; the combination is no part of it.
func (q question) hide(v *hit.Visitor) {
	switch q {
	case ofProvider:
		v.Provider = hit.Provider{}
	case ofRegion:
		v.Region = hit.Region{}
	case ofCity:
		v.City = hit.City{}
	}
}

// Settled is what was decided of a visitor.
type Settled struct {
	// Crowd is the combination of attributes under which the visitor is stored.
	Crowd unique.Handle[hit.Visitor]
	// Shared has the provider, region and city that were hidden until now and that enough people share.
	Shared hit.Alone
}

// take notes what enough people share.
func (s *Settled) take(q question, shared name) {
	switch q {
	case ofProvider:
		s.Shared.Provider = shared.Value().Provider
	case ofRegion:
		s.Shared.Region = shared.Value().Region
	case ofCity:
		s.Shared.City = shared.Value().City
	case ofCombination:
		s.Crowd = shared
	}
}

// Complete returns the attributes of an [Outcome] with what enough people share.
func (s *Settled) Complete(v hit.Visitor) hit.Visitor {
	if !s.Shared.Provider.IsZero() {
		v.Provider = s.Shared.Provider
	}
	if !s.Shared.Region.IsZero() {
		v.Region = s.Shared.Region
	}
	if !s.Shared.City.IsZero() {
		v.City = s.Shared.City
	}
	return v
}
