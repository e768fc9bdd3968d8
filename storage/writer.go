package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/semaphore"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// WriterOptions say how hits are kept and delivered. Zero values are the defaults.
type WriterOptions struct {
	// Dir is the spool's directory, made with mode 0700 when missing; one process at a time may have it.
	Dir string
	// CutHits is how many hits a cut holds at most, give or take a batch; 0 is 262,144.
	CutHits int
	// CutSums is of how many sums a cut consists at most, give or take a batch, and so bounds the memory of one whose hits are
	// all different: it takes about half a kilobyte for each, twice while one is delivered; 0 is 524,288.
	CutSums int
	// CutAge is how long after its first hit a cut is made; 0 is one second.
	CutAge time.Duration
	// Attended says that somebody is there who can do something about a full disk of the store, or about a user who may not
	// write: these end the work with an error. Otherwise the Writer tries again until they are gone.
	Attended bool
	// Limit is up to how many bytes the spool may grow while the store is away, give or take a cut, before Full says so;
	// 0 is none.
	Limit int64
	// InsertTimeout is how long the store has for an insert at first; 0 is a minute. Each insert is repeated until it
	// succeeds, one that took too long with twice the time, up to 16 minutes.
	InsertTimeout time.Duration
	// Release gets the slices of Append back as soon as they may be used again; nil leaves them to the collector of garbage.
	Release func([]hit.Hit)
	// Logger reports deliveries that fail and what a crash left; nil is none. It gets no content of hits.
	Logger *slog.Logger
	// Registerer gets the metrics klar_spool_… and klar_insert_…; nil is none. It takes one Writer.
	Registerer prometheus.Registerer
	// Now and After are the clock; nil is time.Now and time.After.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
}

// Writer stores hits: first in a spool on the disk, then, added up, in ClickHouse, where each arrives once whatever
// dies in between. It is safe for concurrent use.
//
// One goroutine writes the spool and adds up, one delivers; both end with Close.
type Writer struct {
	open     func(context.Context) (*DB, error)
	options  WriterOptions
	log      *slog.Logger
	spool    *spool.Spool
	metrics  *writerMetrics
	recovery spool.Recovery
	gauge    gauge
	refused  atomic.Int64 // blocks that were set aside

	requests chan request
	room     *semaphore.Weighted // of hits that wait for the writing goroutine
	running  context.Context     // ends with Close
	closing  chan struct{}       // closed by Close
	ended    chan struct{}       // closed when both goroutines are
	cancel   context.CancelFunc

	mu        sync.Mutex
	err       error // the first that ended the work
	positions map[string][]byte
}

const (
	// defaultCutHits makes blocks that ClickHouse likes and that are on their way while the next hits come in.
	defaultCutHits = 1 << 18
	defaultCutSums = 1 << 19
	// maxSegment bounds a cut's bytes in the spool.
	maxSegment = 256 << 20
	// waiting is how many batches may wait for the writing goroutine, maxWaiting how many hits in them: about 50 MB.
	waiting    = 64
	maxWaiting = 1 << 18
)

// ErrClosed is what a closed Writer answers.
var ErrClosed = errors.New("the store is closed for writing")

// OpenWriter opens the spool and goes on delivering what it still holds. It fails with a *spool.LockedError, which names
// the process, while another one has the spool. The context bounds the opening only.
//
// The store itself is opened by open, once, while hits are taken in already; if that fails, the next call says so, and
// what was appended waits in the spool for the next Writer. The store stays the caller's, to be closed after the Writer.
func OpenWriter(ctx context.Context, open func(context.Context) (*DB, error), o WriterOptions) (*Writer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.CutHits = cmp.Or(o.CutHits, defaultCutHits)
	o.CutSums = cmp.Or(o.CutSums, defaultCutSums)
	o.CutAge = cmp.Or(o.CutAge, time.Second)
	o.InsertTimeout = cmp.Or(o.InsertTimeout, time.Minute)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	s, cuts, recovery, err := spool.Open(o.Dir)
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w := &Writer{
		open: open, options: o, log: o.Logger, spool: s, recovery: recovery, gauge: gauge{freed: make(chan struct{})},
		requests: make(chan request, waiting), room: semaphore.NewWeighted(maxWaiting), running: running, closing: make(chan struct{}), ended: make(chan struct{}), cancel: cancel,
		positions: s.Positions(cuts),
	}
	w.metrics = newWriterMetrics(o.Registerer, o.Now, w)
	w.measureRefused()
	w.report(cuts)
	ship := newShipper(w)
	keep := newKeeper(w, ship, cuts)
	var group sync.WaitGroup
	group.Go(func() { ship.run(running) })
	group.Go(func() { keep.run(running) })
	go func() {
		group.Wait()
		close(w.ended)
	}()
	return w, nil
}

