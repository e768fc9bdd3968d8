package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// bigLog is the real log thirty times over, a day later each time, so that an import takes long enough to be killed.
func bigLog(t *testing.T, times int) string {
	b, err := os.ReadFile(realLog(t))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "big.log")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range times {
		month := []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}[i%12]
		if _, err := f.Write(bytes.ReplaceAll(b, []byte("/May/2015"), []byte("/"+month+"/"+strconv.Itoa(2010+i/12)))); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// tables is what must come out the same however often the import was killed.
const tables = `SELECT (SELECT sum(requests) FROM minutes), (SELECT sum(bytes) FROM minutes), (SELECT sum(requests) FROM paths),
	(SELECT sum(requests) FROM bots), (SELECT sum(pageviews) FROM hits), (SELECT sum(visitors) FROM hits),
	(SELECT sum(visits) FROM hits), (SELECT sum(seconds) FROM hits), (SELECT sum(pageviews) FROM counts), (SELECT sum(visitors) FROM counts)`

// TestKilledImportCountsEveryLineOnce kills klar, the engine, or both, at twenty seeded random points of an import, and
// compares every sum with that of an import that nobody disturbed.
func TestKilledImportCountsEveryLineOnce(t *testing.T) {
	log := bigLog(t, 24)
	calm := t.TempDir()
	begun := time.Now()
	mustKlar(t, "import", "--data", calm, "--site", "example.org", log)
	whole := time.Since(begun)
	want := sums(t, calm, tables)

	const seed = 20261123
	rnd := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d, an undisturbed import takes %v and sums up to %s", seed, whole, want)
	data := t.TempDir()
	kills := 0
	for round := 0; kills < 20; round++ {
		if round == 60 {
			t.Fatalf("only %d of 60 imports could be killed", kills)
		}
		if killedImport(t, rnd, data, log, whole) {
			kills++
			continue
		}
		// It ended before it was killed: check it, and begin again with an empty store.
		compare(t, data, want)
		data = t.TempDir()
	}
	mustKlar(t, "import", "--data", data, "--site", "example.org", log)
	compare(t, data, want)
	out := mustKlar(t, "import", "--data", data, "--site", "example.org", log)
	if !strings.Contains(out, "0 lines stored") {
		t.Errorf("importing once more says %q", out)
	}
	compare(t, data, want)
}

func compare(t *testing.T, data, want string) {
	t.Helper()
	if got := sums(t, data, tables); got != want {
		t.Errorf("after the kills the sums are\n%s, without them\n%s", got, want)
	}
}

// killedImport starts an import and kills klar, its engine or both after a random part of the time that it takes. It
// reports whether the import was still running.
func killedImport(t *testing.T, rnd *rand.Rand, data, log string, whole time.Duration) bool {
	t.Helper()
	cmd := exec.Command("klar", "import", "--data", data, "--site", "example.org", log)
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	who := rnd.IntN(3)
	select {
	case err := <-ended:
		if err != nil {
			t.Fatalf("an undisturbed import failed: %v", err)
		}
		return false
	case <-time.After(time.Duration(rnd.Float64() * float64(whole))):
	}
	if engine := engineOf(data); who != 0 && engine > 0 {
		_ = syscall.Kill(engine, syscall.SIGKILL)
	}
	if who != 1 {
		_ = cmd.Process.Kill()
		<-ended
		return true
	}
	select { // only the engine was killed: klar must get over it
	case err := <-ended:
		if err != nil {
			t.Errorf("klar did not survive its engine's end: %v: %s", err, errs.String())
		}
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		t.Error("klar hangs after its engine's end")
	}
	return true
}

// engineOf finds the engine's process by the data directory that it has open.
func engineOf(data string) int {
	sockets, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, s := range sockets {
		pid, _ := strconv.Atoi(strings.Split(s, "/")[2])
		line, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
		if !bytes.Contains(line, []byte("\x00engine")) {
			continue
		}
		files, _ := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), "fd", "*"))
		for _, f := range files {
			if to, err := os.Readlink(f); err == nil && strings.HasPrefix(to, data) {
				return pid
			}
		}
	}
	return 0
}
