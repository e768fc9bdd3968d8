package syslog

import (
	"encoding/binary"
	"iter"
	"sync"
)

const (
	// lengthSize is how many bytes of a batch tell a message's length.
	lengthSize = 4
	// firstSize is what the buffer of a batch begins with, in bytes; it doubles as it is needed.
	firstSize = 64 << 10
)

// Batch is a number of messages, without their headers.
type Batch struct {
	buf []byte // each message behind its length
}

// Messages goes through the messages. Each may be changed, and is valid as long as the batch.
func (b *Batch) Messages() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest := b.buf; len(rest) > 0; {
			n := lengthSize + int(binary.LittleEndian.Uint32(rest))
			if !yield(rest[lengthSize:n:n]) {
				return
			}
			rest = rest[n:]
		}
	}
}

// add appends a message. The buffer that it outgrows is overwritten.
func (b *Batch) add(message []byte, limit int) {
	if need := len(b.buf) + lengthSize + len(message); need > cap(b.buf) {
		grown := make([]byte, len(b.buf), max(min(2*cap(b.buf), limit), need, firstSize))
		copy(grown, b.buf)
		clear(b.buf)
		b.buf = grown
	}
	b.buf = binary.LittleEndian.AppendUint32(b.buf, uint32(len(message)))
	b.buf = append(b.buf, message...)
}

// clear overwrites the messages and keeps the buffer.
func (b *Batch) clear() {
	clear(b.buf)
	b.buf = b.buf[:0]
}

// queue passes messages from many goroutines to one, in two batches that change places: one is filled while the other
// is read.
type queue struct {
	limit int
	wake  func()

	mu      sync.Mutex
	room    *sync.Cond // the filled batch was taken
	filling *Batch
	taken   *Batch
}

func newQueue(limit int, wake func()) *queue {
	q := &queue{limit: limit, wake: wake, filling: &Batch{}, taken: &Batch{}}
	q.room = sync.NewCond(&q.mu)
	return q
}

// put copies a message into the queue. When there is no room, it waits for some, or returns false.
func (q *queue) put(message []byte, wait bool) bool {
	q.mu.Lock()
	for !q.fits(message) {
		if !wait {
			q.mu.Unlock()
			return false
		}
		q.room.Wait()
	}
	first := len(q.filling.buf) == 0
	q.filling.add(message, q.limit)
	q.mu.Unlock()
	if first {
		q.wake()
	}
	return true
}

// fits tells whether a message has room. One alone always has.
func (q *queue) fits(message []byte) bool {
	n := len(q.filling.buf)
	return n == 0 || n+lengthSize+len(message) <= q.limit
}

// take returns the filled batch and overwrites the one that was taken before; nil when nothing waits.
func (q *queue) take() *Batch {
	q.clearTaken()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.filling.buf) == 0 {
		return nil
	}
	q.filling, q.taken = q.taken, q.filling
	q.room.Broadcast()
	return q.taken
}

// clearTaken overwrites the batch that was taken last, which belongs to the one goroutine that takes.
func (q *queue) clearTaken() { q.taken.clear() }
