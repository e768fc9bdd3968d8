package storage

import (
	"context"
	"sync/atomic"

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
	slow     atomic.Int32  // inserts that have been under way for long
	own      *sums         // of jobs without sums
	again    bool          // the cut at hand may have been sent before
	refs     []spool.Refs
	scratch  scratch
	spare    chan []byte // memory for blocks, while others are under way
}

func newShipper(w *Writer) *shipper {
	s := &shipper{w: w, jobs: make(chan job, 1), finished: make(chan *sums, 1), stir: make(chan struct{}, 1), spare: make(chan []byte, atOnce)}
	for range atOnce {
		s.spare <- nil
	}
	return s
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
	s.again = j.sums == nil
	if err := s.sendAll(ctx, j.cut, sums); err != nil {
		return err
	}
	if err := s.w.spool.Done(j.cut); err != nil {
		return err
	}
	s.w.metrics.delivered(j.cut.Number)
	return nil
}

// atOnce is how many blocks of a cut are under way while the next one is made, and maxSpare up to what size their memory is
// kept for others, in bytes.
const (
	atOnce   = 4
	maxSpare = 4 << 20
)

// sendAll makes the blocks of a cut and sends them. They go into different tables or partitions, so that their order
// does not matter.
func (s *shipper) sendAll(ctx context.Context, cut spool.Cut, sums *sums) error {
	group, groupCtx := errgroup.WithContext(ctx)
	err := writeTables(sums, &s.scratch, hoursFrom(s.w.options.Now()), func(b *block) error {
		own := *b
		b.data = <-s.spare
		group.Go(func() error {
			defer func() {
				if cap(own.data) > maxSpare {
					own.data = nil
				}
				s.spare <- own.data
			}()
			return s.send(groupCtx, cut, &own)
		})
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
