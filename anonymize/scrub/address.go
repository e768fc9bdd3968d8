package scrub

import (
	"bytes"
	"net/netip"
)

// addresses marks IP addresses: dotted quads (also longer rows of such numbers, which cannot be told apart), quads with
// hyphens as in host names of providers, IPv6 in all its forms, and MAC addresses.
func addresses(s []byte) bool {
	found := colons(s) // first, for an IPv6 address may end in a quad
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) || i > 0 && digit(s[i-1]) {
			continue
		}
		n := quads(s[i:])
		if n == 0 {
			continue
		}
		if port := i + n; port+1 < len(s) && s[port] == ':' {
			if m := span(s[port+1:]); m > 0 {
				n += 1 + m
			}
		}
		mark(s[i:i+n], address)
		found = true
	}
	return found
}

// quads returns the length of the row of four or more numbers up to 255, perhaps with zeros before them, that s begins
// with; 0 if it does not. A row with hyphens has exactly four and at least eight digits.
func quads(s []byte) int {
	parts, digits, i := 0, 0, 0
	var sep byte
	for {
		start := i
		for i < len(s) && digit(s[i]) {
			i++
		}
		if !octet(s[start:i]) {
			i = start - 1
			break
		}
		parts++
		digits += i - start
		if i+1 >= len(s) || s[i] != '.' && s[i] != '-' || sep != 0 && s[i] != sep || !digit(s[i+1]) {
			break
		}
		if sep = s[i]; sep == '-' && parts == 4 {
			return 0
		}
		i++
	}
	if parts < 4 || sep == '-' && digits < 8 {
		return 0
	}
	return i
}

// octet reports whether the digits are a number up to 255, with any number of zeros before it.
func octet(s []byte) bool {
	if len(s) == 0 {
		return false
	}
	s = bytes.TrimLeft(s, "0")
	return len(s) < 3 || len(s) == 3 && string(s) <= "255"
}

// colons marks what is written with colons: IPv6 and MAC addresses.
func colons(s []byte) bool {
	found := false
	for i := 0; i < len(s); {
		start, n := i, 0
		for i < len(s) && (hex(s[i]) || s[i] == ':' || s[i] == '.') {
			if s[i] == ':' {
				n++
			}
			i++
		}
		if n >= 2 && sixth(s[start:i], n) {
			mark(s[start:i], address)
			found = true
		}
		i++
	}
	return found
}

// sixth reports whether a run of hexadecimal digits, dots and colons is, or holds, an IPv6 or MAC address. Times of day
// (12:30:45) are none.
func sixth(run []byte, colons int) bool {
	trimmed := bytes.Trim(run, ".")
	if bytes.Equal(trimmed, []byte("::")) {
		return false
	}
	if _, err := netip.ParseAddr(string(trimmed)); err == nil || colons >= 5 {
		return true
	}
	if !bytes.Contains(run, []byte("::")) {
		return false
	}
	for _, c := range run {
		if digit(c) {
			return true
		}
	}
	return false
}
