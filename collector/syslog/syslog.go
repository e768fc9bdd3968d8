// Package syslog takes messages in: it listens for datagrams and streams, cuts them into messages, takes off syslog's
// header, and holds what is left in bounded memory until it is taken. It knows nothing of what the messages say, never
// asks who sent them, and overwrites what it held.
//
// The specifications are RFC 3164 and RFC 5424 for the header, RFC 5426 for UDP, RFC 6587 for TCP and RFC 5425 for TLS.
package syslog

import (
	"crypto/tls"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// MaxMessage is the longest message that is kept, in bytes, its header included. Longer ones are counted only.
	MaxMessage = 64 << 10
	// closingTime is for how long the end of a listener still reads what has arrived.
	closingTime = 100 * time.Millisecond
)

// Options of a [Listener]. The zero value has the defaults.
type Options struct {
	// Sockets opens what is listened with; nil is package net.
	Sockets Sockets
	// TLS is needed for tls:// and ignored for the rest.
	TLS *tls.Config
	// MaxConns is how many streams are open at a time; further ones are closed at once. 0 is 256.
	MaxConns int
	// Idle is for how long a stream may be silent between two messages; 0 is one hour. A sender that finds its stream
	// closed may lose a message, so it is no shorter.
	Idle time.Duration
	// Stall is for how long a stream may be silent within a message or while TLS begins; 0 is 30 seconds.
	Stall time.Duration
	// Buffer bounds the messages that wait to be taken, in bytes; 0 is 8 MiB. Beyond it datagrams are counted as lost,
	// and streams wait. As much again is held by the messages that were taken last.
	Buffer int
	// Wake is called, from any goroutine, when messages wait that did not before. It must not block; nil is nothing.
	Wake func()
	// After is the clock; nil is time.After.
	After func(time.Duration) <-chan time.Time
}

// Sockets opens sockets as package net does, or has them open already.
type Sockets interface {
	Listen(network, address string) (net.Listener, error)
	ListenPacket(network, address string) (net.PacketConn, error)
}

// newSockets are those that are opened by package net.
type newSockets struct{}

func (newSockets) Listen(network, address string) (net.Listener, error) {
	return net.Listen(network, address)
}

func (newSockets) ListenPacket(network, address string) (net.PacketConn, error) {
	return net.ListenPacket(network, address)
}

// complete fills in the defaults.
func (o Options) complete() Options {
	if o.Sockets == nil {
		o.Sockets = newSockets{}
	}
	if o.MaxConns == 0 {
		o.MaxConns = 256
	}
	if o.Idle == 0 {
		o.Idle = time.Hour
	}
	if o.Stall == 0 {
		o.Stall = 30 * time.Second
	}
	if o.Buffer == 0 {
		o.Buffer = 8 << 20
	}
	if o.Wake == nil {
		o.Wake = func() {}
	}
	if o.After == nil {
		o.After = time.After
	}
	return o
}

// Figures are counts since a listener began.
type Figures struct {
	Long   uint64 // messages longer than MaxMessage
	Torn   uint64 // messages that a stream broke off in
	Full   uint64 // datagrams that found no room
	Kernel uint64 // datagrams that the system had dropped by the last one that was read, where it tells (Linux)
	// Refused is how many streams were closed because there were too many, Stalled how many because they were silent,
	// Failed how many because TLS could not begin.
	Refused, Stalled, Failed uint64
	Conns                    int64 // streams that are open now
}

// counters are what Figures are read from.
type counters struct {
	long, torn, full, kernel, refused, stalled, failed atomic.Uint64
	conns                                              atomic.Int64
}

// Listener takes messages in until it is closed. Its goroutines end with Close.
type Listener struct {
	options Options
	queue   *queue
	counts  counters
	address string
	closer  io.Closer // the socket
	packets packets   // the same, if it is one of datagrams
	remove  func()    // the socket's file, if it has one

	mu      sync.Mutex
	closing bool
	done    chan struct{} // closed when closing becomes true
	open    map[deadliner]struct{}
	running sync.WaitGroup
}

