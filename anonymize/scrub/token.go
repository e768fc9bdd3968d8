package scrub

import "bytes"

// minHex and minToken are the lengths from which a run of hexadecimal digits, or of letters and digits without order, is
// taken for a secret or an identifier. Shorter ones are mostly parts of the names of files.
const (
	minHex   = 16
	minToken = 20
)

// uuids marks UUIDs as RFC 9562 writes them: 8-4-4-4-12 hexadecimal digits.
func uuids(s []byte) bool {
	const size = 36
	found := false
	for i := 0; i+size <= len(s); i++ {
		if (i == 0 || !hex(s[i-1])) && (i+size == len(s) || !hex(s[i+size])) && isUUID(s[i:i+size]) {
			mark(s[i:i+size], uuid)
			found = true
		}
	}
	return found
}

func isUUID(s []byte) bool {
	for i, c := range s {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !hex(c) {
			return false
		}
	}
	return true
}

// tokens marks long hexadecimal numbers and what looks random: first what hyphens and underscores hold together, for they
// are signs of base64 too, but without the readable words at its ends (reset-…); then single words.
func tokens(s []byte) bool {
	found := runs(s, alnum, func(w []byte) {
		if hexNumber(w) {
			mark(w, hexadecimal)
		}
	})
	found = runs(s, tokenByte, func(w []byte) {
		if w = unreadable(w); random(w) {
			mark(w, token)
		}
	}) || found
	return runs(s, alnum, func(w []byte) {
		if random(w) {
			mark(w, token)
		}
	}) || found
}

// runs shows each maximal run of at least minHex bytes of a class to judge, and reports whether it marked any.
func runs(s []byte, class func(byte) bool, judge func([]byte)) bool {
	found := false
	for i := 0; i < len(s); i++ {
		start := i
		for i < len(s) && class(s[i]) {
			i++
		}
		if i-start >= minHex {
			judge(s[start:i])
			found = found || bytes.IndexByte(s[start:i], covered) >= 0
		}
	}
	return found
}

// unreadable returns the stretch without the words at its beginning and end that are no random mixture.
func unreadable(s []byte) []byte {
	start, end := len(s), 0
	for i := 0; i < len(s); i++ {
		from := i
		for i < len(s) && alnum(s[i]) {
			i++
		}
		if mixed(s[from:i]) {
			start, end = min(start, from), i
		}
	}
	return s[min(start, end):end]
}

func tokenByte(c byte) bool { return alnum(c) || c == '-' || c == '_' || c == '=' || c == '+' }

// hexNumber reports whether the word has at least minHex hexadecimal digits, both letters and figures.
func hexNumber(w []byte) bool {
	letters, figures := false, false
	for _, c := range w {
		if !hex(c) {
			return false
		}
		letters = letters || letter(c)
		figures = figures || digit(c)
	}
	return len(w) >= minHex && letters && figures
}

// random reports whether s is long enough for a secret, and a mixture.
func random(s []byte) bool { return len(s) >= minToken && mixed(s) }

// mixed reports whether small letters, capitals and figures follow one another without order, as in base64 and base62: a
// quarter of all neighbours are of different kinds. In words and slugs they hardly ever are; the capital at a word's
// beginning is not counted.
func mixed(s []byte) bool {
	changes := 0
	for i := 1; i < len(s); i++ {
		a, b := class(s[i-1]), class(s[i])
		if a != b && a != 0 && b != 0 && (a != 'A' || b != 'a') {
			changes++
		}
	}
	return changes > 0 && changes*4 >= len(s)
}

func class(c byte) byte {
	switch {
	case digit(c):
		return '0'
	case 'a' <= c && c <= 'z':
		return 'a'
	case 'A' <= c && c <= 'Z':
		return 'A'
	}
	return 0
}
