package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// ErrAway says that no engine answered in the time that Options.Wait or the context gave.
var ErrAway = errors.New("the embedded engine does not answer")

// ErrClosed is what Dial returns after Close.
var ErrClosed = errors.New("the embedded engine is closed")

// pollEvery is how often Dial looks for an engine that is starting, here or in another process.
const pollEvery = 20 * time.Millisecond

// Engine is this process's access to the engine of a directory, run by itself or by another process. It is safe for
// concurrent use.
type Engine struct {
	options  Options
	restarts prometheus.Counter

	mu     sync.Mutex
	runs   *supervisor // nil while another process runs the engine
	closed bool
}

// Open makes the engine of the directory answer, starting it unless another process runs it. It returns when the
// engine answers a ping, or a reason that says what to do: libchdb missing (ErrNoLibrary) or too old, the
// directory not writable, the disk full, ErrAway. The context bounds Open only; Close ends the engine.
func Open(ctx context.Context, o Options) (*Engine, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("the data directory has no absolute path: %w", err)
	}
	o.Dir = dir
	// Before the directory is made, which would look like one with data in it.
	if o.LibPath == "" {
		if o.LibPath, err = FindLibrary(); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, dirError(err)
	}
	if len(o.Command) == 0 {
		exe, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("the program of the engine is unknown: %w", err)
		}
		o.Command = []string{exe, "engine"}
	}
	if o.MemoryLimit == 0 {
		o.MemoryLimit = min(max(physicalMemory()/4, 384<<20), 2<<30)
	}
	if o.Wait == 0 {
		o.Wait = DefaultWait
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Engine{options: o, restarts: restartCounter(o.Registerer)}
	if err := e.ping(ctx); err != nil {
		e.Close()
		return nil, err
	}
	e.registerProcess()
	return e, nil
}

// ping asks the engine whether it answers. One that dies while it is asked is asked again, because another process
// may just be giving it up.
func (e *Engine) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, e.options.Wait)
	defer cancel()
	var dialError error
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			conn, err := e.Dial(ctx)
			dialError = err
			return conn, err
		},
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine/ping", nil)
	if err != nil {
		return err
	}
	for {
		response, err := client.Do(request)
		switch {
		case dialError != nil:
			return dialError
		case ctx.Err() != nil:
			return ErrAway
		case err != nil:
			continue // Dial waits between its attempts, so this does not spin.
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%w: its ping has status %d", ErrAway, response.StatusCode)
		}
		return nil
	}
}

// Dial connects to the engine's HTTP interface. While the engine is away it waits, at most Options.Wait, and it
// starts the engine when the process that ran it is gone. Fit for clickhouse.Options.DialContext.
func (e *Engine) Dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, e.options.Wait)
	defer cancel()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		if e.isClosed() {
			return nil, ErrClosed
		}
		conn, err := e.connect(ctx)
		if err == nil {
			return conn, nil
		}
		cause, err := e.takeOver()
		if err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ErrAway, cause)
		case <-poll.C:
		}
	}
}

func (e *Engine) connect(ctx context.Context) (net.Conn, error) {
	path, release, err := socketPath(e.options.Dir)
	if err != nil {
		return nil, err
	}
	defer release()
	var dialer net.Dialer
	return dialer.DialContext(ctx, "unix", path)
}

// takeOver starts the engine if nobody runs it. It returns an error when the engine cannot be run at all, and
// else why it may not answer yet.
func (e *Engine) takeOver() (cause, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	if e.runs != nil {
		cause, ended := e.runs.state()
		if !ended {
			return cause, nil
		}
		// It never came up. The next Dial tries again from the start, because the reason may be gone by then.
		e.runs.stop()
		e.runs = nil
		return nil, cause
	}
	lock, err := tryLock(e.options.Dir)
	if err != nil {
		return nil, err
	}
	if lock == nil {
		return fmt.Errorf("process %d holds the data directory", Holder(e.options.Dir)), nil
	}
	e.runs = supervise(e.options, lock, e.restarts)
	return nil, nil
}

func (e *Engine) isClosed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// Runs reports whether this process runs the engine, rather than using another's.
func (e *Engine) Runs() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.runs != nil
}

// ChildID returns the process id of the engine that this process runs; 0 when another one runs it or it is away.
func (e *Engine) ChildID() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.runs == nil {
		return 0
	}
	return e.runs.childID()
}

// Close ends the engine if this process runs it: running statements get 5 s to end. Other processes that use the
// engine then start it anew. Close may be called more than once.
func (e *Engine) Close() {
	e.mu.Lock()
	runs := e.runs
	e.runs, e.closed = nil, true
	e.mu.Unlock()
	if runs != nil {
		runs.stop()
	}
}
