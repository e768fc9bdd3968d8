package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/report"
)

// goalConfig is a page or an event that a site counts.
type goalConfig struct {
	Name     string            `yaml:"name"`
	Page     string            `yaml:"page"`     // a path with * and **
	Scroll   int               `yaml:"scroll"`   // percent of the page that a visit must have scrolled
	Event    string            `yaml:"event"`    // the name of an event
	Props    map[string]string `yaml:"props"`    // values that properties of the event must have
	Currency string            `yaml:"currency"` // of the revenue that the event brings
}

// funnelConfig is steps that a visit passes in order.
type funnelConfig struct {
	Name  string   `yaml:"name"`
	Steps []string `yaml:"steps"` // pages, event:NAME or goal:NAME
}

// groupConfig is pages that are counted together.
type groupConfig struct {
	Name  string   `yaml:"name"`
	Pages []string `yaml:"pages"` // paths with * and **
}

// definitions collects what a site counts by names.
type definitions struct {
	counted goal.Definitions
	shown   report.Definitions
}

// checkCounted checks the goals, groups and funnels of a site whose key is given.
func (c *config) checkCounted(s *siteConfig, key string) error {
	s.defined = definitions{}
	for _, check := range []func(*siteConfig, string) error{c.checkGoals, c.checkGroups, c.checkFunnels} {
		if err := check(s, key); err != nil {
			return err
		}
	}
	return nil
}

func (c *config) checkGoals(s *siteConfig, key string) error {
	if len(s.Goals) > goal.MaxDefinitions {
		return c.fail(key+".goals", "are more than %d", goal.MaxDefinitions)
	}
	for i, g := range s.Goals {
		at := fmt.Sprintf("%s.goals.%d", key, i)
		if err := checkName(g.Name, s.defined.shown.Goals); err != nil {
			return c.fail(at+".name", "%w", err)
		}
		one := goal.Goal{Page: g.Page, Scroll: g.Scroll, Event: g.Event, Props: g.Props}
		text, err := one.Definition()
		if err == nil {
			err = isNew(text, s.defined.shown.Goals)
		}
		if err != nil {
			return c.fail(at, "%w", err)
		}
		d := report.Definition{Name: g.Name, Counted: text.String()}
		switch len(g.Props) {
		case 0:
			d.Event = g.Event
		case 1:
			for name, value := range g.Props {
				d.With = report.EventWith{Event: g.Event, Property: name, Value: value}
			}
		}
		switch {
		case g.Page != "" && g.Scroll == 0:
			d.Pages, d.OnePage = expression(g.Page)
			d.Also = []string{"Visit " + g.Page}
		case g.Page == "" && len(g.Props) == 0 && g.Event != g.Name:
			d.Also = []string{g.Event}
		}
		if g.Currency != "" {
			err := goal.CheckCurrency(g.Currency)
			if err == nil && g.Event == "" {
				err = errors.New("stands beside a page: only events bring revenue")
			}
			if err != nil {
				return c.fail(at+".currency", "%w", err)
			}
			d.Currency = g.Currency
		}
		s.defined.counted.Goals = append(s.defined.counted.Goals, one)
		s.defined.shown.Goals = append(s.defined.shown.Goals, d)
	}
	return nil
}

// expression returns the regular expression of patterns, and whether they are one path.
func expression(patterns ...string) (pages string, onePage bool) {
	return goal.Expression(patterns...), len(patterns) == 1 && !strings.Contains(patterns[0], "*")
}

