package scrub

// maxGroups and maxDigits bound the rows of digits that are looked at as one number.
const (
	maxGroups = 10
	maxDigits = 32
)

// row is a row of digits in groups, as people write phone and card numbers.
type row struct {
	digits [maxDigits]byte
	n      int
	groups int
	first  [maxGroups]int // index of each group's first digit
	start  [maxGroups]int // where each group starts in the text
	end    [maxGroups]int // where it ends
	plus   bool           // a + stands before it
	loose  bool           // separated by more than hyphens and spaces
}

// numbers marks card numbers and phone numbers.
func numbers(s []byte) bool {
	found := false
	for i := 0; i < len(s); {
		if !digit(s[i]) || !wordStart(s, i) {
			i++
			continue
		}
		r, end := readRow(s, i)
		if wordEnd(s, end) {
			found = r.mark(s) || found
		}
		i = end
	}
	return found
}

// readRow reads the groups of digits from s[i] on, which is a digit, and returns where they end.
func readRow(s []byte, i int) (r row, end int) {
	r.plus = i > 0 && s[i-1] == '+' && wordStart(s, i-1) || i > 1 && s[i-1] == '(' && s[i-2] == '+'
	for r.groups < maxGroups {
		start := i
		r.first[r.groups], r.start[r.groups] = r.n, i
		for i < len(s) && digit(s[i]) {
			if r.n < maxDigits {
				r.digits[r.n] = s[i]
				r.n++
			}
			i++
		}
		if r.n == maxDigits && i-start > 0 && r.first[r.groups]+i-start > maxDigits {
			return row{}, i // far too long for any number
		}
		r.end[r.groups] = i
		r.groups++
		next := i
		for next < len(s) && next < i+3 && separator(s[next]) {
			r.loose = r.loose || s[next] != ' ' && s[next] != '-'
			next++
		}
		if next == i || next >= len(s) || !digit(s[next]) {
			break
		}
		i = next
	}
	return r, i
}

func separator(c byte) bool {
	return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '_' || c == '+'
}

// mark marks the first card number or phone number that consecutive groups of the row are, longest first.
func (r *row) mark(s []byte) bool {
	for from := range r.groups {
		for to := r.groups; to > from; to-- {
			kind := byte(0)
			if d := r.between(from, to); r.card(from, to, d) {
				kind = card
			} else if r.phone(from, to, d) {
				kind = phone
			}
			if kind == 0 {
				continue
			}
			start := r.start[from]
			for from == 0 && start > 0 && (s[start-1] == '+' || s[start-1] == '(') {
				start--
			}
			mark(s[start:r.end[to-1]], kind)
			return true
		}
	}
	return false
}

// between returns the digits of the groups from and up to, but not including, to.
func (r *row) between(from, to int) []byte {
	end := r.n
	if to < r.groups {
		end = r.first[to]
	}
	return r.digits[r.first[from]:end]
}

// card reports whether the digits are a payment card's: 13 to 19, the check digit right (ISO/IEC 7812), in one group or
// beginning with one of four.
func (r *row) card(from, to int, d []byte) bool {
	if len(d) < 13 || len(d) > 19 || r.loose || d[0] == '0' {
		return false
	}
	if to-from > 1 && r.first[from+1]-r.first[from] != 4 {
		return false
	}
	sum := 0
	for i := range d {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// phone reports whether the digits are a phone number: international (+49…, 0049…), national with its leading zero, or
// in the North American form 555-123-4567.
func (r *row) phone(from, to int, d []byte) bool {
	n, groups := len(d), to-from
	size := func(g int) int { return len(r.between(from+g, from+g+1)) }
	switch {
	case r.plus && from == 0:
		return n >= 8 && n <= 15
	case n < 9 || n > 17:
		return false
	case d[0] == '0' && d[1] == '0':
		return d[2] != '0' && n >= 10
	case d[0] == '0':
		dated := groups >= 3 && size(0) == 2 && size(1) == 2
		return n <= 13 && groups <= 5 && size(0) >= 3 && !dated
	}
	return groups == 3 && n == 10 && d[0] > '1' && size(0) == 3 && size(1) == 3
}

// ibans marks International Bank Account Numbers: a country's letters, two check digits, up to 30 letters and digits,
// the whole right modulo 97 (ISO 13616). They may be grouped.
func ibans(s []byte) bool {
	found := false
	for i := 0; i+15 <= len(s); i++ {
		if !letter(s[i]) || !letter(s[i+1]) || !digit(s[i+2]) || !digit(s[i+3]) || !wordStart(s, i) {
			continue
		}
		if end := ibanEnd(s, i); end > 0 {
			mark(s[i:end], iban)
			found = true
			i = end - 1
		}
	}
	return found
}

// ibanEnd returns where the IBAN that begins at s[i] ends, 0 if none does.
func ibanEnd(s []byte, i int) int {
	var chars [34]byte
	n, digits, best := 0, 0, 0
	for j := i; j < len(s) && n < len(chars); j++ {
		if !alnum(s[j]) {
			if (s[j] == ' ' || s[j] == '-' || s[j] == '+' || s[j] == '.' || s[j] == '_') && j+1 < len(s) && alnum(s[j+1]) {
				continue
			}
			break
		}
		if digit(s[j]) {
			digits++
		}
		chars[n] = s[j]
		n++
		if n >= 15 && digits >= 10 && wordEnd(s, j+1) && mod97(chars[:n]) {
			best = j + 1
		}
	}
	return best
}

// mod97 reports whether the check digits are right.
func mod97(s []byte) bool {
	r := 0
	for i := range s {
		c := s[(i+4)%len(s)]
		if digit(c) {
			r = (r*10 + int(c-'0')) % 97
		} else {
			r = (r*100 + int(c|0x20-'a') + 10) % 97
		}
	}
	return r == 1
}
