package scrub

// The kinds of personal data. A finding is written over what was found: its kind in the first byte, covered in the rest.
// No folded text holds such bytes, so what is marked ends every other match.
const (
	email = iota + 1
	phone
	iban
	card
	address
	jwt
	uuid
	hexadecimal
	token
	id
	covered
)

var placeholders = [covered]string{
	email: ":email", phone: ":phone", iban: ":iban", card: ":card", address: ":ip", jwt: ":jwt", uuid: ":uuid",
	hexadecimal: ":hex", token: ":token", id: ":id",
}

func mark(s []byte, kind byte) {
	for i := range s {
		s[i] = covered
	}
	s[0] = kind
}

// detect marks all personal data but numeric ids in a folded text and reports whether there was any. The order matters:
// what has a checksum or a fixed form comes before what is only likely.
func detect(s []byte) bool {
	found := emails(s)
	found = jwts(s) || found
	found = uuids(s) || found
	found = addresses(s) || found
	found = ibans(s) || found
	found = numbers(s) || found
	return tokens(s) || found
}

// plainBytes are the bytes of segments that need no closer look: 1 lower case and marks, 2 upper case.
var plainBytes = func() (t [256]byte) {
	for c := range t {
		switch b := byte(c); {
		case 'a' <= b && b <= 'z', b == '.', b == '-', b == '_', b == '~', b == ',':
			t[c] = 1
		case 'A' <= b && b <= 'Z':
			t[c] = 2
		}
	}
	return t
}()

// plain reports whether a segment can hold nothing to be scrubbed: it has no digits and nothing unusual, and it is no
// long mixture of small and capital letters.
func plain(s []byte) bool {
	upper := false
	for _, c := range s {
		k := plainBytes[c]
		if k == 0 {
			return false
		}
		upper = upper || k == 2
	}
	return !upper || len(s) < minToken
}

// wordStart reports whether no letter or digit stands before s[i].
func wordStart(s []byte, i int) bool { return i == 0 || !alnum(s[i-1]) }

// wordEnd reports whether no letter or digit stands at s[i].
func wordEnd(s []byte, i int) bool { return i >= len(s) || !alnum(s[i]) }
