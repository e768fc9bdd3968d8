package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// write writes a file, or appends to it.
func write(t testing.TB, name, text string, flag int) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|flag, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// webLines are lines of different requests at this moment.
func webLines(path string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintln(&b, webLine(fmt.Sprintf("/%s/%d", path, i)))
	}
	return b.String()
}

// TestServeReload gives a running klar serve a file that cannot be, then another that can, while its sources are written.
func TestServeReload(t *testing.T) {
	t.Parallel()
	data, dir := t.TempDir(), t.TempDir()
	file, a, b, gram := filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "a.log"), filepath.Join(dir, "b.log"), filepath.Join(dir, "gram")
	const head = "http: {listen: '127.0.0.1:0'}\n"
	socket := fmt.Sprintf("{syslog: 'unixgram://%s', format: combined, site: s.org}", gram)
	write(t, file, fmt.Sprintf("%ssites: [{id: s.org}]\nsources: [{file: %s, site: s.org}, %s]\n", head, a, socket), os.O_TRUNC)
	write(t, a, webLines("a", 10), os.O_APPEND)
	write(t, b, webLines("b", 7), os.O_APPEND)
	p := begin(t, "serve", "--config", file, "--data", data, "--log-format", "json", "--log-level", "info")
	_, base, _ := strings.Cut(p.until(t, "Klar is ready: open "), "Klar is ready: open ")
	base, _, _ = strings.Cut(base, "\n")
	stored := func(source string, n int) {
		t.Helper()
		metric(t, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source=%q} %d`, source, n))
	}
	hangup := func() {
		t.Helper()
		if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	stored(a, 10)
	conn, err := net.Dial("unixgram", gram)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()

	for i, bad := range []string{"", "# to be written\n", head + "sauces: []\n", head + "sites: [{id: s.org}]\nsources: [{syslog: 'unixgram:///nowhere/at/all', format: combined, site: s.org}]\n"} {
		write(t, file, bad, os.O_TRUNC)
		hangup()
		metric(t, base, fmt.Sprintf(`klar_config_reloads_total{result="refused"} %d`, i+1))
	}
	metric(t, base, "klar_config_current 0")
	write(t, a, webLines("later", 5), os.O_APPEND)
	stored(a, 15)

	tokens := filepath.Join(dir, "tokens")
	write(t, tokens, testToken+" t.org\n", os.O_TRUNC)
	closed := fmt.Sprintf("http: {listen: '127.0.0.1:0', token_file: %q, require_token: true, rate_limit: 2}\n", tokens)
	write(t, file, fmt.Sprintf("%ssites: [{id: s.org}, {id: t.org, segments: [{name: mine, filters: [[is, 'event:page', [/]]]}]}]\nsources: [{file: %s, site: t.org}, {file: %s, site: s.org}, %s]\nprivacy: {crowd: 20, respect: []}\n",
		closed, a, b, socket), os.O_TRUNC)
	hangup()
	said := p.until(t, "is in force")
	if !strings.Contains(said, `"keys":"privacy.crowd"`) {
		t.Error("it is not said that the new crowd needs a new start, or more is said to need one")
	}
	metric(t, base, "klar_config_current 1")
	askForSites(t, base)
	write(t, a, webLines("other", 4), os.O_APPEND)
	if _, err := conn.Write([]byte(webLine("/gram"))); err != nil {
		t.Error("the socket that stays was closed")
	}
	stored(a, 19)
	stored(b, 7)
	stored("unixgram://"+gram, 1)
	metric(t, base, fmt.Sprintf(`klar_source_file_lag_seconds{file=%q,source=%q} 0`, b, b))
	if ready := answer(t, base+"/readyz", ""); !strings.Contains(ready, "ready") {
		t.Errorf("/readyz answers %q", ready)
	}
	said, err = p.stop(t, syscall.SIGTERM)
	if err != nil {
		t.Errorf("klar serve ended with %v", err)
	}
	if strings.Contains(said, plantedAddress) {
		t.Error("the planted address is in the log")
	}
	for line := range strings.Lines(said) {
		if !json.Valid([]byte(line)) && !strings.HasPrefix(line, "Klar is ready") {
			t.Errorf("not JSON: %s", line)
		}
	}
	got := strings.Fields(sums(t, data, "SELECT site, sum(requests) FROM minutes GROUP BY site ORDER BY site"))
	if !slices.Equal(got, []string{"s.org", "23", "t.org", "4"}) {
		t.Errorf("stored are %v, want 23 requests of s.org and 4 of t.org", got)
	}
}

// askForSites asks a klar serve that needs a token, which is one of t.org only.
func askForSites(t *testing.T, base string) {
	t.Helper()
	for authorization, want := range map[string]string{
		"": "send a token", "Bearer " + testToken[1:]: "none of those", "Bearer " + testToken: `{"sites":[{"id":"t.org"`,
	} {
		if got := answerTo(t, base+"/api/sites", authorization); !strings.Contains(got, want) || strings.Contains(got, `"s.org"`) {
			t.Errorf("the sites are told as %s, want %s", got, want)
		}
	}
	for _, want := range []string{`"segments":[{"name":"mine"`, "more than 2 questions an hour"} {
		if got := answerTo(t, base+"/api/sites", "Bearer "+testToken); !strings.Contains(got, want) {
			t.Errorf("the answer is %s, want %s", got, want)
		}
	}
}

// answerTo asks klar serve with a header Authorization, empty for none, whatever the status.
func answerTo(t *testing.T, address, authorization string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	client := http.Client{Timeout: patience}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestServeHangupWithoutConfiguration closes the terminal of a klar serve that has no file to read again.
func TestServeHangupWithoutConfiguration(t *testing.T) {
	t.Parallel()
	p, _ := startServe(t, t.TempDir())
	if said, err := p.stop(t, syscall.SIGHUP); err != nil {
		t.Errorf("klar serve ended with %v: %s", err, said)
	}
}

// TestLogFlags wants a word for what cannot be.
func TestLogFlags(t *testing.T) {
	t.Parallel()
	refused(t, `--log-format: "xml" is not text or json`, "serve", "--data", t.TempDir(), "--log-format", "xml")
	refused(t, `--log-level: "loud" is not debug, info, warn or error`, "serve", "--data", t.TempDir(), "--log-level", "loud")
	out, errs, err := klar(t, "serve", "--data", "/proc/none", "--log-format", "json")
	if err == nil || out != "" || !json.Valid([]byte(strings.TrimSpace(errs))) || !strings.Contains(errs, `"level":"ERROR"`) {
		t.Errorf("the end is not said in JSON: %v, %q, %q", err, out, errs)
	}
}

// TestProbe wants the reason why nothing can be written, without the name of a file.
func TestProbe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := probe(dir); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the probe left %d files (%v)", len(left), err)
	}
	file := filepath.Join(dir, "file")
	write(t, file, "", os.O_TRUNC)
	if err := probe(file); err == nil || strings.Contains(err.Error(), dir) {
		t.Errorf("a directory that is none gives %v", err)
	}
}
