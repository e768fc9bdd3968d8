package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestServe runs klar serve through its life: one for each data directory, the other commands beside it, its engine killed,
// its end.
func TestServe(t *testing.T) {
	t.Parallel()
	data, log := t.TempDir(), realLog(t)
	p, base := startServe(t, data)
	refused(t, fmt.Sprintf("data directory %s is held by klar serve, process %d", data, p.cmd.Process.Pid), "serve", "--data", data, "--listen", "127.0.0.1:0")

	mustKlar(t, "import", "--data", data, "--site", "s.org", log)
	if got := sums(t, data, "SELECT sum(requests) FROM minutes"); got != "10000" {
		t.Errorf("klar sql beside serve counts %s requests", got)
	}
	const question = `{"site_id":"s.org","metrics":["requests"],"date_range":"all"}`
	if got := mustKlar(t, "query", "--data", data, question); !strings.Contains(got, "10000") {
		t.Errorf("klar query beside serve answers %q", got)
	}
	if got := answer(t, base+"/api/sites", ""); !strings.Contains(got, `"s.org"`) {
		t.Errorf("the dashboard's sites are %s, without the one that was imported", got)
	}
	requests := func() string { return answer(t, base+"/api/v2/query", question) }
	if got := requests(); !strings.Contains(got, "10000") {
		t.Errorf("the Stats API answers %s", got)
	}
	const may = "?site_id=s.org&period=custom&date=2015-05-17,2015-05-20&metrics=requests"
	for path, want := range map[string]string{
		"aggregate" + may + "&compare=previous_period": `{"results":{"requests":{"value":10000,"change":100}}}`,
		"timeseries" + may: `"date":"2015-05-20"`, "breakdown" + may + "&property=event:status": `"status":"404"`,
		"breakdown?site_id=s.org&period=month&date=2015-05-01&property=visit:browser_version&filters=visit:browser_version==32": `"browser":"Chrome"`,
		"realtime/visitors?site_id=s.org": "0",
	} {
		if got := answer(t, base+"/api/v1/stats/"+path, ""); !strings.Contains(got, want) {
			t.Errorf("%s answers %.300s, without %s", path, got, want)
		}
	}
	askWithOptions(t, base)
	for path, want := range map[string]string{"/healthz": "", "/readyz": "", "/metrics": "klar_engine_restarts_total 0", "/": "<html"} {
		if got := answer(t, base+path, ""); !strings.Contains(got, want) {
			t.Errorf("%s answers %.200q, without %q", path, got, want)
		}
	}

	first := engineOf(data)
	if first == 0 || syscall.Kill(first, syscall.SIGKILL) != nil {
		t.Fatalf("the engine, process %d, cannot be killed", first)
	}
	if got := requests(); !strings.Contains(got, "10000") {
		t.Errorf("after the engine was killed, the Stats API answers %s", got)
	}
	if got := answer(t, base+"/metrics", ""); !strings.Contains(got, "klar_engine_restarts_total 1") {
		t.Error("the engine's restart is not counted")
	}
	second := engineOf(data)
	if second == 0 || second == first {
		t.Errorf("the engine was process %d and is now %d", first, second)
	}

	begun := time.Now()
	said, err := p.stop(t, syscall.SIGTERM)
	if took := time.Since(begun); err != nil || took > 10*time.Second {
		t.Errorf("after SIGTERM serve ended with %v in %v: %s", err, took, said)
	}
	if left := engineOf(data); left != 0 {
		t.Errorf("serve has ended, its engine, process %d, has not", left)
	}
	next, _ := startServe(t, data) // the lock went with the process
	if said, err := next.stop(t, syscall.SIGINT); err != nil {
		t.Errorf("after SIGINT serve ended with %v: %s", err, said)
	}
}

// askWithOptions asks for a comparison, with wildcards, for the present and for files.
func askWithOptions(t *testing.T, base string) {
	t.Helper()
	const days = `{"site_id":"s.org","metrics":["visitors"],"date_range":["2015-05-18","2015-05-18"]`
	for body, want := range map[string]string{
		days + `,"include":{"comparisons":{"mode":"previous_period"}}}`:                                  `"comparison_date_range":["2015-05-17T00:00:00Z","2015-05-17T23:59:59Z"]`,
		days + `,"dimensions":["event:page"],"filters":[["matches_wildcard","event:page",["/blog/*"]]]}`: `"dimensions":["/blog/`,
		`{"site_id":"s.org","metrics":["visitors","requests"],"date_range":"realtime_30m"}`:              `{"dimensions":[],"metrics":[0,0]}`,
	} {
		if got := answer(t, base+"/api/v2/query", body); !strings.Contains(got, want) {
			t.Errorf("%s is answered with %.300s, without %s", body, got, want)
		}
	}
	for format, want := range map[string]string{"csv": "\"visitors\"\n", "parquet": "PAR1", "json": `{"results":[{"dimensions":[],`} {
		if got := answer(t, base+"/api/v2/query?format="+format, days+"}"); !strings.HasPrefix(got, want) {
			t.Errorf("as %s the answer is %.100q", format, got)
		}
	}
}

// answer asks klar serve and wants the status 200.
func answer(t testing.TB, address, body string) string {
	t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	client := http.Client{Timeout: patience}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%s answers with status %d, %v: %.300s", address, response.StatusCode, err, b)
	}
	return string(b)
}

// TestServeEndsDuringAQuestion has a question that would still run for long when SIGTERM comes. It is asked again of an
// engine that klar sql starts by itself, which the end of the test ends.
func TestServeEndsDuringAQuestion(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p, base := startServe(t, data)
	begin(t, "sql", "--data", data, "SELECT sleep(3)"+strings.Repeat(" UNION ALL SELECT sleep(3)", 9))
	for late := time.Now().Add(patience); sums(t, data, "SELECT count() FROM system.processes") == "1"; {
		if time.Now().After(late) {
			t.Fatal("the question does not run")
		}
	}
	answer(t, base+"/healthz", "")
	engine := engineOf(data)
	begun := time.Now()
	said, err := p.stop(t, syscall.SIGTERM)
	if took := time.Since(begun); err != nil || took > 10*time.Second {
		t.Errorf("after SIGTERM serve ended with %v in %v: %s", err, took, said)
	}
	if left := engineOf(data); left == engine {
		t.Errorf("serve has ended, its engine, process %d, has not", left)
	}
}

func TestServePortIsTaken(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address := listener.Addr().String()
	refused(t, "cannot listen on "+address, "serve", "--data", t.TempDir(), "--listen", address)
}
