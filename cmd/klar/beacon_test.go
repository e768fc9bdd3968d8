package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// person is an agent that a person uses.
const person = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"

// testToken is the token in the configuration of beaconConfig.
const testToken = "token-of-the-shop-in-the-tests"

// beaconConfig writes a configuration with the site example.org and returns its name and the data directory.
func beaconConfig(t *testing.T) (file, data string) {
	t.Helper()
	dir := t.TempDir()
	file, data = filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "data")
	tokens := filepath.Join(dir, "tokens")
	text := fmt.Sprintf("sites: [{id: example.org, hosts: [shop.example.org]}]\nbeacons: {rate: 0, token_file: %q}\n", tokens)
	for name, content := range map[string]string{file: text, tokens: testToken + "\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return file, data
}

// send sends an event and returns the answer's status, 0 for none, and why it was dropped.
func send(t *testing.T, base, body string, headers ...string) (status int, dropped string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/event", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", person)
	r.Header.Set("Content-Type", "text/plain")
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	client := http.Client{Timeout: patience}
	answer, err := client.Do(r)
	if err != nil {
		return 0, ""
	}
	_ = answer.Body.Close()
	return answer.StatusCode, answer.Header.Get("X-Klar-Dropped")
}

// viewOf is a page view of a path of example.org.
func viewOf(path string) string {
	return fmt.Sprintf(`{"n":"pageview","u":"https://example.org%s","d":"example.org"}`, path)
}

// TestBeaconsAreCounted sends events and reads the figures they make.
func TestBeaconsAreCounted(t *testing.T) {
	t.Parallel()
	config, data := beaconConfig(t)
	p, base := startServe(t, data, "--config", config)
	for i, body := range []string{
		viewOf("/"), `{"n":"engagement","u":"https://example.org/","d":"example.org","sd":60,"e":4000}`,
		viewOf("/tariffs?utm_source=letter"), `{"n":"Call","u":"https://example.org/tariffs","d":"example.org"}`,
		`{"n":"pageview","u":"https://shop.example.org/#/cart","d":"example.org","h":1}`,
	} {
		if status, dropped := send(t, base, body); status != http.StatusAccepted || dropped != "" {
			t.Fatalf("event %d is answered with %d and dropped as %q", i, status, dropped)
		}
	}
	for want, body := range map[string]string{
		"unknown site": `{"n":"pageview","u":"https://x.org/","d":"x.org"}`, "host not of the site": `{"n":"pageview","u":"https://x.org/","d":"example.org"}`,
	} {
		if status, dropped := send(t, base, body); status != http.StatusAccepted || dropped != want {
			t.Errorf("answered with %d and dropped as %q, want %q", status, dropped, want)
		}
	}
	if _, dropped := send(t, base, viewOf("/"), "Sec-GPC: 1"); dropped != "opted out" {
		t.Errorf("who opted out is dropped as %q", dropped)
	}
	other := strings.Replace(`{"n":"Call","u":"https://example.org/tariffs","d":"example.org","ip":"192.0.2.1","user_agent":"AGENT"}`, "AGENT", person, 1)
	if status, _ := send(t, base, "["+other+","+other+"]", "Authorization: Bearer "+testToken); status != http.StatusAccepted {
		t.Errorf("a server's events are answered with %d", status)
	}
	if status, _ := send(t, base, other, "Authorization: Bearer "+testToken[1:]); status != http.StatusUnauthorized {
		t.Errorf("with another token answered with %d", status)
	}
	if got := answer(t, base+"/api/v1/stats/realtime/visitors?site_id=example.org", ""); got != "2\n" {
		t.Errorf("%s visitors are current, want 2", got)
	}
	if said, err := p.stop(t, syscall.SIGINT); err != nil { // delivers what is on its way
		t.Fatalf("serve ended with %v: %s", err, said)
	}
	for want, query := range map[string]string{
		"3\t6\t2\t2":         "SELECT sum(pageviews), sum(events), sum(visitors), sum(visits) FROM hits",
		"/\n/cart\n/tariffs": "SELECT DISTINCT path FROM hits WHERE path != '' ORDER BY path",
		"4\t60\t1\t3\t1":     "SELECT sum(reading), sum(scroll), sum(scrolled), sum(timed), sum(exits) FROM hits",
		"Call\t3":            "SELECT event, sum(events) FROM hits WHERE event != '' GROUP BY event",
		"api\tevent\t2\nbeacon\tevent\t1\nbeacon\tpage\t3": "SELECT origin, kind, sum(requests) FROM minutes GROUP BY origin, kind ORDER BY toString(origin), toString(kind)",
	} {
		if got := sums(t, data, query); got != want {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
	}
}

// TestKilledAfterTheAnswer kills klar again and again while events come in. Each that was answered with 202 must be counted
// once; one that was not answered may be, but no more than once.
func TestKilledAfterTheAnswer(t *testing.T) {
	t.Parallel()
	config, data := beaconConfig(t)
	var mu sync.Mutex
	answered := map[string]bool{}
	for round := range 4 {
		p, base := startServe(t, data, "--config", config)
		var senders sync.WaitGroup
		enough := make(chan struct{})
		for sender := range 8 {
			senders.Go(func() {
				for i := 0; ; i++ {
					path := fmt.Sprintf("/r%c/s%c/n%s", 'a'+round, 'a'+sender, letters(i))
					status, _ := send(t, base, viewOf(path))
					if status != http.StatusAccepted {
						return
					}
					mu.Lock()
					answered[path] = true
					if len(answered) == (round+1)*150 {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		select {
		case <-enough:
		case <-time.After(patience):
			t.Fatal("the events are not answered")
		}
		if err := p.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-p.ended
		senders.Wait()
		mu.Lock()
		t.Logf("round %d: %d events answered", round, len(answered))
		mu.Unlock()
	}
	p, _ := startServe(t, data, "--config", config)
	if said, err := p.stop(t, syscall.SIGINT); err != nil {
		t.Fatalf("serve ended with %v: %s", err, said)
	}
	counted := map[string]string{}
	for line := range strings.Lines(sums(t, data, "SELECT path, sum(pageviews) FROM hits GROUP BY path")) {
		path, n, _ := strings.Cut(strings.TrimSpace(line), "\t")
		counted[path] = n
		if n != "1" {
			t.Errorf("%s is counted %s times", path, n)
		}
	}
	for path := range answered {
		if counted[path] == "" {
			t.Errorf("%s was answered and is lost", path)
		}
	}
	if more := len(counted) - len(answered); more > 4*8 {
		t.Errorf("%d views are counted that were not answered; only those under way can be", more)
	}
}

// letters writes a number so that no path looks like personal data.
func letters(n int) string {
	var b []byte
	for {
		b = append(b, 'a'+byte(n%26))
		if n /= 26; n == 0 {
			return string(b)
		}
	}
}
