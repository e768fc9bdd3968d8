package embedded

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/storage/lockfile"
)

const (
	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 5 * time.Second
	// steadyAfter is how long an engine must have run for its end to count as the first one again.
	steadyAfter = time.Minute
)

// supervisor runs the engine's process and starts it again when it ends. One goroutine does all of it, from
// supervise to stop.
type supervisor struct {
	options  Options
	lock     *lockfile.Lock
	restarts prometheus.Counter
	stopping chan struct{}
	done     chan struct{}

	mu    sync.Mutex
	child *exec.Cmd
	since time.Time // when the child began to answer; zero while there is none that does
	stdin *os.File
	cause error // why the engine does not answer, when that is known
	ended bool  // it never came up, though nobody killed it, and run has given up
}

// supervise starts the engine's process. The lock is the supervisor's from now on.
func supervise(o Options, lock *lockfile.Lock, restarts prometheus.Counter) *supervisor {
	s := &supervisor{options: o, lock: lock, restarts: restarts, stopping: make(chan struct{}), done: make(chan struct{})}
	go s.run()
	return s
}

func (s *supervisor) run() {
	defer close(s.done)
	defer s.lock.Release()
	// Linux sends the child its signal when the thread that started it ends, so this thread has to stay.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	wait := firstBackoff
	for first := true; ; first = false {
		started := time.Now()
		came, err := s.runChild()
		select {
		case <-s.stopping:
			return
		default:
		}
		s.set(err)
		if first && !came && !killed(err) {
			s.mu.Lock()
			s.ended = true
			s.mu.Unlock()
			return
		}
		if time.Since(started) > steadyAfter {
			wait = firstBackoff
		}
		s.restarts.Inc()
		s.options.Logger.Warn("the embedded engine ended and is started again", slog.String("reason", err.Error()), slog.Duration("after", wait))
		timer := time.NewTimer(wait)
		select {
		case <-s.stopping:
			timer.Stop()
			return
		case <-timer.C:
		}
		wait = min(2*wait, lastBackoff)
	}
}

// runChild runs the engine's process until it ends. It reports whether it ever answered, and why it ended.
func (s *supervisor) runChild() (came bool, err error) {
	stdinChild, stdin, err := os.Pipe()
	if err != nil {
		return false, fmt.Errorf("the engine's process cannot be started: %w", err)
	}
	defer func() { _ = stdin.Close() }()
	cmd := exec.Command(s.options.Command[0], s.options.Command[1:]...)
	cmd.Dir = s.options.Dir
	cmd.Env = childEnvironment()
	cmd.Stdin = stdinChild
	cmd.ExtraFiles = []*os.File{s.lock.File()}
	cmd.SysProcAttr = childAttributes()
	boot := &bootMessage{}
	cmd.Stderr = boot
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	_ = stdinChild.Close()
	if err != nil {
		return false, fmt.Errorf("the engine's process cannot be started: %w", err)
	}
	if !s.adopt(cmd, stdin) {
		_ = stdin.Close()
	}
	o := s.options
	// A child that dies at once makes this fail; what it says, or its end, is the better reason.
	_ = json.NewEncoder(stdin).Encode(ServeOptions{Dir: o.Dir, LibPath: o.LibPath, MemoryLimit: o.MemoryLimit, Listen: o.Listen})
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	word, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
	if came = word == statusReady; came {
		boot.end()
		s.came(time.Now())
		o.Logger.Info("the embedded engine answers", slog.Int("pid", cmd.Process.Pid))
	}
	err = cmd.Wait()
	s.adopt(nil, nil)
	switch {
	case word == statusError && reason != "":
		return false, errors.New(reason + boot.text())
	case err != nil:
		return came, fmt.Errorf("the engine's process ended: %w%s", err, boot.text())
	}
	return came, errors.New("the engine's process ended without a reason")
}

// killed reports whether the child was ended from outside, which says nothing of how the next one fares.
func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// childEnvironment is this process's, but for the time zone: times without one are UTC on every machine.
func childEnvironment() []string { return append(os.Environ(), "TZ=UTC") }

// adopt notes the running child. It reports false when the supervisor is already stopping.
func (s *supervisor) adopt(cmd *exec.Cmd, stdin *os.File) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.child, s.stdin, s.since = cmd, stdin, time.Time{}
	select {
	case <-s.stopping:
		return false
	default:
		return true
	}
}

func (s *supervisor) set(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cause = cause
}

// came notes that the child answers.
func (s *supervisor) came(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cause, s.since = nil, now
}

// startedAt is when the child began to answer, in seconds since 1970; 0 if it does not.
func (s *supervisor) startedAt() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		return 0
	}
	return float64(s.since.UnixMilli()) / 1000
}

// state returns why the engine may not answer, and whether the supervisor has given up.
func (s *supervisor) state() (cause error, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cause, s.ended
}

func (s *supervisor) childID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.child == nil {
		return 0
	}
	return s.child.Process.Pid
}

// stop ends the child, by the end of its standard input and, if that does not help, by force. It is called once.
func (s *supervisor) stop() {
	close(s.stopping)
	s.mu.Lock()
	if s.stdin != nil {
		_ = s.stdin.Close()
	}
	s.mu.Unlock()
	force := time.NewTimer(drainTime + 5*time.Second)
	defer force.Stop()
	select {
	case <-s.done:
	case <-force.C:
		s.mu.Lock()
		if s.child != nil {
			_ = s.child.Process.Kill()
		}
		s.mu.Unlock()
		<-s.done
	}
}
