package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// alertmanager starts Debian's Alertmanager, which tells a webhook at once, and returns its address.
func alertmanager(t *testing.T, webhook string) string {
	t.Helper()
	program := os.Getenv("KLAR_ALERTMANAGER")
	if program == "" {
		var err error
		if program, err = exec.LookPath("prometheus-alertmanager"); err != nil {
			t.Skip("Alertmanager is not installed, so that no real one is told: apt-get install prometheus-alertmanager, or make test-go")
		}
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "alertmanager.yml")
	text := fmt.Sprintf("route: {receiver: hook, group_by: [alertname, net], group_wait: 0s, group_interval: 1s}\nreceivers: [{name: hook, webhook_configs: [{url: %q}]}]\n", webhook)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	cmd := exec.CommandContext(t.Context(), program, "--config.file="+config, "--storage.path="+dir, "--web.listen-address="+address, "--cluster.listen-address=", "--log.level=error")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // ended by the test's context
	return "http://" + address
}

// hook takes webhooks and passes their bodies on.
func hook(t *testing.T) (address string, bodies <-chan string) {
	t.Helper()
	passed := make(chan string, 100)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if b, err := io.ReadAll(r.Body); err == nil {
			passed <- string(b)
		}
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + listener.Addr().String() + "/secret-path", passed
}

// await returns the first of the bodies that holds a text.
func await(t *testing.T, bodies <-chan string, text string) string {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case b := <-bodies:
			if strings.Contains(b, text) {
				return b
			}
		case <-late:
			t.Fatalf("nobody was told of %s", text)
		}
	}
}

