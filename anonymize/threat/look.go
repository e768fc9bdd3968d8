package threat

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
