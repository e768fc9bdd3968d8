package notify

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Bounds of an outbox.
const (
	// MaxLetters is how many deliveries may wait.
	MaxLetters = 1000
	// MaxMessage bounds a message with its receiver as it stands on the disk, in bytes.
	MaxMessage = 512 << 10
	// MaxAge is how long a delivery is tried.
	MaxAge = 3 * 24 * time.Hour
)

const (
	firstRetry = 10 * time.Second
	lastRetry  = time.Hour
	// endGrace is how long the end waits for deliveries that are under way.
	endGrace = 2 * time.Second
)

// ErrFull is the error of Put when MaxLetters deliveries wait.
var ErrFull = errors.New("the outbox is full")

// OutboxOptions describe an outbox.
type OutboxOptions struct {
	// Dir is made if need be, readable by its owner only. One process uses it.
	Dir string
	// Receiver finds a receiver by its key. What waits for one that is not known any more is thrown away. It is called by
	// several goroutines.
	Receiver   func(key string) (Receiver, bool)
	Now        func() time.Time
	Logger     *slog.Logger
	Registerer prometheus.Registerer // nil: no metrics
}

// Outbox keeps messages on the disk until they are delivered, each to each of its receivers at least once: after a crash
// at the wrong moment, or when an answer is lost, twice. A receiver that fails is tried again after 10 seconds, then each
// time after twice as long, up to an hour; the others do not wait for it.
type Outbox struct {
	OutboxOptions
	wake       chan struct{} // has room for one
	deliveries *prometheus.CounterVec

	mu       sync.Mutex // guards the rest
	waiting  []letter   // by their age
	failures map[string]failing
	busy     map[string]bool // receivers that are being told
}

// failing is a receiver that could not be told.
type failing struct {
	times int
	until time.Time
}

// results are those of the metric of deliveries.
var results = []string{"delivered", "failed", "refused", "expired", "dropped"}

// OpenOutbox opens the outbox in a directory, with what waits there.
func OpenOutbox(o OutboxOptions) (*Outbox, error) {
	b := &Outbox{OutboxOptions: o, wake: make(chan struct{}, 1), failures: map[string]failing{}, busy: map[string]bool{}}
	auto := promauto.With(o.Registerer)
	b.deliveries = auto.NewCounterVec(prometheus.CounterOpts{
		Name: "klar_notify_deliveries_total",
		Help: "Deliveries of reports, notices and alerts, by kind (mail, webhook) and result: delivered, failed (and tried again), refused, expired, dropped.",
	}, []string{"kind", "result"})
	for _, kind := range []Kind{ByMail, ByWebhook} {
		for _, result := range results {
			b.deliveries.WithLabelValues(string(kind), result)
		}
	}
	auto.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "klar_notify_outbox_messages", Help: "Deliveries that wait in the outbox.",
	}, func() float64 { return float64(b.Waiting()) })
	var err error
	b.waiting, err = openLetters(o.Dir)
	return b, err
}

// Waiting returns how many deliveries wait.
func (b *Outbox) Waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waiting)
}

// Put keeps a message for each of the receivers. It returns when they are on the disk, or why they are not; those that are
// already waiting for a message with this ID are left as they are, so that what failed can be put again. The error is
// ErrFull, or of the disk.
func (b *Outbox) Put(m Message, to ...Receiver) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range to {
		l := newLetter(m.ID, r, b.Now())
		if b.has(l.file) {
			continue
		}
		if len(b.waiting) >= MaxLetters {
			b.deliveries.WithLabelValues(string(r.kind), "dropped").Inc()
			return ErrFull
		}
		if err := l.write(b.Dir, m); err != nil {
			return err
		}
		b.waiting = append(b.waiting, l)
	}
	select {
	case b.wake <- struct{}{}:
	default:
	}
	return nil
}

func (b *Outbox) has(file string) bool {
	for _, l := range b.waiting {
		if l.file == file {
			return true
		}
	}
	return false
}

