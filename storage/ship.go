package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"golang.org/x/sync/errgroup"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// job is a cut to deliver, with its sums or, from an earlier process or a long absence of the store, without.
type job struct {
	cut  spool.Cut
	sums *sums
}

// shipper is the goroutine that delivers cuts, one at a time.
type shipper struct {
	w        *Writer
	db       *DB
	jobs     chan job
	finished chan *sums    // of a delivered job, to be used again
	stir     chan struct{} // tells the keeper to look at troubled and at the Writer's failure
	troubled atomic.Bool   // the store is away
	own      *sums         // of jobs without sums
	refs     []spool.Refs
	scratch  scratch
}

func newShipper(w *Writer) *shipper {
	return &shipper{w: w, jobs: make(chan job, 1), finished: make(chan *sums, 1), stir: make(chan struct{}, 1)}
}

// run opens the store and delivers until the context ends or a cut cannot be delivered at all.
func (s *shipper) run(ctx context.Context) {
	var err error
	if s.db, err = s.w.open(ctx); err != nil {
		s.w.fail(err)
		s.wake()
	}
	for j := range s.jobs {
		if ctx.Err() != nil || s.w.failure() != nil {
			continue
		}
		err := s.deliver(ctx, j)
		if err != nil {
			if ctx.Err() == nil {
				s.w.fail(err)
				s.wake()
			}
			continue
		}
		if j.sums != nil {
			j.sums.reset()
		}
		s.finished <- j.sums
	}
}

func (s *shipper) wake() {
	select {
	case s.stir <- struct{}{}:
	default:
	}
}

// deliver writes the cut down, sends its blocks, and deletes it. After a crash anywhere in between, the same blocks are
// sent again under the same tokens, and ClickHouse leaves out those that it has.
func (s *shipper) deliver(ctx context.Context, j job) error {
	if err := s.w.spool.Begin(j.cut); err != nil {
		return err
	}
	sums := j.sums
	if sums == nil {
		var err error
		if sums, err = s.rebuild(j.cut); err != nil {
			return err
		}
	}
	if err := s.sendAll(ctx, j.cut, sums); err != nil {
		return err
	}
	if err := s.w.spool.Done(j.cut); err != nil {
		return err
	}
	s.w.metrics.delivered(j.cut.Number)
	return nil
}

// atOnce is how many blocks of a cut are under way while the next one is made.
const atOnce = 2

// sendAll makes the blocks of a cut and sends them. They go into different tables or partitions, so that their order
// does not matter.
func (s *shipper) sendAll(ctx context.Context, cut spool.Cut, sums *sums) error {
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	err := writeTables(sums, &s.scratch, func(b *block) error {
		own := *b
		own.data = bytes.Clone(b.data)
		group.Go(func() error { return s.send(groupCtx, cut, &own) })
		return groupCtx.Err()
	})
	if sent := group.Wait(); sent != nil {
		return sent
	}
	return err
}

// rebuild adds up the cut from the spool.
func (s *shipper) rebuild(cut spool.Cut) (*sums, error) {
	if s.own == nil {
		s.own = &sums{}
	}
	s.own.reset()
	damage, err := s.w.spool.Read(cut, func(hits []hit.Hit) {
		s.refs = s.own.index.Refs(s.refs[:0], hits)
		s.own.add(hits, s.refs)
	})
	for _, d := range damage {
		s.w.log.Error("a part of the spool cannot be read; its hits are lost", "segment", d.Segment, "offset", d.Offset, "bytes", d.Bytes)
	}
	return s.own, err
}

// The wait between two attempts doubles from the first to the last.
const (
	firstWait = 100 * time.Millisecond
	lastWait  = 10 * time.Second
)

// send inserts a block. While the store is away or refuses what it may take later, send tries again until ctx ends.
func (s *shipper) send(ctx context.Context, cut spool.Cut, b *block) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"insert_deduplicate":         1,
		"insert_deduplication_token": fmt.Sprintf("%s/%d/%s/%d", s.w.spool.ID(), cut.Number, b.table, b.month),
		// An asynchronous insert would be mixed with others and lose the token.
		"async_insert": 0,
		// The rows of a block are sorted and no two have the same key, so there is nothing to sum up on the way in;
		// looking for it costs the engine three to five times as much as storing them.
		"optimize_on_insert": 0,
	}))
	defer s.settle()
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		start := s.w.options.Now()
		err := s.db.conn.InsertFormat(ctx, "Native", b.insert(), bytes.NewReader(b.data))
		if err == nil {
			s.w.metrics.inserted(b, s.w.options.Now().Sub(start))
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if hopeless(err) {
			return fmt.Errorf("table %s does not take its rows: %w", b.table, reason(err))
		}
		if s.w.options.StopWhenFull && diskFull(err) {
			return fmt.Errorf("the disk of the store is full; make room and start again, nothing stored is lost: %w", reason(err))
		}
		if !s.troubled.Swap(true) {
			s.w.log.Warn("the store does not take rows; trying again", "table", b.table, "error", reason(err))
		}
		s.w.metrics.retries.WithLabelValues(b.table).Inc()
		s.wake()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.w.options.After(wait):
		}
	}
}

// settle ends the trouble, if there was any.
func (s *shipper) settle() {
	if s.troubled.Swap(false) {
		s.w.log.Info("the store takes rows again")
	}
}

// diskFull reports whether the store has no room, as its own check or the system says.
func diskFull(err error) bool {
	var e *clickhouse.Exception
	return errors.As(err, &e) && (e.Code == codeNoSpace || strings.Contains(e.Message, "No space left on device"))
}

// hopeless reports whether an insert can never succeed, however often it is tried: tables and rows do not fit together,
// or the user may not write.
func hopeless(err error) bool {
	var e *clickhouse.Exception
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case codeNoSuchColumn, codeWrongColumns, codeUnknownIdentifier, codeTypeMismatch, codeCannotConvert,
		codeUnknownTable, codeUnknownDatabase, codeSyntax, codeUnknownSetting, codeReadonly, codeNoAccess, codeAuthentication:
		return true
	}
	return false
}
