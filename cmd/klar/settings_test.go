package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// editing changes the settings of example.org in a klar serve, each time from those that it was answered last.
type editing struct{ base, tag string }

// do makes a change and wants its status and a word of the answer.
func (e *editing) do(t *testing.T, method, path, body string, status int, want string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, e.base+"/api/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if e.tag != "" {
		r.Header.Set("If-Match", e.tag)
	}
	client := http.Client{Timeout: patience}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status || !strings.Contains(string(b), want) {
		t.Errorf("%s %s %s is answered with %d, %v: %.400s; want %d and %s", method, path, body, answer.StatusCode, err, b, status, want)
	}
	if tag := answer.Header.Get("ETag"); tag != "" {
		e.tag = tag
	}
}

const (
	siteAddress = "settings/sites?site_id=example.org"
	goalAddress = "settings/goals?site_id=example.org"
)

// TestSettingsTakeEffect defines a site and a goal in a klar serve without any configuration, counts by them at once, and
// finds them again in the other commands and at the next start.
func TestSettingsTakeEffect(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p, base := startServe(t, data)
	e := &editing{base: base}
	if _, dropped := send(t, base, viewOf("/")); dropped != "unknown site" {
		t.Errorf("before the site is defined, a beacon is dropped as %q", dropped)
	}
	e.do(t, "PUT", siteAddress, `{"hosts":["shop.example.org"],"timezone":"Mars/North","retention":""}`, 422, `"field":"timezone"`)
	e.do(t, "PUT", siteAddress, `{"hosts":["shop.example.org"],"timezone":"Europe/Berlin","retention":"25 months"}`, 200, `"source":"interface"`)
	if got := answer(t, base+"/api/sites", ""); !strings.Contains(got, `"example.org","timezone":"Europe/Berlin"`) {
		t.Errorf("the sites are %s", got)
	}
	e.do(t, "PUT", goalAddress+"&try", `{"name":"Thanks","page":"/thanks"}`, 200, `"goals":[]`)
	first := e.tag
	e.do(t, "PUT", goalAddress, `{"name":"Thanks","page":"/thanks"}`, 200, `"name":"Thanks"`)
	for _, path := range []string{"/", "/thanks"} {
		if _, dropped := send(t, base, viewOf(path)); dropped != "" {
			t.Errorf("a beacon is dropped as %q", dropped)
		}
	}
	questionBehindABeacon(t, base)
	rowsOf(t, base, `"metrics": ["visitors"], "dimensions": ["event:goal"]`, "Thanks 1")

	way := `{"name":"Way","steps":["/","/thanks"]}`
	e.do(t, "POST", "settings/funnels/preview?site_id=example.org", way, 200, `{"visits":[0,0],"estimated":false}`) // of days before today
	e.do(t, "POST", "settings/funnels/preview?site_id=example.org", `{"name":"Way","steps":["/","goal:None"]}`, 422, `"field":"steps.1"`)
	kept, err := os.ReadFile(filepath.Join(data, "settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	last := e.tag
	e.tag = first
	e.do(t, "PUT", goalAddress, `{"name":"Late","page":"/late"}`, 412, "meanwhile")
	e.tag = last
	e.do(t, "PUT", goalAddress, `{"name":"Same","page":"/thanks"}`, 422, "counts the same")
	e.do(t, "PUT", goalAddress+"&name=Thanks", `{"name":"","page":"/thanks"}`, 422, `"field":"name"`)
	e.do(t, "PUT", "settings/goals?site_id=else.org", `{"name":"A","page":"/a"}`, 404, "not a site")
	if now, err := os.ReadFile(filepath.Join(data, "settings.json")); err != nil || string(now) != string(kept) {
		t.Errorf("what was refused changed the file: %v, %s", err, now)
	}
	e.do(t, "POST", "annotations?site_id=example.org", `{"day":"2026-11-20","text":"<b>New</b>"}`, 200, `"day":"2026-11-20"`)

	if said, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Fatalf("klar serve ended with %v: %s", err, said)
	}
	if got := mustKlar(t, "query", "--data", data, `{"site_id":"example.org","metrics":["visitors"],"date_range":"day","dimensions":["event:goal"]}`); !strings.Contains(got, "Thanks") {
		t.Errorf("klar query answers %s", got)
	}
	mustKlar(t, "import", "--data", data, writeLines(t, []string{webLineOf("shop.example.org", "/thanks")}))
	p, e.base = startServe(t, data)
	e.do(t, "GET", "annotations?site_id=example.org", "", 200, `\u003cb\u003eNew`)
	e.do(t, "DELETE", goalAddress+"&name="+url.QueryEscape("Thanks"), "", 200, `"goals":[]`)
	e.do(t, "DELETE", siteAddress, "", 200, `"source":"figures"`)
	if _, dropped := send(t, e.base, viewOf("/")); dropped != "unknown site" {
		t.Errorf("after the site was removed, a beacon is dropped as %q", dropped)
	}
	if got := sums(t, data, "SELECT sum(requests) FROM minutes WHERE site = 'example.org' AND origin = 'log'"); got != "1" {
		t.Errorf("of the log %s lines are left, want 1", got)
	}
	if said, err := p.stop(t, syscall.SIGHUP); err != nil { // without a file it ends klar as ever
		t.Errorf("klar serve ended with %v: %s", err, said)
	}
}

// webLineOf is a line of a log of several hosts.
func webLineOf(host, path string) string { return host + " " + webLine(path) }

// TestSettingsBesideTheFile changes settings of a site of the configuration file, which is reloaded meanwhile.
func TestSettingsBesideTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, log := filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "a.log")
	const site = "http: {listen: '127.0.0.1:0'}\nsites: [{id: example.org, goals: [{name: Filed, page: /filed}]%s}]\nsources: [{file: %s, site: example.org}]\n"
	write(t, file, fmt.Sprintf(site, "", log), os.O_TRUNC)
	p, base := startServe(t, filepath.Join(dir, "data"), "--config", file)
	e := &editing{base, "*"}
	e.do(t, "GET", "settings?site_id=example.org", "", 200, `"name":"Filed","page":"/filed","source":"file"`)
	e.do(t, "PUT", siteAddress, `{"hosts":[],"timezone":"UTC","retention":""}`, 409, "configuration file")
	e.do(t, "DELETE", siteAddress, "", 409, "configuration file")
	e.do(t, "DELETE", goalAddress+"&name=Filed", "", 409, "configuration file")
	e.do(t, "PUT", goalAddress, `{"name":"Filed","page":"/x"}`, 422, `"field":"name"`)
	e.do(t, "PUT", goalAddress, `{"name":"Made","page":"/made"}`, 200, `"name":"Made","page":"/made","source":"interface"`)
	write(t, log, webLine("/made")+"\n"+webLine("/filed")+"\n", os.O_APPEND)
	rowsOf(t, base, `"metrics": ["visitors"], "dimensions": ["event:goal"]`, "Filed 1; Made 1")

	write(t, file, fmt.Sprintf(site, ", funnels: [{name: Way, steps: ['goal:Filed', 'goal:Made']}]", log), os.O_TRUNC)
	hangup := func(times int) {
		t.Helper()
		if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		metric(t, base, fmt.Sprintf(`klar_config_reloads_total{result="taken"} %d`, times))
	}
	hangup(1)
	e.do(t, "GET", "settings?site_id=example.org", "", 200, `"name":"Made","page":"/made","source":"interface"`)
	e.do(t, "DELETE", goalAddress+"&name=Made", "", 422, "the configuration file needs it: sites.0.funnels.0.steps.1")

	const late = "settings/sites?site_id=late.example"
	e.do(t, "PUT", late, `{"hosts":["x.example"],"timezone":"UTC","retention":""}`, 200, `"source":"interface"`)
	write(t, file, fmt.Sprintf(site, ", hosts: [x.example], funnels: [{name: Way, steps: ['goal:Filed', 'goal:Made']}]", log), os.O_TRUNC)
	hangup(2)
	e.do(t, "GET", "settings?site_id=late.example", "", 200, `belongs to the site \"example.org\" already`)
	e.do(t, "DELETE", late, "", 200, `"source":"figures"`)
	e.do(t, "GET", "settings?site_id=late.example", "", 404, "not a site")
	if said, err := p.stop(t, syscall.SIGTERM); err != nil || strings.Contains(said, plantedAddress) {
		t.Errorf("klar serve ended with %v: %s", err, said)
	}
}
