package goal

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// maxPaths bounds the paths whose targets are remembered, in about 2 MB.
const maxPaths = 1 << 14

// Definitions is all that a site counts specially.
type Definitions struct {
	Goals   []Goal
	Groups  []Group
	Funnels []Funnel
}

// Set finds the targets of pages and events. It is used by one goroutine.
type Set struct {
	pages   []pageRule
	events  map[hit.Event][]eventRule
	scrolls bool // some rule wants pages scrolled
	known   map[hit.Path]pageTargets
	all     []hit.Target
	scratch []hit.Target
}

// pageRule is a target that pages of a pattern reach.
type pageRule struct {
	pattern *regexp.Regexp
	scroll  uint8 // how far they must be scrolled for it, in percent; 0 for their views
	target  hit.Target
}

// pageTargets are the targets of one page.
type pageTargets struct {
	viewed   []hit.Target
	scrolled []*pageRule
}

// eventRule is a target that an event reaches if it has the properties.
type eventRule struct {
	props  map[string]string
	target hit.Target
}

// Property is a property of an event.
type Property struct{ Name, Value string }

// New returns the set of what is defined, nil for nothing. What can not be defined is an error.
func New(d Definitions) (*Set, error) {
	if len(d.Goals)+len(d.Groups)+len(d.Funnels) == 0 {
		return nil, nil
	}
	s := &Set{events: map[hit.Event][]eventRule{}, known: map[hit.Path]pageTargets{}}
	for i, g := range d.Goals {
		text, err := g.Definition()
		if err != nil {
			return nil, fmt.Errorf("goal %d: %w", i+1, err)
		}
		s.add(g, hit.Target{Definition: text, Kind: hit.CountedGoal})
	}
	for i, g := range d.Groups {
		text, err := g.Definition()
		if err != nil {
			return nil, fmt.Errorf("group %d: %w", i+1, err)
		}
		s.pages = append(s.pages, pageRule{compile(g.Pages...), 0, s.count(hit.Target{Definition: text, Kind: hit.CountedGroup})})
	}
	for i, f := range d.Funnels {
		text, err := f.Definition()
		if err != nil {
			return nil, fmt.Errorf("funnel %d: %w", i+1, err)
		}
		// The last step first, so that a hit which is two steps passes one of them.
		for n, step := range slices.Backward(f.Steps) {
			s.add(step, hit.Target{Definition: text, Kind: hit.CountedFunnel, Step: uint8(n + 1)})
		}
	}
	return s, nil
}

// count lists a target among all of them.
func (s *Set) count(t hit.Target) hit.Target {
	s.all = append(s.all, t)
	return t
}

func (s *Set) add(g Goal, t hit.Target) {
	if s.count(t); g.Page != "" {
		s.pages = append(s.pages, pageRule{compile(g.Page), uint8(g.Scroll), t})
		s.scrolls = s.scrolls || g.Scroll != 0
		return
	}
	event := hit.NewEvent(g.Event)
	s.events[event] = append(s.events[event], eventRule{g.Props, t})
}

func compile(patterns ...string) *regexp.Regexp { return regexp.MustCompile(Expression(patterns...)) }

// Expression returns the regular expression (RE2), which takes linear time, of the pages of patterns that have been checked.
func Expression(patterns ...string) string {
	var list []string
	for _, p := range patterns {
		var parts []string
		for part := range strings.SplitSeq(p, "**") {
			parts = append(parts, strings.ReplaceAll(regexp.QuoteMeta(part), `\*`, "[^/]*"))
		}
		list = append(list, strings.Join(parts, ".*"))
	}
	return "^(?s:" + strings.Join(list, "|") + ")$"
}

// Page returns the targets that a view of the page reaches, those of a funnel from its last step on. The list belongs to
// the set. A nil set has none.
func (s *Set) Page(page hit.Path) []hit.Target {
	if s == nil || len(s.pages) == 0 {
		return nil
	}
	return s.of(page).viewed
}

// Scrolls reports whether any target asks how far pages are scrolled.
func (s *Set) Scrolls() bool { return s != nil && s.scrolls }

// Scrolled returns the targets that are reached when a visit has scrolled the page further than before, both in percent. The
// list holds until the next call of Scrolled or Event.
func (s *Set) Scrolled(page hit.Path, before, depth uint8) []hit.Target {
	s.scratch = s.scratch[:0]
	for _, r := range s.of(page).scrolled {
		if r.scroll > before && r.scroll <= depth {
			s.scratch = append(s.scratch, r.target)
		}
	}
	return s.scratch
}

// of returns all targets of a page.
func (s *Set) of(page hit.Path) pageTargets {
	targets, ok := s.known[page]
	if ok {
		return targets
	}
	text := page.String()
	for i := range s.pages {
		switch r := &s.pages[i]; {
		case !r.pattern.MatchString(text):
		case r.scroll > 0:
			targets.scrolled = append(targets.scrolled, r)
		default:
			targets.viewed = append(targets.viewed, r.target)
		}
	}
	if len(s.known) >= maxPaths {
		clear(s.known)
	}
	s.known[page] = targets
	return targets
}

// Event returns the targets that an event reaches, in the same order. The list holds until the next call of Scrolled or Event.
func (s *Set) Event(event hit.Event, props []Property) []hit.Target {
	if s == nil {
		return nil
	}
	s.scratch = s.scratch[:0]
	for _, r := range s.events[event] {
		if r.holds(props) {
			s.scratch = append(s.scratch, r.target)
		}
	}
	return s.scratch
}

func (r *eventRule) holds(props []Property) bool {
	for name, value := range r.props {
		if !slices.Contains(props, Property{name, value}) {
			return false
		}
	}
	return true
}

// All returns every target of the set: each goal and group, and each step of each funnel.
func (s *Set) All() []hit.Target {
	if s == nil {
		return nil
	}
	return s.all
}