// deadliner is what a listener reads from, as far as its end needs to know.
type deadliner interface{ SetReadDeadline(time.Time) error }

// Listen begins to take messages in. The error says why the address cannot be listened on.
func Listen(a Address, o Options) (*Listener, error) {
	o = o.complete()
	l := &Listener{
		options: o, queue: newQueue(o.Buffer, o.Wake), done: make(chan struct{}), open: map[deadliner]struct{}{}, remove: func() {},
	}
	if err := l.listen(a); err != nil {
		return nil, err
	}
	return l, nil
}

// listen opens the socket and starts the goroutine that reads from it.
func (l *Listener) listen(a Address) error {
	if a.network == "unix" || a.network == "unixgram" {
		if err := removeStale(a); err != nil {
			return err
		}
	}
	switch a.network {
	case "udp", "unixgram":
		conn, err := l.options.Sockets.ListenPacket(a.network, a.where)
		if err != nil {
			return err
		}
		l.opened(a, conn, conn.LocalAddr())
		packets := conn.(packets)
		// As much as the system allows; less is no error.
		_ = packets.SetReadBuffer(4 << 20)
		l.open[packets] = struct{}{}
		l.packets = packets
		l.running.Go(func() { l.readPackets(packets) })
	default:
		network := a.network
		if network == "tls" {
			network = "tcp"
		}
		socket, err := l.options.Sockets.Listen(network, a.where)
		if err != nil {
			return err
		}
		l.opened(a, socket, socket.Addr())
		var secret *tls.Config
		if a.network == "tls" {
			secret = l.options.TLS
		}
		l.running.Go(func() { l.accept(socket, secret) })
	}
	return nil
}

// opened notes where the listener listens, and opens its file to all users: the web server is another one than Klar.
func (l *Listener) opened(a Address, socket io.Closer, at net.Addr) {
	l.closer, l.address = socket, at.String()
	if a.network == "unix" || a.network == "unixgram" {
		l.remove = a.openToAll()
	}
}

// Addr returns where the listener listens: host and port, or a file.
func (l *Listener) Addr() string { return l.address }

// Take returns the messages that wait, nil for none. They are valid until the next Take or Clear, which overwrite them.
// It is used by one goroutine.
func (l *Listener) Take() *Batch { return l.queue.take() }

// Clear overwrites the messages that were taken last.
func (l *Listener) Clear() { l.queue.clearTaken() }

// Figures returns what was counted so far.
func (l *Listener) Figures() Figures {
	if l.packets != nil {
		l.countDropped(l.packets)
	}
	c := &l.counts
	return Figures{
		Long: c.long.Load(), Torn: c.torn.Load(), Full: c.full.Load(), Kernel: c.kernel.Load(),
		Refused: c.refused.Load(), Stalled: c.stalled.Load(), Failed: c.failed.Load(), Conns: c.conns.Load(),
	}
}

// Close stops listening, reads for a tenth of a second what has arrived already, and lets go of all streams. Until it
// returns, somebody must go on taking: streams wait for room. What is left then can still be taken.
func (l *Listener) Close() {
	l.mu.Lock()
	first := !l.closing
	l.closing = true
	if first {
		close(l.done)
		for c := range l.open {
			_ = c.SetReadDeadline(time.Now().Add(closingTime))
		}
		if _, reads := l.closer.(packets); !reads {
			_ = l.closer.Close()
		}
	}
	l.mu.Unlock()
	l.running.Wait()
	if first {
		_ = l.closer.Close()
		l.remove()
	}
}

// extend gives the next read from c as long as that, unless the listener is being closed: then it has set its own end.
func (l *Listener) extend(c deadliner, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closing {
		_ = c.SetReadDeadline(time.Now().Add(d))
	}
}
