package main

import (
	"io"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a klar that runs beside the test.
type process struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	said   *transcript
	ended  chan struct{}
	result error // after ended
}

// transcript is what a process printed so far, on stdout and stderr.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
	more chan struct{} // closed and made anew with each write
}

// Write notes what the process printed.
func (s *transcript) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(p)
	close(s.more)
	s.more = make(chan struct{})
	return len(p), nil
}

func (s *transcript) now() (text string, more <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String(), s.more
}

// patience bounds every wait for a process.
const patience = 40 * time.Second

// begin starts klar; it is killed at the end of the test if it still runs then.
func begin(t testing.TB, args ...string) *process {
	t.Helper()
	return raced.begin(t, args...)
}

func (program program) begin(t testing.TB, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(string(program), args...), said: &transcript{more: make(chan struct{})}, ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	var err error
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		p.result = p.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
		// The kernel kills its engine with it, which must be gone before the directory is removed.
		if i := slices.Index(args, "--data"); i >= 0 {
			for late := time.Now().Add(patience); engineOf(args[i+1]) != 0 && time.Now().Before(late); {
				runtime.Gosched()
			}
		}
	})
	return p
}

// until waits for the process to print something with text in it, and returns all that it printed.
func (p *process) until(t testing.TB, text string) string {
	t.Helper()
	late := time.After(patience)
	for {
		said, more := p.said.now()
		if strings.Contains(said, text) {
			return said
		}
		select {
		case <-more:
		case <-p.ended:
			said, _ = p.said.now()
			if strings.Contains(said, text) {
				return said
			}
			t.Fatalf("klar %s ended (%v) without saying %q, but %q", p.cmd.Args[1], p.result, text, said)
		case <-late:
			t.Fatalf("klar %s does not say %q, but %q", p.cmd.Args[1], text, said)
		}
	}
}

// feed writes to the process's stdin. It returns when the process has taken all but a pipe's buffer.
func (p *process) feed(t testing.TB, b []byte) {
	t.Helper()
	if _, err := p.stdin.Write(b); err != nil {
		said, _ := p.said.now()
		t.Fatalf("klar %s does not read on: %v; it says %q", p.cmd.Args[1], err, said)
	}
}

// end waits for the process's end and returns how it ended and what it printed.
func (p *process) end(t testing.TB) (said string, err error) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		said, _ = p.said.now()
		t.Fatalf("klar %s does not end; it says %q", p.cmd.Args[1], said)
	}
	said, _ = p.said.now()
	return said, p.result
}

// stop sends the signal and waits for the end.
func (p *process) stop(t testing.TB, s syscall.Signal) (said string, err error) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	return p.end(t)
}

// startServe starts klar serve on a free port and returns its address when it is ready.
func startServe(t testing.TB, data string, more ...string) (p *process, base string) {
	t.Helper()
	p = begin(t, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, more...)...)
	const ready = "Klar is ready: open "
	_, after, _ := strings.Cut(p.until(t, ready), ready)
	base, _, _ = strings.Cut(after, "\n")
	return p, base
}

// refused wants what every refusal is: a non-zero exit, nothing on stdout, and one line on stderr that begins with "klar: "
// and has text in it.
func refused(t testing.TB, text string, args ...string) {
	t.Helper()
	out, errs, err := klar(t, args...)
	if err == nil || out != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "klar: ") || !strings.Contains(errs, text) {
		t.Errorf("klar %s: err %v, stdout %q, stderr %q; want one line on stderr that begins with klar: and says %q", args[0], err, out, errs, text)
	}
}
