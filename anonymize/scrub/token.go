package scrub

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

// tokens marks long hexadecimal numbers and what looks random: in words first, so that the readable part of a segment
// (reset-…) stays, then in what hyphens and underscores hold together.
func tokens(s []byte) bool {
	found := runs(s, alnum, func(w []byte) byte {
		if hexNumber(w) {
			return hexadecimal
		}
		if random(w) {
			return token
		}
		return 0
	})
	return runs(s, tokenByte, func(w []byte) byte {
		if random(w) {
			return token
		}
		return 0
	}) || found
}

// runs marks each maximal run of bytes of a class as what judge says of it; 0 is nothing.
func runs(s []byte, class func(byte) bool, judge func([]byte) byte) bool {
	found := false
	for i := 0; i < len(s); i++ {
		start := i
		for i < len(s) && class(s[i]) {
			i++
		}
		if i-start < minHex {
			continue
		}
		if kind := judge(s[start:i]); kind != 0 {
			mark(s[start:i], kind)
			found = true
		}
	}
	return found
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

// random reports whether small letters, capitals and figures follow one another without order, as in base64 and base62:
// a quarter of all neighbours are of different kinds. In words and slugs they hardly ever are; the capital at a word's
// beginning is not counted.
func random(w []byte) bool {
	if len(w) < minToken {
		return false
	}
	changes := 0
	for i := 1; i < len(w); i++ {
		a, b := class(w[i-1]), class(w[i])
		if a != b && a != 0 && b != 0 && (a != 'A' || b != 'a') {
			changes++
		}
	}
	return changes*4 >= len(w)
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
