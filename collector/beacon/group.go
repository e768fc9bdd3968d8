package beacon

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klar-analytics/klar/collector/raw"
)

const (
	// maxWaiting bounds the beacons that wait to be kept, and so what a slow disk makes Klar remember.
	maxWaiting = 8192
	// patience bounds how long one of them waits.
	patience = 10 * time.Second
	// gather is how long at least a group waits for more beacons when the one before it had at least busy of them: under
	// such a load it is fsyncs and switches between goroutines that take the processor's time, and fewer, larger groups
	// spare them. One that is half as large as the one before already waits for no more: while it is written, those of the
	// one before send again, and if all came together, all would wait for the disk, and nothing be done meanwhile. A disk
	// that takes long is worth waiting for half as long, at most maxGather: then it is the disk that is busy.
	gather    = time.Millisecond
	maxGather = 5 * time.Millisecond
	busy      = 32
	// forgetEvery is how often the visits of past days are forgotten, late how long after its end a day is past.
	forgetEvery = time.Minute
	late        = 5 * time.Minute
)

// Errors of beacons that cannot be taken in.
var (
	errBusy   = errors.New("too many beacons wait")
	errStuck  = errors.New("beacons cannot be kept in time")
	errClosed = errors.New("beacons are no longer taken in")
)

// keeper lets the goroutines of many requests share one sink and its fsyncs: while a group is being written, the next one
// gathers. Its own goroutine writes; it ends with close.
type keeper struct {
	sink   Sink
	failed func(error)
	now    func() time.Time

	waiting atomic.Int64
	token   chan struct{} // who has it has the sink and the group; a lock that can be waited for with a bound
	group   *group
	closed  bool // nothing more is taken in
	wake    chan struct{}
	quit    chan struct{}
	ended   chan struct{}
}

// group is a number of beacons that are kept together.
type group struct {
	size   int
	late   *time.Timer   // from the first of them on
	commit error         // of the sink
	once   sync.Once     // guards err
	kept   chan struct{} // closed when they are on the disk, or when err says why not
	err    error
}

func newGroup() *group { return &group{kept: make(chan struct{})} }

// settle tells those who wait for the group what became of it. Only the first time counts.
func (g *group) settle(err error) {
	g.once.Do(func() {
		g.err = err
		close(g.kept)
	})
}

// newKeeper starts the goroutine that writes. failed is told the error after which nothing can be kept.
func newKeeper(sink Sink, failed func(error), now func() time.Time, every <-chan time.Time) *keeper {
	k := &keeper{
		sink: sink, failed: failed, now: now, token: make(chan struct{}, 1), group: newGroup(),
		wake: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	go k.run(every)
	return k
}

// add gives n hits to the sink and returns when they are on the disk. hit makes the n-th; it may be asked for the next when the
// sink has it. dropped is told the sink's reason not to count one.
func (k *keeper) add(n int, hit func(n int) raw.Hit, dropped func(n int, err error)) error {
	defer k.waiting.Add(-int64(n))
	if k.waiting.Add(int64(n)) > maxWaiting {
		return errBusy
	}
	if err := k.lock(); err != nil {
		return err
	}
	if k.closed {
		k.unlock()
		return errClosed
	}
	g, kept := k.group, 0
	for i := range n {
		if _, err := k.sink.Add(hit(i)); err != nil {
			dropped(i, err)
		} else {
			kept++
		}
	}
	if g.size += kept; g.size == kept && kept > 0 {
		g.late = time.AfterFunc(patience, func() { g.settle(errStuck) })
	}
	k.unlock()
	if kept == 0 {
		return nil
	}
	select {
	case k.wake <- struct{}{}:
	default:
	}
	<-g.kept
	return g.err
}

func (k *keeper) lock() error {
	select {
	case k.token <- struct{}{}: // without a timer, as nearly always
		return nil
	default:
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case k.token <- struct{}{}:
		return nil
	case <-k.ended:
		return errClosed
	case <-late.C:
		return errStuck
	}
}

func (k *keeper) unlock() { <-k.token }

// run keeps the groups, one after the other.
func (k *keeper) run(every <-chan time.Time) {
	defer close(k.ended)
	last, took := 0, time.Duration(0) // size of the group before, and how long it took
	for {
		select {
		case <-k.wake:
			if last >= busy && k.gathered() < last/2 {
				time.Sleep(min(max(gather, took/2), maxGather))
			}
			begin := k.now()
			last = k.keep()
			took = k.now().Sub(begin)
		case <-every:
			k.token <- struct{}{}
			k.sink.Forget(k.now().Add(-late))
			k.unlock()
		case <-k.quit:
			_ = k.between(func() error { k.closed = true; return nil })
			return
		}
	}
}

// gathered returns how many beacons the next group has so far.
func (k *keeper) gathered() int {
	k.token <- struct{}{}
	defer k.unlock()
	return k.group.size
}

// keep writes the group that has gathered, tells those who wait for it, and returns how many they are.
func (k *keeper) keep() int {
	k.token <- struct{}{}
	g := k.commit()
	k.unlock()
	k.acknowledge(g)
	if g == nil {
		return 0
	}
	return g.size
}

// between runs f when every beacon that was added is committed, and no other is being added.
func (k *keeper) between(f func() error) error {
	k.token <- struct{}{}
	g := k.commit()
	err := f()
	k.unlock()
	k.acknowledge(g)
	return err
}

// commit ends the group that has gathered; nil when there is nothing in it. The caller has the token. The context is not that
// of any request, for the others of the group wait, too.
func (k *keeper) commit() *group {
	g := k.group
	if g.size == 0 {
		return nil
	}
	k.group = newGroup()
	g.commit = k.sink.Commit(context.Background(), "", nil)
	return g
}

// acknowledge tells those who wait for a group that it is on the disk, or cannot get there.
func (k *keeper) acknowledge(g *group) {
	if g == nil {
		return
	}
	err := g.commit
	if err == nil {
		err = k.sink.Sync(context.Background())
	}
	g.late.Stop()
	g.settle(err)
	if err != nil {
		k.failed(err)
	}
}

// close keeps the last group and ends the goroutine.
func (k *keeper) close() {
	close(k.quit)
	<-k.ended
}