// Run delivers until ctx ends, and then waits two seconds for what is under way. What is not delivered stays.
func (b *Outbox) Run(ctx context.Context) {
	var running sync.WaitGroup
	for ctx.Err() == nil {
		timer := time.NewTimer(b.deliver(ctx, &running))
		select {
		case <-ctx.Done():
		case <-b.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
	ended := make(chan struct{})
	go func() { running.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(endGrace):
	}
}

// deliver starts a goroutine for each receiver that has something to be told, is not being told and may be tried, and
// returns after what time another may be. A goroutine ends after all that waits for its receiver, or the first failure,
// and then wakes Run.
func (b *Outbox) deliver(ctx context.Context, running *sync.WaitGroup) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, next := b.Now(), lastRetry
	due := map[string][]letter{}
	for _, l := range b.waiting {
		if wait := b.failures[l.To].until.Sub(now); wait > 0 {
			next = min(next, wait)
		} else if !b.busy[l.To] {
			due[l.To] = append(due[l.To], l)
		}
	}
	for key, letters := range due {
		b.busy[key] = true
		running.Go(func() {
			b.tell(ctx, key, letters)
			b.mu.Lock()
			delete(b.busy, key)
			b.mu.Unlock()
			select {
			case b.wake <- struct{}{}:
			default:
			}
		})
	}
	return next
}

// tell delivers letters to their receiver, one after the other, up to the first that fails.
func (b *Outbox) tell(ctx context.Context, key string, letters []letter) {
	// What is under way is not broken off at once: the other side may have it already.
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(endGrace, cancel) })()
	r, known := b.Receiver(key)
	for _, l := range letters {
		if ctx.Err() != nil {
			return
		}
		log := b.Logger.With("receiver", named(l.Kind, key))
		switch {
		case !known:
			b.over(l, "dropped")
			log.Warn("a message was thrown away: its receiver is not configured any more")
			continue
		case b.Now().Sub(l.Queued) > MaxAge:
			b.over(l, "expired")
			log.Error("a message was thrown away: it could not be delivered for three days")
			continue
		}
		m, err := l.read(b.Dir)
		if err != nil {
			b.over(l, "dropped")
			log.Error("a message was thrown away: its file cannot be read", "error", err)
			continue
		}
		switch err = r.Deliver(last, m); {
		case err == nil:
			b.over(l, "delivered")
		case errors.Is(err, ErrRefused):
			b.over(l, "refused")
			log.Error("a message was not delivered", "about", m.About, "error", err)
		default:
			b.deliveries.WithLabelValues(string(l.Kind), "failed").Inc()
			log.Warn("a message could not be delivered yet", "about", m.About, "error", err, "again_in", b.failed(key))
			return
		}
	}
}

// named returns how the log names a receiver: a webhook by its name, and no mailbox.
func named(kind Kind, key string) string {
	if kind == ByWebhook {
		return key
	}
	return string(kind)
}

// failed notes that a receiver failed, and returns after what time it is tried again.
func (b *Outbox) failed(key string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.failures[key]
	wait := lastRetry
	if f.times < 10 {
		wait = min(lastRetry, firstRetry<<f.times)
	}
	b.failures[key] = failing{f.times + 1, b.Now().Add(wait)}
	return wait
}

// over forgets a letter, on the disk first.
func (b *Outbox) over(l letter, result string) {
	b.deliveries.WithLabelValues(string(l.Kind), result).Inc()
	if err := l.remove(b.Dir); err != nil {
		b.Logger.Error("a message that is done with stays on the disk, and may be delivered again", "error", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if result == "delivered" {
		delete(b.failures, l.To)
	}
	for i := range b.waiting {
		if b.waiting[i].file == l.file {
			b.waiting = append(b.waiting[:i], b.waiting[i+1:]...)
			return
		}
	}
}
