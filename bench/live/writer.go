package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"time"
)

// writer writes a log that grows: the lines of a real one, at this moment, again and again from other networks.
type writer struct {
	log   *os.File
	lines [][3][]byte // before the address's second half, from there to the time, behind the time
	next  int
	round int
	buf   []byte

	written int64 // bytes
	count   int64 // lines
}

func newWriter(name, from string) (*writer, error) {
	b, err := os.ReadFile(from)
	if err != nil {
		return nil, fmt.Errorf("the real log: %w", err)
	}
	w := &writer{}
	for line := range bytes.Lines(b) {
		address, rest, ok := bytes.Cut(line, []byte(" "))
		parts := bytes.Split(address, []byte("."))
		open, end := bytes.IndexByte(rest, '['), bytes.IndexByte(rest, ']')
		if ok && len(parts) == 4 && open >= 0 && end > open {
			w.lines = append(w.lines, [3][]byte{bytes.Join(parts[:2], []byte(".")), rest[:open+1], rest[end:]})
		}
	}
	if len(w.lines) == 0 {
		return nil, errors.New("the real log has no line in the combined format")
	}
	w.log, err = os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return w, err
}

func (w *writer) close() { _ = w.log.Close() }

// write writes lines of about so many bytes.
func (w *writer) write(size int) error {
	now := time.Now().Format("02/Jan/2006:15:04:05 -0700")
	w.buf = w.buf[:0]
	for len(w.buf) < size {
		l := w.lines[w.next]
		w.buf = append(w.buf, l[0]...)
		w.buf = fmt.Appendf(w.buf, ".%d.%d ", w.round%256, (w.round/256+w.next)%256)
		w.buf = append(append(append(w.buf, l[1]...), now...), l[2]...)
		w.count++
		if w.next++; w.next == len(w.lines) {
			w.next, w.round = 0, w.round+1
		}
	}
	n, err := w.log.Write(w.buf)
	w.written += int64(n)
	return err
}
