package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

const goingSite = "planted-site.example"

// goingLines are page views of one day.
func goingLines(n int, minute int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "198.51.100.%d - - [10/Oct/2025:13:%02d:%02d +0000] \"GET /planted-page HTTP/1.1\" 200 512 \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0\"\n", i%250, minute, i%60)
	}
	return b.String()
}

// filesOfSite lists the files of the data directory in which the site's name or its page stands as text.
func filesOfSite(t *testing.T, data string) (names []string) {
	t.Helper()
	_ = filepath.WalkDir(data, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // the engine removes files
		}
		if b, err := os.ReadFile(name); err == nil && (strings.Contains(string(b), goingSite) || strings.Contains(string(b), "planted-page")) {
			names = append(names, strings.TrimPrefix(name, data))
		}
		return nil
	})
	return names
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for late := time.Now().Add(patience); !is(); runtime.Gosched() {
		if time.Now().After(late) {
			t.Fatal("waited in vain until " + what)
		}
	}
}

func appendTo(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
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

// TestDeletedSite deletes a site while serve follows its log, and again after serve was killed with hits of it in the
// spool: nothing of it is left, what was read is not read again, and the other site keeps its figures until its retention.
func TestDeletedSite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config, data, log := filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "data"), filepath.Join(dir, "access.log")
	text := fmt.Sprintf("sites: [{id: other.org}, {id: %s}]\nsources: [{file: %q, site: %s, format: combined}]\n", goingSite, log, goingSite)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	appendTo(t, log, goingLines(300, 1))
	other := writeLines(t, strings.Split(strings.TrimSpace(strings.ReplaceAll(goingLines(500, 2), "planted-page", "page")), "\n"))
	going := writeLines(t, strings.Split(strings.TrimSpace(goingLines(50, 3)), "\n"))

	p, base := serveLogs(t, config, data)
	mustKlar(t, "import", "--data", data, "--site", "other.org", other)
	mustKlar(t, "import", "--data", data, "--site", goingSite, going)
	taken := func(lines string) func() bool {
		return func() bool {
			return strings.Contains(answer(t, base+"/metrics", ""), `result="stored",source="`+log+`"} `+lines+"\n")
		}
	}
	appendTo(t, log, goingScan())
	eventually(t, "the log is read", taken("315"))
	alerts := filepath.Join(data, "alerts.json")
	eventually(t, "its alerts are kept", func() bool {
		b, err := os.ReadFile(alerts)
		return err == nil && strings.Contains(string(b), goingSite)
	})
	if files := filesOfSite(t, data); len(files) == 0 {
		t.Error("before it is deleted the site is in no file: the search proves nothing")
	}
	refused(t, "--yes", "delete", "--config", config, "--data", data, "--site", goingSite)
	deleteSite(t, config, data)
	again := mustKlar(t, "import", "--data", data, "--site", goingSite, going)
	if !strings.Contains(again, "50 lines were imported before") {
		t.Errorf("after the deletion the import says %q", again)
	}
	const requests = "SELECT sumIf(requests, site = 'other.org'), sumIf(requests, site != 'other.org') FROM minutes"
	if got := sums(t, data, requests); got != "500\t0" {
		t.Errorf("requests of the other site and of the deleted one are %q", got)
	}

	appendTo(t, log, goingLines(200, 4))
	eventually(t, "the log is read", taken("515"))
	_, _ = p.stop(t, syscall.SIGKILL)
	if segments, _ := filepath.Glob(filepath.Join(data, "spool", "serve", "*.segment")); len(segments) == 0 {
		t.Log("the spool was delivered before serve was killed")
	}
	deleteSite(t, config, data)

	text = strings.Replace(text, "id: other.org", "id: other.org, retention: 30 days", 1)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().AddDate(0, 0, -40).Format(time.RFC3339)
	kept := fmt.Sprintf(`{"history":[{"id":"old","site_id":"other.org","start":%q,"end":%[1]q},{"id":"older","site_id":%q,"start":%[1]q,"end":%[1]q}]}`, old, goingSite)
	if err := os.WriteFile(alerts, []byte(kept), 0o600); err != nil {
		t.Fatal(err)
	}
	p, base = serveLogs(t, config, data)
	p.until(t, "what is older than the retention was deleted")
	appendTo(t, log, goingLines(1, 5))
	eventually(t, "the log is read", taken("1"))
	eventually(t, "the line arrives", func() bool { return sums(t, data, requests) == "0\t1" })
	if got := sums(t, data, "SELECT sum(requests), sum(visits) > 0 FROM totals WHERE site = 'other.org'"); got != "500\t1" {
		t.Errorf("the retention leaves the totals %q", got)
	}
	if said, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Errorf("serve ends with %v: %s", err, said)
	}
	if b, err := os.ReadFile(alerts); err != nil || strings.Contains(string(b), `"old"`) || !strings.Contains(string(b), `"older"`) {
		t.Errorf("of a site with a retention and one without, these alerts are left: %s, %v", b, err)
	}
}

// goingScan is what a scanner asks for now.
func goingScan() string {
	var b strings.Builder
	for n := range 15 {
		fmt.Fprintf(&b, "198.51.100.7 - - [%s] \"GET /planted-page/%d HTTP/1.1\" 404 9 \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0\"\n", time.Now().UTC().Format("02/Jan/2006:15:04:05 -0700"), n)
	}
	return b.String()
}

// deleteSite deletes the site and looks for it.
func deleteSite(t *testing.T, config, data string) {
	t.Helper()
	out := mustKlar(t, "delete", "--config", config, "--data", data, "--site", goingSite, "--yes")
	if !strings.Contains(out, "minutes  ") || !strings.Contains(out, "none of ClickHouse's files holds them any more") {
		t.Errorf("klar delete says %q", out)
	}
	for _, name := range filesOfSite(t, data) {
		t.Errorf("after the deletion the site is in %s", name)
	}
}
