package accesslog

import (
	"bytes"

	"github.com/klar-analytics/klar/collector/raw"
)

// Parser reads lines of one format. It remembers the minute it last read and what the columns of a W3C log are, and owns
// the buffer in which escapes are undone, so each goroutine and each file needs its own.
type Parser struct {
	format *Format
	minute minute
	header header
	// strict holds lines more closely against the format, to tell it from others.
	strict bool
	// scratch holds the unescaped values of the current line. It never grows while a line is read.
	scratch []byte
	// escaped tells that the current line holds the byte that escapes begin with.
	escaped bool
	parts   parts
	// clientHost is Traefik's, and utc the time of a row, of the current line.
	clientHost []byte
	utc        utc
}

// parts are the values of a line that make up the hit's method, target, size and time only when all are known.
type parts struct {
	request, method, uri, path, args []byte
	hasBody, hasTime, hasClient      bool
}

// NewParser returns a parser for one goroutine.
func (f *Format) NewParser() *Parser {
	p := &Parser{format: f}
	if f.columns != nil {
		p.header = f.columns.initial()
	}
	return p
}

// Parse fills h with what the line says, and forgets what h held before, but for its site. The line comes without its
// line feed; that it came through syslog and still has the prefix of RFC 3164 does no harm. The slices of h point into the
// line or into the parser, and are valid until either is used again. The error is nil, [ErrDirective] or another
// *[Error]; h must not be used after one.
//
// A request that is no HTTP request is a hit without method and target. A last field that lacks its closing quote, as a
// line cut off by the server has it, is taken as it stands; what follows the format's last field after a space is ignored.
func (p *Parser) Parse(line []byte, h raw.Hit) error {
	f := h.Fields()
	format := p.format
	*f = raw.Fields{Site: f.Site, NoAgent: format.agentless}
	p.parts = parts{}
	if mayBeSyslog(line) && !format.bare {
		line = afterSyslog(line)
	}
	p.escaped = format.escape != 0 && bytes.IndexByte(line, format.escape) >= 0
	if p.escaped {
		p.reserve(2*len(line) + 1)
	}
	var err *Error
	switch {
	case format.table != nil:
		p.clientHost = nil
		err = p.object(f, line)
	case format.columns != nil:
		if len(line) > 0 && line[0] == '#' {
			p.directive(line)
			return ErrDirective
		}
		err = p.row(f, line)
	default:
		err = p.text(f, line)
	}
	if err != nil {
		return err
	}
	return p.complete(f, len(line))
}

// Clear overwrites what the parser holds of the last lines.
func (p *Parser) Clear() {
	p.parts, p.clientHost = parts{}, nil
	clear(p.scratch[:cap(p.scratch)])
}

// reserve empties the scratch buffer and makes room for n bytes.
func (p *Parser) reserve(n int) {
	if cap(p.scratch) < n {
		clear(p.scratch[:cap(p.scratch)])
		p.scratch = make([]byte, 0, n)
	}
	p.scratch = p.scratch[:0]
}

// text reads a line of fields between literal text.
func (p *Parser) text(f *raw.Fields, rest []byte) *Error {
	lead := p.format.lead
	if lead != "" {
		if len(rest) < len(lead) || string(rest[:len(lead)]) != lead {
			return fail(line, noLead)
		}
		rest = rest[len(lead):]
	}
	steps := p.format.steps
	for i := range steps {
		s := &steps[i]
		var end int
		switch {
		case s.last:
			end = p.cutLast(s, rest)
		case s.field == timeLocal && len(rest) > clfLen:
			// The only field of a fixed width, and its space may be the text that ends it.
			if end = clfLen; !hasAt(rest, end, s.until, 0) {
				if end = endOfZoneless(rest, s.until); end < 0 {
					return fail(s.field, notTime)
				}
			}
		default:
			end = p.cut(s, rest)
		}
		if end < 0 {
			return p.incomplete(i, rest)
		}
		if s.field > remoteUser {
			if err := p.set(f, s.field, rest[:end]); err != nil {
				return err
			}
		} else if p.strict {
			if err := p.hold(s, rest, end); err != nil {
				return err
			}
		}
		if !s.last {
			if !s.keep {
				end += len(s.until)
			}
			rest = rest[end:]
		}
	}
	return nil
}

// endOfZoneless returns where the time ends that rest begins with, when it is HAProxy's: without zone, and perhaps with
// milliseconds. It returns -1 for anything else.
func endOfZoneless(rest []byte, until string) int {
	for _, n := range [...]int{zonelessLen, zonelessLen + len(".000")} {
		if len(rest) > n && hasAt(rest, n, until, 0) {
			return n
		}
	}
	return -1
}

// incomplete says what a line lacks that ends within its i-th field. Where it ends after a value, the next is missing.
func (p *Parser) incomplete(i int, rest []byte) *Error {
	s := &p.format.steps[i]
	switch {
	case len(rest) == 0:
		return fail(s.field, missing)
	case s.quoted:
		return fail(s.field, unclosed)
	}
	return fail(p.format.steps[i+1].field, missing)
}

// cut returns where the field ends that rest begins with, or -1. A quote that the ending text does not follow belongs to
// the field, as does one behind a backslash.
func (p *Parser) cut(s *step, rest []byte) int {
	stop := s.until[0]
	for from := 0; ; {
		i := bytes.IndexByte(rest[from:], stop)
		if i < 0 {
			return -1
		}
		i += from
		if hasAt(rest, i, s.until, 1) && !(s.quoted && p.escaped && p.isEscaped(rest, i)) {
			return i
		}
		from = i + 1
	}
}

// cutLast returns where the format's last field ends: at its ending text, or without it at the end of the line.
func (p *Parser) cutLast(s *step, rest []byte) int {
	if s.until == "" {
		if i := bytes.IndexByte(rest, ' '); i >= 0 && !s.field.isFree() && s.field != timeLocal {
			return i
		}
		return len(rest)
	}
	for from := 0; ; {
		i := bytes.IndexByte(rest[from:], s.until[0])
		if i < 0 {
			return len(rest)
		}
		i += from
		after := i + len(s.until)
		if hasAt(rest, i, s.until, 1) && (after == len(rest) || rest[after] == ' ') && !(s.quoted && p.escaped && p.isEscaped(rest, i)) {
			return i
		}
		from = i + 1
	}
}

// hasAt tells whether text stands at b[i], of which the first bytes are known to. The texts have one to three bytes, for
// which a loop is faster than a call that compares memory.
func hasAt(b []byte, i int, text string, first int) bool {
	if len(b)-i < len(text) {
		return false
	}
	b = b[i:]
	for k := first; k < len(text); k++ {
		if b[k] != text[k] {
			return false
		}
	}
	return true
}

// isEscaped tells of a line with escapes whether an odd number of backslashes stands before b[i], in a format where that
// counts.
func (p *Parser) isEscaped(b []byte, i int) bool {
	if p.format.escape != '\\' {
		return false
	}
	n := 0
	for i > 0 && b[i-1] == '\\' {
		i--
		n++
	}
	return n%2 == 1
}
