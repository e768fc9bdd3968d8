package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// calmSums are the sums of an import of the log that nothing disturbed.
func calmSums(t *testing.T, log string) string {
	t.Helper()
	data := t.TempDir()
	mustKlar(t, "import", "--data", data, "--site", "s.org", log)
	return sums(t, data, tables)
}

// halves are the log's bytes, cut within a line behind the middle.
func halves(t *testing.T, log string) (first, second []byte) {
	t.Helper()
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	n := len(b) * 3 / 4
	return b[:n], b[n:]
}

// TestInterruptedImportGoesOn interrupts an import behind its first commits, and repeats the command.
func TestInterruptedImportGoesOn(t *testing.T) {
	t.Parallel()
	log := bigLog(t, 16)
	want := calmSums(t, log)
	first, _ := halves(t, log)
	data := t.TempDir()
	p := begin(t, "import", "--data", data, "--site", "s.org", "-")
	p.feed(t, first)
	begun := time.Now()
	said, err := p.stop(t, syscall.SIGINT)
	if err == nil || !strings.HasSuffix(said, "klar: interrupted; the same command goes on where this one stopped\n") {
		t.Errorf("after SIGINT: %v, %q", err, said)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("after SIGINT the import ended in %v", took)
	}
	if left := engineOf(data); left != 0 {
		t.Errorf("the import has ended, its engine, process %d, has not", left)
	}
	out := mustKlar(t, "import", "--data", data, "--site", "s.org", log)
	if !strings.Contains(out, " lines were imported before") {
		t.Errorf("the same log goes on with %q", out)
	}
	compare(t, data, want)
}

// TestOneImportAtATime has an import that waits for its standard input, and commands beside it.
func TestOneImportAtATime(t *testing.T) {
	t.Parallel()
	data, log := t.TempDir(), realLog(t)
	first, second := halves(t, log)
	p := begin(t, "import", "--data", data, "--site", "s.org", "-")
	p.feed(t, first)
	p.until(t, "-: format combined")
	refused(t, fmt.Sprintf("data directory %s is held by klar import, process %d", data, p.cmd.Process.Pid), "import", "--data", data, "--site", "t.org", log)
	if got := sums(t, data, "SELECT count() FROM klar_migrations"); got == "0" {
		t.Error("klar sql beside an import sees no tables")
	}
	_, base := startServe(t, data) // with the import's engine
	p.feed(t, second)
	if err := p.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if said, err := p.end(t); err != nil || !strings.Contains(said, "\n10,000 lines stored") {
		t.Errorf("the import ended with %v: %s", err, said)
	}
	// Its engine went with it; serve has one of its own now.
	if got := answer(t, base+"/api/v2/query", `{"site_id":"s.org","metrics":["requests"],"date_range":"all"}`); !strings.Contains(got, "10000") {
		t.Errorf("the Stats API answers %s", got)
	}
}

// TestImportOutlivesServe stops the klar serve whose engine an import uses, in the middle: the import takes the engine
// over, and every line counts once.
func TestImportOutlivesServe(t *testing.T) {
	t.Parallel()
	log := bigLog(t, 16)
	want := calmSums(t, log)
	first, second := halves(t, log)
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		data := t.TempDir()
		s, _ := startServe(t, data)
		p := begin(t, "import", "--data", data, "--site", "s.org", "-")
		p.feed(t, first)
		begun := time.Now()
		said, err := s.stop(t, signal)
		if took := time.Since(begun); signal == syscall.SIGTERM && (err != nil || took > 10*time.Second) {
			t.Errorf("serve ended with %v in %v: %s", err, took, said)
		}
		p.feed(t, second)
		if err := p.stdin.Close(); err != nil {
			t.Fatal(err)
		}
		if said, err := p.end(t); err != nil || !strings.Contains(said, "\n160,000 lines stored") {
			t.Errorf("after serve's %v the import ended with %v: %s", signal, err, said)
		}
		compare(t, data, want)
	}
}
