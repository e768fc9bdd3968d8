package accesslog

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/collector/raw"
)

// DetectLines is how many lines of a log's beginning [Detect] looks at.
const DetectLines = 64

// Detect returns the format of a log from its first lines, of which it reads up to [DetectLines]. Empty lines are skipped, and
// some lines of another kind among them do no harm: the format that fits most lines is taken, combined before common if it fits half as
// many. The error says for the first line which format broke at which field; it never carries the line.
func Detect(lines [][]byte) (*Format, error) {
	fits := make([]int, len(builtin))
	parsers := make([]*Parser, len(builtin))
	for i, f := range builtin {
		parsers[i] = f.NewParser()
		parsers[i].strict = true
		defer parsers[i].Clear()
	}
	h := raw.New()
	defer h.Clear()
	best, read := 0, 0
	for _, l := range lines {
		if len(l) == 0 {
			continue
		}
		if read++; read > DetectLines {
			break
		}
		for i, p := range parsers {
			if p.try(l, h) == nil {
				fits[i]++
				best = max(best, fits[i])
			}
		}
	}
	if best == 0 {
		return nil, undetected(lines, h)
	}
	found := 0
	for fits[found] != best {
		found++
	}
	return builtin[richest(found, fits)], nil
}

// richest returns the richest of the formats that have all that the one found has, and fit half as many lines. A line of
// a richer format also fits the poorer one, so the poorer one never has less.
func richest(found int, fits []int) int {
	for i, f := range builtin {
		if slices.Contains(f.poorer, builtin[found].name) && 2*fits[i] >= fits[found] {
			return richest(i, fits)
		}
	}
	return found
}

// try parses one line, and holds what stands in it against the form it must have: names of hosts and users, which stand
// at the same place in other formats, would pass for addresses. A directive that names columns fits, too.
func (p *Parser) try(l []byte, h raw.Hit) error {
	err := p.Parse(l, h)
	if err == ErrDirective && p.header.fault == nil && hasDirective(l, fieldsDirective) {
		return nil
	}
	if err != nil {
		return err
	}
	f := h.Fields()
	if !isAddress(f.Addr) {
		return fail(remoteAddr, notAddress)
	}
	if len(p.format.steps) == 0 {
		return nil
	}
	switch p.format.steps[0].field {
	case peers:
		if !areAddresses(f.Forwarded) {
			return fail(forwardedFor, notAddress)
		}
	case host:
		if len(f.Host) == 0 {
			return fail(host, empty)
		}
		if isBareAddress(bytes.TrimSuffix(f.Host, []byte{','})) {
			return fail(host, isAnAddress)
		}
	}
	return nil
}

// hold checks a field that is not read, to tell the format from others: that the user is no address, and that the
// last field ends as it must.
func (p *Parser) hold(s *step, rest []byte, end int) *Error {
	if s.field == remoteUser {
		user := rest[:end]
		if i := bytes.IndexByte(user, ' '); i > 0 {
			user = user[:i]
		}
		if isAddress(user) {
			return fail(remoteUser, isAnAddress)
		}
	}
	if s.last && s.until != "" && end == len(rest) {
		return fail(skipped, missing)
	}
	return nil
}

// usual is how many of the text formats an error explains. Of the others it says only that they do not fit either.
const usual = 4

// undetected says why the first line that is neither empty nor a directive fits no format.
func undetected(lines [][]byte, h raw.Hit) error {
	for i, l := range lines {
		if len(l) == 0 || l[0] == '#' {
			continue
		}
		if l[0] == '{' {
			var objects []*Format
			for _, f := range builtin {
				if f.table != nil {
					objects = append(objects, f)
				}
			}
			return fmt.Errorf("line %d is %s", i+1, strings.Join(misfits(l, h, objects), "; "))
		}
		return fmt.Errorf("line %d is %s; nor is it %s", i+1, strings.Join(misfits(l, h, builtin[1:1+usual]), "; "), others())
	}
	return errors.New("there is no line to tell the format from")
}

// others lists the formats that misfits does not explain.
func others() string {
	var names []string
	for _, f := range builtin[1+usual:] {
		names = append(names, f.name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// misfits says why a line fits none of the formats, with those together that break at the same field.
func misfits(l []byte, h raw.Hit, formats []*Format) []string {
	var why []string
	names := map[error][]string{}
	var order []error
	for _, f := range formats {
		p := f.NewParser()
		p.strict = true
		err := p.try(l, h)
		p.Clear()
		if names[err] == nil {
			order = append(order, err)
		}
		names[err] = append(names[err], f.name)
	}
	for _, err := range order {
		why = append(why, "no "+strings.Join(names[err], ", no ")+": "+err.Error())
	}
	return why
}

// areAddresses tells whether a list of forwarded addresses holds nothing else, where what stands for no address is none.
func areAddresses(list []byte) bool {
	for len(list) > 0 {
		i := bytes.LastIndexAny(list, ", ")
		if last := list[i+1:]; len(last) > 0 && string(last) != "-" && string(last) != "unknown" && !isAddress(last) {
			return false
		}
		list = list[:max(i, 0)]
	}
	return true
}

// isBareAddress tells whether b has the form of an address without a port.
func isBareAddress(b []byte) bool {
	return isAddress(b) && (bytes.IndexByte(b, ':') < 0 || bytes.IndexByte(b, '.') < 0)
}

// isAddress tells whether b has the form of an IPv4 or IPv6 address, with or without port, brackets or zone. It looks
// at the bytes, because no string of an address is made; whether the numbers are in range is for anonymize.
func isAddress(b []byte) bool {
	if n := bytes.IndexByte(b, '%'); n >= 0 {
		b = b[:n]
	}
	dots, colons := 0, 0
	for _, c := range b {
		switch {
		case c == '.':
			dots++
		case c == ':':
			colons++
		case c >= '0' && c <= '9' || c == '[' || c == ']':
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			if bytes.IndexByte(b, ':') < 0 {
				return false
			}
		default:
			return false
		}
	}
	return dots == 3 || colons >= 3 || bytes.Contains(b, []byte("::")) // 10:05:03 is none
}
