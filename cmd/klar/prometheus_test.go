package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// promtool returns where it is. Where make runs the tests, it has seen to it that there is one (install-promtool).
func promtool(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("KLAR_PROMTOOL"); named != "" {
		if _, err := os.Stat(named); err != nil {
			t.Fatal("there is no promtool where KLAR_PROMTOOL says: run dashboards/prometheus/install-promtool")
		}
		return named
	}
	found, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed, so that the rules for Prometheus are not tried: apt-get install prometheus, or make test-go")
	}
	return found
}

const rulesDir = "../../dashboards/prometheus"

// TestPrometheusRules has promtool read the rules, and run them over what is well and what is not.
func TestPrometheusRules(t *testing.T) {
	t.Parallel()
	tool := promtool(t)
	for _, args := range [][]string{{"check", "rules", "recording.rules.yaml", "alerting.rules.yaml"}, {"test", "rules", "rules.test.yaml"}} {
		command := exec.Command(tool, args...)
		command.Dir = rulesDir
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// ownMetric is the name of one of Klar's metrics in a rule or a question to Prometheus.
var ownMetric = regexp.MustCompile(`\bklar_[a-z0-9_]+`)

// recorded is the name of what a rule records.
var recorded = regexp.MustCompile(`\bklar:[a-z0-9_:]+`)

// TestMetricsOfTheRulesExist holds the rules and the dashboards against what a running Klar shows, of which promtool finds
// nothing to say.
func TestMetricsOfTheRulesExist(t *testing.T) {
	t.Parallel()
	page := metricsOfAll(t)
	rules, err := filepath.Glob(rulesDir + "/*.rules.yaml")
	if err != nil || len(rules) != 2 {
		t.Fatalf("rules: %v, %v", rules, err)
	}
	boards, err := filepath.Glob("../../dashboards/grafana/*.json")
	if err != nil {
		t.Fatal(err)
	}
	records, named := string(read(t, rulesDir+"/recording.rules.yaml")), 0
	for _, file := range append(rules, boards...) {
		text := string(read(t, file))
		for _, name := range ownMetric.FindAllString(text, -1) {
			if name == "klar_migrations" { // a table
				continue
			}
			named++
			name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"), "_sum")
			if !strings.Contains(page, "# TYPE "+name+" ") {
				t.Errorf("%s names %s, which a running Klar does not show", filepath.Base(file), name)
			}
		}
		for _, name := range recorded.FindAllString(text, -1) {
			if !strings.Contains(records, "record: "+name+"\n") {
				t.Errorf("%s names %s, which no rule records", filepath.Base(file), name)
			}
		}
	}
	if named < 25 {
		t.Errorf("only %d names were found: the test does not see them", named)
	}
	check := exec.Command(promtool(t), "check", "metrics")
	check.Stdin = strings.NewReader(page)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("promtool says of the metrics: %v\n%s", err, out)
	}
}

// metricsOfAll returns the metrics of a Klar with a log, syslog and a beacon, when something of them is delivered.
func metricsOfAll(t *testing.T) string {
	t.Helper()
	config, data, logs := follower(t, "combined")
	text := strings.Replace(string(read(t, config)), "sources: [", `sources: [{syslog: "udp://127.0.0.1:0", site: z.org, format: combined}, `, 1)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	line := fmt.Sprintf("203.0.113.77 - - [%s] \"GET / HTTP/1.1\" 200 9 \"-\" \"-\"\n", time.Now().Format("02/Jan/2006:15:04:05 -0700"))
	if err := os.WriteFile(filepath.Join(logs, "access.log"), []byte(line+"no line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, base := serveLogs(t, config, data)
	page := ""
	for late := time.Now().Add(patience); !strings.Contains(page, "# TYPE klar_insert_rows_total "); page = answer(t, base+"/metrics", "") {
		if time.Now().After(late) {
			t.Fatal("nothing is delivered")
		}
	}
	return page
}
