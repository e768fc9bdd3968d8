package storage

import (
	"context"
	"sync"
	"time"
)

// reserve is how many bytes of the disk a Writer that is not attended leaves free: a disk that is full to the brim stops
// everything on it.
const reserve = 32 << 20

// gauge knows how full the spool is.
type gauge struct {
	mu     sync.Mutex
	bytes  int64 // of segments that are not delivered
	extra  int64 // of blocks that were set aside
	scarce bool  // the disk has no room
	told   bool  // that the spool is full
	freed  chan struct{}
}

// Full reports whether the spool has grown to its limit, or its disk is nearly full: then sources that can should wait
// ([Writer.Room]) and others say no. Append does not look at it.
func (w *Writer) Full() bool {
	w.gauge.mu.Lock()
	defer w.gauge.mu.Unlock()
	return w.isFull()
}

// isFull is Full for the holder of the lock.
func (w *Writer) isFull() bool {
	return w.gauge.scarce || w.options.Limit > 0 && w.gauge.bytes+w.gauge.extra >= w.options.Limit
}

// Room returns nil as soon as the spool is not full. It waits while the store is away, until ctx ends, and fails when the
// Writer does.
func (w *Writer) Room(ctx context.Context) error {
	for {
		w.gauge.mu.Lock()
		full, freed := w.isFull(), w.gauge.freed
		w.gauge.mu.Unlock()
		if err := w.failure(); err != nil {
			return err
		}
		if !full {
			return nil
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		case <-w.running.Done():
			return ErrClosed
		}
	}
}

// measure notes how much is in the spool, and tells those who wait when there is room, and everybody when there is none.
func (w *Writer) measure(set func(*gauge)) {
	w.gauge.mu.Lock()
	set(&w.gauge)
	full, scarce, turned := w.isFull(), w.gauge.scarce, false
	if turned = full != w.gauge.told; turned {
		w.gauge.told = full
	}
	if !full {
		close(w.gauge.freed)
		w.gauge.freed = make(chan struct{})
	}
	bytes := w.gauge.bytes + w.gauge.extra
	w.gauge.mu.Unlock()
	switch {
	case !turned:
	case scarce:
		w.log.Error("the disk of the spool is nearly full: logs wait, and beacons are refused, until there is room", "spool_bytes", bytes)
	case full:
		w.log.Error("the spool has reached its limit: logs wait, and beacons are refused, until the store takes rows", "spool_bytes", bytes)
	default:
		w.log.Info("the spool has room again", "spool_bytes", bytes)
	}
}

// measureRefused looks how much is set aside.
func (w *Writer) measureRefused() {
	_, bytes := w.spool.RefusedBlocks()
	w.measure(func(g *gauge) { g.extra = bytes })
}

// lookEvery is how often the room on the disk is looked at while something is written, or while it is scarce.
const lookEvery = time.Second

// look finds out whether the disk has room.
func (k *keeper) look() {
	now := k.w.options.Now()
	if k.w.options.Attended || k.looked.Add(lookEvery).After(now) {
		return
	}
	k.looked = now
	free, err := k.w.spool.Free()
	scarce := err == nil && free < reserve
	k.w.measure(func(g *gauge) { g.scarce = scarce })
	k.recheck = nil
	if scarce {
		k.recheck = k.w.options.After(lookEvery)
	}
}
