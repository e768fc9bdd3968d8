package storage

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/embedded"
)

const (
	killBatches   = 900
	killBatchHits = 100
	killRounds    = 12
)

// killBatch makes the same hits for the same number in every process.
func killBatch(s *site, number int) []hit.Hit {
	s.rng = rand.New(rand.NewPCG(99, uint64(number)))
	s.now = 1_747_000_000 + int64(number)*60
	return s.hits(killBatchHits)
}

// writeUntilKilled is the process that is killed: it appends batches from where the spool says it was, and prints what
// was acknowledged.
func writeUntilKilled(ctx context.Context) error {
	engine, err := embedded.Open(ctx, embedded.Options{Dir: os.Getenv("KLAR_TEST_ENGINE_DIR"), LibPath: os.Getenv("KLAR_TEST_LIB"), Command: []string{os.Args[0]}})
	if err != nil {
		return err
	}
	defer engine.Close()
	db, err := Connect(ctx, Options{Dial: engine.Dial})
	if err != nil {
		return err
	}
	w, err := OpenWriter(ctx, opened(db), WriterOptions{Dir: os.Getenv("KLAR_TEST_SPOOL"), CutHits: 3000, CutAge: 10 * time.Millisecond})
	if err != nil {
		return err
	}
	next := 0
	if p := w.Positions("log")["log"]; p != nil {
		next = int(binary.LittleEndian.Uint32(p))
	}
	fmt.Println(next)
	s := newSite(1)
	for ; next < killBatches; next++ {
		if err := w.Append(killBatch(s, next), "log", binary.LittleEndian.AppendUint32(nil, uint32(next+1))); err != nil {
			return err
		}
		if next%7 == 0 {
			if err := w.Sync(ctx); err != nil {
				return err
			}
			fmt.Println(next + 1)
		}
	}
	if err := w.Close(ctx); err != nil {
		return err
	}
	return db.Close()
}

// pids remembers the process of the engine from its log.
type pids struct {
	slog.Handler
	mu  sync.Mutex
	pid int
}

func (p *pids) Enabled(context.Context, slog.Level) bool { return true }

func (p *pids) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "pid" {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.pid = int(a.Value.Int64())
		}
		return true
	})
	return nil
}

func (p *pids) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid > 0 {
		_ = syscall.Kill(p.pid, syscall.SIGKILL)
		p.pid = 0
	}
}

// TestKilled kills the writing process, the engine, or both at seeded random points. At the end every hit is there once.
func TestKilled(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 5))
	spoolDir, handler := t.TempDir(), &pids{Handler: slog.DiscardHandler}
	o := engineOptions(t, t.TempDir())
	o.Logger = slog.New(handler)
	engine, err := embedded.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	acknowledged := 0
	for round := 0; ; round++ {
		process := startWriter(t, o, spoolDir)
		lines := bufio.NewScanner(process.out)
		if !lines.Scan() {
			t.Fatalf("round %d: the writer says nothing", round)
		}
		var start int
		_, _ = fmt.Sscan(lines.Text(), &start)
		if start < acknowledged {
			t.Fatalf("round %d begins at batch %d; %d were acknowledged", round, start, acknowledged)
		}
		who := rng.IntN(4)
		t.Logf("round %d: begins at batch %d, %d acknowledged", round, start, acknowledged)
		for n := rng.IntN(14); (n > 0 || round >= killRounds) && lines.Scan(); n-- {
			_, _ = fmt.Sscan(lines.Text(), &acknowledged)
			if n == 3 && who >= 2 { // the engine; the writer goes on for a while
				handler.kill()
			}
		}
		if round >= killRounds {
			if err := process.cmd.Wait(); err != nil {
				t.Fatalf("the last writer fails: %v", err)
			}
			break
		}
		if who == 3 {
			handler.kill()
		}
		_ = process.cmd.Process.Kill()
		for lines.Scan() { // what was printed before the end
			_, _ = fmt.Sscan(lines.Text(), &acknowledged)
		}
		_ = process.cmd.Wait()
		if start >= killBatches {
			t.Fatalf("all was written after %d rounds: make the test larger", round)
		}
	}
	var want []hit.Hit
	for s, i := newSite(1), 0; i < killBatches; i++ {
		want = append(want, killBatch(s, i)...)
	}
	wantTotals(t, connect(t, Options{Dial: engine.Dial}), totalsOf(want))
}

type writerProcess struct {
	cmd *exec.Cmd
	out *os.File
}

func startWriter(t *testing.T, o embedded.Options, spoolDir string) writerProcess {
	t.Helper()
	cmd := exec.Command(o.Command[0])
	cmd.Env = append(os.Environ(), child+"=writer", "KLAR_TEST_ENGINE_DIR="+o.Dir, "KLAR_TEST_LIB="+o.LibPath, "KLAR_TEST_SPOOL="+spoolDir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return writerProcess{cmd, out.(*os.File)}
}
