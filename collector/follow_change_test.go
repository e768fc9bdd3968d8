package collector

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// change changes the sources, whose patterns lie in the test's directory.
func (x *following) change(sources []FileSource, syslog []SyslogSource, apply func() error) error {
	x.t.Helper()
	list := slices.Clone(sources)
	for i := range list {
		list[i].Pattern = filepath.Join(x.dir, list[i].Pattern)
	}
	done := make(chan error, 1)
	if err := x.follower.change(x.t.Context(), Change{Files: list, Syslog: syslog, Apply: apply, Done: done}); err != nil {
		x.t.Fatal(err)
	}
	err := <-done
	if err == nil {
		x.options.Sources = list // for the next start
	}
	return err
}

// TestChangeOfSources lets sources come, go and come back while their files are written and rotated.
func TestChangeOfSources(t *testing.T) {
	x := follow(t, FileSource{Pattern: "a.log", Site: "one"}, FileSource{Pattern: "b.log", Site: "one"})
	x.write("a.log", numbered(0, 10))
	x.write("b.log", numbered(10, 20))
	x.write("c.log", numbered(20, 30))
	x.settle()
	x.want(20)

	// What is open and rotated away, even deleted, is read on.
	x.write("a.log", numbered(30, 35))
	if err := os.Remove(filepath.Join(x.dir, "a.log")); err != nil {
		t.Fatal(err)
	}
	applied := false
	if err := x.change([]FileSource{{Pattern: "a.log", Site: "two"}, {Pattern: "c.log", Site: "two"}}, nil, func() error { applied = true; return nil }); err != nil || !applied {
		t.Fatalf("the change was refused (%v), or the sink not told (%v)", err, applied)
	}
	x.write("b.log", numbered(35, 40)) // nobody looks
	x.settle()
	if got := len(x.sink.kept); got != 35 {
		t.Errorf("%d lines were kept, want 35: those of a.log and c.log", got)
	}
	if one := slices.Index(x.sink.sites, "two"); one != 20 || slices.Contains(x.sink.sites[20:], "one") {
		t.Error("what was read before the change must count for the old site, what follows for the new one")
	}

	// A source that comes back goes on where it was, also after a restart in between.
	x.start()
	x.settle()
	if err := x.change([]FileSource{{Pattern: "*.log"}}, nil, nil); err != nil {
		t.Fatal(err)
	}
	x.settle()
	x.want(40)
	x.start()
	x.settle()
	x.want(40)
}

// TestChangeIsRefusedAsAWhole wants nothing to change when one part of it cannot.
func TestChangeIsRefusedAsAWhole(t *testing.T) {
	x := follow(t, FileSource{Pattern: "a.log"})
	x.write("a.log", numbered(0, 10))
	x.write("b.log", numbered(10, 20))
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	both := []FileSource{{Pattern: "a.log"}, {Pattern: "b.log"}}
	free := SyslogSource{Address: "unix://" + filepath.Join(x.dir, "socket"), Format: "combined"}
	for name, err := range map[string]error{
		"format":  x.change([]FileSource{{Pattern: "b.log", Format: "$nothing"}}, nil, nil),
		"twice":   x.change([]FileSource{{Pattern: "b.log"}, {Pattern: "b.log"}}, nil, nil),
		"address": x.change(both, []SyslogSource{free, {Address: "tcp://" + taken.Addr().String(), Format: "combined"}}, nil),
		"sink":    x.change(both, []SyslogSource{free}, func() error { return errors.New("the sink says no") }),
	} {
		if err == nil {
			t.Errorf("%s: the change was not refused", name)
		}
	}
	if _, err := os.Stat(filepath.Join(x.dir, "socket")); err == nil {
		t.Error("a refused change listens")
	}
	x.settle()
	x.want(10)
}

// TestChangeOfFormat names the format of a file that could not be told, and that of one which was read in another way.
func TestChangeOfFormat(t *testing.T) {
	x := follow(t, FileSource{Pattern: "*.log"})
	odd := strings.NewReplacer(" - - [", "#", "] \"GET ", "#", " HTTP/1.1\" 200 ", "#", " \"-\"", "#").Replace
	x.write("odd.log", odd(numbered(0, 10)))
	x.write("even.log", numbered(10, 20))
	x.settle()
	if len(x.sink.kept) != 10 {
		t.Fatalf("%d lines were kept, want 10: the format of the others is unknown", len(x.sink.kept))
	}
	const format = `$remote_addr#$time_local#$request_uri#$body_bytes_sent# "$http_user_agent"`
	if err := x.change([]FileSource{{Pattern: "odd.log", Format: format}, {Pattern: "even.log", Format: "combined"}}, nil, nil); err != nil {
		t.Fatal(err)
	}
	x.write("even.log", numbered(20, 30))
	x.settle()
	x.want(30)
	x.start()
	x.write("odd.log", odd(numbered(30, 35)))
	x.settle()
	x.want(35)
}

// TestChangeOfSockets keeps a connection over a change, and counts what a socket holds that goes.
func TestChangeOfSockets(t *testing.T) {
	x := follow(t)
	stays := SyslogSource{Address: "unix://" + filepath.Join(x.dir, "stays"), Format: "combined", Site: "one"}
	goes := SyslogSource{Address: "unixgram://" + filepath.Join(x.dir, "goes"), Format: "combined", Site: "one"}
	if err := x.change(nil, []SyslogSource{stays, goes}, nil); err != nil {
		t.Fatal(err)
	}
	stream := send(t, "unix", filepath.Join(x.dir, "stays"), numbered(0, 5))
	defer func() { _ = stream.Close() }()
	x.until(5)
	gram := send(t, "unixgram", filepath.Join(x.dir, "goes"), strings.TrimSpace(numbered(5, 6)))
	defer func() { _ = gram.Close() }()
	stays.Site = "two"
	if err := x.change(nil, []SyslogSource{stays}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(x.dir, "goes")); err == nil {
		t.Error("the socket that goes is still there")
	}
	if _, err := io.WriteString(stream, numbered(6, 9)); err != nil {
		t.Fatal(err)
	}
	x.until(9)
	x.want(9)
	if x.sink.sites[5] != "one" || slices.Contains(x.sink.sites[6:], "one") {
		t.Error("what came before the change must count for the old site, what follows for the new one")
	}
	x.Syslog.Close()
}

// settle looks until what was read is committed: a file that is read behind another's commit waits for the next.
func (x *following) settle() {
	x.t.Helper()
	x.look()
	x.look()
}

// send opens a socket and sends text.
func send(t *testing.T, network, name, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, name)
	if err == nil {
		_, err = io.WriteString(conn, text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// until looks until so many lines were kept.
func (x *following) until(lines int) {
	x.t.Helper()
	for late := time.Now().Add(20 * time.Second); len(x.sink.kept) < lines; runtime.Gosched() {
		if x.look(); time.Now().After(late) {
			x.t.Fatalf("%d lines were kept, want %d", len(x.sink.kept), lines)
		}
	}
}
