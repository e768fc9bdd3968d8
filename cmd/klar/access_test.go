package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// signingIn asks klar serve for a session, as a proxy passes it on for a browser elsewhere.
func signingIn(t *testing.T, base, name, password, from string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/session", strings.NewReader(fmt.Sprintf(`{"name": %q, "password": %q}`, name, password)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", from)
	r.Header.Set("X-Forwarded-Proto", "https")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return response
}

// TestServeAccess closes a running klar serve by adding a user beside it, signs in through a proxy, and reloads users of
// the configuration file. Nothing that it keeps or says tells from where.
func TestServeAccess(t *testing.T) {
	t.Parallel()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "klar.yaml")
	const password = "correct horse battery"
	const config = "http: {listen: '127.0.0.1:0'}\nsites: [{id: example.org}]\n"
	write(t, file, config, os.O_TRUNC)
	p := begin(t, "serve", "--config", file, "--data", data)
	_, base, _ := strings.Cut(p.until(t, "Klar is ready: open "), "Klar is ready: open ")
	base, _, _ = strings.Cut(base, "\n")
	status := func(path string) int {
		t.Helper()
		response, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	if got := status("/api/users"); got != http.StatusOK {
		t.Errorf("without users, this machine gets status %d", got)
	}
	if err := run(t.Context(), []string{"user", "add", "ada", "--data", data}, strings.NewReader(password), io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/users", "/api/sites", "/api/v1/stats/aggregate?site_id=example.org"} {
		if got := status(path); got != http.StatusUnauthorized {
			t.Errorf("%s after a user was added: status %d", path, got)
		}
	}

	signed := signingIn(t, base, "ada", password, "203.0.113.77")
	if c := signed.Header.Get("Set-Cookie"); signed.StatusCode != http.StatusOK || !strings.HasPrefix(c, "__Host-klar_session=") || !strings.Contains(c, "Secure") {
		t.Errorf("status %d, cookie %.40q", signed.StatusCode, c)
	}
	for i := range 10 {
		if r := signingIn(t, base, fmt.Sprint("name", i), "wrong", fmt.Sprint("198.51.100.", i)); r.StatusCode != http.StatusForbidden {
			t.Errorf("wrong password %d: status %d", i, r.StatusCode)
		}
	}
	if r := signingIn(t, base, "ada", password, "198.51.100.77"); r.StatusCode != http.StatusTooManyRequests {
		t.Errorf("from the network of ten wrong ones: status %d", r.StatusCode)
	}
	if r := signingIn(t, base, "ada", password, "203.0.113.77"); r.StatusCode != http.StatusOK {
		t.Errorf("from another network: status %d", r.StatusCode)
	}

	var hash strings.Builder
	if err := run(t.Context(), []string{"user", "hash"}, strings.NewReader(password), &hash, io.Discard); err != nil {
		t.Fatal(err)
	}
	write(t, file, config+fmt.Sprintf("users: [{name: bob, password_hash: %q, role: viewer}]\n", strings.TrimSpace(hash.String())), os.O_TRUNC)
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	metric(t, base, `klar_config_reloads_total{result="taken"} 1`)
	if r := signingIn(t, base, "bob", password, "192.0.2.77"); r.StatusCode != http.StatusOK {
		t.Errorf("a user of the configuration after a reload: status %d", r.StatusCode)
	}
	for _, name := range []string{"accounts.json", "audit.jsonl"} {
		text, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, planted := range []string{"203.0.113", "198.51.100", "192.0.2", password, "wrong"} {
			if strings.Contains(string(text), planted) {
				t.Errorf("%s holds an address or a password", name)
			}
		}
	}
}
