// Package livetail owns what is shown of hits while they pass: so much that somebody sees that and how they arrive, and so
// little that nobody can follow one visitor.
package livetail

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klar-analytics/klar/hit"
)

const (
	// MaxWatchers is how many may watch at a time.
	MaxWatchers = 8
	// PerSecond is how many lines a watcher gets of a second, chosen by chance; the rest is counted.
	PerSecond = 20
	// Present is how long somebody counts as being on the site, as in the count of current visitors.
	Present = 5 * time.Minute
	// maxCombinations bounds the combinations whose visits are counted. With more of them, all are counted anew.
	maxCombinations = 1 << 12
)

// Options say how much is shown.
type Options struct {
	// Crowd is how many visitors must be on a site for paths to be shown, and how many visits must have begun there with
	// attributes for these to be shown; less than 1 is 1.
	Crowd int
	Now   func() time.Time // nil is time.Now
}

// Tail shows hits to those who watch. It is safe for concurrent use.
type Tail struct {
	options  Options
	watching atomic.Int32 // all that Offer looks at while nobody does

	mu       sync.Mutex
	watchers map[*Watcher]bool
	begun    map[combination][]int64 // when the latest visits with it began, at most Options.Crowd of them
}

// combination is what must be shared to be shown.
type combination struct {
	site    hit.Site
	visitor hit.Visitor
	channel hit.Channel
}

// New returns a tail that nobody watches.
func New(o Options) *Tail {
	o.Crowd = max(o.Crowd, 1)
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Tail{options: o, watchers: map[*Watcher]bool{}, begun: map[combination][]int64{}}
}

// Watch begins to watch a site, until Close; visitors tells how many did something there within a time. It reports false
// while too many watch already.
func (t *Tail) Watch(site string, visitors func(within time.Duration) int) (*Watcher, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.watchers) >= MaxWatchers {
		return nil, false
	}
	w := &Watcher{tail: t, site: hit.NewSite(site), visitors: visitors}
	t.watchers[w] = true
	t.watching.Store(int32(len(t.watchers)))
	return w, true
}

func (t *Tail) leave(w *Watcher) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.watchers, w)
	t.watching.Store(int32(len(t.watchers)))
	if len(t.watchers) == 0 {
		clear(t.begun)
	}
}

// Offer shows hits whose combinations are decided to those who watch. The hits stay the caller's. While nobody watches it
// costs one atomic load.
func (t *Tail) Offer(hits []hit.Hit) {
	if t.watching.Load() == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now, crowded := t.options.Now().Unix(), map[hit.Site]bool{}
	for w := range t.watchers {
		crowded[w.site] = w.visitors(Present) >= t.options.Crowd
	}
	for i := range hits {
		h := &hits[i]
		many, watched := crowded[h.Site]
		if !watched || h.Kind == hit.KindEngagement || h.Kind == hit.KindSignal {
			continue
		}
		l := lineOf(h)
		// What is read of an old log is of visitors who are not among those of now.
		if h.Bot.IsZero() && (!many || now-h.Time > int64(Present/time.Second)) {
			l.Path, l.Withheld = "", true
		} else if h.Counts() && t.shared(h, now) {
			l.describe(h)
		}
		for w := range t.watchers {
			if w.site == h.Site {
				w.offer(l, now)
			}
		}
	}
}

// shared notes the visits that begin, and reports whether enough of the present ones have what the hit's has.
func (t *Tail) shared(h *hit.Hit, now int64) bool {
	key := combination{h.Site, h.Crowd.Value(), h.Arrival.Value().Channel}
	begun := t.begun[key]
	if h.Marks.Has(hit.FirstOfVisit) {
		if len(t.begun) >= maxCombinations && begun == nil {
			clear(t.begun)
		}
		if begun = append(begun, now); len(begun) > t.options.Crowd {
			begun = begun[1:]
		}
		t.begun[key] = begun
	}
	return len(begun) == t.options.Crowd && now-begun[0] <= int64(Present/time.Second)
}

// Watcher gets what passes on one site. Its methods are called by one goroutine.
type Watcher struct {
	tail     *Tail
	site     hit.Site
	visitors func(within time.Duration) int

	// The rest is guarded by the tail's lock.
	second  int64 // that the lines are of
	seen    int   // in it
	lines   []Line
	ready   []Line // of the second before
	skipped int    // not shown since the last Take
}

// offer takes a line, or counts it. Each of a second has the same chance.
func (w *Watcher) offer(l Line, now int64) {
	w.turn(now)
	w.seen++
	if len(w.lines) < PerSecond {
		w.lines = append(w.lines, l)
		return
	}
	w.skipped++
	if i := rand.IntN(w.seen); i < PerSecond {
		w.lines[i] = l
	}
}

// turn makes the lines of a second that is over ready.
func (w *Watcher) turn(now int64) {
	if now == w.second {
		return
	}
	if len(w.lines) > 0 {
		w.skipped += len(w.ready) // nobody took them
		w.ready, w.lines = w.lines, nil
	}
	w.second, w.seen = now, 0
}

// Take returns the lines of the last second that is over and was not taken yet, in no order, and how many others passed.
// Seconds are the clock's, not the watcher's: who watches several times at once learns no more of what came first.
func (w *Watcher) Take() (lines []Line, skipped int) {
	w.tail.mu.Lock()
	defer w.tail.mu.Unlock()
	w.turn(w.tail.options.Now().Unix())
	lines, skipped = w.ready, w.skipped
	w.ready, w.skipped = nil, 0
	rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return lines, skipped
}

// Close ends the watching.
func (w *Watcher) Close() { w.tail.leave(w) }
