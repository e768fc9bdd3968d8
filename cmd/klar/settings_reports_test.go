package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReportsMadeInTheInterface says who is told of a site, beside a site of which the file says it, and sends a report for
// a test. The address of a receiver is in the settings and nowhere else.
func TestReportsMadeInTheInterface(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, data := filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "data")
	url, told := startWebhook(t, "planted secret")
	secret := filepath.Join(dir, "secret")
	write(t, secret, "planted secret", os.O_TRUNC)
	const mail = "mail: {smtp: 'smtp+plain://127.0.0.1:9', from: klar@example.org}\n" // where nobody listens
	write(t, file, fmt.Sprintf(`http: {listen: '127.0.0.1:0'}
sites: [{id: example.org}, {id: filed.org, reports: {weekly: [ops]}}]
webhooks: [{name: ops, url: %q, secret_file: %q}]
%s`, url, secret, mail), os.O_TRUNC)
	p, base := startServe(t, data, "--config", file)
	e := &editing{base, "*"}
	const reports, test = "settings/reports?site_id=example.org", "settings/reports/test?site_id=example.org"
	e.do(t, "GET", "settings?site_id=example.org", "", 200, `"reports":null,"receivers":{"mail":true,"webhooks":["ops"]}`)
	e.do(t, "PUT", reports, `{"weekly":["nobody"]}`, 422, `"field":"weekly.0"`)
	e.do(t, "PUT", reports, `{"spike":5}`, 422, `"field":""`)
	e.do(t, "PUT", reports, `{"weekly":["ops"],"hour":24}`, 422, `"field":"hour"`)
	e.do(t, "PUT", reports, `{"weekly":["ops"],"cc":["ops"]}`, 422, `"field":""`)
	e.do(t, "PUT", reports, `{"weekly":[`+strings.Repeat(`"ops",`, 50)+`"ops"]}`, 422, "more than 50")
	e.do(t, "DELETE", reports, "", 404, "nothing of that name")
	e.do(t, "PUT", reports, `{"weekly":["ops","ada@planted.example"],"notices":["ops"],"language":"de","spike":5}`, 200,
		`"reports":{"weekly":["ops","ada@planted.example"],"monthly":[],"notices":["ops"],"language":"de","spike":5,"source":"interface"}`)
	e.do(t, "POST", test, "", 200, `{"receivers":[{"receiver":"ops","delivered":true},{"receiver":"ada@planted.example","delivered":false,"error":"`)
	wait(t, told, "weekly/example.org/")
	e.do(t, "POST", test, "", 429, "a moment ago")

	e.do(t, "GET", "settings?site_id=filed.org", "", 200, `"weekly":["ops"],"monthly":[],"notices":[],"source":"file"`)
	e.do(t, "PUT", "settings/reports?site_id=filed.org", `{"weekly":["ops"]}`, 409, "configuration file")
	e.tag = "*"

	// Without a mail server in the file, what was made does not hold, and says why.
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.ReplaceAll(string(b), mail, ""), os.O_TRUNC)
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	metric(t, base, `klar_config_reloads_total{result="taken"} 1`)
	e.do(t, "GET", "settings?site_id=example.org", "", 200, `"problem":"is a mail address, and there is no mail.smtp"`)
	e.do(t, "DELETE", reports, "", 200, `"reports":null`)
	said, err := p.stop(t, syscall.SIGTERM)
	if err != nil || strings.Contains(said, "planted") {
		t.Errorf("klar serve ended with %v: %s", err, said)
	}
	audit, err := os.ReadFile(filepath.Join(data, "audit.jsonl"))
	if err != nil || strings.Contains(string(audit), "planted") || !strings.Contains(string(audit), "reports.put") || !strings.Contains(string(audit), "reports.test") {
		t.Errorf("the audit log has %s, %v", audit, err)
	}
}
