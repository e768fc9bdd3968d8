package visit

import "sync/atomic"

// Bounds of what a [Recent] counts.
const (
	// Current is how long in seconds after their latest page view or event somebody counts as a current visitor, as in
	// Plausible.
	Current = 300
	// HalfHour is as long, in seconds, as anybody is counted.
	HalfHour = 1800

	recentSlot  = 10 // seconds
	recentSlots = HalfHour / recentSlot
	// recentAhead is how many slots a clock may be ahead of ours.
	recentAhead = 6
	recentRing  = 256 // a power of two that holds both
)

// Recent counts the current visitors of a site, by the ten seconds of their latest hit. It holds numbers only. One
// goroutine writes, as part of a [Tracker]; any may read.
type Recent struct {
	// ring has the slot of time modulo its length. The upper half of an entry is the slot whose count the lower half is.
	ring [recentRing]atomic.Uint64
	now  int64 // slot; of the writer
}

// Visitors returns how many visitors did something within the last seconds, to ten of them and up to [HalfHour], at a time
// in seconds since 1970. Who is on the site when the keys change at midnight counts twice for that long.
func (r *Recent) Visitors(now, seconds int64) int {
	n := uint32(0)
	for slot := now/recentSlot - min(seconds, HalfHour)/recentSlot + 1; slot <= now/recentSlot+recentAhead; slot++ {
		if e := r.ring[slot&(recentRing-1)].Load(); e>>32 == uint64(slot) {
			n += uint32(e)
		}
	}
	return int(n)
}

// move counts a visitor at the time of their latest hit, and no longer at that of the hit before; that is negative for
// those who are new. What is not of now, such as an old log's hits, is not counted.
func (r *Recent) move(before, latest int64) {
	from, to := before/recentSlot, latest/recentSlot
	if before < 0 {
		from = -1
	}
	if from == to || max(from, to) <= r.now-recentSlots {
		return
	}
	r.add(from, -1)
	r.add(to, 1)
}

func (r *Recent) add(slot int64, n int32) {
	if slot <= r.now-recentSlots || slot > r.now+recentAhead {
		return
	}
	e := &r.ring[slot&(recentRing-1)]
	count := uint32(0)
	if old := e.Load(); old>>32 == uint64(slot) {
		count = uint32(old)
	}
	// Somebody may be taken away who was not counted when they came, as their clock was ahead by too much.
	if n < 0 && count == 0 {
		return
	}
	e.Store(uint64(slot)<<32 | uint64(count+uint32(n)))
}

// SetNow tells the tracker the time, in seconds since 1970, so that [Tracker.Recent] counts the visitors of now and leaves
// out those of old logs. It belongs to the tracker's goroutine; without it nobody is counted.
func (t *Tracker) SetNow(unix int64) { t.memory().recent.now = unix / recentSlot }

// Recent returns the count of current visitors, which any goroutine may read, also after Close.
func (t *Tracker) Recent() *Recent { return t.memory().recent }