func (c *config) checkGroups(s *siteConfig, key string) error {
	if len(s.Groups) > goal.MaxDefinitions {
		return c.fail(key+".groups", "are more than %d", goal.MaxDefinitions)
	}
	for i, g := range s.Groups {
		at := fmt.Sprintf("%s.groups.%d", key, i)
		if err := checkName(g.Name, s.defined.shown.Groups); err != nil {
			return c.fail(at+".name", "%w", err)
		}
		one := goal.Group{Pages: g.Pages}
		text, err := one.Definition()
		if err == nil {
			err = isNew(text, s.defined.shown.Groups)
		}
		if err != nil {
			return c.fail(at+".pages", "%w", err)
		}
		s.defined.counted.Groups = append(s.defined.counted.Groups, one)
		d := report.Definition{Name: g.Name, Counted: text.String()}
		d.Pages, d.OnePage = expression(g.Pages...)
		s.defined.shown.Groups = append(s.defined.shown.Groups, d)
	}
	return nil
}

func (c *config) checkFunnels(s *siteConfig, key string) error {
	if len(s.Funnels) > goal.MaxDefinitions {
		return c.fail(key+".funnels", "are more than %d", goal.MaxDefinitions)
	}
	for i, f := range s.Funnels {
		at := fmt.Sprintf("%s.funnels.%d", key, i)
		if err := checkName(f.Name, s.defined.shown.Funnels); err != nil {
			return c.fail(at+".name", "%w", err)
		}
		var one goal.Funnel
		var steps []report.Definition
		for n, text := range f.Steps {
			step, err := s.step(text)
			if err != nil {
				return c.fail(fmt.Sprintf("%s.steps.%d", at, n), "%w", err)
			}
			one.Steps = append(one.Steps, step)
			steps = append(steps, shownStep(text, step))
		}
		text, err := one.Definition()
		if err == nil {
			err = isNew(text, s.defined.shown.Funnels)
		}
		if err != nil {
			return c.fail(at+".steps", "%w", err)
		}
		s.defined.counted.Funnels = append(s.defined.counted.Funnels, one)
		s.defined.shown.Funnels = append(s.defined.shown.Funnels, report.Definition{Name: f.Name, Counted: text.String(), Steps: steps})
	}
	return nil
}

// shownStep returns what a step is called, and what is known of it before its funnel was defined.
func shownStep(text string, step goal.Goal) report.Definition {
	d := report.Definition{Name: text}
	switch {
	case step.Page != "" && step.Scroll == 0:
		d.Pages, d.OnePage = expression(step.Page)
	case len(step.Props) == 0:
		d.Event = step.Event
	}
	return d
}

// step reads a step of a funnel: a page, "event:NAME" or "goal:NAME".
func (s *siteConfig) step(text string) (goal.Goal, error) {
	step := goal.Goal{Page: text}
	if name, ok := strings.CutPrefix(text, "event:"); ok {
		step = goal.Goal{Event: name}
	} else if name, ok := strings.CutPrefix(text, "goal:"); ok {
		i := slices.IndexFunc(s.Goals, func(g goalConfig) bool { return g.Name == name })
		if i < 0 {
			return goal.Goal{}, fmt.Errorf("%q is not a goal of the site", name)
		}
		step = s.defined.counted.Goals[i]
	}
	_, err := step.Definition()
	return step, err
}

// maxName bounds the names of goals, groups and funnels, in characters.
const maxName = 120

// checkName returns why something cannot have a name beside those that are defined already.
func checkName(name string, known []report.Definition) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("is missing")
	case utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		return fmt.Errorf("must have at most %d characters in one line", maxName)
	case slices.ContainsFunc(known, func(d report.Definition) bool { return d.Name == name }):
		return fmt.Errorf("there are two of %q", name)
	}
	return nil
}

// isNew returns an error if the same is counted under another name.
func isNew(text fmt.Stringer, known []report.Definition) error {
	for _, d := range known {
		if d.Counted == text.String() {
			return fmt.Errorf("counts the same as %q", d.Name)
		}
	}
	return nil
}

// definitionsOf returns what a site counts, as questions name it.
func (c *config) definitionsOf(id string) report.Definitions {
	if i := slices.IndexFunc(c.Sites, func(s siteConfig) bool { return s.ID == id }); i >= 0 {
		return c.Sites[i].defined.shown
	}
	return report.Definitions{}
}
