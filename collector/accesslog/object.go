package accesslog

import (
	"bytes"

	"github.com/klar-analytics/klar/collector/raw"
)

// object reads a line that is one JSON object. It is as strict as it must be to find the values: keys it does not know,
// and whatever stands under them, are skipped; of a key that comes twice the last counts. See RFC 8259.
func (p *Parser) object(f *raw.Fields, b []byte) *Error {
	i := skipSpace(b, 0)
	if i == len(b) || b[i] != '{' {
		return fail(line, notJSON)
	}
	for i++; ; {
		if i = skipSpace(b, i); i < len(b) && b[i] == ',' {
			i = skipSpace(b, i+1)
		}
		if i < len(b) && b[i] == '}' {
			if skipSpace(b, i+1) != len(b) {
				return fail(line, notJSON)
			}
			return nil
		}
		if i == len(b) || b[i] != '"' {
			return fail(line, notJSON)
		}
		end := p.endOfString(b, i+1)
		if end < 0 {
			return fail(line, notJSON)
		}
		key := b[i+1 : end]
		if i = skipSpace(b, end+1); i == len(b) || b[i] != ':' {
			return fail(line, notJSON)
		}
		i = skipSpace(b, i+1)
		v, next := p.value(b, i)
		if next < 0 {
			return fail(line, notJSON)
		}
		id := p.format.keys[string(key)]
		if (id == secGPC || id == dnt) && string(b[i:next]) == "true" {
			v = one
		}
		if id == userAgent {
			f.NoAgent = false
		}
		if id != skipped && v != nil {
			if err := p.set(f, id, v); err != nil {
				return err
			}
		}
		i = next
	}
}

// one is how the headers themselves ask not to be tracked.
var one = []byte{'1'}

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
		if !p.escaped || !isEscaped(b, i) {
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
