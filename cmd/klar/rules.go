package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector"
)

// ruleSite is the site that the tests of rules are about.
const ruleSite = "site"

// ruleStart is when the tests of rules begin, in the lines' {time}.
var ruleStart = time.Date(2024, time.January, 15, 12, 0, 0, 0, time.UTC)

// rules returns the rules in force: Klar's own, those of the files that the configuration names in addition or in place of
// them, without those that are switched off.
func (c *config) rules() ([]alert.Rule, error) {
	rules, err := alert.Builtin()
	if err != nil {
		return nil, err
	}
	for i, name := range c.Alerts.Rules {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, c.fail(fmt.Sprintf("alerts.rules.%d", i), "%w", err)
		}
		more, err := alert.ParseRules(b)
		if err != nil {
			return nil, c.fail(fmt.Sprintf("alerts.rules.%d", i), "%s: %s", name, readingError(err, nil))
		}
		rules = alert.Override(rules, more)
	}
	for i, name := range c.Alerts.Without {
		known := len(rules)
		if rules = slices.DeleteFunc(rules, func(r alert.Rule) bool { return r.Name == name }); len(rules) == known {
			return nil, c.fail(fmt.Sprintf("alerts.without.%d", i), "there is no rule %q", name)
		}
	}
	return rules, nil
}

// checkRules runs the tests of all rules in force and says what is wrong.
func (c *call) checkRules(ctx context.Context) error {
	rules, err := c.config.rules()
	if err != nil {
		return err
	}
	tests, wrong := 0, 0
	for i := range rules {
		for _, test := range rules[i].Tests {
			tests++
			if err := runRuleTest(ctx, &c.config, rules[i:i+1], test); err != nil {
				wrong++
				fmt.Fprintf(c.stdout, "%s: %s: WRONG: %s\n", rules[i].Name, test.Name, err)
			}
		}
	}
	fmt.Fprintf(c.stdout, "%d rules, %d tests\n", len(rules), tests)
	if wrong > 0 {
		return fmt.Errorf("%d tests of rules fail", wrong)
	}
	return nil
}

// runRuleTest returns how what the lines raise differs from what they must.
func runRuleTest(ctx context.Context, c *config, rule []alert.Rule, test alert.RuleTest) error {
	trips, rejected, err := judge(ctx, c, rule, strings.NewReader(ruleLines(test.Lines)))
	if err != nil {
		return err
	}
	if rejected > 0 {
		return fmt.Errorf("%d lines cannot be read", rejected)
	}
	raised := []string{}
	for _, t := range trips {
		who := t.Net.String()
		if t.Net.IsZero() {
			who = t.Site.String()
		}
		raised = append(raised, who)
	}
	if !slices.Equal(raised, test.Alerts) {
		return fmt.Errorf("alerts %q, want %q", raised, test.Alerts)
	}
	return nil
}

// ruleLines writes out the lines of a test. What repeats within a line is spread over its seconds.
func ruleLines(lines []alert.RuleLine) string {
	var b strings.Builder
	now := ruleStart
	for _, l := range lines {
		for n := range l.Times {
			line := strings.ReplaceAll(l.Line, "{time}", now.Format("02/Jan/2006:15:04:05 -0700"))
			b.WriteString(strings.ReplaceAll(line, "{n}", strconv.Itoa(n+1)) + "\n")
			now = now.Add(time.Duration(l.Every))
		}
	}
	return b.String()
}

// judge returns what a log raises by rules, and how many of its lines could not be read. Nothing is stored.
func judge(ctx context.Context, c *config, rules []alert.Rule, log io.Reader) (trips []alert.Trip, rejected int64, err error) {
	windows, err := alert.NewWindows(rules, func(t alert.Trip) { trips = append(trips, t) })
	if err != nil {
		return nil, 0, err
	}
	o := anonymize.Options{
		Sites: []anonymize.Site{{ID: ruleSite}}, Prefix4: c.Privacy.IPv4Prefix, Prefix6: c.Privacy.IPv6Prefix, Observe: windows.Observe,
	}
	a, err := anonymize.New(o)
	if err != nil {
		return nil, 0, err
	}
	summary, err := collector.Import(ctx, collector.ImportOptions{
		Site: ruleSite, Inputs: []string{"-"}, Stdin: log, Sink: judged{a}, Now: time.Now,
	})
	return trips, summary.Rejected, errors.Join(err, a.Close())
}

// judged is a sink of which nothing is stored.
type judged struct{ *anonymize.Anonymizer }

func (j judged) Commit(context.Context, string, []byte) error { j.Discard(); return nil }
func (judged) Positions(string) map[string][]byte             { return nil }
func (judged) Drain(context.Context) error                    { return nil }
