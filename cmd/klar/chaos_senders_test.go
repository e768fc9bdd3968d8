package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// certainty is what is known of a request with a number.
type certainty byte

const (
	notSent certainty = iota
	perhaps           // sent, and not acknowledged: it may be stored once
	surely            // acknowledged: it is stored once
)

// ledger is what was sent, by number.
type ledger struct {
	mu      sync.Mutex
	numbers []certainty
}

func (l *ledger) next() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.numbers = append(l.numbers, perhaps)
	return len(l.numbers) - 1
}

// sure notes that all numbers of a range are acknowledged.
func (l *ledger) sure(from, to int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n := from; n < to; n++ {
		l.numbers[n] = surely
	}
}

// beaconSender sends page views with numbers. One is acknowledged by the status 202.
type beaconSender struct {
	ledger
	running sync.WaitGroup
	cancel  context.CancelFunc

	target sync.RWMutex
	base   string // where klar is; "" if it is not
}

func (b *beaconSender) sendTo(base string) {
	b.target.Lock()
	defer b.target.Unlock()
	b.base = base
}

// start begins to send from several goroutines, until stop.
func (b *beaconSender) start(t *testing.T, senders int) {
	ctx, cancel := context.WithCancel(t.Context())
	b.cancel = cancel
	for range senders {
		b.running.Go(func() {
			tick := time.NewTicker(5 * time.Millisecond)
			defer tick.Stop()
			for ctx.Err() == nil {
				<-tick.C
				b.target.RLock()
				base := b.base
				b.target.RUnlock()
				if base != "" {
					b.one(t, base)
				}
			}
		})
	}
	t.Cleanup(b.stop)
}

func (b *beaconSender) one(t *testing.T, base string) {
	n := b.next()
	status, dropped := send(t, base, fmt.Sprintf(`{"n":"pageview","u":"https://z.org/b/%s","d":"z.org"}`, letters(n)))
	switch {
	case status == http.StatusAccepted && dropped == "":
		b.sure(n, n+1)
	case status == http.StatusAccepted:
		t.Errorf("a beacon is dropped as %q", dropped)
	case status != 0 && status != http.StatusServiceUnavailable:
		t.Errorf("a beacon is answered with %d", status)
	}
}

// stop returns when every beacon was answered.
func (b *beaconSender) stop() {
	b.cancel()
	b.running.Wait()
}

// streamSource is the source of syslog in the configuration.
const streamSource = "tcp://127.0.0.1:0"

// lineSender sends lines by syslog over TCP, which acknowledges nothing.
type lineSender struct {
	ledger
	running sync.WaitGroup
	begun   int // the first number that was sent to this klar

	lock sync.Mutex // held while a line is sent
	conn net.Conn   // nil while nothing is sent
}

// sendTo connects to a new klar.
func (s *lineSender) sendTo(address string) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return // it has ended again
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	s.conn, s.begun = conn, len(s.numbers)
}

// start begins to send, until the test ends.
func (s *lineSender) start(t *testing.T) {
	end := make(chan struct{})
	s.running.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				s.line()
			}
		}
	})
	t.Cleanup(func() {
		close(end)
		s.running.Wait()
		s.pause()
	})
}

// line sends the next line. It waits while klar is stopped.
func (s *lineSender) line() {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.conn == nil {
		return
	}
	path := "/s/" + letters(s.next())
	if _, err := io.WriteString(s.conn, "<190>"+time.Now().Format(time.Stamp)+" web nginx: "+webLine(path)+"\n"); err != nil {
		_ = s.conn.Close()
		s.conn = nil
	}
}

// pause ends the sending to this klar, and returns how many lines it got.
func (s *lineSender) pause() int {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.conn != nil {
		_ = s.conn.Close()
		s.conn = nil
	}
	return len(s.numbers) - s.begun
}

// over notes that this klar has ended; if sure, with all that it got stored.
func (s *lineSender) over(sure bool) {
	s.pause()
	s.lock.Lock()
	defer s.lock.Unlock()
	if sure {
		s.sure(s.begun, len(s.numbers))
	}
	s.begun = len(s.numbers)
}
