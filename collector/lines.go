package collector

import (
	"bytes"
	"io"
)

const (
	// MaxLine is the longest line that is read, in bytes. Longer ones are rejected, and reading goes on behind them.
	MaxLine = 64 << 10
	// readSize is how much is read at once, and the size of the buffer that lines are cut from.
	readSize = 256 << 10
)

// lineKind tells how a line ended.
type lineKind uint8

const (
	wholeLine lineKind = iota
	openLine           // the input ends without a line feed
	longLine           // longer than MaxLine; its content was thrown away
)

// lineReader cuts an input into lines in a buffer that it owns and reuses.
type lineReader struct {
	r          io.Reader
	buf        []byte
	start, end int
	err        error
	// ended is the number of bytes up to the end of the last line.
	ended int64
	// before is the same up to its beginning.
	before int64
	// onRead is called after each read from the input.
	onRead func() error
}

// reset begins a new input and keeps the buffer.
func (l *lineReader) reset(r io.Reader) {
	if l.buf == nil {
		l.buf = make([]byte, readSize)
	}
	l.r, l.start, l.end, l.err, l.ended, l.before = r, 0, 0, nil, 0, 0
}

// clear overwrites what was read.
func (l *lineReader) clear() { clear(l.buf) }

// next returns the next line, without its line feed, a carriage return before it, and NUL bytes at its beginning, which
// a log has where it was truncated under a writer's feet. It is valid until the next call. The error is io.EOF at the end.
func (l *lineReader) next() ([]byte, lineKind, error) {
	l.before = l.ended
	for searched := 0; ; {
		if n := bytes.IndexByte(l.buf[l.start+searched:l.end], '\n'); n >= 0 {
			line := l.take(searched+n, 1)
			if len(line) > MaxLine {
				return nil, longLine, nil
			}
			return trim(line), wholeLine, nil
		}
		searched = l.end - l.start
		if l.err == nil && searched > MaxLine {
			return l.skip()
		}
		if l.err != nil {
			if searched == 0 || l.err != io.EOF {
				return nil, openLine, l.err
			}
			line := l.take(searched, 0)
			if len(line) > MaxLine {
				return nil, longLine, nil
			}
			return trim(line), openLine, nil
		}
		l.fill()
	}
}

// take returns the next n bytes and steps over them and the line feed.
func (l *lineReader) take(n, feed int) []byte {
	line := l.buf[l.start : l.start+n]
	l.start += n + feed
	l.ended += int64(n + feed)
	return line
}

// skip throws away what is left of a line that is too long. When the input breaks off within it, the error of that comes
// with the next call.
func (l *lineReader) skip() ([]byte, lineKind, error) {
	for {
		if n := bytes.IndexByte(l.buf[l.start:l.end], '\n'); n >= 0 {
			l.take(n, 1)
			return nil, longLine, nil
		}
		l.take(l.end-l.start, 0)
		if l.err != nil {
			return nil, longLine, nil
		}
		l.fill()
	}
}

// fill moves what is not yet cut to the buffer's beginning and reads behind it.
func (l *lineReader) fill() {
	if l.start > 0 {
		l.end = copy(l.buf, l.buf[l.start:l.end])
		l.start = 0
	}
	n, err := l.r.Read(l.buf[l.end:])
	l.end += n
	if l.err = err; err == nil && l.onRead != nil {
		l.err = l.onRead()
	}
}

// trim removes a carriage return at the end and NUL bytes at the beginning.
func trim(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	for len(line) > 0 && line[0] == 0 {
		line = line[1:]
	}
	return line
}
