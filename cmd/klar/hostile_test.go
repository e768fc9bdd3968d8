package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// maxResident bounds what klar serve may hold after the flood of TestHostileBeacons, in KiB: what it may be late with (see
// liveCutSums), twice, for Go collects garbage when there is as much of it.
const maxResident = 640 << 10

// TestHostileBeacons sends what nobody who means well does. Each must get a clear answer, the memory stay bounded, and others
// be counted meanwhile.
func TestHostileBeacons(t *testing.T) {
	t.Parallel()
	config, data := beaconConfig(t)
	p, base := startServe(t, data, "--config", config)
	for name, test := range map[string]struct {
		body    string
		headers []string
		want    int
	}{
		"half of UTF-8":        {"{\"n\":\"pageview\",\"u\":\"https://example.org/\xff\xfe\",\"d\":\"example.org\"}", nil, 202},
		"half a surrogate":     {`{"n":"\ud800","u":"https://example.org/\udfff","d":"example.org"}`, nil, 202},
		"brackets":             {strings.Repeat("[", 60<<10), nil, 400},
		"objects":              {strings.Repeat(`{"a":`, 10<<10), nil, 400},
		"zeros":                {strings.Repeat("\x00", 1000), nil, 400},
		"a large number":       {`{"n":1e999999999,"u":"https://example.org/","d":"example.org"}`, nil, 400},
		"a bomb of headers":    {viewOf("/"), []string{"X-Bomb: " + strings.Repeat("a", 1<<20)}, 431},
		"proxies without end":  {viewOf("/"), []string{"X-Forwarded-For: " + strings.Repeat("127.0.0.1,", 5000)}, 202},
		"hops without end":     {viewOf("/"), []string{"Forwarded: " + strings.Repeat(`for="[::1]";,`, 4000)}, 202},
		"a long agent":         {viewOf("/"), []string{"User-Agent: Mozilla/5.0 " + strings.Repeat("(a/1 ", 8000)}, 202},
		"a path of everything": {viewOf("/" + strings.Repeat("../%2e%2e/%00", 3000)), nil, 202},
	} {
		if status, _ := send(t, base, test.body, test.headers...); status != test.want {
			t.Errorf("%s: answered %d, want %d", name, status, test.want)
		}
	}
	endless(t, base)
	lists := floodLists
	if testing.Short() {
		lists = 30
	}
	flood(t, base, lists)
	if size := resident(t, p.cmd.Process.Pid); size > maxResident*raceFactor {
		t.Errorf("resident are %d KiB, more than %d", size, maxResident*raceFactor)
	}
	if status, dropped := send(t, base, viewOf("/the/last")); status != http.StatusAccepted || dropped != "" {
		t.Errorf("afterwards answered %d, dropped as %q", status, dropped)
	}
	if said, err := p.stop(t, syscall.SIGINT); err != nil {
		t.Fatalf("serve ended with %v: %s", err, said)
	}
	if got := sums(t, data, "SELECT sum(pageviews) FROM hits WHERE path = '/the/last' OR path LIKE '/flood/%'"); got != strconv.Itoa(1000*lists+1) {
		t.Errorf("%s of %d views are counted", got, 1000*lists+1)
	}
}

// endless sends a body of a gigabyte.
func endless(t *testing.T, base string) {
	t.Helper()
	body := &counter{}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/event", io.LimitReader(body, 1<<30))
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := http.DefaultClient.Do(r); err == nil { // else the connection was closed before the answer was read
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("a gigabyte is answered with %d", answer.StatusCode)
		}
	}
	if n := body.read.Load(); n > 64<<20 {
		t.Errorf("%d bytes of a gigabyte were taken", n)
	}
}

// counter is a reader of spaces without end.
type counter struct{ read atomic.Int64 } // read beside the sender's goroutine, which may go on

func (c *counter) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	c.read.Add(int64(len(b)))
	return len(b), nil
}

// flood sends lists of a thousand views of pages that nobody has seen before.
func flood(t *testing.T, base string, lists int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	for range lists {
		var events []string
		for range 1000 {
			events = append(events, fmt.Sprintf(`{"n":"pageview","u":"https://example.org/flood/%s","d":"example.org","ip":"100.%d.%d.9","user_agent":%q}`,
				letters(random.IntN(1<<40)), random.IntN(256), random.IntN(256), person))
		}
		if status, _ := send(t, base, "["+strings.Join(events, ",")+"]", "Authorization: Bearer "+testToken); status != http.StatusAccepted {
			t.Fatalf("a list is answered with %d", status)
		}
	}
}

// resident returns the resident memory of a process, in KiB; 0 where the system does not tell.
func resident(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "VmRSS:")
	size, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("resident: %d KiB", size)
	return size
}
