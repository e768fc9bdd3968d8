package accesslog

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// decode undoes the escapes of the format in one field.
func (p *Parser) decode(id field, v []byte) []byte {
	switch p.format.escape {
	case '%':
		return p.unescapeURL(id, v)
	case '#':
		return p.unescapeHex(v, '#')
	case '+':
		if id == userAgent || id == forwardedFor || id == language {
			return p.unescapePlus(v)
		}
		return v
	}
	return p.unescape(v)
}

// unescapeURL undoes the encoding that CloudFront adds. Until 2018 it encoded agents twice.
func (p *Parser) unescapeURL(id field, v []byte) []byte {
	v = p.unescapeHex(v, '%')
	if id == userAgent && bytes.Contains(v, encodedSpace) {
		v = p.unescapeHex(v, '%')
	}
	return v
}

var encodedSpace = []byte("%20")

// unescapeHex undoes escapes of a mark and two hexadecimal digits.
func (p *Parser) unescapeHex(v []byte, mark byte) []byte {
	from := len(p.scratch)
	out := p.scratch
	for i := 0; i < len(v); i++ {
		if v[i] == mark {
			if n, ok := hex(v[i+1:], 2); ok {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, v[i])
	}
	p.scratch = out
	return out[from:len(out):len(out)]
}

// unescapePlus makes the spaces again that IIS writes as a plus. A plus of its own is left where two follow each other, as
// in "(compatible; Bot/1.0; +https://…".
func (p *Parser) unescapePlus(v []byte) []byte {
	from := len(p.scratch)
	out := p.scratch
	for i, c := range v {
		if c == '+' && (i == 0 || v[i-1] != '+') {
			c = ' '
		}
		out = append(out, c)
	}
	p.scratch = out
	return out[from:len(out):len(out)]
}

// unescape undoes the escapes of nginx (\xHH), Apache (\", \\, \n, \xhh) and JSON (\uXXXX) in the scratch buffer. The
// three do not contradict each other: each writes a literal backslash as an escape. What is no escape stays as it is.
func (p *Parser) unescape(v []byte) []byte {
	from := len(p.scratch)
	out := p.scratch
	for i := 0; i < len(v); {
		c := v[i]
		if c != '\\' || i+1 == len(v) {
			out = append(out, c)
			i++
			continue
		}
		switch c := v[i+1]; c {
		case 'x':
			if n, ok := hex(v[i+2:], 2); ok {
				out = append(out, byte(n))
				i += 4
				continue
			}
			out = append(out, '\\', 'x')
		case 'u':
			r, n := unicodeEscape(v[i:])
			if n > 0 {
				out = utf8.AppendRune(out, r)
				i += n
				continue
			}
			out = append(out, '\\', 'u')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'v':
			out = append(out, '\v')
		case '"', '\\', '/', '\'':
			out = append(out, c)
		default:
			out = append(out, '\\', c)
		}
		i += 2
	}
	p.scratch = out
	return out[from:len(out):len(out)]
}

// unicodeEscape reads the \uXXXX that v begins with, with the second half of a surrogate pair, and returns how many
// bytes it takes, 0 if it is none.
func unicodeEscape(v []byte) (rune, int) {
	first, ok := hex(v[2:], 4)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(rune(first)) {
		return rune(first), 6
	}
	if len(v) >= 12 && v[6] == '\\' && v[7] == 'u' {
		if second, ok := hex(v[8:], 4); ok {
			if r := utf16.DecodeRune(rune(first), rune(second)); r != utf8.RuneError {
				return r, 12
			}
		}
	}
	return utf8.RuneError, 6
}

// hex reads n hexadecimal digits.
func hex(v []byte, n int) (uint32, bool) {
	if len(v) < n {
		return 0, false
	}
	var x uint32
	for _, c := range v[:n] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		x = x<<4 | uint32(c)
	}
	return x, true
}
