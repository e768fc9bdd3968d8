package accesslog

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/klar-analytics/klar/collector/raw"
)

// DetectLines is how many lines of a log's beginning [Detect] looks at.
const DetectLines = 64

// detectable are the formats that can be told apart, the richest first.
var detectable = func() []*Format {
	all := []*Format{jsonFormat()}
	for _, b := range builtin {
		all = append(all, mustCompile(b.name))
	}
	return all
}()

// Detect returns the format of a log from its first lines, of which it reads up to [DetectLines]. Empty lines are skipped, and
// some lines of another kind among them do no harm: the format that fits most lines is taken, combined before common if it fits half as
// many. The error says for the first line which format broke at which field; it never carries the line.
func Detect(lines [][]byte) (*Format, error) {
	fits := make([]int, len(detectable))
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
		for i, f := range detectable {
			if try(f, l, h) == nil {
				fits[i]++
				best = max(best, fits[i])
			}
		}
	}
	if best == 0 {
		return nil, undetected(lines, h)
	}
	for i, n := range fits {
		// A line of a richer format also fits the poorer one, so the poorer one never has less.
		if n == best || 2*n >= best && i+1 < len(fits) && fits[i+1] == best && detectable[i].extends(detectable[i+1]) {
			return detectable[i], nil
		}
	}
	return nil, errors.New("no format") // not reached: the best fits
}

// extends tells whether f is the poorer format and more fields.
func (f *Format) extends(poorer *Format) bool {
	n := len(poorer.steps)
	return n > 0 && len(f.steps) > n && f.steps[0] == poorer.steps[0] && f.steps[n-1].field == poorer.steps[n-1].field
}

// try parses one line, and holds the address against the form of one: names of hosts and users, which stand at the same
// place in other formats, would pass.
func try(f *Format, l []byte, h raw.Hit) error {
	p := f.NewParser()
	defer p.Clear()
	if err := p.Parse(l, h); err != nil {
		return err
	}
	if !isAddress(h.Fields().Addr) {
		return fail(remoteAddr, notAddress)
	}
	return nil
}

// undetected says why the first line that is not empty fits no format.
func undetected(lines [][]byte, h raw.Hit) error {
	for i, l := range lines {
		if len(l) == 0 {
			continue
		}
		if l[0] == '{' {
			return fmt.Errorf("line %d is no %s: %w", i+1, jsonName, try(detectable[0], l, h))
		}
		return fmt.Errorf("line %d is %s", i+1, strings.Join(misfits(l, h), "; "))
	}
	return errors.New("there is no line to tell the format from")
}

// misfits says why a line fits none of the text formats, with those together that break at the same field.
func misfits(l []byte, h raw.Hit) []string {
	var why []string
	formats := map[error][]string{}
	var order []error
	for _, f := range detectable[1:] {
		err := try(f, l, h)
		if formats[err] == nil {
			order = append(order, err)
		}
		formats[err] = append(formats[err], f.name)
	}
	for _, err := range order {
		why = append(why, "no "+strings.Join(formats[err], ", no ")+": "+err.Error())
	}
	return why
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
	return dots == 3 || colons >= 2
}
