package accesslog

import (
	"bytes"

	"github.com/klar-analytics/klar/collector/raw"
)

// object reads a line that is one JSON object.
func (p *Parser) object(f *raw.Fields, b []byte) *Error {
	i := skipSpace(b, 0)
	if i == len(b) || b[i] != '{' {
		return fail(line, notJSON)
	}
	i, err := p.members(f, b, i+1, p.format.table)
	if err != nil {
		return err
	}
	if skipSpace(b, i) != len(b) {
		return fail(line, notJSON)
	}
	return nil
}

// members reads the object whose first key stands at b[i], and returns where it is over. It is as strict as it must be to
// find the values: keys it does not know, and whatever stands under them, are skipped; of a key that comes twice the last
// counts. It calls itself no deeper than the tables are nested. See RFC 8259.
func (p *Parser) members(f *raw.Fields, b []byte, i int, t *table) (int, *Error) {
	if t.headers {
		f.NoAgent = false
	}
	for {
		if i = skipSpace(b, i); i < len(b) && b[i] == ',' {
			i = skipSpace(b, i+1)
		}
		if i < len(b) && b[i] == '}' {
			return i + 1, nil
		}
		if i == len(b) || b[i] != '"' {
			return 0, fail(line, notJSON)
		}
		end := p.endOfString(b, i+1)
		if end < 0 {
			return 0, fail(line, notJSON)
		}
		key := b[i+1 : end]
		if i = skipSpace(b, end+1); i == len(b) || b[i] != ':' {
			return 0, fail(line, notJSON)
		}
		i = skipSpace(b, i+1)
		var err *Error
		var sub *table
		if i < len(b) && b[i] == '{' {
			sub = t.nested[string(key)]
		}
		if sub != nil {
			i, err = p.members(f, b, i+1, sub)
		} else {
			i, err = p.member(f, b, i, t.fields[string(key)], t.headers)
		}
		if err != nil {
			return 0, err
		}
	}
}

// member takes in the value at b[i], which may be a list, and returns where it ends.
func (p *Parser) member(f *raw.Fields, b []byte, i int, id field, list bool) (int, *Error) {
	v, next := p.value(b, i)
	if next < 0 {
		return 0, fail(line, notJSON)
	}
	if list && id != skipped && b[i] == '[' {
		v = p.element(b[i+1:next-1], id)
	}
	switch id {
	case skipped:
		return next, nil
	case userAgent:
		f.NoAgent = false
	case secGPC, dnt:
		if string(b[i:next]) == "true" {
			v = one
		}
	}
	if v != nil {
		if err := p.set(f, id, v); err != nil {
			return 0, err
		}
	}
	return next, nil
}

// one is how the headers themselves ask not to be tracked.
var one = []byte{'1'}

// element returns the one string of a list that counts: the first, but of the forwarded addresses the last, which the
// nearest proxy has sent.
func (p *Parser) element(list []byte, id field) (v []byte) {
	for i := 0; ; i++ {
		n := bytes.IndexByte(list[i:], '"')
		if n < 0 {
			return v
		}
		i += n
		end := p.endOfString(list, i+1)
		if end < 0 {
			return v
		}
		if v = list[i+1 : end]; id != forwardedFor {
			return v
		}
		i = end
	}
}

// value returns the string or number at b[i], nil for anything else, and where it ends, -1 if it does not.
func (p *Parser) value(b []byte, i int) (v []byte, next int) {
	if i == len(b) {
		return nil, -1
	}
	switch b[i] {
	case '"':
		end := p.endOfString(b, i+1)
		if end < 0 {
			return nil, -1
		}
		return b[i+1 : end], end + 1
	case '{', '[':
		return nil, p.endOfNested(b, i)
	}
	from := i
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] > ' ' {
		i++
	}
	if i == from || i == len(b) {
		return nil, -1
	}
	if b[from] >= 'a' { // null, true, false
		return nil, i
	}
	return b[from:i], i
}

// endOfString returns where the quote stands that closes the string whose content begins at b[i], or -1.
func (p *Parser) endOfString(b []byte, i int) int {
	for {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		if !p.escaped || !p.isEscaped(b, i) {
			return i
		}
		i++
	}
}

// endOfNested returns where the object or array that begins at b[i] is over, or -1.
func (p *Parser) endOfNested(b []byte, i int) int {
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			if i = p.endOfString(b, i+1); i < 0 {
				return -1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// skipSpace returns the first place from i on that is no white space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}
