package scrub

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRounds is how often a text may be percent-encoded within itself. More is taken for an attempt to hide something.
const maxRounds = 8

// fold returns a text as it is looked at: percent-decoded until nothing is left to decode, full-width forms narrow, and
// without control and invisible characters. It returns false if it was encoded more than maxRounds times.
// Bytes that are not UTF-8 are read as Latin-1. The result is a copy.
func fold(raw []byte) ([]byte, bool) {
	s := bytes.Clone(raw)
	for range maxRounds {
		n := len(s)
		decoded := unescape(s)
		s = narrow(decoded)
		if len(decoded) == n && bytes.Equal(s, decoded) {
			return s, true
		}
	}
	return nil, false
}

// unescape decodes %40 and %u0040 once, in place.
func unescape(s []byte) []byte {
	i := bytes.IndexByte(s, '%')
	if i < 0 {
		return s
	}
	out := s[:i]
	for i < len(s) {
		if s[i] == '%' && i+2 < len(s) && hex(s[i+1]) && hex(s[i+2]) {
			out = append(out, value(s[i+1])<<4|value(s[i+2]))
			i += 3
			continue
		}
		if r, ok := wide(s[i:]); ok {
			out = utf8.AppendRune(out, r)
			i += 6
			continue
		}
		out = append(out, s[i])
		i++
	}
	return out
}

// wide decodes %u0040, the form of old Microsoft software and JavaScript's escape.
func wide(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '%' || s[1]|0x20 != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range s[2:6] {
		if !hex(c) {
			return 0, false
		}
		r = r<<4 | rune(value(c))
	}
	return r, true
}

// narrow makes full-width and overlong forms ASCII and drops what cannot be seen.
func narrow(s []byte) []byte {
	if ascii(s) {
		return s
	}
	out := make([]byte, 0, len(s)+len(s)/4)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRune(s[i:])
		if r == utf8.RuneError && n == 1 {
			r = rune(s[i])
			if r&^1 == 0xC0 && i+1 < len(s) && s[i+1]&0xC0 == 0x80 {
				r, n = r&1<<6|rune(s[i+1]&0x3F), 2
			}
		}
		i += n
		if r = narrowRune(r); !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) {
			out = utf8.AppendRune(out, r)
		}
	}
	return out
}

func narrowRune(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E: // full-width ASCII
		return r - 0xFEE0
	case r == 0xFE6B: // small commercial at
		return '@'
	case r == 0x3002 || r == 0xFF61 || r == 0x2024: // full stops
		return '.'
	case r == 0x3000 || r == 0xA0 || r == 0x202F: // spaces
		return ' '
	case r >= 0x2010 && r <= 0x2015 || r == 0x2212: // hyphens, dashes, minus
		return '-'
	}
	return r
}

func ascii(s []byte) bool {
	for _, c := range s {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// encode appends a folded and marked segment, with the placeholders spelt out and what would end a segment escaped.
func encode(out *strings.Builder, s []byte) {
	const digits = "0123456789ABCDEF"
	colon := false // a placeholder's own colon must not meet another, which could read as an address
	for i, c := range s {
		switch {
		case c == covered:
		case c < covered:
			out.WriteString(placeholders[c])
			colon = true
		case c == ':' && (colon || i+1 < len(s) && s[i+1] < covered):
		case c == ' ', c == '%', c == '?', c == '#', c == '/', c == '"', c == '<', c == '>', c == '\\':
			out.WriteByte('%')
			out.WriteByte(digits[c>>4])
			out.WriteByte(digits[c&15])
			colon = false
		default:
			out.WriteByte(c)
			colon = false
		}
	}
}

func hex(c byte) bool    { return digit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
func digit(c byte) bool  { return '0' <= c && c <= '9' }
func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func alnum(c byte) bool  { return digit(c) || letter(c) }

// value returns the value of a hexadecimal digit.
func value(c byte) byte {
	if digit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
