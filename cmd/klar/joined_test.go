package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestLogAndBeaconsCountOnce lets one klar serve hear of the same people by a log and by beacons, in either order and over a
// reload; some block the beacons, and one has no line, as where a cache answers.
func TestLogAndBeaconsCountOnce(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), t.TempDir()
	file, log := filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "access.log")
	write(t, file, fmt.Sprintf("sites: [{id: example.org}]\nsources: [{file: %q, site: example.org, format: combined}]\n", log), os.O_TRUNC)
	write(t, log, "", os.O_TRUNC)
	p, base := serveLogs(t, file, data)
	lines := 0
	view := func(who int, path string) { // by the log
		t.Helper()
		at := time.Now().UTC().Format("02/Jan/2006:15:04:05 -0700")
		write(t, log, fmt.Sprintf("10.0.%d.7 - - [%s] \"GET %s?page=1 HTTP/1.1\" 200 99 \"-\" \"%s\"\n", who, at, path, person), os.O_APPEND)
		lines++
	}
	read := func() {
		t.Helper()
		metric(t, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source=%q} %d`, log, lines))
	}
	tell := func(who int, path string) { // by a beacon
		t.Helper()
		body := strings.Replace(viewOf(path), "{", `{"w":1280,`, 1)
		status, dropped := send(t, base, body, fmt.Sprintf("X-Forwarded-For: 10.0.%d.99", who), "Accept-Language: de-DE,de;q=0.7")
		if status != http.StatusAccepted || dropped != "" {
			t.Fatalf("a beacon is answered with %d and dropped as %q", status, dropped)
		}
	}
	for who := range 8 { // 0 to 5 have beacons, 6 and 7 block them
		view(who, "/")
	}
	read()
	for who := range 6 {
		tell(who, "/")
		tell(who, "/prices")
	}
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	metric(t, base, `klar_config_reloads_total{result="taken"} 1`)
	for who := range 8 {
		view(who, "/prices")
	}
	tell(8, "/prices")
	read()
	if got := answer(t, base+"/api/v1/stats/realtime/visitors?site_id=example.org", ""); got != "9\n" {
		t.Errorf("%s visitors are current, want 9", got)
	}
	if said, err := p.stop(t, syscall.SIGINT); err != nil { // delivers what is on its way
		t.Fatalf("serve ended with %v: %s", err, said)
	}
	got := mustKlar(t, "query", "--config", file, "--data", data, "--site", "example.org", "--json",
		`{"metrics": ["visitors", "visits", "pageviews", "events", "requests", "beaconless_rate"], "date_range": "all"}`)
	// 17 page views of 9 people, 4 of them without beacons; 16 lines and 13 beacons.
	if want := `"metrics":[9,9,17,17,29,23.5]`; !strings.Contains(strings.Join(strings.Fields(got), ""), want) {
		t.Errorf("the answer is %s, want %s in it", got, want)
	}
	if got, want := sums(t, data, "SELECT path, sum(pageviews), sum(beaconed), sum(visitors_page), sum(engaged) FROM hits GROUP BY path ORDER BY path"),
		"/\t8\t6\t8\t0\n/prices\t9\t7\t9\t8"; got != want {
		t.Errorf("by page %q, want %q", got, want)
	}
	// What the lines could not tell was counted anew when the beacons told it.
	if got, want := sums(t, data, "SELECT dimension, value, sum(visitors) AS n FROM counts WHERE dimension IN ('visit:language', 'visit:screen', 'visit:os') "+
		"GROUP BY dimension, value HAVING n != 0 ORDER BY dimension, value"),
		"visit:language\t\t2\nvisit:language\tde-DE\t7\nvisit:os\tLinux\t9\nvisit:screen\t\t2\nvisit:screen\tLaptop\t7"; got != want {
		t.Errorf("by attribute %q, want %q", got, want)
	}
}
