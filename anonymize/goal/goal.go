// Package goal owns what of a site is counted specially: goals, content groups and the steps of funnels. It says of a page
// or an event which of them it is; of whom, and whether for the first time, it does not know.
package goal

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// Bounds of what a site may define.
const (
	MaxDefinitions = 64 // of goals, of groups and of funnels each
	MinSteps       = 2
	MaxSteps       = 8
	maxProps       = 5
	maxPages       = 64  // patterns of a group
	maxPattern     = 255 // bytes
)

// Goal is a page or an event. Exactly one of Page and Event is set.
type Goal struct {
	// Page is a path in which * stands for anything within a segment and ** for anything.
	Page string
	// Scroll is how far a visit must have scrolled the page, in percent from 1 to 100; 0 for a goal that each view reaches.
	Scroll int
	// Event is the name of a custom event.
	Event string
	// Props are the values of properties that the event must have.
	Props map[string]string
}

// Definition returns what the goal counts as the text it is stored under, such as "page /blog/**", "page /blog/** scroll
// 75" or "event Signup plan=pro". It is an error if there can be no such goal.
func (g Goal) Definition() (hit.Definition, error) {
	switch {
	case (g.Page == "") == (g.Event == ""):
		return hit.Definition{}, errors.New("needs either a page or an event")
	case g.Page != "" && len(g.Props) > 0:
		return hit.Definition{}, errors.New("has props, which only events have")
	case g.Scroll < 0 || g.Scroll > 100:
		return hit.Definition{}, errors.New("has a scroll that is not 1 to 100 percent")
	case g.Page == "" && g.Scroll != 0:
		return hit.Definition{}, errors.New("has a scroll, which only pages have")
	case g.Page != "":
		return g.pageDefinition()
	case hit.NewEvent(g.Event).String() != g.Event:
		return hit.Definition{}, fmt.Errorf("%q cannot be the name of an event", g.Event)
	case len(g.Props) > maxProps:
		return hit.Definition{}, fmt.Errorf("has more than %d props", maxProps)
	}
	text := "event " + g.Event
	for _, name := range slices.Sorted(maps.Keys(g.Props)) {
		for what, s := range map[string]string{"name": name, "value": g.Props[name]} {
			if p := hit.NewProp(s).String(); p == "" || p != s {
				return hit.Definition{}, fmt.Errorf("%q cannot be the %s of a property", s, what)
			}
		}
		text += " " + name + "=" + g.Props[name]
	}
	return define(text)
}

// pageDefinition is Definition of a page.
func (g Goal) pageDefinition() (hit.Definition, error) {
	if err := checkPattern(g.Page); err != nil {
		return hit.Definition{}, err
	}
	text := "page " + g.Page
	if g.Scroll != 0 {
		text += " scroll " + strconv.Itoa(g.Scroll)
	}
	return define(text)
}

// checkPattern returns why a pattern cannot match any page.
func checkPattern(p string) error {
	switch {
	case !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "*"):
		return fmt.Errorf("%q is not a page such as /blog/**", p)
	case len(p) > maxPattern:
		return fmt.Errorf("a page is longer than %d bytes", maxPattern)
	case strings.ContainsAny(p, "?# \t"):
		return fmt.Errorf("%q has a query, a fragment or a space, which pages do not", p)
	}
	return nil
}

// CheckCurrency returns why text cannot be a currency, nil if it can.
func CheckCurrency(text string) error {
	if c := hit.NewCurrency(text).String(); c == "" || c != text {
		return fmt.Errorf("%q is not three capital letters, such as EUR", text)
	}
	return nil
}

// define makes a definition of a text that is known to be of the configuration.
func define(text string) (hit.Definition, error) {
	if d := hit.NewDefinition(text); !d.IsZero() {
		return d, nil
	}
	return hit.Definition{}, errors.New("holds what is never stored: an address, a question mark or a control character")
}

// Group is pages that are counted together.
type Group struct {
	// Pages are patterns as those of goals; one is enough.
	Pages []string
}

// Definition returns what the group counts, such as "/blog/** /news/**".
func (g Group) Definition() (hit.Definition, error) {
	if len(g.Pages) == 0 || len(g.Pages) > maxPages {
		return hit.Definition{}, fmt.Errorf("needs 1 to %d pages", maxPages)
	}
	for _, p := range g.Pages {
		if err := checkPattern(p); err != nil {
			return hit.Definition{}, err
		}
	}
	return define(strings.Join(slices.Sorted(slices.Values(g.Pages)), " "))
}

// Funnel is steps that a visit passes in this order, whatever it does between them.
type Funnel struct {
	Steps []Goal
}

// Definition returns what the funnel counts, such as "page /tariffs > event Signup".
func (f Funnel) Definition() (hit.Definition, error) {
	if len(f.Steps) < MinSteps || len(f.Steps) > MaxSteps {
		return hit.Definition{}, fmt.Errorf("needs %d to %d steps", MinSteps, MaxSteps)
	}
	var texts []string
	for i, s := range f.Steps {
		d, err := s.Definition()
		if err != nil {
			return hit.Definition{}, fmt.Errorf("step %d: %w", i+1, err)
		}
		texts = append(texts, d.String())
	}
	return define(strings.Join(texts, " > "))
}
