package shortening

import (
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// scenarios are CrowdSec's, and the rules that say the same.
var scenarios = map[string]string{
	"crowdsecurity/http-probing":                 "http-scan",
	"crowdsecurity/http-generic-bf":              "login-bruteforce",
	"LePresidente/http-generic-401-bf":           "login-bruteforce",
	"crowdsecurity/http-cve-2021-41773":          "path-traversal",
	"crowdsecurity/http-path-traversal-probing":  "path-traversal",
	"crowdsecurity/apache_log4j2_cve-2021-44228": "jndi",
	"crowdsecurity/http-sensitive-files":         "sensitive-files",
	"crowdsecurity/http-bad-user-agent":          "scanner",
	"ltsich/http-w00tw00t":                       "scanner",
	"crowdsecurity/http-backdoors-attempts":      "web-shell",
	"crowdsecurity/http-open-proxy":              "open-proxy",
	"crowdsecurity/http-sqli-probbing-detection": "sql-injection",
	"crowdsecurity/http-xss-probbing":            "xss",
}

// malformed are logs whose scenario is that of paths that do not exist, of requests that have no path.
var malformed = []string{"apache2-malformed", "nginx-http-malformed"}

// unseen are logs of whose alerts an access log cannot tell: they are error logs, or none of HTTP.
var unseen = []string{"nginx_req_limit_exceeded", "tcpudp-flood-traefik"}

// inErrorLog are culprits of whom only a line of an error log tells.
var inErrorLog = map[string]string{"apache-cve-2021-41773": "88.168.206.0/24"}

var (
	scenario = regexp.MustCompile(`results\[(\d+)\]\.Overflow\.Alert\.GetScenario\(\) == "(.*)"`)
	culprit  = regexp.MustCompile(`results\[(\d+)\]\.Overflow\.Sources\["(.*)"\]\.GetScope`)
)

// assertion is an alert that CrowdSec raises on a log: a rule that says the same, and an address.
type assertion struct {
	rule string
	who  netip.Addr
}

// assertions reads what CrowdSec asserts of a log, each once, as far as an access log tells of it.
func assertions(t *testing.T, name string) (list []assertion) {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	log := strings.TrimSuffix(filepath.Base(name), ".assert")
	who := map[string]netip.Addr{}
	for _, m := range culprit.FindAllStringSubmatch(string(b), -1) {
		who[m[1]] = netip.MustParseAddr(m[2])
	}
	for _, m := range scenario.FindAllStringSubmatch(string(b), -1) {
		rule, known := scenarios[m[2]]
		if !known {
			t.Errorf("%s: no rule is known for %s", log, m[2])
		}
		if slices.Contains(malformed, log) {
			rule = "malformed"
		}
		one := assertion{rule, who[m[1]]}
		if n, ok := inErrorLog[log]; (!ok || !netip.MustParsePrefix(n).Contains(one.who)) && !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// TestCrowdSecsAlertsAreRaised reads CrowdSec's logs and wants, at each prefix length, the alert that each of its assertions
// names.
func TestCrowdSecsAlertsAreRaised(t *testing.T) {
	names, err := filepath.Glob("../../../shared/data/logs/crowdsec/*.assert")
	if err != nil || len(names) < 20 {
		t.Fatalf("CrowdSec's logs are missing beside the repository: %d, %v", len(names), err)
	}
	for _, bits := range lengths {
		raised, of, merged := 0, 0, 0
		for _, name := range names {
			log := strings.TrimSuffix(name, ".assert")
			if slices.Contains(unseen, filepath.Base(log)) {
				continue
			}
			b, err := os.ReadFile(log + ".log")
			if err != nil {
				t.Fatal(err)
			}
			j := newJudge(bits)
			alarms := j.raised(t, b)
			culprits := map[alarm]int{}
			for _, want := range assertions(t, name) {
				of++
				one := alarm{want.rule, j.net(want.who)}
				if slices.Contains(alarms, one) {
					raised++
				} else {
					t.Errorf("%s: at /%d no alert of %s names the network that it is to name", filepath.Base(log), bits, want.rule)
				}
				if culprits[one]++; culprits[one] == 2 {
					merged++
				}
			}
		}
		t.Logf("| CrowdSec's logs | /%d | %d of %d | | %d | | | |", bits, raised, of, merged)
		if of < 20 {
			t.Errorf("only %d alerts were looked for", of)
		}
	}
}
