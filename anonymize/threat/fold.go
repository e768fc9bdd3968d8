package threat

import (
	"sync"
	"unicode/utf8"
	"unsafe"
)

// scratch is memory to decode into. What was in it is wiped before it is used again.
type scratch struct {
	buf [2][maxValue]byte
	// n is how much of each buffer was written.
	n [2]int
	// rounds is how often the last value was percent-encoded, encoded says that what stands in paths bare was, and broken
	// that it held what no encoder writes.
	rounds  int
	encoded bool
	broken  bool
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// free wipes the scratch and gives it back.
func (s *scratch) free() {
	for i := range s.buf {
		clear(s.buf[i][:s.n[i]])
		s.n[i] = 0
	}
	scratches.Put(s)
}

// maxRounds is how often a value may be encoded.
const maxRounds = 4

// fold returns a value as it would be understood at last: decoded again and again, entities, escapes and look-alikes of
// Unicode undone, in small letters, with spaces for all white space. It holds until the next fold.
func (s *scratch) fold(value []byte, plus bool) string {
	s.rounds, s.encoded, s.broken = 0, false, false
	from, to := &s.buf[0], &s.buf[1]
	n := copy(from[:], value)
	s.n[0] = max(s.n[0], n)
	if plus {
		for i, c := range from[:n] {
			if c == '+' {
				from[i] = ' '
			}
		}
	}
	for range maxRounds {
		m, changed := s.unescape(to[:0], from[:n])
		s.n[0], s.n[1] = max(s.n[0], n, m), max(s.n[1], n, m)
		from, to, n = to, from, m
		if !changed {
			break
		}
		s.rounds++
	}
	m := plainText(from[:n])
	return unsafe.String(unsafe.SliceData(from[:]), m)
}

// unescape undoes one layer of percent-encoding, of %uXXXX and of the escapes of HTML and JavaScript.
func (s *scratch) unescape(dst, src []byte) (n int, changed bool) {
	for i := 0; i < len(src); {
		c := src[i]
		if c != '%' && c != '\\' && c != '&' {
			dst = append(dst, c)
			i++
			continue
		}
		width := 1
		r := rune(c)
		switch {
		case c == '%' && i+2 < len(src) && isHex(src[i+1]) && isHex(src[i+2]):
			r, width = rune(hexOf(src[i+1])<<4|hexOf(src[i+2])), 3
			s.encoded = s.encoded || r == '.' || r == '/' || r == '\\' || r < ' '
			dst = append(dst, byte(r)) // a byte, not a rune
			i += width
			changed = true
			continue
		case c == '%' && i+5 < len(src) && src[i+1]|0x20 == 'u' && allHex(src[i+2:i+6]):
			r, width = hexRune(src[i+2:i+6]), 6
		case c == '%':
			s.broken = true
		case c == '\\' && i+3 < len(src) && src[i+1]|0x20 == 'x' && isHex(src[i+2]) && isHex(src[i+3]):
			r, width = hexRune(src[i+2:i+4]), 4
		case c == '\\' && i+5 < len(src) && src[i+1]|0x20 == 'u' && allHex(src[i+2:i+6]):
			r, width = hexRune(src[i+2:i+6]), 6
		case c == '&':
			r, width = entity(src[i:])
		}
		if width == 1 {
			dst = append(dst, c)
		} else {
			if len(dst)+utf8.UTFMax > maxValue {
				break
			}
			dst = utf8.AppendRune(dst, r)
			changed = true
		}
		i += width
	}
	return len(dst), changed
}

// entity reads a character reference of HTML: a number, or one of those that attacks need.
func entity(s []byte) (r rune, width int) {
	if len(s) > 3 && s[1] == '#' {
		base, i := rune(10), 2
		if s[2]|0x20 == 'x' {
			base, i = 16, 3
		}
		start := i
		for ; i < len(s) && i < start+8 && (base == 16 && isHex(s[i]) || '0' <= s[i] && s[i] <= '9'); i++ {
			r = r*base + rune(hexOf(s[i]))
		}
		if i == start || r > utf8.MaxRune {
			return '&', 1
		}
		if i < len(s) && s[i] == ';' {
			i++
		}
		return r, i
	}
	for _, e := range entities {
		if len(s) >= len(e.name) && string(s[:len(e.name)]) == e.name {
			return e.r, len(e.name)
		}
	}
	return '&', 1
}

var entities = []struct {
	name string
	r    rune
}{
	{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&lpar;", '('}, {"&rpar;", ')'}, {"&colon;", ':'},
	{"&tab;", '\t'}, {"&Tab;", '\t'}, {"&newline;", '\n'}, {"&NewLine;", '\n'}, {"&sol;", '/'}, {"&amp;", '&'}, {"&semi;", ';'},
}

// plainText rewrites b in place and returns its new length: small letters, look-alikes and overlong forms as the ASCII
// they stand for, one kind of space, no zeros. A line break stays, as a shell reads it as the end of a command.
func plainText(b []byte) int {
	n := 0
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == 0:
				continue
			case 'A' <= c && c <= 'Z':
				c += 'a' - 'A'
			case c == '\t', c == '\v', c == '\f', c == '\r':
				c = ' '
			}
			b[n] = c
			n++
			continue
		}
		r, width := wide(b[i:])
		if a := ascii(r); a != 0 {
			b[n] = a
			n++
		} else {
			n += copy(b[n:], b[i:i+width])
		}
		i += width
	}
	return n
}

