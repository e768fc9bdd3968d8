package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// webServer writes numbered lines to a log, and rotates it in every way.
type webServer struct {
	dir    string
	log    *os.File
	rnd    *rand.Rand
	rotate <-chan struct{} // rotates from when it is closed on
	most   int             // lines at once
	lines  int             // the number of the next line, which is its size as well
	files  []int           // the first line of each of the files that were the log
	how    []string        // they were rotated away
	err    error
	end    func()
}

// start begins to write, until stop or the end of the test.
func (w *webServer) start(t *testing.T) {
	end, ended := make(chan struct{}), make(chan struct{})
	w.end = sync.OnceFunc(func() {
		close(end)
		<-ended
	})
	go func() {
		defer close(ended)
		w.run(end)
	}()
	t.Cleanup(w.end)
}

// stop returns when everything is written.
func (w *webServer) stop(t *testing.T) {
	t.Helper()
	if w.end(); w.err != nil {
		t.Fatal(w.err)
	}
}

// run writes until it is told to end, then says how it ended.
func (w *webServer) run(end <-chan struct{}) {
	tick := time.NewTicker(4 * time.Millisecond)
	defer tick.Stop()
	rotating, rotated := false, time.Time{}
	for w.err == nil {
		select {
		case <-end:
			w.err = w.log.Close()
			return
		case <-w.rotate:
			rotating, w.rotate = true, nil
		case <-tick.C:
		}
		w.write(1 + w.rnd.IntN(w.most))
		if w.err == nil && rotating && time.Since(rotated) > 600*time.Millisecond {
			w.turn()
			rotated = time.Now()
		}
	}
}

// linePath is the path of a log's n-th line; without digits, which are not kept in paths.
func linePath(n int) string { return "/f/" + letters(n) }

func (w *webServer) write(n int) {
	var b strings.Builder
	now := time.Now().UTC().Format("02/Jan/2006:15:04:05 -0700")
	for range n {
		fmt.Fprintf(&b, "198.51.100.%d - - [%s] \"GET %s HTTP/1.1\" 200 %d \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\"\n",
			w.lines%250, now, linePath(w.lines), w.lines)
		w.lines++
	}
	// Not line by line, as a server does that has a buffer.
	text := b.String()
	half := w.rnd.IntN(len(text))
	for _, part := range []string{text[:half], text[half:]} {
		if _, err := w.log.WriteString(part); err != nil {
			w.err = err
		}
	}
}

// turn renames the log, packs it, or copies and truncates it.
func (w *webServer) turn() {
	name := filepath.Join(w.dir, "access.log")
	to := fmt.Sprintf("%s-%014d", name, len(w.how))
	how := []string{"renamed", "packed", "copied"}[w.rnd.IntN(3)]
	w.how = append(w.how, how)
	w.expire(name)
	if how == "copied" {
		b, err := os.ReadFile(name)
		if err == nil {
			err = w.slowly(to, b)
		}
		if err == nil {
			err = w.log.Truncate(0)
		}
		w.err = errors.Join(w.err, err)
		w.files = append(w.files, w.lines)
		return
	}
	w.err = errors.Join(w.err, os.Rename(name, to))
	w.write(20) // before it is told to open the name anew
	if err := w.log.Close(); err != nil {
		w.err = err
	}
	w.open()
	if how == "packed" && w.err == nil {
		w.err = w.pack(to)
	}
}

// keep is how many files that were rotated away stay. It is long until one is removed: a klar that is disturbed again and again
// must have read it by then.
const keep = 150

// expire removes the oldest file, as logrotate does.
func (w *webServer) expire(name string) {
	if len(w.how) <= keep {
		return
	}
	names, _ := filepath.Glob(fmt.Sprintf("%s-%014d*", name, len(w.how)-keep-1))
	for _, old := range names {
		w.err = errors.Join(w.err, os.Remove(old))
	}
}

// open opens the log's next file.
func (w *webServer) open() {
	log, err := os.OpenFile(filepath.Join(w.dir, "access.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		w.err = err
	}
	w.log = log
	w.files = append(w.files, w.lines)
}

// slowly writes a file in parts, as larger ones are.
func (w *webServer) slowly(name string, b []byte) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close() // again, if all goes well
	for _, part := range [][]byte{b[:len(b)/2], b[len(b)/2:]} {
		<-time.After(time.Duration(w.rnd.IntN(40)) * time.Millisecond)
		if _, err := f.Write(part); err != nil {
			return err
		}
	}
	<-time.After(time.Duration(w.rnd.IntN(40)) * time.Millisecond)
	return f.Close()
}

// pack does what gzip does.
func (w *webServer) pack(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(b); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := w.slowly(name+".gz", packed.Bytes()); err != nil {
		return err
	}
	if err := os.Chtimes(name+".gz", info.ModTime(), info.ModTime()); err != nil {
		return err
	}
	return os.Remove(name)
}
