package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// writeSlack is how much earlier than asked for a connection may give up writing.
const writeSlack = time.Second

// lazyConn is a connection whose deadlines are set when something waits for them. net/http sets several for each request, and
// nearly all are replaced before anything waits: each of them would be a timer of its own.
type lazyConn struct {
	net.Conn
	read, write deadline
	unwatched   atomic.Bool
	heard       atomic.Bool // something was read
}

// deadline is one of a connection's two.
type deadline struct {
	mu          sync.Mutex // guards the rest
	wanted, set time.Time
	waiting     int // calls that the deadline ends
}

// begin sets the deadline for a call that may wait, unless what is set is at most slack too early. Then follows end.
func (d *deadline) begin(set func(time.Time) error, slack time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting++
	if early := d.wanted.Sub(d.set); !d.set.IsZero() && early >= 0 && early < slack {
		return nil
	}
	return d.apply(set)
}

func (d *deadline) end() {
	d.mu.Lock()
	d.waiting--
	d.mu.Unlock()
}

// want sets the deadline now for who is waiting, or else for who will.
func (d *deadline) want(t time.Time, set func(time.Time) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wanted = t
	if d.waiting == 0 {
		return nil
	}
	return d.apply(set)
}

// apply sets the deadline. The caller has the lock.
func (d *deadline) apply(set func(time.Time) error) error {
	if d.wanted == d.set {
		return nil
	}
	d.set = d.wanted
	return set(d.wanted)
}

// unwatch makes the answer that is under way go on, whether its client leaves or not. net/http reads one byte ahead meanwhile
// to find that out, which costs a system call, timers and switches between goroutines; now it reads nothing. An error instead would
// end the context of whatever comes on the connection from then on. Then follows watch.
func (c *lazyConn) unwatch() { c.unwatched.Store(true) }

// watch ends unwatch.
func (c *lazyConn) watch() { c.unwatched.Store(false) }

// Read sets the deadline and reads.
func (c *lazyConn) Read(b []byte) (int, error) {
	if len(b) == 1 && c.unwatched.Load() {
		return 0, nil
	}
	err := c.read.begin(c.Conn.SetReadDeadline, 0)
	defer c.read.end()
	if err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	if n > 0 && !c.heard.Load() {
		c.heard.Store(true)
	}
	return n, err
}

// Write sets the deadline and writes.
func (c *lazyConn) Write(b []byte) (int, error) {
	err := c.write.begin(c.Conn.SetWriteDeadline, writeSlack)
	defer c.write.end()
	if err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// SetReadDeadline bounds how long a read waits, also one that does.
func (c *lazyConn) SetReadDeadline(t time.Time) error {
	return c.read.want(t, c.Conn.SetReadDeadline)
}

// SetWriteDeadline bounds how long a write waits, also one that does; it may give up a second too early.
func (c *lazyConn) SetWriteDeadline(t time.Time) error {
	return c.write.want(t, c.Conn.SetWriteDeadline)
}

// SetDeadline sets both.
func (c *lazyConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// connKey is the key of a request's connection in its context.
type connKey struct{}

// knowConn lets unwatched find the connection (see http.Server.ConnContext).
func knowConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// unwatched serves requests whose context says nothing: nobody finds out whether their clients are still there.
func unwatched(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, ok := r.Context().Value(connKey{}).(*shortenedConn); ok {
			conn.unwatch()
			defer conn.watch()
		}
		h.ServeHTTP(w, r)
	})
}
