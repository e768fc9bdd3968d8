package main

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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
		if !raises || !silent {
			t.Errorf("%s has no test that raises it, or none that does not", r.Name)
		}
	}
}

// scenarios are CrowdSec's, and the rules that say the same.
var scenarios = map[string]string{
	"crowdsecurity/http-probing":                 "klar/http-scan",
	"crowdsecurity/http-generic-bf":              "klar/login-bruteforce",
	"LePresidente/http-generic-401-bf":           "klar/login-bruteforce",
	"crowdsecurity/http-cve-2021-41773":          "klar/path-traversal",
	"crowdsecurity/http-path-traversal-probing":  "klar/path-traversal",
	"crowdsecurity/apache_log4j2_cve-2021-44228": "klar/jndi",
	"crowdsecurity/http-sensitive-files":         "klar/sensitive-files",
	"crowdsecurity/http-bad-user-agent":          "klar/scanner",
	"ltsich/http-w00tw00t":                       "klar/scanner",
	"crowdsecurity/http-backdoors-attempts":      "klar/web-shell",
	"crowdsecurity/http-open-proxy":              "klar/open-proxy",
	"crowdsecurity/http-sqli-probbing-detection": "klar/sql-injection",
	"crowdsecurity/http-xss-probbing":            "klar/xss",
}

// malformed are logs whose scenario is that of paths that do not exist, of requests that have no path.
var malformed = []string{"apache2-malformed.assert", "nginx-http-malformed.assert"}

// unseen are logs of whose alerts an access log cannot tell: they are error logs, or none of HTTP.
var unseen = []string{"nginx_req_limit_exceeded.assert", "tcpudp-flood-traefik.assert"}

// inErrorLog are culprits of whom only a line of an error log tells.
var inErrorLog = []string{"apache-cve-2021-41773.assert 88.168.206.0/24"}

var (
	scenario = regexp.MustCompile(`results\[(\d+)\]\.Overflow\.Alert\.GetScenario\(\) == "(.*)"`)
	culprit  = regexp.MustCompile(`results\[(\d+)\]\.Overflow\.Sources\["(.*)"\]\.GetScope`)
)

// TestCrowdSecsAlertsAreRaised reads CrowdSec's logs and wants the alert that each of its assertions names.
func TestCrowdSecsAlertsAreRaised(t *testing.T) {
	c, rules := builtinRules(t)
	asserts, err := filepath.Glob("../../../shared/data/logs/crowdsec/*.assert")
	if err != nil || len(asserts) < 20 {
		t.Fatalf("CrowdSec's logs are missing beside the repository: %d, %v", len(asserts), err)
	}
	checked := 0
	for _, name := range asserts {
		if slices.Contains(unseen, filepath.Base(name)) {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raised := raisedBy(t, c, rules, strings.TrimSuffix(name, ".assert")+".log")
		who := map[string]string{}
		for _, m := range culprit.FindAllStringSubmatch(string(b), -1) {
			who[m[1]] = shortened(m[2])
		}
		for _, m := range scenario.FindAllStringSubmatch(string(b), -1) {
			rule, known := scenarios[m[2]]
			if !known {
				t.Errorf("%s: no rule is known for %s", filepath.Base(name), m[2])
			}
			if slices.Contains(inErrorLog, filepath.Base(name)+" "+who[m[1]]) {
				continue
			}
			if slices.Contains(malformed, filepath.Base(name)) {
				rule = "klar/malformed"
			}
			checked++
			if want := rule + " " + who[m[1]]; !slices.Contains(raised, want) {
				t.Errorf("%s: want %q, raised are %q", filepath.Base(name), want, raised)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d alerts were looked for", checked)
	}
}

// shortened returns the network of 24 or 48 bits that an address is in.
func shortened(address string) string {
	a := netip.MustParseAddr(address)
	bits := 24
	if a.Is6() {
		bits = 48
	}
	return netip.PrefixFrom(a, bits).Masked().String()
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
