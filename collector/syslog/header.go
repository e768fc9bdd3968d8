package syslog

import "bytes"

// Content returns what a message says, without the header of RFC 5424 or RFC 3164 before it and without line ends behind
// it. What has no header, or a broken one, comes back as it is, because whoever parses it knows better what it lacks.
//
// The host may be missing, as nginx leaves it out with its parameter nohostname, and the time may be one of RFC 3339, as
// rsyslog writes it.
func Content(message []byte) []byte {
	message = trimEnd(message)
	rest, ok := afterPriority(message)
	if !ok {
		return message
	}
	if text, ok := after5424(rest); ok {
		return text
	}
	if text, ok := after3164(rest); ok {
		return text
	}
	return message
}

// trimEnd takes off what senders put behind a message: line feeds, carriage returns and NUL.
func trimEnd(b []byte) []byte {
	for n := len(b); n > 0 && (b[n-1] == '\n' || b[n-1] == '\r' || b[n-1] == 0); n = len(b) {
		b = b[:n-1]
	}
	return b
}

// afterPriority returns what follows "<190>".
func afterPriority(b []byte) ([]byte, bool) {
	if len(b) == 0 || b[0] != '<' {
		return nil, false
	}
	n := 0
	for i := 1; i < len(b) && i < 5; i++ {
		switch c := b[i]; {
		case isDigit(c):
			n = 10*n + int(c-'0')
		case c == '>':
			return b[i+1:], i > 1 && n <= 191
		default:
			return nil, false
		}
	}
	return nil, false
}

// after5424 returns what follows the version, five words and the structured data of RFC 5424. The mark of UTF-8 before
// it is no part of it.
func after5424(b []byte) ([]byte, bool) {
	if len(b) < 2 || b[0] < '1' || b[0] > '9' {
		return nil, false
	}
	digits := 1
	for digits < len(b) && digits < 3 && isDigit(b[digits]) {
		digits++
	}
	if digits == len(b) || b[digits] != ' ' {
		return nil, false
	}
	b = b[digits+1:]
	for range 5 { // time, host, program, process, kind
		n := bytes.IndexByte(b, ' ')
		if n <= 0 {
			return nil, false
		}
		b = b[n+1:]
	}
	n := endOfData(b)
	switch {
	case n < 0:
		return nil, false
	case n == len(b):
		return b[n:], true
	case b[n] != ' ':
		return nil, false
	}
	return bytes.TrimPrefix(b[n+1:], []byte("\xef\xbb\xbf")), true
}

// endOfData returns the length of the structured data that b begins with, - for none, or -1.
func endOfData(b []byte) int {
	if len(b) > 0 && b[0] == '-' {
		return 1
	}
	n := 0
	for n < len(b) && b[n] == '[' {
		quoted, end := false, -1
		for i := n + 1; i < len(b) && end < 0; i++ {
			switch {
			case quoted && b[i] == '\\':
				i++
			case b[i] == '"':
				quoted = !quoted
			case !quoted && b[i] == ']':
				end = i + 1
			}
		}
		if end < 0 {
			return -1
		}
		n = end
	}
	if n == 0 {
		return -1
	}
	return n
}

// after3164 returns what follows the time, the host and the program of RFC 3164.
func after3164(b []byte) ([]byte, bool) {
	n := endOfTime(b)
	if n < 0 {
		return nil, false
	}
	b = b[n:]
	for range 2 {
		if n := endOfTag(b); n > 0 {
			if n < len(b) && b[n] == ' ' {
				n++
			}
			return b[n:], true
		}
		n := bytes.IndexByte(b, ' ')
		if n <= 0 {
			return nil, false
		}
		b = b[n+1:]
	}
	return nil, false
}

// endOfTime returns the length of the time that b begins with, the space behind it included, or -1.
func endOfTime(b []byte) int {
	const short = len("Oct 11 22:14:15 ")
	if len(b) < short {
		return -1
	}
	if b[0] >= 'A' && b[0] <= 'Z' && b[3] == ' ' && b[6] == ' ' && b[9] == ':' && b[12] == ':' && b[15] == ' ' {
		return short
	}
	n := bytes.IndexByte(b, ' ')
	if n >= len("2006-01-02T15:04:05Z") && n <= len("2006-01-02T15:04:05.000000000+00:00") && isDigit(b[0]) && b[4] == '-' && b[10] == 'T' {
		return n + 1
	}
	return -1
}

// endOfTag returns the length of the program that b begins with, perhaps with its process, and the colon; or -1. A host
// that is an IPv6 address is none, because its colons are followed by more of it.
func endOfTag(b []byte) int {
	n := 0
	for n < len(b) && n < 64 && isTag(b[n]) {
		n++
	}
	if n == 0 {
		return -1
	}
	if n < len(b) && b[n] == '[' {
		end := bytes.IndexByte(b[n:min(len(b), n+16)], ']')
		if end < 0 {
			return -1
		}
		n += end + 1
	}
	if n == len(b) || b[n] != ':' {
		return -1
	}
	if n++; n < len(b) && b[n] != ' ' && b[n] != '{' {
		return -1
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isTag tells whether c may stand in the name of a program.
func isTag(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '/'
}
