package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// denying has nginx believe which client asks, and deny whom Klar's file lists.
const denying = `
  access_log off;
  set_real_ip_from 127.0.0.1; real_ip_header X-Real-IP;
  geo $listed { default 0; include %[2]s; }
  server {
    listen %[1]s;
    location = /deny { include %[3]s; try_files /none =404; }
    location = /geo { if ($listed) { return 444; } return 200 "ok\n"; }
  }
`

// TestFeedsBlock imports what a scanner asked for, has klar serve write files of networks, and asks a real nginx that
// includes them as the scanner, as a neighbour and as somebody else.
func TestFeedsBlock(t *testing.T) {
	t.Parallel()
	nginx := realNginx(t)
	config, data, _ := follower(t, "combined")
	dir := t.TempDir()
	deny, geo := filepath.Join(dir, "deny.conf"), filepath.Join(dir, "geo.conf")
	addTo(t, config, fmt.Sprintf("alerts: {feeds: [{file: %q, format: nginx}, {file: %q, format: geo, ttl: 1h}]}\n", deny, geo))
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(goingScan(), "planted-page", "page"), "\n"), "\n")
	lines = append(lines, webLine("/harmless"), webLine("/harmless"))
	for _, harmless := range []string{"/", "/a", "/b"} {
		lines = append(lines, strings.Replace(webLine(harmless), plantedAddress, "198.51.100.200", 1))
	}
	mustKlar(t, "import", "--config", config, "--data", data, "--site", "z.org", "--alerts", writeLines(t, lines))
	p, _ := serveLogs(t, config, data)
	eventually(t, "the files are there", func() bool {
		_, err := os.Stat(geo) // the later one
		return err == nil
	})
	if said, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	text := string(read(t, deny))
	if !strings.Contains(text, "\ndeny 198.51.100.0/24; # until 2") || !strings.Contains(text, ": klar/http-scan; 15 requests of attacks, 3 harmless\n") || strings.Count(text, "deny ") != 1 {
		t.Errorf("the file for nginx holds %s", text)
	}
	server := startNginx(t, nginx, dir, func(address string) string { return fmt.Sprintf(denying, address, geo, deny) })
	for _, c := range []struct {
		client, path string
		status       int // 0: there is no answer
	}{
		{"198.51.100.7", "/deny", 403}, {"198.51.100.99", "/deny", 403}, {"198.51.101.7", "/deny", 404},
		{"198.51.100.7", "/geo", 0}, {"198.51.101.7", "/geo", 200},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.site+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Real-IP", c.client)
		client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
		status := 0
		if answer, err := client.Do(request); err == nil {
			status = answer.StatusCode
			_ = answer.Body.Close()
		}
		if status != c.status {
			t.Errorf("%s asks for %s and is answered %d, want %d", c.client, c.path, status, c.status)
		}
	}
}
