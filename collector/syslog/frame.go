package syslog

import (
	"bytes"
	"io"
)

// maxDigits is how many digits the length of a message may have. What has more is no length.
const maxDigits = 7

// frames cuts a stream into messages, each counted in octets or ended by a line feed, as RFC 6587 has it. A stream may
// mix both: a length is one only when a space and "<" follow it.
type frames struct {
	buf        []byte
	start, end int
	searched   int  // bytes behind start that hold no line feed
	skip       int  // bytes of a message too long that are still to come
	line       bool // the same of a message that a line feed ends
}

func newFrames() *frames {
	return &frames{buf: make([]byte, 2*MaxMessage)}
}

// read takes in more of the stream. There is always room when next has returned no message.
func (f *frames) read(r io.Reader) error {
	if f.start > 0 {
		n := copy(f.buf, f.buf[f.start:f.end])
		clear(f.buf[n:f.end])
		f.start, f.end = 0, n
	}
	n, err := r.Read(f.buf[f.end:])
	f.end += n
	return err
}

// next returns the next whole message, nil when more must be read. It is valid until the next read. long is true when a
// message was left out because it is too long; there may be more behind it.
func (f *frames) next() (message []byte, long bool) {
	if f.skip > 0 || f.line {
		f.leaveOut()
	}
	rest := f.buf[f.start:f.end]
	if f.skip > 0 || f.line || len(rest) == 0 {
		return nil, false
	}
	length, head, unsure := octets(rest)
	switch {
	case unsure:
		return nil, false
	case head == 0:
		return f.nextLine(rest)
	case length > MaxMessage:
		f.start += head
		f.skip, f.searched = length, 0
		return nil, true
	case len(rest) < head+length:
		return nil, false
	}
	f.start += head + length
	f.searched = 0
	return rest[head : head+length], false
}

// nextLine returns the message that a line feed ends.
func (f *frames) nextLine(rest []byte) (message []byte, long bool) {
	n := bytes.IndexByte(rest[f.searched:], '\n')
	switch {
	case n < 0 && len(rest) <= MaxMessage:
		f.searched = len(rest)
		return nil, false
	case n < 0:
		f.start, f.searched, f.line = f.end, 0, true
		return nil, true
	}
	n += f.searched
	f.start += n + 1
	f.searched = 0
	if n > MaxMessage {
		return nil, true
	}
	return rest[:n], false
}

// leaveOut steps over what is left of a message that is too long.
func (f *frames) leaveOut() {
	if f.line {
		n := bytes.IndexByte(f.buf[f.start:f.end], '\n')
		if n < 0 {
			f.start = f.end
			return
		}
		f.start += n + 1
		f.line = false
	}
	n := min(f.skip, f.end-f.start)
	f.start += n
	f.skip -= n
}

// last returns the message that a stream ends with which has no line feed, and whether a message broke off.
func (f *frames) last() (message []byte, torn bool) {
	rest := f.buf[f.start:f.end]
	if f.skip > 0 || f.line || len(trimEnd(rest)) == 0 {
		return nil, false // too long, which was counted, or nothing
	}
	if _, head, unsure := octets(rest); head > 0 || unsure {
		return nil, true
	}
	return rest, false
}

// within tells whether the stream stands in the middle of a message.
func (f *frames) within() bool { return f.start < f.end || f.skip > 0 || f.line }

// clear overwrites what was read.
func (f *frames) clear() { clear(f.buf[:f.end]) }

// octets reads the length before a message that is counted in octets; head is how many bytes it takes, 0 when there is
// none. It is unsure when it would need more bytes to tell.
func octets(b []byte) (length, head int, unsure bool) {
	n := 0
	for n < len(b) && n < maxDigits && isDigit(b[n]) {
		length = 10*length + int(b[n]-'0')
		n++
	}
	switch {
	case n == 0 || b[0] == '0':
		return 0, 0, false
	case n == len(b):
		return 0, 0, true
	case b[n] != ' ':
		return 0, 0, false
	case n+1 == len(b):
		return 0, 0, true
	case b[n+1] != '<':
		return 0, 0, false
	}
	return length, n + 1, false
}
