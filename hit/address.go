package hit

import "strings"

// This file is the last guard before an address would be stored: it says whether one stands in a text, whatever stands
// around it. It fails closed where a text could be either. Package scrub, which finds where an address stands and
// replaces it, comes before it.

// holdsAddress reports whether an IPv4 or IPv6 address stands anywhere in s. Times, ratios, scopes (std::string) and
// versions of up to three parts are none. It takes time in proportion to the length of s.
func holdsAddress(s string) bool {
	return strings.Contains(s, ".") && holdsQuad(s) || strings.Contains(s, ":") && holdsColons(s)
}

// holdsQuad finds four or more numbers up to 255 with dots between them, perhaps with zeros before them. A longer row
// counts too, for it cannot be told where an address in it would begin.
func holdsQuad(s string) bool {
	row := 0
	for i := 0; i < len(s); {
		start := i
		for i < len(s) && digit(s[i]) {
			i++
		}
		switch {
		case i == start:
			row = 0
			i++
		case !octet(s[start:i]):
			row = 0
		default:
			if row++; row == 4 {
				return true
			}
			if i+1 < len(s) && s[i] == '.' && digit(s[i+1]) {
				i++
			}
		}
	}
	return false
}

// octet reports whether the digits are a number up to 255.
func octet(s string) bool {
	s = strings.TrimLeft(s, "0")
	return len(s) < 3 || len(s) == 3 && s <= "255"
}

// holdsColons finds IPv6 addresses, and MAC addresses, which look like a part of one.
func holdsColons(s string) bool {
	for i := 0; i < len(s); {
		start, colons := i, 0
		for i < len(s) && (hex(s[i]) || s[i] == ':') {
			if s[i] == ':' {
				colons++
			}
			i++
		}
		if colons >= 2 && runHolds(s[start:i], start > 0 && alnum(s[start-1]), i < len(s) && alnum(s[i])) {
			return true
		}
		i++
	}
	return false
}

// runHolds looks into a run of hexadecimal digits and colons. before and after say that a letter touches its ends. A
// group of more than four digits belongs to no address, but one may begin within it or end there.
func runHolds(run string, before, after bool) bool {
	if strings.HasPrefix(run, ":") && !strings.HasPrefix(run, "::") {
		run, before = run[1:], false
	}
	if strings.HasSuffix(run, ":") && !strings.HasSuffix(run, "::") {
		run, after = run[:len(run)-1], false
	}
	var g groups
	g.touched = before
	for group := range strings.SplitSeq(run, ":") {
		long := len(group) > 4
		if long {
			g.touched = true
		}
		if g.add(group); !long {
			continue
		}
		if g.address() {
			return true
		}
		g = groups{touched: true}
		g.add(group)
	}
	g.touched = g.touched || after
	return g.address()
}

// groups is what is known of groups of digits with single colons between them; an empty one stands for "::".
type groups struct {
	count           int
	double          bool // "::" is among them
	touched         bool // by a letter, or by more digits than a group has
	digits, letters bool // 0 to 9, a to f
}

func (g *groups) add(group string) {
	if group == "" {
		g.double = true
		return
	}
	g.count++
	for i := range len(group) {
		if digit(group[i]) {
			g.digits = true
		} else {
			g.letters = true
		}
	}
}

// address reports whether the groups can be an address, or so much of one that they name its network.
func (g *groups) address() bool {
	switch {
	case !g.double:
		// Eight groups are an address and six a MAC address. Four or five are times or ratios only if they are decimal.
		return g.count >= 6 || g.count >= 4 && g.digits && g.letters
	case g.count > 1:
		// a::b may be one, the d::a of std::array is none.
		return g.digits || !g.touched
	}
	return g.count == 1 && !g.touched // ::1, fe80::
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func hex(c byte) bool { return digit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }
