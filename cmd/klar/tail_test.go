package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestServedTail watches a log that twelve people and a bot are in, and ends klar meanwhile.
func TestServedTail(t *testing.T) {
	t.Parallel()
	config, data, logs := follower(t, "combined")
	p, base := serveLogs(t, config, data)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/api/pipeline/tail?site_id=z.org", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	events := bufio.NewReader(response.Body)
	if first, err := events.ReadString('\n'); err != nil || response.StatusCode != http.StatusOK || !strings.HasPrefix(first, ": ") {
		t.Fatalf("status %d, %q, %v", response.StatusCode, first, err)
	}
	now := time.Now().UTC()
	var lines strings.Builder
	line := func(address, path, agent string) {
		fmt.Fprintf(&lines, "%s - - [%s] \"GET %s HTTP/1.1\" 200 9 \"-\" %q\n", address, now.Format("02/Jan/2006:15:04:05 -0700"), path, agent)
	}
	for i := range 12 {
		line(fmt.Sprintf("198.51.%d.77", i), "/shown?secret=1", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
	}
	line("203.0.113.77", "/shown", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
	if err := os.WriteFile(filepath.Join(logs, "access.log"), []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	text := ""
	for !strings.Contains(text, "data:") {
		part, err := events.ReadString('\n')
		if text += part; err != nil {
			t.Fatalf("the tail ends with %v after %q", err, text)
		}
	}
	minute := `"minute":"` + now.Truncate(time.Minute).Format(time.RFC3339) + `"`
	for want, times := range map[string]int{minute: 13, `"path":"/shown"`: 13, `"bot":"Googlebot"`: 1, "withheld": 0, "198.51": 0, "203.0": 0, "secret": 0} {
		if got := strings.Count(text, want); got != times {
			t.Errorf("%s stands %d times in the tail, want %d: %s", want, got, times, text)
		}
	}
	// Of the twelve, those are described who came when nine had come with the same, as far as their networks are in one country.
	if n := strings.Count(text, `"browser":"Firefox 128"`); n < 1 || n > 3 {
		t.Errorf("%d people are described, want 1 to 3: %s", n, text)
	}
	begun := time.Now()
	said, err := p.stop(t, syscall.SIGTERM)
	if took := time.Since(begun); err != nil || took > 15*time.Second {
		t.Errorf("with a watcher, serve ended with %v in %v: %s", err, took, said)
	}
}
