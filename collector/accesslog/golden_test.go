package accesslog

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/collector/raw"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sharedLogs returns the directory of the shared logs, beside the checkout.
func sharedLogs(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "logs")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the shared test data is missing: put it at ../shared/data beside the checkout (%v)", err)
	}
	return dir
}

// outline says what a hit has, without saying what it is: the logs are of real people.
func outline(h raw.Hit) string {
	f := h.Fields()
	return fmt.Sprintf("%s status=%d bytes=%d method=%d target=%d referrer=%d agent=%d host=%d addr=%v", h.At().Format("2006-01-02T15:04:05Z"), f.Status,
		f.Bytes, len(f.Method), len(f.Target), len(f.Referrer), len(f.UserAgent), len(f.Host), isAddress(f.Addr))
}

// TestCrowdsecLogs holds what is read from logs of attacks, of which some lines are error logs or have other formats,
// against golden files. Run it with -update after a change that is meant.
func TestCrowdsecLogs(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedLogs(t), "crowdsec", "*.log"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no logs: %v", err)
	}
	var out strings.Builder
	for _, file := range files {
		base := filepath.Base(file)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimRight(b, "\n"), []byte("\n"))
		fmt.Fprintf(&out, "== %s\n", base)
		f, err := Detect(lines)
		if err != nil {
			fmt.Fprintf(&out, "no format: %v\n", err)
			continue
		}
		fmt.Fprintf(&out, "%s\n", f.Name())
		p, h := f.NewParser(), raw.New()
		for i, l := range lines {
			if err := p.Parse(bytes.TrimRight(l, "\r"), h); err != nil {
				fmt.Fprintf(&out, "%d: %v\n", i+1, err)
				continue
			}
			fmt.Fprintf(&out, "%d: %s\n", i+1, outline(h))
		}
	}
	compareGolden(t, filepath.Join("testdata", "crowdsec.golden"), out.String())
}

// TestRealLog holds the figures of the shared 10,000-line log, which other tools agree on.
func TestRealLog(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(sharedLogs(t), "apache-combined-10k.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
	f, err := Detect(lines)
	if err != nil {
		t.Fatal(err)
	}
	p, h := f.NewParser(), raw.New()
	var size uint64
	codes := map[int]int{}
	for i, l := range lines {
		if err := p.Parse(l, h); err != nil {
			t.Errorf("line %d: %v", i+1, err)
			continue
		}
		size += h.Fields().Bytes
		codes[h.Fields().Status]++
	}
	want := "map[200:9126 206:45 301:164 304:445 403:2 404:213 416:2 500:3]"
	if got := fmt.Sprint(codes); f.Name() != "combined" || size != 2747282740 || got != want {
		t.Errorf("%s, %d bytes, %s", f.Name(), size, got)
	}
}
