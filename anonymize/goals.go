package anonymize

import (
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// targets returns what a page view or event may reach.
func (s *site) targets(p *person, h *hit.Hit) []hit.Target {
	switch h.Kind {
	case hit.KindPage:
		return s.goals.Page(h.Path)
	case hit.KindEvent:
		if p.brought != nil {
			return s.goals.Event(h.Event, p.brought.props)
		}
		return s.goals.Event(h.Event, nil)
	}
	return nil
}

// maxTold bounds the hours of which it is remembered that they were told: as many as six months have.
const maxTold = 1 << 12

// tell adds to the first hit of an hour what is being counted then. From that, hours before something was defined are known.
func (s *site) tell(hour int64, list unique.Handle[hit.Reached]) unique.Handle[hit.Reached] {
	if s.told[hour] {
		return list
	}
	if len(s.told) >= maxTold {
		clear(s.told)
	}
	s.told[hour] = true
	for _, t := range s.goals.All() {
		if t.Step <= 1 {
			list = unique.Make(hit.Reached{Target: t, Defined: true, Next: list})
		}
	}
	return list
}
