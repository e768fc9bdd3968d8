package storage

import (
	"context"
	"time"

	"github.com/klar-analytics/klar/storage/spool"
)

// keeper is the goroutine that writes the spool, adds up what it writes, and makes the cuts. It hands one cut after the
// other to the shipper, oldest first. Its own sums spare reading the spool back; when the store is away for so long
// that they grow too large, they are given up, and the shipper makes them again from the spool.
type keeper struct {
	w    *Writer
	ship *shipper

	sums    *sums // of what was appended since the last cut
	spare   *sums // to go on with; nil while the shipper has it
	refs    []spool.Refs
	first   time.Time        // when the first hit since the last cut came
	age     <-chan time.Time // fires when these hits are old enough for a cut
	due     bool             // a cut is to be made as soon as the shipper is free
	backlog []spool.Cut      // without sums, to be delivered before the next cut
	busy    bool             // the shipper has a cut
	last    uint64           // number of the cut that the shipper has, or had last
	syncs   []chan<- error
	drains  []drain
	looked  time.Time        // when the room on the disk was
	recheck <-chan time.Time // fires when it is to be looked at again
}

// drain is a caller that waits for the delivery of all cuts up to a number.
type drain struct {
	done  chan<- error
	until uint64
}

func newKeeper(w *Writer, ship *shipper, backlog []spool.Cut) *keeper {
	k := &keeper{w: w, ship: ship, sums: &sums{}, spare: &sums{}, backlog: backlog}
	for _, cut := range backlog {
		w.metrics.waiting(cut.Number, cut.End, w.options.Now())
	}
	return k
}

// run works until the context ends.
func (k *keeper) run(ctx context.Context) {
	for {
		k.advance()
		requests := k.w.requests
		if k.full() {
			requests = nil // whoever appends waits
		}
		select {
		case <-ctx.Done():
			close(k.ship.jobs)
			return
		case r := <-requests:
			k.group(r)
		case <-k.age:
			k.age, k.due = nil, true
		case done := <-k.ship.finished:
			k.busy = false
			if k.spare == nil {
				k.spare = done
			}
		case <-k.recheck:
			k.look()
		case <-k.ship.stir: // the shipper met trouble, or gave up
		}
	}
}

// group handles a request and all that wait behind it, so that they share one fsync.
func (k *keeper) group(r request) {
	for n := 0; ; n++ {
		k.handle(r)
		if n == waiting || k.full() {
			break
		}
		select {
		case r = <-k.w.requests:
			continue
		default:
		}
		break
	}
	if len(k.syncs) > 0 {
		answer(&k.syncs, k.sync())
	}
	k.w.metrics.segment(k.w.spool.Size(), k.first)
	k.look()
}

func (k *keeper) sync() error {
	if err := k.w.failure(); err != nil {
		return err
	}
	err := k.w.spool.Sync()
	if err != nil {
		k.w.fail(err)
	}
	return err
}

func answer(waiting *[]chan<- error, err error) {
	for _, c := range *waiting {
		c <- err
	}
	*waiting = (*waiting)[:0]
}

func (k *keeper) handle(r request) {
	switch {
	case r.synced != nil:
		k.syncs = append(k.syncs, r.synced)
	case r.drained != nil:
		k.drains = append(k.drains, drain{r.drained, k.w.spool.Last()})
	case k.w.failure() == nil:
		k.append(r)
		k.giveBack(r)
	default:
		k.giveBack(r)
	}
}

// giveBack makes room for the next batch.
func (k *keeper) giveBack(r request) {
	k.w.room.Release(r.weight())
	if k.w.options.Release != nil {
		k.w.options.Release(r.hits)
	}
}

func (k *keeper) append(r request) {
	if k.w.spool.Size() == 0 {
		k.first = k.w.options.Now()
		k.age = k.w.options.After(k.w.options.CutAge)
	}
	k.refs = k.sums.index.Refs(k.refs[:0], r.hits)
	if err := k.w.spool.Append(r.hits, k.refs, r.key, r.position); err != nil {
		// The sums now hold what the spool may not. No further cut is made; the next Open finds out.
		k.w.fail(err)
		return
	}
	k.sums.add(r.hits, k.refs)
}

// full reports whether the next cut is as large as it may be.
func (k *keeper) full() bool {
	if k.w.failure() != nil {
		return false
	}
	o := &k.w.options
	return k.sums.hits >= o.CutHits || k.sums.size() >= o.CutSums || k.w.spool.Size() >= maxSegment
}

// advance does what the last event made possible.
func (k *keeper) advance() {
	if err := k.w.failure(); err != nil {
		k.release(err)
		return
	}
	if !k.busy {
		k.release(nil)
	}
	if k.full() && k.ship.away() {
		if cut, ok := k.seal(); ok {
			k.sums.reset()
			k.backlog = append(k.backlog, cut)
		}
	}
	switch {
	case k.busy:
	case len(k.backlog) > 0:
		k.hand(job{cut: k.backlog[0]})
		k.backlog = k.backlog[1:]
	case k.w.spool.Size() == 0:
	case k.due || k.full() || len(k.drains) > 0 || k.w.Full():
		if cut, ok := k.seal(); ok {
			full := k.sums
			k.sums, k.spare = k.spare, nil
			k.sums.expect(full)
			k.hand(job{cut, full})
		}
	}
}

// release answers those who wait for what is delivered; after an error, all.
func (k *keeper) release(err error) {
	left := k.drains[:0]
	for _, d := range k.drains {
		delivered := d.until <= k.last || len(k.backlog) == 0 && k.w.spool.Size() == 0
		if err == nil && !delivered {
			left = append(left, d)
			continue
		}
		d.done <- err
	}
	k.drains = left
}

func (k *keeper) hand(j job) {
	k.busy, k.last = true, j.cut.Number
	k.ship.jobs <- j
}

// seal makes a cut of what was appended.
func (k *keeper) seal() (spool.Cut, bool) {
	k.age, k.due = nil, false
	cut, ok, err := k.w.spool.Seal()
	if err != nil {
		k.w.fail(err)
		return cut, false
	}
	if ok {
		k.w.metrics.waiting(cut.Number, cut.End, k.first)
	}
	return cut, ok
}
