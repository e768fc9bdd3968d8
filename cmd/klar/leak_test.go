package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// planted are the secrets of the leak test, each in the forms that must be found nowhere.
var planted = map[string][]string{
	"IPv4 address":      {"198.51.100.77", "198.51.100", "c633644d"},
	"IPv6 address":      {"2001:db8:aaaa:bbbb", "2001:db8:aaaa", "2001:0db8:aaaa"},
	"mapped address":    {"::ffff:198.51.100.78", "ffff:c633:644e", "198.51.100.78"},
	"forwarded address": {"192.0.2.99", "192.0.2."},
	"address in a path": {"203.0.113.201", "203.0.113"},
	"user agent":        {"PlantedAgent", "537.36 (KHTML, like Gecko)", "Mozilla/5.0"},
	"e-mail":            {"anna.planted", "planted@", "planted%40"},
	"phone number":      {"1715550199", "171 5550199", "171-5550199"},
	"token":             {"eyJhbGciOiJIUzI1NiJ9", "plantedsignature"},
	"UUID":              {"c0ffee00-1234-4bcd-8def-0123456789ab"},
	"card number":       {"4111111111111111"},
	"IBAN":              {"DE89370400440532013000"},
	"query string":      {"plantedquery", "secretvalue"},
	"user name":         {"planteduser"},
	"attacker":          {"203.0.114.55", "2001:db8:cccc:dddd"},
	"payload":           {"plantedpayload"},
}

const plantedJWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.plantedsignature0123456789abcdefghij"

// plantedLines is a log in which each secret stands in each place that it could come from.
func plantedLines(broken bool) []string {
	addrs := []string{"198.51.100.77", "2001:db8:aaaa:bbbb:1:2:3:4", "::ffff:198.51.100.78", "127.0.0.1"}
	paths := []string{
		"/", "/user/anna.planted@example.org/edit", "/user/anna.planted%40example.org", "/call/+49-171-5550199",
		"/t/" + plantedJWT, "/o/c0ffee00-1234-4bcd-8def-0123456789ab", "/pay/4111111111111111", "/iban/DE89370400440532013000",
		"/from/203.0.113.201/x", "/search?plantedquery=secretvalue&utm_source=anna.planted@example.org&utm_campaign=spring",
		"/search?q=secretvalue&utm_term=" + plantedJWT + "&gclid=secretvalue",
	}
	referrers := []string{
		"-", "https://anna.planted:secretvalue@mail.example.com/read/anna.planted%40example.org?plantedquery=secretvalue",
		"https://203.0.113.201/a", "https://www.google.com/search?q=plantedquery",
	}
	agents := []string{
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 PlantedAgent/9",
		"PlantedAgent (bot; anna.planted@example.org; 198.51.100.77)", "-",
	}
	var lines []string
	for i := range 600 {
		addr, path := addrs[i%len(addrs)], paths[i/2%len(paths)]
		status := []int{200, 200, 200, 404, 301, 500}[i%6]
		line := fmt.Sprintf(`%s - planteduser [10/Oct/2025:13:%02d:%02d +0200] "GET %s HTTP/1.1" %d 512 "%s" "%s" "192.0.2.99, 198.51.100.77"`,
			addr, i/60, i%60, path, status, referrers[i%len(referrers)], agents[i%len(agents)])
		if broken && i%40 == 7 {
			line = []string{
				"198.51.100.77 anna.planted@example.org garbage", strings.Replace(line, " 512 ", " many ", 1),
				strings.Replace(line, addr, "host-198.51.100.77.example", 1), strings.Replace(line, "10/Oct", "99/Foo", 1),
			}[i/40%4]
		}
		lines = append(lines, line)
	}
	return append(lines, attacks(agents[0])...)
}

// attacks are lines with a payload in each place that one can stand in. Their shortened network may be kept.
func attacks(agent string) (lines []string) {
	for i, a := range []struct{ target, referrer, agent string }{
		{"/shop/%3Cscript%3Ealert('plantedpayload')%3C/script%3E/plantedpayload", "-", agent},
		{"/static/..%2f..%2f..%2fetc/plantedpayload", "-", agent},
		{"/a;cat%20/etc/passwd;plantedpayload", "-", agent},
		{"/?id=1'+union+select+'plantedpayload'--", "-", agent},
		{"/?plantedpayload%5B$ne%5D=1", "-", agent},
		{"/", "${jndi:ldap://plantedpayload.example/a}", agent},
		{"/", "https://example.net/?q=<script>plantedpayload</script>", agent},
		{"/", "-", "() { :;}; /bin/bash -c plantedpayload"},
		{"/", "-", "sqlmap/1.7 plantedpayload"},
		{"http://plantedpayload.example/", "-", agent},
	} {
		addr := []string{"203.0.114.55", "2001:db8:cccc:dddd::9"}[i%2]
		lines = append(lines, fmt.Sprintf(`%s - - [10/Oct/2025:13:20:%02d +0200] "GET %s HTTP/1.1" 404 512 "%s" "%s" "-"`, addr, i, a.target, a.referrer, a.agent))
	}
	return lines
}

const plantedFormat = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"`

