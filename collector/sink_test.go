package collector

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/collector/raw"
)

var (
	errDropped = errors.New("the address is not one")
	errCrash   = errors.New("crash")
)

// memorySink is a sink that keeps how often each target was stored. What was not committed is lost with it, as in a crash.
type memorySink struct {
	committed, pending map[string]int
	positions          map[string][]byte
	// warm are the targets that were remembered, order all calls: + for Add, w for Warm, d for Discard, c for Commit.
	warm  []string
	order strings.Builder
	// crashAt is after how many calls of Add or Commit everything fails, 0 for never; crashLate lets the failing
	// Commit have happened, so that only its answer is lost.
	crashAt, calls int
	crashLate      bool
	drained        int
}

func newSink() *memorySink {
	return &memorySink{committed: map[string]int{}, pending: map[string]int{}, positions: map[string][]byte{}}
}

// restart forgets what was not committed.
func (s *memorySink) restart() {
	s.pending = map[string]int{}
	s.warm, s.crashAt, s.calls = nil, 0, 0
	s.order.Reset()
}

func (s *memorySink) crash() bool {
	s.calls++
	return s.crashAt > 0 && s.calls >= s.crashAt
}

func (s *memorySink) Add(h raw.Hit) (bool, error) {
	s.order.WriteByte('+')
	if s.crash() {
		panic(errCrash)
	}
	f := h.Fields()
	if string(f.Addr) == "drop" {
		return false, errDropped
	}
	s.pending[string(f.Target)]++
	bot := string(f.UserAgent) == "bot"
	h.Clear() // nothing of it may be used afterwards
	return bot, nil
}

func (s *memorySink) Warm(h raw.Hit) {
	s.order.WriteByte('w')
	s.warm = append(s.warm, string(h.Fields().Target))
}

func (s *memorySink) Discard() { s.order.WriteByte('d') }

func (s *memorySink) Commit(_ context.Context, key string, position []byte) error {
	s.order.WriteByte('c')
	failing := s.crash()
	if failing && !s.crashLate {
		return errCrash
	}
	for target, n := range s.pending {
		s.committed[target] += n
	}
	s.pending = map[string]int{}
	s.positions[key] = append([]byte(nil), position...)
	if failing {
		return errCrash
	}
	return nil
}

func (s *memorySink) Positions(prefix string) map[string][]byte {
	found := map[string][]byte{}
	for key, value := range s.positions {
		if strings.HasPrefix(key, prefix) {
			found[key] = value
		}
	}
	return found
}

func (s *memorySink) Drain(context.Context) error {
	s.drained++
	return nil
}

// once fails unless every target from 0 to n-1 was stored exactly once.
func (s *memorySink) once(t *testing.T, n int) {
	t.Helper()
	want := map[string]int{}
	for i := range n {
		want[fmt.Sprintf("/%d", i)] = 1
	}
	if !maps.Equal(s.committed, want) {
		doubled, lost := 0, 0
		for target := range want {
			if s.committed[target] == 0 {
				lost++
			} else if s.committed[target] > 1 {
				doubled++
			}
		}
		t.Fatalf("of %d lines %d are lost and %d doubled", n, lost, doubled)
	}
}

// importInto imports the inputs into the sink. A crash of the sink comes back as an error.
func importInto(t *testing.T, s *memorySink, change func(*ImportOptions), inputs ...string) (sum Summary, err error) {
	t.Helper()
	o := ImportOptions{Site: "example.org", Inputs: inputs, Sink: s, Now: func() time.Time { return time.Unix(0, 0) }, batch: 100}
	if change != nil {
		change(&o)
	}
	defer func() {
		if r := recover(); r != nil {
			if r != errCrash {
				panic(r)
			}
			err = errCrash
		}
	}()
	return Import(context.Background(), o)
}

// mustImport imports what must go well.
func mustImport(t *testing.T, s *memorySink, inputs ...string) Summary {
	t.Helper()
	sum, err := importInto(t, s, nil, inputs...)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Lines != sum.Already+sum.Stored+sum.Rejected {
		t.Fatalf("%d lines are not %d known, %d stored and %d rejected", sum.Lines, sum.Already, sum.Stored, sum.Rejected)
	}
	return sum
}

// logLine is the i-th line of a made-up log, one every 7 seconds.
func logLine(i int) string {
	at := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 7 * time.Second)
	return fmt.Sprintf("203.0.113.%d - - [%s] \"GET /%d HTTP/1.1\" 200 %d \"-\" \"UA\"\n", i%256, at.Format("02/Jan/2006:15:04:05 -0700"), i, i*i%5000)
}

// logText is the lines from a to b-1.
func logText(a, b int) string {
	var s strings.Builder
	for i := a; i < b; i++ {
		s.WriteString(logLine(i))
	}
	return s.String()
}

// write makes a file in a directory.
func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
