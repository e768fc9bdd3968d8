package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAddressToOpen(t *testing.T) {
	for _, c := range []struct {
		listens, open string
		local         bool
	}{
		{"127.0.0.1:8080", "127.0.0.1:8080", true},
		{"[::1]:8080", "[::1]:8080", true},
		{"[::ffff:127.0.0.1]:8080", "127.0.0.1:8080", true},
		{"0.0.0.0:8080", "127.0.0.1:8080", false},
		{"[::]:8080", "127.0.0.1:8080", false},
		{"192.0.2.1:8080", "192.0.2.1:8080", false},
		{"[2001:db8::1]:80", "[2001:db8::1]:80", false},
	} {
		if open, local := addressToOpen(c.listens); open != c.open || local != c.local {
			t.Errorf("%s: open %s, local %v; want %s, %v", c.listens, open, local, c.open, c.local)
		}
	}
}

// TestServeBehindAProxy asks as a proxy does that passes the host on, on a listener that is open to all.
func TestServeBehindAProxy(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "klar.yaml")
	if err := os.WriteFile(file, []byte("http: {hosts: [Stats.example.org], listen: '0.0.0.0:0'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := begin(t, "serve", "--config", file, "--data", t.TempDir())
	said := p.until(t, "there is no user")
	_, base, _ := strings.Cut(said, "open ")
	base, _, _ = strings.Cut(base, "\n")
	if !strings.HasPrefix(base, "http://127.0.0.1:") {
		t.Fatalf("the address to open is %q", base)
	}
	for host, want := range map[string]int{"stats.example.org": 200, "STATS.example.org:443": 200, "rebound.example.net": 421} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/sites", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("asked as %s: status %d, want %d", host, response.StatusCode, want)
		}
	}
}
