package main

import (
	"net"
	"sync"
	"time"
)

// writeSlack is how much earlier than asked for a connection may give up writing.
const writeSlack = time.Second

// lazyConn is a connection whose deadlines are set when something waits for them. net/http sets several for each request, and
// nearly all are replaced before anything waits: each of them would be a timer of its own.
type lazyConn struct {
	net.Conn

	mu      sync.Mutex // guards the rest
	wanted  time.Time  // deadline for reading
	read    time.Time  // the one that is set
	reading int        // calls of Read
	write   time.Time  // deadline for writing that is set
}

// Read sets the deadline and reads.
func (c *lazyConn) Read(b []byte) (int, error) {
	c.mu.Lock()
	err := c.apply()
	c.reading++
	c.mu.Unlock()
	n := 0
	if err == nil {
		n, err = c.Conn.Read(b)
	}
	c.mu.Lock()
	c.reading--
	c.mu.Unlock()
	return n, err
}

// SetReadDeadline sets the deadline now for who is reading, or else for who will.
func (c *lazyConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wanted = t
	if c.reading == 0 {
		return nil
	}
	return c.apply()
}

// apply sets the deadline for reading. The caller has the lock.
func (c *lazyConn) apply() error {
	if c.wanted == c.read {
		return nil
	}
	c.read = c.wanted
	return c.Conn.SetReadDeadline(c.wanted)
}

// SetWriteDeadline sets the deadline, unless the one that is set is at most a second earlier.
func (c *lazyConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if later := t.Sub(c.write); !c.write.IsZero() && later >= 0 && later < writeSlack {
		return nil
	}
	c.write = t
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline sets both.
func (c *lazyConn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}
