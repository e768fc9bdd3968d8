// Package alert owns what is told at once: rules over the requests of one network or site, in windows of memory and in
// the log's own time, the alerts that they raise, and where those are sent. It sees shortened networks and closed values,
// never a payload, an agent or a query.
package alert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// Rule says what raises an alert: a leaky bucket for each network or site, in the form that CrowdSec's users know.
type Rule struct {
	// Name of the rule, at most 64 letters, digits and the marks - _ . /.
	Name string `yaml:"name"`
	// Description says in a sentence what happened when the rule raises an alert.
	Description Text `yaml:"description"`
	// Type is "leaky" (or empty) or "trigger", which raises an alert with one request.
	Type string `yaml:"type"`
	// Filter is an expression over the fields of a request; only requests for which it is true are poured in.
	Filter string `yaml:"filter"`
	// GroupBy says who has a bucket: "net" (or empty), "net+file" for each path of a network,
	// "net+series" for each series of targets that differ in the number they end in, or "site".
	GroupBy string `yaml:"groupby"`
	// Distinct pours a value in only if the bucket does not hold it: "file" (the path), "query",
	// "target" (both), "agent" or "net"; empty for none.
	Distinct string `yaml:"distinct"`
	// Capacity is what a bucket holds, at most 256; one more raises the alert.
	Capacity int `yaml:"capacity"`
	// LeakSpeed is how long it takes until one has leaked, from 10ms to 1h.
	LeakSpeed duration `yaml:"leakspeed"`
	// BlackHole is how long the same network or site raises no other alert of the rule, from 1m to 24h; 0 is five minutes.
	BlackHole duration `yaml:"blackhole"`
	// Severity is "info", "warning" (or empty) or "critical".
	Severity string `yaml:"severity"`
	// Labels are added to the alerts, at most eight of 64 characters, to route them by.
	Labels map[string]string `yaml:"labels"`
	// Tests say what lines raise the rule's alerts, and what lines do not.
	Tests []RuleTest `yaml:"tests"`
}

// RuleTest is one test of a rule: lines in, alerts out.
type RuleTest struct {
	// Name says what is tested.
	Name string `yaml:"name"`
	// Lines go in, one after the other.
	Lines []RuleLine `yaml:"lines"`
	// Alerts are those of the rule that must come out: the networks, in order, or the site's id for a rule of sites.
	Alerts []string `yaml:"alerts"`
}

// RuleLine is a line of an access log, once or more often.
type RuleLine struct {
	// Line of a log in a format that is recognised. In it {time} becomes the moment as common logs write it, and {n} the
	// number of the repetition, from 1.
	Line string `yaml:"line"`
	// Times is how often the line goes in, 1 by default and at most 10,000, and Every how long lies between two.
	Times int      `yaml:"times"`
	Every duration `yaml:"every"`
}

// duration is a time.Duration as YAML writes it, such as 10s.
type duration time.Duration

// UnmarshalYAML reads what time.ParseDuration reads.
func (d *duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := time.ParseDuration(n.Value)
	if err != nil || v < 0 {
		return fmt.Errorf("line %d: %q is not a time such as 10s", n.Line, n.Value)
	}
	*d = duration(v)
	return nil
}

// Bounds of a rule, and what stands for empty values.
const (
	maxCapacity      = 256
	maxLabels        = 8
	maxTimes         = 10_000
	defaultBlackHole = duration(5 * time.Minute)
)

var (
	ruleName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$`)
	labelName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,31}$`)
)

// ParseRules reads rules: YAML documents with "---" between them. Errors name the line or the rule and what is wrong.
func ParseRules(b []byte) ([]Rule, error) {
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	var rules []Rule
	for {
		var r Rule
		err := dec.Decode(&r)
		if errors.Is(err, io.EOF) {
			return rules, nil
		}
		if err != nil {
			return nil, err
		}
		if err := r.complete(); err != nil {
			return nil, fmt.Errorf("rule %q: %w", r.Name, err)
		}
		if slices.ContainsFunc(rules, func(other Rule) bool { return other.Name == r.Name }) {
			return nil, fmt.Errorf("there are two rules %q", r.Name)
		}
		rules = append(rules, r)
	}
}

// complete checks the rule and fills in what it leaves empty.
func (r *Rule) complete() error {
	if !ruleName.MatchString(r.Name) {
		return errors.New("name: is not 1 to 64 letters, digits and the marks - _ . /")
	}
	for _, f := range []struct {
		key   string
		value *string
		may   []string
	}{
		{"type", &r.Type, []string{"leaky", "trigger"}},
		{"groupby", &r.GroupBy, []string{byNet, byFile, bySeries, bySite}},
		{"severity", &r.Severity, []string{"warning", "info", "critical"}},
		{"distinct", &r.Distinct, []string{"", "file", "query", "target", "agent", "net"}},
	} {
		if *f.value == "" {
			*f.value = f.may[0]
		}
		if !slices.Contains(f.may, *f.value) {
			return fmt.Errorf("%s: %q is none of %q", f.key, *f.value, f.may)
		}
	}
	if r.BlackHole == 0 {
		r.BlackHole = defaultBlackHole
	}
	if r.BlackHole < duration(time.Minute) || r.BlackHole > duration(24*time.Hour) {
		return errors.New("blackhole: is not from 1m to 24h")
	}
	if err := r.checkBucket(); err != nil {
		return err
	}
	if err := r.checkLabels(); err != nil {
		return err
	}
	if _, err := compileFilter(r.Filter); err != nil {
		return fmt.Errorf("filter: %w", err)
	}
	return r.checkTests()
}

func (r *Rule) checkBucket() error {
	if r.Type == "trigger" {
		if r.Capacity != 0 || r.LeakSpeed != 0 || r.Distinct != "" {
			return errors.New("type: a trigger has neither capacity, leakspeed nor distinct")
		}
		return nil
	}
	if r.Capacity < 1 || r.Capacity > maxCapacity {
		return fmt.Errorf("capacity: %d is not from 1 to %d", r.Capacity, maxCapacity)
	}
	if r.LeakSpeed < duration(10*time.Millisecond) || r.LeakSpeed > duration(time.Hour) {
		return errors.New("leakspeed: is not from 10ms to 1h")
	}
	return nil
}

func (r *Rule) checkLabels() error {
	if len(r.Labels) > maxLabels {
		return fmt.Errorf("labels: there are more than %d", maxLabels)
	}
	for name, value := range r.Labels {
		if !labelName.MatchString(name) || len(value) > 64 || slices.Contains(ownLabels, name) {
			return fmt.Errorf("labels: %q cannot be one: a name is of small letters, digits and _, and none of Klar's own %q; a value has at most 64 bytes", name, ownLabels)
		}
	}
	return nil
}

func (r *Rule) checkTests() error {
	for _, t := range r.Tests {
		if len(t.Lines) == 0 {
			return fmt.Errorf("tests: %q has no lines", t.Name)
		}
		for i := range t.Lines {
			l := &t.Lines[i]
			if l.Times == 0 {
				l.Times = 1
			}
			if l.Times < 1 || l.Times > maxTimes {
				return fmt.Errorf("tests: %q: times is not from 1 to %d", t.Name, maxTimes)
			}
		}
	}
	return nil
}

// ownLabels are the names of the labels that Klar gives each alert.
var ownLabels = []string{"alertname", "rule", "site", "net", "severity", "source", "series"}
