package syslog

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait for the network.
const patience = 20 * time.Second

// rig is a listener under test.
type rig struct {
	*Listener
	woken chan struct{}
}

// start listens; the listener is closed at the end of the test.
func start(t *testing.T, address string, o Options) *rig {
	t.Helper()
	a, err := ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{woken: make(chan struct{}, 1)}
	o.Wake = func() {
		select {
		case r.woken <- struct{}{}:
		default:
		}
	}
	if a.TLS() {
		o.TLS = certificate(t)
	}
	if r.Listener, err = Listen(a, o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// certificate makes one that holds for an hour.
func certificate(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// want waits for as many messages, and wants just these.
func (r *rig) want(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	late := time.After(patience)
	for {
		for b := r.Take(); b != nil; b = r.Take() {
			for m := range b.Messages() {
				got = append(got, string(m))
			}
		}
		if len(got) >= len(want) {
			break
		}
		select {
		case <-r.woken:
		case <-late:
			t.Fatalf("%d messages of %d have come; counted: %+v", len(got), len(want), r.Figures())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("messages %.200q, want %.200q", got, want)
	}
}

// counted waits until the figures are as wanted.
func (r *rig) counted(t *testing.T, what string, is func(Figures) bool) {
	t.Helper()
	for late := time.Now().Add(patience); !is(r.Figures()); runtime.Gosched() {
		if time.Now().After(late) {
			t.Fatalf("%s is not counted: %+v", what, r.Figures())
		}
	}
}

// dial connects to the listener.
func (r *rig) dial(t *testing.T, network string) net.Conn {
	t.Helper()
	var conn net.Conn
	var err error
	if network == "tls" {
		conn, err = tls.Dial("tcp", r.Addr(), &tls.Config{InsecureSkipVerify: true}) // made by this test
	} else {
		conn, err = net.Dial(network, r.Addr())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func send(t *testing.T, w io.Writer, s string) {
	t.Helper()
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
}

const head = "<190>Nov 23 09:32:56 web1 nginx: "

// TestTransports sends over each kind of socket, with each kind of frames.
func TestTransports(t *testing.T) {
	for _, network := range []string{"udp", "unixgram", "tcp", "tls", "unix"} {
		t.Run(network, func(t *testing.T) {
			address := network + "://127.0.0.1:0"
			if strings.HasPrefix(network, "unix") {
				address = network + "://" + filepath.Join(t.TempDir(), "s")
			}
			r := start(t, address, Options{})
			conn := r.dial(t, network)
			if network == "udp" || network == "unixgram" {
				for _, m := range []string{head + "a", "<190>1 - web1 nginx - - - b\n", "c", "\n", head + "d\ne"} {
					send(t, conn, m)
				}
				r.want(t, "a", "b", "c", "d\ne")
				return
			}
			send(t, conn, head+"a\n<190>1 - we")
			r.want(t, "a")
			send(t, conn, fmt.Sprintf("b1 nginx - - - b\n%d %sc\nd%se", len(head)+3, head, head))
			_ = conn.Close()
			r.want(t, "b", "c\nd", "e")
			r.counted(t, "the stream's end", func(f Figures) bool { return f == Figures{} })
		})
	}
}

func TestDatagramsTooLong(t *testing.T) {
	r := start(t, "unixgram://"+filepath.Join(t.TempDir(), "s"), Options{})
	conn := r.dial(t, "unixgram")
	send(t, conn, strings.Repeat("x", MaxMessage+1))
	send(t, conn, strings.Repeat("y", MaxMessage))
	r.want(t, strings.Repeat("y", MaxMessage))
	if f := r.Figures(); f.Long != 1 {
		t.Errorf("counted %+v, want one too long", f)
	}
}

// TestFull fills the memory: datagrams are counted as lost, a stream waits.
func TestFull(t *testing.T) {
	r := start(t, "udp://127.0.0.1:0", Options{Buffer: 64})
	conn := r.dial(t, "udp")
	message := strings.Repeat("m", 50)
	for range 3 {
		send(t, conn, message)
	}
	r.counted(t, "the loss", func(f Figures) bool { return f.Full == 2 })
	r.want(t, message)

	s := start(t, "tcp://127.0.0.1:0", Options{Buffer: 64})
	stream := s.dial(t, "tcp")
	for range 3 {
		send(t, stream, message+"\n")
	}
	s.want(t, message, message, message)
}

// TestTorn breaks a stream off within a message.
func TestTorn(t *testing.T) {
	r := start(t, "tcp://127.0.0.1:0", Options{})
	conn := r.dial(t, "tcp")
	send(t, conn, "9 <1>a")
	_ = conn.Close()
	r.counted(t, "what was torn", func(f Figures) bool { return f.Torn == 1 && f.Conns == 0 })
}

// TestSilence has streams that stop within a message, between two, and before TLS has begun.
func TestSilence(t *testing.T) {
	r := start(t, "tcp://127.0.0.1:0", Options{Idle: time.Hour, Stall: time.Millisecond})
	send(t, r.dial(t, "tcp"), head+"a\n"+head)
	r.want(t, "a")
	r.counted(t, "the stalled stream", func(f Figures) bool { return f.Stalled == 1 && f.Torn == 1 && f.Conns == 0 })

	r = start(t, "tcp://127.0.0.1:0", Options{Idle: time.Millisecond})
	r.dial(t, "tcp")
	r.counted(t, "the idle stream", func(f Figures) bool { return f.Stalled == 1 && f.Torn == 0 && f.Conns == 0 })

	r = start(t, "tls://127.0.0.1:0", Options{Stall: time.Millisecond})
	r.dial(t, "tcp")
	r.counted(t, "the stream without TLS", func(f Figures) bool { return f.Failed == 1 && f.Conns == 0 })
}

func TestTooManyStreams(t *testing.T) {
	r := start(t, "tcp://127.0.0.1:0", Options{MaxConns: 1})
	first := r.dial(t, "tcp")
	send(t, first, "a\n")
	r.want(t, "a")
	second := r.dial(t, "tcp")
	if _, err := second.Read(make([]byte, 1)); err == nil {
		t.Error("the second stream is not closed")
	}
	if f := r.Figures(); f.Refused != 1 {
		t.Errorf("counted %+v, want one refused", f)
	}
	send(t, first, "b\n")
	r.want(t, "b")
}

// TestClose wants what arrived before the end, and the socket's file gone.
func TestClose(t *testing.T) {
	for _, network := range []string{"unixgram", "unix"} {
		name := filepath.Join(t.TempDir(), "s")
		r := start(t, network+"://"+name, Options{})
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o666 {
			t.Errorf("%s: the socket cannot be written to by all", network)
		}
		conn := r.dial(t, network)
		send(t, conn, "a\n")
		r.want(t, "a") // the stream is open
		send(t, conn, "b\n")
		r.Close()
		r.want(t, "b")
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s: the socket's file is left", network)
		}
	}
}

// TestSocketLeftBehind takes over the file of a process that was killed, and nobody else's.
func TestSocketLeftBehind(t *testing.T) {
	for _, network := range []string{"unixgram", "unix"} {
		name := filepath.Join(t.TempDir(), "s")
		first := start(t, network+"://"+name, Options{})
		a, err := ParseAddress(network + "://" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Listen(a, Options{}); err == nil || !strings.Contains(err.Error(), "another process") {
			t.Errorf("%s: a socket in use is taken over: %v", network, err)
		}
		if err := os.Link(name, name+"2"); err != nil {
			t.Fatal(err)
		}
		first.Close()
		second := start(t, network+"://"+name+"2", Options{})
		send(t, second.dial(t, network), "a\n")
		second.want(t, "a")
	}
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := Listen(Address{"unix", name}, Options{}); err == nil {
		l.Close()
		t.Error("a file is taken for a socket")
	}
}

// TestOverwritten wants nothing left of messages that were taken, in either batch and after they have grown.
func TestOverwritten(t *testing.T) {
	q := newQueue(1<<20, func() {})
	planted := []byte(strings.Repeat("planted", 100))
	for range 3 {
		for range 500 {
			q.put(planted, true)
		}
		b := q.take()
		buf := b.buf
		q.clearTaken()
		if slices.ContainsFunc(buf, func(c byte) bool { return c != 0 }) {
			t.Fatal("a message is left in memory")
		}
	}
}

func TestAddresses(t *testing.T) {
	for s, local := range map[string]bool{
		"udp://127.0.0.1:5140": true, "tcp://[::1]:514": true, "udp://localhost:0": true, "tls://:6514": false,
		"udp://0.0.0.0:514": false, "unix:///run/klar/s": true, "unixgram:///s": true,
	} {
		if a, err := ParseAddress(s); err != nil || a.Local() != local {
			t.Errorf("%s: %v, local %v", s, err, a.Local())
		}
	}
	for _, s := range []string{
		"", "127.0.0.1:5140", "udp://127.0.0.1", "udp://127.0.0.1:http", "udp://:65536", "udp://:007", "udp://a b:1", "http://127.0.0.1:1",
		"unix://s", "unix:///", "unixgram:///" + strings.Repeat("x", 100), "udp://example.org:514", "UDP://127.0.0.1:514",
	} {
		if _, err := ParseAddress(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}
