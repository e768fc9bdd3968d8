package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// drainTime bounds how long the end of the server waits for answers that are under way.
	drainTime = 5 * time.Second
	// silentTime is how long it waits for a request on a connection that has not sent one, as browsers open in advance.
	silentTime = time.Second
)

// connections knows those that are open.
type connections struct {
	open    sync.Map // of net.Conn
	changed chan struct{}
}

// note is http.Server's hook. It is called several times for each request.
func (c *connections) note(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		c.open.Store(conn, nil)
	case http.StateActive, http.StateIdle: // until it is closed, which is told
	default:
		c.open.Delete(conn)
		select {
		case c.changed <- struct{}{}:
		default:
		}
	}
}

// over reports whether no connection is left, or none but silent ones.
func (c *connections) over(silent bool) bool {
	over := true
	c.open.Range(func(conn, _ any) bool {
		own, ok := conn.(*shortenedConn)
		over = silent && ok && !own.heard.Load()
		return over
	})
	return over
}

// wait returns when the connections are answered and closed, or when ctx ends.
func (c *connections) wait(ctx context.Context) {
	grace := time.NewTimer(silentTime)
	defer grace.Stop()
	for silent := false; !c.over(silent); {
		select {
		case <-c.changed:
		case <-grace.C:
			silent = true
		case <-ctx.Done():
			return
		}
	}
}

// serveUntil serves until ctx ends, then lets running answers end within five seconds. Whoever was connected by then is
// answered: Shutdown alone drops those whose first request has not been read.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	open := &connections{changed: make(chan struct{}, 1)}
	server.ConnState, server.ConnContext = open.note, knowConn
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return errors.Join(err, server.Close())
	}
	<-failed // what it accepted last is known now
	server.SetKeepAlivesEnabled(false)
	open.wait(last)
	if err := server.Shutdown(last); err != nil {
		return server.Close()
	}
	return nil
}
