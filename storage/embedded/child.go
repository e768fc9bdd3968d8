package embedded

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The first word of the child's one line to its parent.
const (
	statusReady = "ready"
	statusError = "error"
)

// bootMessage keeps the start of what the child writes to its standard error before it answers: that is where
// libchdb says why it does not open a directory, and nothing that was stored can be in it yet. What comes later
// is dropped.
type bootMessage struct {
	mu    sync.Mutex
	start []byte
	over  bool
}

func (b *bootMessage) Write(p []byte) (int, error) {
	const enough = 1 << 10
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.over {
		b.start = append(b.start, p[:min(len(p), enough-len(b.start))]...)
	}
	return len(p), nil
}

func (b *bootMessage) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.start, b.over = nil, true
}

// text is ClickHouse's own reason, to be put behind another; "" when there is none.
func (b *bootMessage) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	line, _, _ := strings.Cut(string(b.start), "\n")
	if !strings.HasPrefix(line, "Code: ") {
		return ""
	}
	return ": " + line
}

// ServeChild is the whole of `klar engine`: it takes its options as a line of JSON from stdin, serves the engine,
// tells its parent on stdout when it answers or why it cannot, and ends when stdin does, that is when the parent
// closes it or is dead. Signals of the terminal are for the parent and ignored. The process must exit when
// ServeChild returns.
func ServeChild(ctx context.Context, stdin io.Reader, stdout io.Writer) error {
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	input := bufio.NewReader(stdin)
	line, err := input.ReadBytes('\n')
	var o ServeOptions
	if err != nil || json.Unmarshal(line, &o) != nil || o.Dir == "" {
		return errors.New("klar engine is started by the other commands and of no use alone")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		// Ends with the process: nothing else can follow on stdin than its end.
		_, _ = io.Copy(io.Discard, input)
		cancel()
		// Serve drains for a bounded time, but libchdb may be in the middle of booting.
		time.AfterFunc(drainTime+2*time.Second, func() { os.Exit(1) })
	}()
	err = Serve(ctx, o, func() { _, _ = fmt.Fprintln(stdout, statusReady) })
	if err != nil {
		_, _ = fmt.Fprintln(stdout, statusError, strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return err
}
