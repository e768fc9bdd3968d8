package syslog

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"
)

// packets is a socket of datagrams. Its Read, unlike ReadFrom, does not ask who sent them.
type packets interface {
	net.Conn
	syscall.Conn
	SetReadBuffer(bytes int) error
}

// readPackets reads datagrams, each of them a message, until the listener is closed.
func (l *Listener) readPackets(socket packets) {
	buf := make([]byte, MaxMessage+1)
	defer clear(buf)
	defer l.countDropped(socket)
	for {
		n, err := socket.Read(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Such as a message of ICMP about something sent earlier: it says nothing of what comes next.
			if !l.pause() {
				return
			}
			continue
		}
		l.packet(buf[:n])
		clear(buf[:n])
	}
}

// packet takes in one datagram.
func (l *Listener) packet(b []byte) {
	if len(b) > MaxMessage {
		l.counts.long.Add(1)
		return
	}
	if text := Content(b); len(text) > 0 && !l.queue.put(text, false) {
		l.counts.full.Add(1)
	}
}

// countDropped asks the system how many datagrams it dropped.
func (l *Listener) countDropped(socket packets) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return
	}
	l.mu.Lock() // an older answer must not replace a newer one
	defer l.mu.Unlock()
	_ = raw.Control(func(fd uintptr) {
		if n, ok := dropped(fd); ok {
			l.counts.kernel.Store(uint64(n))
		}
	})
}

// pause waits after an error that may go away, and returns false when the listener is closed.
func (l *Listener) pause() bool {
	select {
	case <-l.done:
		return false
	case <-l.options.After(100 * time.Millisecond):
		return true
	}
}
