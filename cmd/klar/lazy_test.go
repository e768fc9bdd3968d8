package main

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// counted is a connection that counts the deadlines that are set, and says when it is read from.
type counted struct {
	net.Conn
	deadlines int
	reading   chan struct{}
}

func (c *counted) SetReadDeadline(t time.Time) error {
	c.deadlines++
	return c.Conn.SetReadDeadline(t)
}

func (c *counted) SetWriteDeadline(t time.Time) error {
	c.deadlines++
	return c.Conn.SetWriteDeadline(t)
}

func (c *counted) Read(b []byte) (int, error) {
	c.reading <- struct{}{}
	return c.Conn.Read(b)
}

func TestDeadlinesAreSetWhenTheyAreNeeded(t *testing.T) {
	t.Parallel()
	here, there := net.Pipe()
	defer here.Close()
	defer there.Close()
	under := &counted{Conn: here, reading: make(chan struct{}, 1)}
	conn := &lazyConn{Conn: under}
	read := func(want error) {
		t.Helper()
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, want) {
			t.Errorf("reading gives %v, want %v", err, want)
		}
	}
	past, future := time.Unix(1, 0), time.Now().Add(time.Hour)

	for _, deadline := range []time.Time{past, future, {}, future, past} {
		if err := conn.SetReadDeadline(deadline); err != nil {
			t.Fatal(err)
		}
	}
	if under.deadlines != 0 {
		t.Errorf("%d deadlines are set while nobody reads", under.deadlines)
	}
	read(os.ErrDeadlineExceeded)
	<-under.reading
	if err := conn.SetReadDeadline(future); err != nil {
		t.Fatal(err)
	}
	go func() {
		<-under.reading // a read that has begun
		_ = conn.SetReadDeadline(past)
	}()
	read(os.ErrDeadlineExceeded)
	if under.deadlines != 3 {
		t.Errorf("%d deadlines are set, want one for each of the reads and one in between", under.deadlines)
	}

	under.deadlines = 0
	for i := range 5 {
		if err := conn.SetWriteDeadline(future.Add(time.Duration(i) * writeSlack / 2)); err != nil {
			t.Fatal(err)
		}
	}
	if under.deadlines != 3 {
		t.Errorf("%d of five deadlines for writing, half a second apart, are set, want 3", under.deadlines)
	}
	if err := conn.SetWriteDeadline(past); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("writing after the deadline gives %v", err)
	}
}
