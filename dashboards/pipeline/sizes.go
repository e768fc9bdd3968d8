package pipeline

import (
	"context"
	"sync"
	"time"
)

const (
	// sizesFresh is how long sizes are good for, sizesWithin how long it may take to count them, and sizesWait how long
	// somebody waits for that.
	sizesFresh  = 30 * time.Second
	sizesWithin = time.Minute
	sizesWait   = time.Second
)

// measured are the sizes as they were counted last.
type measured struct {
	mu     sync.Mutex
	asked  time.Time
	asking chan struct{} // closed when they are counted; nil while they are not being counted
	last   Storage
}

// storage returns what is stored, having it counted if that was too long ago. Counting that takes longer than somebody
// waits goes on for the next one.
func (w *Watch) storage(ctx context.Context) Storage {
	m := &w.measured
	m.mu.Lock()
	if now := w.options.Now(); w.options.Sizes != nil && m.asking == nil && (m.asked.IsZero() || now.Sub(m.asked) >= sizesFresh) {
		m.asked, m.asking = now, make(chan struct{})
		go w.measure(context.WithoutCancel(ctx))
	}
	asking := m.asking
	m.mu.Unlock()
	if asking != nil {
		wait, cancel := context.WithTimeout(ctx, sizesWait)
		defer cancel()
		select {
		case <-asking:
		case <-wait.Done():
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return Storage{
		At: m.last.At, Bytes: m.last.Bytes, Tables: append([]TableSize{}, m.last.Tables...), Sites: append([]SiteSize{}, m.last.Sites...),
	}
}

// measure counts what is stored, in a goroutine that ends within a minute. If that fails, what was counted before stays.
func (w *Watch) measure(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, sizesWithin)
	defer cancel()
	sizes, err := w.options.Sizes(ctx)
	m := &w.measured
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.asking)
	m.asking = nil
	if err != nil {
		return
	}
	at := w.options.Now().UTC()
	m.last = Storage{At: &at, Tables: sizes.Tables, Sites: sizes.Sites}
	for _, t := range sizes.Tables {
		m.last.Bytes += t.Bytes
	}
}