// wide reads a character beyond ASCII, or an overlong form of one within.
func wide(b []byte) (r rune, width int) {
	c := b[0]
	switch {
	case (c == 0xc0 || c == 0xc1) && len(b) > 1 && !alnum(b[1]):
		return rune(c&0x1f)<<6 | rune(b[1]&0x3f), 2
	case c == 0xe0 && len(b) > 2 && b[1]&0xe0 == 0x80 && b[2]&0xc0 == 0x80:
		return rune(b[1]&0x3f)<<6 | rune(b[2]&0x3f), 3
	case c == 0xf0 && len(b) > 3 && b[1] == 0x80 && b[2]&0xc0 == 0x80 && b[3]&0xc0 == 0x80:
		return rune(b[2]&0x3f)<<6 | rune(b[3]&0x3f), 4
	}
	return utf8.DecodeRune(b)
}

// ascii returns the ASCII character that r is taken for, 0 for none.
func ascii(r rune) byte {
	switch {
	case 0 < r && r < utf8.RuneSelf:
		return lower(byte(r))
	case 0xff01 <= r && r <= 0xff5e: // full width
		return lower(byte(r - 0xff01 + '!'))
	case 0x2460 <= r && r <= 0x2468: // digits in circles
		return byte(r - 0x2460 + '1')
	case 0x24b6 <= r && r <= 0x24cf: // letters in circles
		return byte(r - 0x24b6 + 'a')
	case 0x24d0 <= r && r <= 0x24e9:
		return byte(r - 0x24d0 + 'a')
	}
	switch r {
	case 0x2215, 0x2044, 0x29f8:
		return '/'
	case 0x2216, 0x29f5:
		return '\\'
	case 0x2024, 0x3002, 0xff61:
		return '.'
	case 0x24ea:
		return '0'
	case 0x2039, 0x3008:
		return '<'
	case 0x203a, 0x3009:
		return '>'
	case 0xa0, 0x3000, 0x2003, 0x2002, 0x2028, 0x2029:
		return ' '
	}
	return 0
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func alnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func hexOf(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

func allHex(b []byte) bool {
	for _, c := range b {
		if !isHex(c) {
			return false
		}
	}
	return true
}

func hexRune(b []byte) (r rune) {
	for _, c := range b {
		r = r<<4 | rune(hexOf(c))
	}
	return r
}
