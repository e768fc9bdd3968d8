package beacon

import "strings"

// quick reads an event as trackers write it: without spaces, nesting, escapes and what is not ASCII, each field once. That is
// nearly every event, and takes a fraction of what a decoder of all JSON takes. Whatever else there is, it leaves to that.
func quick(body []byte) (e told, ok bool) {
	e.interactive, e.depth, e.visible, e.width = true, -1, -1, -1
	s := scanner(body) // a copy, which the fields are parts of: the body is overwritten
	if !s.take("{") {
		return told{}, false
	}
	seen := 0
	for {
		key, ok := s.text()
		if !ok || !s.take(":") {
			return told{}, false
		}
		bit, ok := s.field(&e, key)
		if !ok || seen&bit != 0 {
			return told{}, false
		}
		seen |= bit
		switch {
		case s.take(","):
		case s.take("}"):
			return e, len(s) == 0
		default:
			return told{}, false
		}
	}
}

// field reads the value of a field. The bit tells the fields apart, but not the two names of one.
func (s *scanner) field(e *told, key string) (bit int, ok bool) {
	into := func(bit int, field *string) (int, bool) {
		if s.take("null") {
			return bit, true
		}
		text, ok := s.text()
		*field = text
		return bit, ok
	}
	switch key {
	case "n", "name":
		return into(1, &e.name)
	case "u", "url":
		return into(2, &e.url)
	case "d", "domain":
		return into(4, &e.site)
	case "r", "referrer":
		return into(8, &e.referrer)
	case "i", "interactive":
		e.interactive = s.take("true")
		return 16, e.interactive || s.take("false")
	case "h":
		e.hash = s.take("1") || s.take("true")
		return 32, e.hash || s.take("0") || s.take("false")
	case "v":
		_, ok := s.number()
		return 64, ok
	case "sd":
		e.depth, ok = s.number()
		return 128, ok
	case "e":
		e.visible, ok = s.number()
		return 256, ok
	case "w", "screen_width":
		e.width, ok = s.number()
		return 512, ok
	}
	return 0, false
}

// scanner is what of a text is still to be read.
type scanner string

// take reads a literal, if it is next.
func (s *scanner) take(literal string) bool {
	rest, ok := strings.CutPrefix(string(*s), literal)
	*s = scanner(rest)
	return ok
}

// text reads a string without escapes, all of ASCII.
func (s *scanner) text() (string, bool) {
	if !s.take(`"`) {
		return "", false
	}
	for i := range len(*s) {
		switch c := (*s)[i]; {
		case c == '"':
			text := string((*s)[:i])
			*s = (*s)[i+1:]
			return text, true
		case c < ' ' || c == '\\' || c >= 0x80:
			return "", false
		}
	}
	return "", false
}

// number reads a whole number of a few digits.
func (s *scanner) number() (value float64, ok bool) {
	n := 0
	for n < len(*s) && n < 9 && (*s)[n] >= '0' && (*s)[n] <= '9' {
		value = 10*value + float64((*s)[n]-'0')
		n++
	}
	ok = n == 1 || n > 1 && (*s)[0] != '0'
	*s = (*s)[n:]
	return value, ok
}
