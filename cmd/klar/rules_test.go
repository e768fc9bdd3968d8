package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/klar-analytics/klar/alert"
)

func builtinRules(t *testing.T) (*config, []alert.Rule) {
	t.Helper()
	c := defaults()
	rules, err := c.rules()
	if err != nil {
		t.Fatal(err)
	}
	return &c, rules
}

// TestEveryRuleHoldsItsTests also wants of each rule of Klar's own a test that raises it and one that does not.
func TestEveryRuleHoldsItsTests(t *testing.T) {
	c, rules := builtinRules(t)
	for i, r := range rules {
		raises, silent := false, false
		for _, test := range r.Tests {
			if err := runRuleTest(t.Context(), c, rules[i:i+1], test); err != nil {
				t.Errorf("%s: %s: %v", r.Name, test.Name, err)
			}
			raises, silent = raises || len(test.Alerts) > 0, silent || len(test.Alerts) == 0
		}
		if (!raises || !silent) && r.Name != "klar/beacon-abuse" { // see TestBeaconsAreJudged
			t.Errorf("%s has no test that raises it, or none that does not", r.Name)
		}
	}
}

// raisedBy returns the alerts of a log, each by its rule and network.
func raisedBy(t *testing.T, c *config, rules []alert.Rule, name string) (raised []string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	trips, _, err := judge(context.Background(), c, rules, f)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(name), err)
	}
	for _, trip := range trips {
		raised = append(raised, trip.Rule.Name+" "+trip.Net.String())
	}
	return raised
}

// TestOrdinaryTrafficRaisesNothing reads four days of a real site.
func TestOrdinaryTrafficRaisesNothing(t *testing.T) {
	c, rules := builtinRules(t)
	if raised := raisedBy(t, c, rules, realLog(t)); len(raised) > 0 {
		t.Errorf("the log of an ordinary site raises %q", raised)
	}
}
