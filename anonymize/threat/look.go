package threat

import "bytes"

// feature is what a byte may be part of.
type feature uint32

const (
	letter feature = 1 << iota // letters, digits, - _ ~ ,
	dot
	slash
	equals // = &
	colon  // : @ ?
	plus   // + and space
	percent
	quote
	angle
	paren
	semi
	shell // | ` $ and line breaks
	brace // { } [ ]
	back  // \
	mark  // * ! # ^
	control
	high // beyond ASCII
)

// What calls for a second look.
const (
	oddInPath   = percent | quote | angle | semi | shell | brace | back | control | paren | high
	oddInQuery  = plus | colon | slash | percent | quote | angle | paren | semi | shell | brace | back | mark | control | high
	oddInHeader = percent | quote | angle | paren | semi | shell | brace | back | control
	oddInAgent  = quote | angle | shell | brace | back
)

var features = func() (t [256]feature) {
	for c := range t {
		switch b := byte(c); {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
			t[c] = letter
		case b < ' ', b == 0x7f:
			t[c] = control
		case b >= 0x80:
			t[c] = high
		}
	}
	for set, f := range map[string]feature{
		"-_~,": letter, ".": dot, "/": slash, "=&": equals, ":@?": colon, "+ ": plus, "%": percent, `'"`: quote, "<>": angle,
		"()": paren, ";": semi, "|`$\n\r": shell, "{}[]": brace, `\`: back, "*!#^": mark,
	} {
		for i := range len(set) {
			t[set[i]] = f
		}
	}
	return t
}()

// lookEncoded returns the features of the bytes that are percent-encoded, as they are meant; percent, if what they are
// meant as takes decoding: what is encoded twice or wrongly, and what may be a character of ASCII in another form.
func lookEncoded(b []byte) (f feature) {
	for {
		i := bytes.IndexByte(b, '%')
		if i < 0 {
			return f
		}
		b = b[i+1:]
		if len(b) < 2 || !isHex(b[0]) || !isHex(b[1]) {
			return f | percent
		}
		c := hexOf(b[0])<<4 | hexOf(b[1])
		if f |= features[c]; c == 0xc0 || c == 0xc1 || c >= 0xe0 {
			f |= percent
		}
		b = b[2:]
	}
}

// look returns the features of all bytes. Four at a time keep it from waiting for one after the other.
func look(b []byte) feature {
	var w, x, y, z feature
	for len(b) >= 4 {
		w |= features[b[0]]
		x |= features[b[1]]
		y |= features[b[2]]
		z |= features[b[3]]
		b = b[4:]
	}
	for _, c := range b {
		w |= features[c]
	}
	return w | x | y | z
}
