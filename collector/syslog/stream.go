package syslog

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
)

// accept takes streams in until the listener is closed, each in a goroutine of its own, which ends with the stream.
func (l *Listener) accept(socket net.Listener, secret *tls.Config) {
	for {
		conn, err := socket.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // such as too many open files, which may go away
			if !l.pause() {
				return
			}
			continue
		}
		if !l.register(conn) {
			_ = conn.Close()
			continue
		}
		l.running.Go(func() {
			defer l.unregister(conn)
			l.stream(conn, secret)
		})
	}
}

// register notes a stream that is open, unless there are too many or the listener is being closed.
func (l *Listener) register(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closing {
		return false
	}
	if len(l.open) >= l.options.MaxConns {
		l.counts.refused.Add(1)
		return false
	}
	l.open[conn] = struct{}{}
	l.counts.conns.Add(1)
	return true
}

// unregister closes a stream.
func (l *Listener) unregister(conn net.Conn) {
	_ = conn.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, conn)
	l.counts.conns.Add(-1)
}

// stream reads a stream to its end. Its errors are counted by kind and go no further: they would name the sender.
func (l *Listener) stream(conn net.Conn, secret *tls.Config) {
	if secret != nil {
		l.extend(conn, l.options.Stall)
		hidden := tls.Server(conn, secret) // its own buffers go with the stream
		if hidden.Handshake() != nil {
			l.counts.failed.Add(1)
			return
		}
		conn = hidden
	}
	f := newFrames()
	defer f.clear()
	for before, new := false, true; ; {
		switch within := f.within(); {
		case !within:
			l.extend(conn, l.options.Idle)
		case new || !before: // a message has this long from its first byte to its last
			l.extend(conn, l.options.Stall)
		}
		before = f.within()
		err := f.read(conn)
		new = l.takeIn(f)
		if err != nil {
			l.end(f, err)
			return
		}
	}
}

// takeIn passes on all messages that are whole, and tells whether there were any. It waits as long as there is no room.
func (l *Listener) takeIn(f *frames) (any bool) {
	for {
		message, long := f.next()
		if long {
			l.counts.long.Add(1)
			any = true
			continue
		}
		if message == nil {
			return any
		}
		any = true
		if text := Content(message); len(text) > 0 {
			l.queue.put(text, true)
		}
	}
}

// end takes in the last message of a stream that was ended with a line feed missing, and counts what was torn.
func (l *Listener) end(f *frames, err error) {
	message, torn := f.last()
	switch {
	case torn || err != io.EOF && message != nil:
		l.counts.torn.Add(1)
	case message != nil:
		if text := Content(message); len(text) > 0 {
			l.queue.put(text, true)
		}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) && !l.isClosing() {
		l.counts.stalled.Add(1)
	}
}

func (l *Listener) isClosing() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closing
}