// TestServedAlerts lets a scanner loose on a log that klar follows, and wants a real Alertmanager to tell of it.
func TestServedAlerts(t *testing.T) {
	t.Parallel()
	webhook, bodies := hook(t)
	config, data, logs := follower(t, "combined")
	manager := alertmanager(t, webhook)
	addTo(t, config, "webhooks: [{name: ops, url: '"+webhook+"'}]\nalerts: {receivers: [ops]}\n")
	p, base := serveLogs(t, config, data)
	var lines strings.Builder
	// Ten days ago, so that after the restart something is known of the past.
	fmt.Fprintf(&lines, "203.0.113.77 - - [%s] \"GET / HTTP/1.1\" 200 9 \"-\" \"a\"\n", time.Now().UTC().AddDate(0, 0, -10).Format("02/Jan/2006:15:04:05 -0700"))
	for n := range 15 {
		fmt.Fprintf(&lines, "203.0.113.77 - - [%s] \"GET /secret-%d/%s?token=hidden HTTP/1.1\" 404 9 \"-\" \"Scanner/1.0 secret-agent\"\n",
			time.Now().UTC().Format("02/Jan/2006:15:04:05 -0700"), n, scanned)
	}
	written := time.Now()
	if err := os.WriteFile(filepath.Join(logs, "access.log"), []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	direct := await(t, bodies, "klar/http-scan")
	t.Logf("a webhook told of it %v after the line", time.Since(written).Round(time.Millisecond))
	told := alsoTell(t, p, config, manager, bodies, filepath.Join(logs, "access.log"))
	if !strings.Contains(direct, `"title":"[warning] klar/http-scan: 203.0.113.0/24 on z.org"`) {
		t.Errorf("the webhook is told %s", direct)
	}
	shown := answer(t, base+"/api/security/alerts?site_id=z.org", "")
	var list struct {
		Alerts []struct {
			Rule, Net string
			Firing    bool
		}
	}
	if err := json.Unmarshal([]byte(shown), &list); err != nil || len(list.Alerts) == 0 || !list.Alerts[0].Firing {
		t.Fatalf("the dashboard is told %s: %v", shown, err)
	}
	metrics := answer(t, base+"/metrics", "")
	for _, want := range []string{
		`klar_alerts_firing{rule="klar/http-scan",severity="warning",site="z.org"} 1`,
		`klar_alerts_raised_total{rule="klar/http-scan",severity="warning"} 1`, `klar_alerts_alertmanager_posts_total{result="delivered"}`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if !strings.Contains(told, "203.0.113.0/24") || !strings.Contains(told, `"site":"z.org"`) {
		t.Errorf("Alertmanager tells of %s", told)
	}
	said, err := p.stop(t, syscall.SIGTERM)
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if got := sums(t, data, "SELECT toString(net), threat, sum(requests) FROM signals WHERE rule = 'klar/http-scan' GROUP BY ALL"); got != "203.0.113.0/24\t\t15" {
		t.Errorf("of the scan's 15 requests these are among the signals: %q", got)
	}
	kept, err := os.ReadFile(filepath.Join(data, "alerts.json"))
	if err != nil || !strings.Contains(string(kept), "203.0.113.0/24") {
		t.Errorf("the alerts are not kept: %v", err)
	}
	for where, text := range map[string]string{"Alertmanager": told, "the webhook": direct, "the dashboard": shown, "the metrics": metrics, "the log": said, "the file": string(kept)} {
		for _, secret := range []string{"203.0.113.77", "hidden", "secret-", scanned} {
			if strings.Contains(text, secret) {
				t.Errorf("%s: something of the request is in what is told", where)
			}
		}
	}
	again, base := serveLogs(t, config, data)
	if after := answer(t, base+"/api/security/alerts?site_id=z.org", ""); !strings.Contains(after, `"klar/http-scan"`) {
		t.Errorf("after a restart: %s", after)
	}
	if got := answer(t, base+"/api/security/test", "{}"); !strings.Contains(got, `{"receiver":"alertmanager","delivered":true},{"receiver":"webhook-ops","delivered":true}`) {
		t.Errorf("the test of receivers: %s", got)
	}
	await(t, bodies, "klar/test")
	if out := mustKlar(t, "alert", "test", "--config", config); out != "alertmanager: delivered\nwebhook-ops: delivered\n" {
		t.Errorf("klar alert test prints %q", out)
	}
	if said, err := again.stop(t, syscall.SIGTERM); err != nil || strings.Contains(said, "is not known") {
		t.Errorf("%v: %s", err, said)
	}
}

// alsoTell makes an Alertmanager be told, which did not know of the scan, adds a rule, trips it, and returns what Alertmanager
// told of the scan.
func alsoTell(t *testing.T, p *process, config, manager string, bodies <-chan string, log string) string {
	t.Helper()
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	write(t, rules, "{name: own/teapot, description: somebody wants tea, type: trigger, filter: status == 418}\n", os.O_TRUNC)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, strings.Replace(string(text), "alerts: {", "alerts: {alertmanager: '"+manager+"', rules: ["+rules+"], ", 1), os.O_TRUNC)
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if said := p.until(t, "is in force"); strings.Contains(said, "take effect at the next start") {
		t.Errorf("the reload says %s", said)
	}
	told := await(t, bodies, `"groupLabels":{"alertname":"klar/http-scan"`)
	written := time.Now()
	write(t, log, fmt.Sprintf("198.51.100.7 - - [%s] \"GET /tea HTTP/1.1\" 418 9 \"-\" \"a\"\n",
		written.UTC().Format("02/Jan/2006:15:04:05 -0700")), os.O_APPEND)
	await(t, bodies, `"groupLabels":{"alertname":"own/teapot"`)
	t.Logf("Alertmanager told of another %v after the line", time.Since(written).Round(time.Millisecond))
	return told
}

// scanned is part of what the scanner asks for.
const scanned = "in-the-scanned-path"

// addTo adds to a file.
func addTo(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAlertTestNeedsSomebodyToTell(t *testing.T) {
	refused(t, "nobody is told", "alert", "test")
	refused(t, "takes the argument test", "alert")
	config := filepath.Join(t.TempDir(), "klar.yaml")
	if err := os.WriteFile(config, []byte("alerts: {alertmanager: 'http://user:secret@127.0.0.1:1'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, err := klar(t, "alert", "test", "--config", config)
	if err == nil || out != "alertmanager: WRONG: the Alertmanager cannot be reached\n" || errs != "klar: 1 of these did not take it\n" {
		t.Errorf("%v: %q, %q", err, out, errs)
	}
}

func TestConfiguredAlertsAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"alerts: {alertmanager: nowhere}":                            "alerts.alertmanager: the address must begin",
		"alerts:\n  silences:\n  - {net: 192.0.2.7/33, site: a.org}": "line 3: alerts.silences.0.net",
		"alerts:\n  silences:\n  - {until: 2026-12-01}":              "line 3: alerts.silences.0: names neither",
		"alerts:\n  silences:\n  - {rule: x, until: tomorrow}":       "alerts.silences.0.until",
		"alerts: {language: fr}":                                     "alerts.language: \"fr\" is neither en nor de",
		"alerts: {rules: [/none.yaml]}":                              "alerts.rules.0: open /none.yaml",
		"alerts:\n  feeds:\n  - {file: a, format: iptables}":         "alerts.feeds.0: format: \"iptables\" is none of",
		"alerts:\n  feeds:\n  - {format: nginx}":                     "alerts.feeds.0: needs the name of a file",
		"alerts:\n  feeds:\n  - {file: a, format: geo, ttl: 1s}":     "line 3: alerts.feeds.0.ttl",
		"alerts: {without: [klar/nothing]}":                          "alerts.without.0: there is no rule",
	} {
		config := filepath.Join(t.TempDir(), "klar.yaml")
		if err := os.WriteFile(config, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, want, "check", "--config-only", "--config", config)
	}
}