// report logs what the last process left.
func (w *Writer) report(cuts []spool.Cut) {
	if len(cuts) > 0 {
		w.log.Info("the spool holds hits that are still to be delivered", "cuts", len(cuts))
	}
	if w.recovery.Torn > 0 {
		w.log.Info("the end of the spool was not acknowledged and is left out; its source sends it again", "bytes", w.recovery.Torn)
	}
	for _, d := range w.recovery.Damage {
		w.log.Error("a part of the spool cannot be read; its hits are lost", "segment", d.Segment, "offset", d.Offset, "bytes", d.Bytes)
	}
}

// Recovery returns what opening the spool found after a crash.
func (w *Writer) Recovery() spool.Recovery { return w.recovery }

// Refused returns how many blocks the store refused since the Writer was opened; they are set aside in the spool.
func (w *Writer) Refused() int64 { return w.refused.Load() }

// request is a batch, or the question whether everything before it is on the disk, or delivered.
type request struct {
	hits     []hit.Hit
	key      string
	position []byte
	synced   chan<- error
	drained  chan<- error
}

// Append stores hits, and with them the position of the source named key after them; it takes ownership of both. A
// record of positions alone is one without hits; without a key there is no position. What goes wrong is returned by a
// later call, and from then on by all: only a new Writer can go on. Append waits while the spool, or a store that
// does answer, cannot keep up.
func (w *Writer) Append(hits []hit.Hit, key string, position []byte) error {
	r := request{hits: hits, key: key, position: position}
	w.mu.Lock()
	err := w.err
	if err == nil && key != "" {
		w.positions[key] = position
	}
	w.mu.Unlock()
	if err != nil {
		return err
	}
	if err := w.room.Acquire(w.running, r.weight()); err != nil {
		return ErrClosed
	}
	return w.ask(context.Background(), r)
}

// weight is what a request takes of the room for waiting hits.
func (r *request) weight() int64 { return min(int64(len(r.hits)), maxWaiting) }

func (w *Writer) ask(ctx context.Context, r request) error {
	select {
	case <-w.closing:
		return ErrClosed
	default:
	}
	select {
	case w.requests <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-w.ended:
		return cmp.Or(w.failure(), ErrClosed)
	}
}

// Sync returns nil when everything appended before is on the disk. This is the acknowledgement: it will be counted.
// Calls that wait at the same time share one fsync.
func (w *Writer) Sync(ctx context.Context) error {
	done := make(chan error, 1)
	return w.wait(ctx, request{synced: done}, done)
}

// Drain returns nil when everything appended before is in ClickHouse. While ClickHouse is away it waits.
func (w *Writer) Drain(ctx context.Context) error {
	done := make(chan error, 1)
	return w.wait(ctx, request{drained: done}, done)
}

func (w *Writer) wait(ctx context.Context, r request, done <-chan error) error {
	if err := w.ask(ctx, r); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-w.ended:
		select {
		case err := <-done:
			return err
		default:
			return cmp.Or(w.failure(), ErrClosed)
		}
	}
}

// Positions returns the positions of the sources whose keys begin with prefix: those that survived the last process, and
// those appended since.
func (w *Writer) Positions(prefix string) map[string][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := maps.Clone(w.positions)
	maps.DeleteFunc(found, func(key string, _ []byte) bool { return !strings.HasPrefix(key, prefix) })
	for key, position := range found {
		found[key] = slices.Clone(position)
	}
	return found
}

// Close delivers what was appended, as long as ctx allows, and gives the spool back. What could not be delivered stays in
// the spool for the next Writer; Close then says so. ctx should not be the one whose end began the shutdown.
func (w *Writer) Close(ctx context.Context) error {
	drained := w.Drain(ctx)
	w.mu.Lock()
	select {
	case <-w.closing:
		w.mu.Unlock()
		return ErrClosed
	default:
		close(w.closing)
	}
	w.mu.Unlock()
	w.cancel()
	<-w.ended
	err := w.spool.Close()
	if drained != nil {
		drained = fmt.Errorf("not everything is delivered; it stays in the spool for the next start: %w", drained)
	}
	return errors.Join(drained, err)
}

// fail remembers the first error that ended the work; every later call returns it.
func (w *Writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
	}
}

// failure returns the error that ended the work, if any.
func (w *Writer) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