// TestNothingLeaks imports the planted log in every way that could say something of it, and searches all that is left
// behind: what was printed, every file of the data directory, every row of every table, the metrics and the pages.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	var printed bytes.Buffer
	say := func(args ...string) {
		out, errs, err := klar(t, args...)
		fmt.Fprintln(&printed, out, errs, err)
	}
	broken := writeLines(t, plantedLines(true))
	say("import", "--data", data, "--site", "example.org", "--format", plantedFormat, "--strict", broken)
	say("import", "--data", data, "--site", "example.org", "--format", plantedFormat, broken)
	say("import", "--data", data, "--site", "other.org", "--format", plantedFormat, "--json", broken)
	say("import", "--data", data, "--site", "x.org", "--format", "combined", broken)
	say("import", "--data", data, "--site", "x.org", broken)
	garbage := writeLines(t, []string{"198.51.100.77 anna.planted@example.org", "PlantedAgent"})
	say("import", "--data", data, "--site", "y.org", garbage)
	search(t, "what klar printed", printed.Bytes())
	search(t, "what klar said of beacons", plantedBeacons(t, data))
	searchFiles(t, data)
	killedWhileSpooling(t, data)
	searchFiles(t, data) // with the spool, before it is delivered

	// All is asked of one running klar: its engine starts once.
	p, base := startServe(t, data)
	// The texts of ClickHouse's own manual are no data, and have agents as examples; the other tables left out are endless or
	// the same everywhere, and large.
	const allTables = `SELECT database || '.' || name FROM system.tables
		WHERE lower(database) != 'information_schema' AND (database, name) NOT IN (('system', 'documentation'), ('system', 'functions'),
			('system', 'unicode'), ('system', 'numbers'), ('system', 'numbers_mt'), ('system', 'zeros'), ('system', 'zeros_mt'))`
	tables := 0
	for _, table := range strings.Fields(sums(t, data, allTables)) {
		out, _, err := klar(t, "sql", "--data", data, "--format", "TSV", "SELECT * FROM "+table+" LIMIT 200000")
		if err != nil {
			continue // some system tables want a filter; they hold no rows of ours
		}
		tables++
		search(t, "table "+table, []byte(out))
	}
	if tables < 50 {
		t.Errorf("only %d tables were searched", tables)
	}
	if n := sums(t, data, "SELECT sum(requests) FROM minutes"); n == "0" {
		t.Error("nothing was imported: the search proves nothing")
	}
	if n := sums(t, data, "SELECT uniqExact(threat) FROM signals WHERE site = 'example.org' AND threat != ''"); n != "7" {
		t.Errorf("%s classes of attacks were recognised, want 7: the search proves less", n)
	}
	search(t, "the dashboard", pages(t, base))
	said, err := p.stop(t, syscall.SIGINT)
	if err != nil {
		t.Errorf("klar serve ended with %v", err)
	}
	search(t, "what klar serve says", []byte(said))
	searchFiles(t, data)
}

// killedWhileSpooling leaves a spool behind, as a crash does.
func killedWhileSpooling(t *testing.T, data string) {
	t.Helper()
	var lines []string
	for i := range 200 {
		for _, l := range plantedLines(false) {
			lines = append(lines, strings.Replace(l, "10/Oct/2025", fmt.Sprintf("%02d/Sep/%d", i%28+1, 2015+i/28), 1))
		}
	}
	cmd := exec.Command("klar", "import", "--data", data, "--site", "z.org", "--format", plantedFormat, writeLines(t, lines))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if files, _ := filepath.Glob(filepath.Join(data, "spool", "import", "*")); largest(files) > 4096 {
			return
		}
	}
	t.Error("no spool was found to be left behind")
}

func largest(files []string) (size int64) {
	for _, f := range files {
		if i, err := os.Stat(f); err == nil {
			size = max(size, i.Size())
		}
	}
	return size
}

// pages asks a running klar for its metrics, pages and answers.
func pages(t *testing.T, base string) []byte {
	t.Helper()
	var all bytes.Buffer
	for _, path := range []string{"/metrics", "/", "/api/sites", "/readyz", "/nowhere", "/api/v2/query"} {
		all.Write(get(t, http.MethodGet, base+path, ""))
	}
	for _, dim := range []string{"event:page", "visit:source", "visit:referrer", "visit:utm_source", "visit:utm_term", "visit:browser", "event:bot", "visit:provider"} {
		metric := map[bool]string{true: "requests", false: "visitors"}[dim == "event:bot"]
		all.Write(get(t, http.MethodPost, base+"/api/v2/query", fmt.Sprintf(`{"site_id":"example.org","metrics":[%q],"date_range":"all","dimensions":[%q]}`, metric, dim)))
	}
	return all.Bytes()
}

func get(t *testing.T, method, address, body string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "PlantedAgent/1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func searchFiles(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			b, readErr := os.ReadFile(name)
			if err = readErr; err == nil {
				files++
				search(t, "file "+strings.TrimPrefix(name, dir), b)
			}
		}
		if errors.Is(err, fs.ErrNotExist) { // an engine that runs replaces files
			return nil
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if files < 10 {
		t.Errorf("only %d files were searched", files)
	}
}

// search looks for every secret in every form, plain, escaped and encoded, and names the kind of what it finds only.
func search(t *testing.T, where string, b []byte) {
	t.Helper()
	lower := bytes.ToLower(b)
	for kind, forms := range planted {
		for _, f := range forms {
			for _, enc := range []string{f, url.QueryEscape(f), base64.StdEncoding.EncodeToString([]byte(f)), fmt.Sprintf("%x", f)} {
				if bytes.Contains(lower, bytes.ToLower([]byte(enc))) {
					t.Errorf("%s: a planted %s was found", where, kind)
					break
				}
			}
		}
	}
}
