package main

import (
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// follower is the configuration of a klar serve that follows the logs of a directory.
func follower(t *testing.T, format string) (config, data, logs string) {
	t.Helper()
	dir := t.TempDir()
	config, data, logs = filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "data"), filepath.Join(dir, "logs")
	text := fmt.Sprintf("sites: [{id: z.org}]\nsources: [{file: %q, site: z.org, format: %q}]\n", filepath.Join(logs, "*access.log"), format)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(logs, 0o700); err != nil {
		t.Fatal(err)
	}
	return config, data, logs
}

// serveLogs starts klar serve with a configuration, and returns when it is ready.
func serveLogs(t *testing.T, config, data string) (p *process, base string) {
	t.Helper()
	p = begin(t, "serve", "--config", config, "--data", data, "--listen", "127.0.0.1:0")
	const ready = "Klar is ready: open "
	_, after, _ := strings.Cut(p.until(t, ready), ready)
	base, _, _ = strings.Cut(after, "\n")
	return p, base
}

// arrive waits until the store holds so many requests.
func arrive(t *testing.T, data, want string) {
	t.Helper()
	got := ""
	for late := time.Now().Add(patience); time.Now().Before(late); {
		if got = sums(t, data, "SELECT sum(requests), sum(bytes) FROM minutes"); got == want {
			return
		}
	}
	t.Fatalf("requests and bytes are %s, want %s", got, want)
}

// TestServedLogLeaksNothing follows a log full of what must not be stored, and looks for it everywhere.
func TestServedLogLeaksNothing(t *testing.T) {
	t.Parallel()
	config, data, logs := follower(t, plantedFormat)
	lines := strings.Join(plantedLines(true), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(logs, "access.log"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	p, base := serveLogs(t, config, data)
	for late := time.Now().Add(patience); !strings.Contains(answer(t, base+"/metrics", ""), `result="rejected"`) || sums(t, data, "SELECT sum(requests) FROM minutes") == "0"; {
		if time.Now().After(late) {
			t.Fatal("nothing of the log arrives")
		}
	}
	search(t, "the metrics", []byte(answer(t, base+"/metrics", "")))
	searchFiles(t, data)
	if err := os.Truncate(filepath.Join(logs, "access.log"), 0); err != nil {
		t.Fatal(err)
	}
	p.until(t, "truncated")
	said, err := p.stop(t, syscall.SIGTERM)
	if err != nil {
		t.Errorf("serve ended with %v", err)
	}
	search(t, "what serve says", []byte(said))
	searchFiles(t, data)
}

// webServer writes numbered lines to a log, and rotates it in every way.
type webServer struct {
	dir         string
	log         *os.File
	rnd         *rand.Rand
	lines       int
	bytes       int
	rotations   int
	lastRotated time.Time
	err         error
}

// run writes until it is told to end, then says how it ended.
func (w *webServer) run(end <-chan struct{}) {
	tick := time.NewTicker(4 * time.Millisecond)
	defer tick.Stop()
	w.lastRotated = time.Now()
	for w.err == nil {
		select {
		case <-end:
			w.err = w.log.Close()
			return
		case <-tick.C:
		}
		w.write(1 + w.rnd.IntN(40))
		if w.err == nil && time.Since(w.lastRotated) > 900*time.Millisecond {
			w.rotate()
		}
	}
}

func (w *webServer) write(n int) {
	var b strings.Builder
	now := time.Now().UTC().Format("02/Jan/2006:15:04:05 -0700")
	for range n {
		w.lines++
		w.bytes += w.lines
		fmt.Fprintf(&b, "198.51.100.%d - - [%s] \"GET /page/%d HTTP/1.1\" 200 %d \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\"\n",
			w.lines%250, now, w.lines%9, w.lines)
	}
	// Not line by line, as a server does that has a buffer.
	text := b.String()
	half := w.rnd.IntN(len(text))
	for _, part := range []string{text[:half], text[half:]} {
		if _, err := w.log.WriteString(part); err != nil {
			w.err = err
		}
	}
}

// rotate renames the log, packs it, or copies and truncates it.
func (w *webServer) rotate() {
	name := filepath.Join(w.dir, "access.log")
	to := fmt.Sprintf("%s-%014d", name, w.rotations)
	w.rotations++
	how := w.rnd.IntN(3)
	if how == 2 {
		b, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(to, b, 0o600)
		}
		if err == nil {
			err = w.log.Truncate(0)
		}
		w.err, w.lastRotated = err, time.Now()
		return
	}
	w.err = os.Rename(name, to)
	w.write(20) // before it is told to open the name anew
	if err := w.log.Close(); err != nil {
		w.err = err
	}
	w.open()
	if how == 1 && w.err == nil {
		w.err = pack(to)
	}
	w.lastRotated = time.Now()
}

func (w *webServer) open() {
	log, err := os.OpenFile(filepath.Join(w.dir, "access.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		w.err = err
	}
	w.log = log
}

// pack does what gzip does.
func pack(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	f, err := os.Create(name + ".gz")
	if err != nil {
		return err
	}
	z := gzip.NewWriter(f)
	if _, err := z.Write(b); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chtimes(name+".gz", info.ModTime(), info.ModTime()); err != nil {
		return err
	}
	return os.Remove(name)
}

// TestKilledServeCountsEveryLineOnce kills klar serve, its engine or both ten times while a server writes and rotates.
func TestKilledServeCountsEveryLineOnce(t *testing.T) {
	t.Parallel()
	const seed, kills = 20261123, 10
	rnd := rand.New(rand.NewPCG(seed, 1))
	config, data, logs := follower(t, "auto")
	w := &webServer{dir: logs, rnd: rand.New(rand.NewPCG(seed, 2))}
	w.open()
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		w.run(end)
	}()
	for range kills {
		p, _ := serveLogs(t, config, data)
		<-time.After(time.Duration(300+rnd.IntN(1200)) * time.Millisecond)
		who := rnd.IntN(3)
		if engine := engineOf(data); who > 0 && engine > 0 {
			_ = syscall.Kill(engine, syscall.SIGKILL)
		}
		if who < 2 {
			_ = p.cmd.Process.Kill()
			<-p.ended
			continue
		}
		<-time.After(300 * time.Millisecond)
		if said, err := p.stop(t, syscall.SIGTERM); err != nil {
			t.Errorf("after its engine's end, serve ended with %v: %s", err, said)
		}
	}
	p, _ := serveLogs(t, config, data)
	close(end)
	<-ended
	if w.err != nil {
		t.Fatal(w.err)
	}
	want := fmt.Sprintf("%d\t%d", w.lines, w.bytes)
	t.Logf("seed %d: %d lines, %d rotations, %d kills", seed, w.lines, w.rotations, kills)
	arrive(t, data, want)
	if said, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Errorf("serve ended with %v: %s", err, said)
	}
	arrive(t, data, want) // and nothing twice at the end
}
