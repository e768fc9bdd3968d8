package main

import (
	"bytes"
	"math/rand/v2"
	"os"
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
	k := &importKiller{program: plainKlar(t), log: bigLog(t, 24), rnd: rand.New(rand.NewPCG(*seed, 0)), data: t.TempDir()}
	begun := time.Now()
	k.program.must(t, k.command()...)
	k.whole = time.Since(begun)
	k.want = k.program.sums(t, k.data, tables)
	t.Logf("seed %d, an undisturbed import takes %v and sums up to %s", *seed, k.whole, k.want)
	k.data = t.TempDir()
	kills := 0
	for round := 0; kills < 20; round++ {
		if round == 60 {
			t.Fatalf("only %d of 60 imports could be killed", kills)
		}
		killed, through := k.disturb(t)
		if killed {
			kills++
		}
		if through { // check it, and begin again with an empty store
			k.compare(t)
			k.data = t.TempDir()
		}
	}
	k.program.must(t, k.command()...)
	k.compare(t)
	out := k.program.must(t, k.command()...)
	if !strings.Contains(out, "0 lines stored") {
		t.Errorf("importing once more says %q", out)
	}
	k.compare(t)
}

// importKiller disturbs imports of one log.
type importKiller struct {
	program   program
	rnd       *rand.Rand
	log, data string
	whole     time.Duration // that an import takes
	want      string
}

func (k *importKiller) command() []string {
	return []string{"import", "--data", k.data, "--site", "example.org", k.log}
}

// compare wants the sums of an import to be those of one that was not disturbed.
func compare(t *testing.T, data, want string) {
	t.Helper()
	if got := sums(t, data, tables); got != want {
		t.Errorf("after the kills the sums are\n%s, without them\n%s", got, want)
	}
}

func (k *importKiller) compare(t *testing.T) {
	t.Helper()
	if got := k.program.sums(t, k.data, tables); got != k.want {
		t.Errorf("after the kills the sums are\n%s, without them\n%s", got, k.want)
	}
}

// disturb starts an import and kills klar, its engine or both after a random part of the time that it takes. It reports
// whether something was killed, and whether the import got through.
func (k *importKiller) disturb(t *testing.T) (killed, through bool) {
	t.Helper()
	begun := time.Now()
	p := k.program.begin(t, k.command()...)
	who := k.rnd.IntN(3)
	select {
	case <-p.ended:
		if p.result != nil {
			t.Fatalf("an undisturbed import failed: %v", p.result)
		}
		k.whole = min(k.whole, time.Since(begun))
		return false, true
	case <-time.After(time.Duration(k.rnd.Float64() * float64(k.whole))):
	}
	if engine := engineOf(k.data); who != 0 && engine > 0 {
		killed = syscall.Kill(engine, syscall.SIGKILL) == nil
	}
	if who != 1 {
		_ = p.cmd.Process.Kill()
		<-p.ended
		return true, false
	}
	if said, err := p.end(t); err != nil { // only the engine was killed: klar must get over it
		t.Errorf("klar did not survive its engine's end: %v: %s", err, said)
	}
	return killed, true
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
