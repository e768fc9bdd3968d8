package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKilledServeCountsEveryLineOnce kills klar serve, its engine or both ten times while a server writes and rotates.
func TestKilledServeCountsEveryLineOnce(t *testing.T) {
	t.Parallel()
	const kills = 10
	config, data, logs := follower(t, "auto")
	rotate, end, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	w := &webServer{dir: logs, rnd: rand.New(rand.NewPCG(*seed, 2)), rotate: rotate}
	w.open()
	go func() {
		defer close(ended)
		w.run(end)
	}()
	k := &serveKiller{program: plainKlar(t), rnd: rand.New(rand.NewPCG(*seed, 1)), config: config, data: data}
	for i := range kills {
		p, _ := k.program.serveLogs(t, config, data)
		if i == 0 { // what was rotated away before klar was there is not to be read
			k.waitForFirst(t)
			close(rotate)
		}
		k.kill(t, p)
	}
	p, _ := k.program.serveLogs(t, config, data)
	close(end)
	<-ended
	if w.err != nil {
		t.Fatal(w.err)
	}
	t.Logf("seed %d: %d lines, %d rotations, %d kills", *seed, w.lines, len(w.how), kills)
	k.arrive(t, w)
	if said, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Errorf("serve ended with %v: %s", err, said)
	}
	k.arrive(t, w) // and nothing twice at the end
}

// serveKiller disturbs a klar serve.
type serveKiller struct {
	program      program
	rnd          *rand.Rand
	config, data string
}

// waitForFirst waits until there is more in the spool than the head of a segment.
func (k *serveKiller) waitForFirst(t *testing.T) {
	t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); <-time.After(20 * time.Millisecond) {
		names, _ := filepath.Glob(filepath.Join(k.data, "spool", "serve", "*.segment"))
		for _, name := range names {
			if info, err := os.Stat(name); err == nil && info.Size() > 100 {
				return
			}
		}
	}
	t.Fatal("nothing comes into the spool")
}

// kill kills klar, its engine or both after a while; if only the engine, klar is stopped after some more.
func (k *serveKiller) kill(t *testing.T, p *process) {
	t.Helper()
	<-time.After(time.Duration(200+k.rnd.IntN(1000)) * time.Millisecond)
	who := k.rnd.IntN(3)
	if engine := engineOf(k.data); who > 0 && engine > 0 {
		_ = syscall.Kill(engine, syscall.SIGKILL)
	}
	if who < 2 {
		_ = p.cmd.Process.Kill()
		<-p.ended
		return
	}
	<-time.After(200 * time.Millisecond)
	if said, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Errorf("after its engine's end, serve ended with %v: %s", err, said)
	}
}

// arrive waits until the store holds what the server has written.
func (k *serveKiller) arrive(t *testing.T, w *webServer) {
	t.Helper()
	want, got := fmt.Sprintf("%d\t%d", w.lines, w.bytes), ""
	for late := time.Now().Add(patience); time.Now().Before(late); <-time.After(200 * time.Millisecond) {
		if got = k.program.sums(t, k.data, "SELECT sum(requests), sum(bytes) FROM minutes"); got == want {
			return
		}
	}
	t.Errorf("requests and bytes are %s, want %s", got, want)
	stored := strings.Split(k.program.sums(t, k.data, "SELECT path, sum(requests) FROM paths GROUP BY path"), "\n")
	for i, lines := range w.files {
		if lines > 0 && !slices.Contains(stored, fmt.Sprintf("%s\t%d", fileName(i), lines)) {
			t.Logf("rotated away as %q: the log's file %d has %d lines", append(w.how, "")[i], i, lines)
		}
	}
	t.Fatalf("requests by the log's files are %q", stored)
}
