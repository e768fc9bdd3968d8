package collector

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/syslog"
)

// fewDatagrams is the length of a queue of datagrams that a burst of requests overflows.
const fewDatagrams = 100

// SyslogSource is an address at which messages of syslog are taken in, each of them a line of an access log.
type SyslogSource struct {
	// Address is where it listens, as syslog.ParseAddress takes it. In metrics and reports it names the source.
	Address string
	// Site is the id of the site that the hits belong to; empty: by the host that the log names.
	Site string
	// Format is the format of the lines, as accesslog.Compile takes it. It cannot be found out: whoever came first would
	// decide.
	Format string
	// TLS is the certificate of a tls:// address.
	TLS *tls.Config
}

// Syslog listens at the addresses of sources. What arrives waits in bounded memory for [Follow].
type Syslog struct {
	sources []*syslogSource
	sockets syslog.Sockets
	wake    chan struct{} // something waits
}

// syslogSource is a source that listens.
type syslogSource struct {
	SyslogSource
	parser   *accesslog.Parser
	listener *syslog.Listener
	secret   *atomic.Pointer[tls.Config] // the certificate in force
	counted  syslog.Figures              // that are in the metrics already
	warned   time.Time
}

// ListenSyslog begins to listen at all addresses, or at none, with sockets that are opened by the last argument; nil is
// package net. The error names the source.
func ListenSyslog(sources []SyslogSource, sockets syslog.Sockets) (*Syslog, error) {
	s := &Syslog{sockets: sockets, wake: make(chan struct{}, 1)}
	opened, err := s.prepare(sources)
	if err != nil {
		return nil, err
	}
	s.sources = opened.all
	return s, nil
}

// open begins to listen at one address. The error names the source.
func (s *Syslog) open(source SyslogSource) (*syslogSource, error) {
	opened, err := s.listen(source)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", source.Address, err)
	}
	return opened, nil
}

func (s *Syslog) listen(source SyslogSource) (*syslogSource, error) {
	address, err := syslog.ParseAddress(source.Address)
	if err != nil {
		return nil, err
	}
	if address.TLS() && source.TLS == nil {
		return nil, errors.New("needs a certificate")
	}
	format, err := accesslog.Compile(source.Format)
	if err != nil {
		return nil, err
	}
	opened := &syslogSource{SyslogSource: source, parser: format.NewParser(), secret: new(atomic.Pointer[tls.Config])}
	opened.secret.Store(source.TLS)
	// Each new stream asks for the certificate, so that it can be replaced.
	secret := &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return opened.secret.Load(), nil }}
	opened.listener, err = syslog.Listen(address, syslog.Options{Sockets: s.sockets, TLS: secret, Wake: s.notify})
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// notify tells the follower that something waits.
func (s *Syslog) notify() {
	select {
	case s.wake <- struct{}{}:
	default: // it knows
	}
}

// Close stops listening, and throws away what nobody took.
func (s *Syslog) Close() { s.stop(s.discard) }

// stop closes all listeners, while take is called to make room for what is still on its way, and once at the end.
func (s *Syslog) stop(take func()) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		for _, source := range s.sources {
			source.listener.Close()
		}
	}()
	for {
		select {
		case <-s.wake:
			take()
		case <-closed:
			take()
			return
		}
	}
}

// discard overwrites all that waits.
func (s *Syslog) discard() {
	for _, source := range s.sources {
		source.listener.Take()
		source.listener.Clear()
	}
}

// beginSyslog reports the sources, and makes their figures appear before the first message.
func (f *follower) beginSyslog(sources []*syslogSource) {
	for _, s := range sources {
		f.metrics.beginSyslog(s.Address)
		log := f.Logger.With("source", s.Address, "address", s.listener.Addr())
		log.Info("source: messages of syslog are taken in")
		a, err := syslog.ParseAddress(s.Address)
		if err != nil {
			continue // it listens, so it is one
		}
		if !a.Local() && !a.TLS() {
			log.Warn("source: this address is open to other machines, and what they send is not encrypted; whoever reaches it can add to the figures")
		}
		if n := a.Queue(); n > 0 && n < fewDatagrams {
			log.Warn("source: the system queues few datagrams, and nginx throws away what does not fit; raise net.unix.max_dgram_qlen to 512 or use udp://", "queue", n)
		}
	}
}

// messages counts the messages that wait.
func (f *follower) messages(ctx context.Context) error {
	for _, s := range f.Syslog.sources {
		if err := f.messagesOf(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// messagesOf counts the messages of one source that wait, and overwrites them.
func (f *follower) messagesOf(ctx context.Context, s *syslogSource) error {
	batch := s.listener.Take()
	if batch == nil {
		return nil
	}
	defer func() {
		s.listener.Clear()
		s.parser.Clear()
		f.hit.Clear()
	}()
	f.hit.Fields().Site = s.Site
	for message := range batch.Messages() {
		f.message(s, message)
		if f.lines >= liveBatch {
			if err := f.commit(ctx, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// message counts one message.
func (f *follower) message(s *syslogSource, text []byte) {
	err := s.parser.Parse(text, f.hit)
	if err == accesslog.ErrDirective {
		return
	}
	f.changed = true
	f.lines++
	if err != nil {
		f.metrics.rejected(s.Address, err)
		return
	}
	bot, err := f.Sink.Add(f.hit)
	if err != nil {
		f.metrics.rejected(s.Address, err)
		return
	}
	f.metrics.stored(s.Address, bot)
}

// finish stops listening, and commits what arrived until then together with what was read.
func (f *follower) finish(ctx context.Context) error {
	err := f.drain(ctx)
	f.observeSyslog()
	if err != nil {
		return err
	}
	return f.commit(ctx, true)
}

// drain stops listening, and counts what arrived until then.
func (f *follower) drain(ctx context.Context) error {
	var failed error
	f.Syslog.stop(func() {
		if failed != nil {
			f.Syslog.discard()
			return
		}
		failed = f.messages(ctx)
	})
	return failed
}

// observeSyslog brings the figures of the listeners into the metrics, and reports from time to time what was lost.
func (f *follower) observeSyslog() {
	for _, s := range f.Syslog.sources {
		now := s.listener.Figures()
		lost := f.metrics.syslogFigures(s.Address, s.counted, now)
		s.counted = now
		if lost > 0 && f.Now().Sub(s.warned) >= time.Minute {
			s.warned = f.Now()
			f.Logger.Error("source: messages of syslog were lost; see klar_syslog_lost_total", "source", s.Address, "messages", lost)
		}
	}
}
