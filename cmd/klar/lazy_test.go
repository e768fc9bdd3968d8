package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
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

	write := func(want error) {
		t.Helper()
		go func() { _, _ = there.Read(make([]byte, 1)) }()
		if _, err := conn.Write([]byte("x")); !errors.Is(err, want) {
			t.Errorf("writing gives %v, want %v", err, want)
		}
	}
	under.deadlines = 0
	for i := range 5 {
		for _, deadline := range []time.Time{{}, future.Add(time.Duration(i) * writeSlack / 2)} {
			if err := conn.SetWriteDeadline(deadline); err != nil {
				t.Fatal(err)
			}
		}
		write(nil)
	}
	if under.deadlines != 3 {
		t.Errorf("%d of five deadlines for writing, half a second apart, are set, want 3", under.deadlines)
	}
	if err := conn.SetWriteDeadline(past); err != nil {
		t.Fatal(err)
	}
	write(os.ErrDeadlineExceeded)
}

// TestConnectionsGoOnUnwatched has several requests answered on one connection, whose contexts end while they are, and then
// one that is watched.
func TestConnectionsGoOnUnwatched(t *testing.T) {
	t.Parallel()
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	mux := http.NewServeMux()
	mux.Handle("/unwatched", unwatched(echo))
	left := make(chan struct{})
	mux.HandleFunc("/watched", func(w http.ResponseWriter, r *http.Request) {
		echo(w, r)
		<-r.Context().Done()
		close(left)
	})
	server := httptest.NewUnstartedServer(mux)
	var p peers
	p.trust(nil)
	server.Listener = p.shortened(server.Listener)
	server.Config.ConnContext = knowConn
	server.Start()
	defer server.Close()

	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for range 3 {
		if _, err := io.WriteString(conn, "POST /unwatched HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(answer.Body); err != nil || string(body) != "ok" {
			t.Errorf("answered %q, %v", body, err)
		}
	}
	if _, err := io.WriteString(conn, "POST /watched HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	<-left
}

// questionBehindABeacon asks on a connection that has just brought a beacon, as proxies do with theirs.
func questionBehindABeacon(t *testing.T, base string) {
	t.Helper()
	client := http.Client{Timeout: patience, Transport: &http.Transport{MaxConnsPerHost: 1}}
	defer client.CloseIdleConnections()
	for _, ask := range [][2]string{
		{"/api/event", viewOf("/")},
		{"/api/v2/query", `{"site_id":"example.org","metrics":["visitors"],"date_range":"day"}`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+ask[0], strings.NewReader(ask[1]))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("User-Agent", person)
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(answer.Body) // or the connection is not used again
		_ = answer.Body.Close()
		if err != nil || len(b) == 0 {
			t.Errorf("%s is answered with %d, %v and %d bytes", ask[0], answer.StatusCode, err, len(b))
		}
	}
}
