package scrub

import "bytes"

// trail remembers the two segments before the current one, for what a number means depends on them: /2015/05/17 is a
// date, /page/3 a page. It holds what they were, not their text.
type trail struct{ last, beforeLast step }

type step uint8

const (
	other step = iota
	year
	month
	numbered // a word such as page, after which a number counts something public
)

func (t *trail) add(s []byte) {
	t.beforeLast, t.last = t.last, t.kind(s)
}

func (t *trail) kind(s []byte) step {
	switch {
	case isYear(s):
		return year
	case t.last == year && (inRange(s, 1, 12) || isMonth(s)):
		return month
	case isNumbered(s):
		return numbered
	}
	return other
}

// identify marks numeric ids in a folded segment: a segment that is a number (but for years, the parts of a date and
// page numbers), a file whose name is a number of four digits or more, and any run of eight digits or more that is
// not a date.
func identify(s []byte, t *trail) bool {
	found := false
	for len(s) > 0 { // an encoded slash separates too
		part, rest, _ := bytes.Cut(s, []byte{'/'})
		found = t.identify(part) || found
		s = rest
	}
	return found
}

func (t *trail) identify(s []byte) bool {
	step := t.kind(s)
	keep := step == year || step == month || t.last == month && t.beforeLast == year && inRange(s, 1, 31) ||
		t.last == numbered && inRange(s, 0, 9999)
	t.beforeLast, t.last = t.last, step
	if keep {
		return false
	}
	if n := span(s); n == len(s) && n > 0 || n >= 4 && !isYear(s[:n]) && extension(s[n:]) {
		if n != 8 && n == len(s) || !date(s[:n]) {
			mark(s[:n], id)
			return true
		}
	}
	return longNumbers(s)
}

// longNumbers marks the runs of eight digits or more that are no date.
func longNumbers(s []byte) bool {
	found := false
	for i := 0; i < len(s); i++ {
		n := span(s[i:])
		if n >= 8 && !date(s[i:i+n]) {
			mark(s[i:i+n], id)
			found = true
		}
		i += n
	}
	return found
}

// span returns how many digits s begins with.
func span(s []byte) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}

// extension reports whether s is a dot and one to five letters or digits, beginning with a letter.
func extension(s []byte) bool {
	if len(s) < 2 || len(s) > 6 || s[0] != '.' || !letter(s[1]) {
		return false
	}
	for _, c := range s[1:] {
		if !alnum(c) {
			return false
		}
	}
	return true
}

// date reports whether the digits are a date, 20150517, perhaps with the time of day.
func date(s []byte) bool {
	return (len(s) == 8 || len(s) == 12 || len(s) == 14) && isYear(s[:4]) && inRange(s[4:6], 1, 12) && inRange(s[6:8], 1, 31)
}

// isYear reports whether s is a year from 1990 to 2099.
func isYear(s []byte) bool { return len(s) == 4 && inRange(s, 1990, 2099) }

// inRange reports whether s is a number of at most four digits from low to high.
func inRange(s []byte, low, high int) bool {
	if len(s) == 0 || len(s) > 4 {
		return false
	}
	n := 0
	for _, c := range s {
		if !digit(c) {
			return false
		}
		n = n*10 + int(c-'0')
	}
	return n >= low && n <= high
}

// isMonth reports whether s is the English name of a month, in full or with three letters.
func isMonth(s []byte) bool {
	if len(s) < 3 || len(s) > 9 {
		return false
	}
	switch string(bytes.ToLower(s)) {
	case "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "january", "february", "march",
		"april", "june", "july", "august", "september", "october", "november", "december":
		return true
	}
	return false
}

// isNumbered reports whether s is a word after which a number counts pages, chapters or versions.
func isNumbered(s []byte) bool {
	if len(s) < 3 || len(s) > 9 {
		return false
	}
	switch string(bytes.ToLower(s)) {
	case "page", "pages", "paged", "seite", "pagina", "chapter", "kapitel", "step", "schritt", "part", "teil", "api", "version":
		return true
	}
	return false
}
