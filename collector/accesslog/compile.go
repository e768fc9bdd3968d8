package accesslog

import (
	"errors"
	"fmt"
	"strings"
)

// piece is a variable, or literal text, of a format string.
type piece struct {
	variable string
	text     string
}

// compileTemplate compiles a format string: as a JSON object if it is one, flat, with a variable for every value that
// counts, so that the order of the keys does not matter; otherwise as text.
func compileTemplate(template string) (*Format, error) {
	if keys, ok := objectKeys(template); ok {
		f := &Format{table: &table{fields: keys}}
		var has [fields]bool
		for _, v := range keys {
			has[v] = true
		}
		f.agentless = !has[userAgent]
		return f, checkComplete(has)
	}
	return compileText(template)
}

// compileText compiles a format string of fields between literal text.
func compileText(template string) (*Format, error) {
	// These three together are the request's target.
	template = strings.ReplaceAll(template, "$uri$is_args$args", "$request_uri")
	pieces, err := cutPieces(template)
	if err != nil {
		return nil, err
	}
	f := new(Format)
	var has [fields]bool
	before := ""
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		if p.variable == "" {
			before = p.text
			if len(f.steps) == 0 {
				f.lead = p.text
			}
			continue
		}
		s, err := compileStep(pieces, i, before)
		if err != nil {
			return nil, err
		}
		has[s.field] = true
		f.steps = append(f.steps, s)
		before = ""
	}
	if n := len(f.steps); n > 0 {
		f.steps[n-1].last = true
		f.bare = f.steps[0].field.isTime() || f.lead != "" && strings.IndexByte("[\"{", f.lead[0]) < 0
	}
	f.agentless = !has[userAgent]
	return f, checkComplete(has)
}

// compileStep makes the step of the variable pieces[i], which stands after the text before.
func compileStep(pieces []piece, i int, before string) (step, error) {
	s := step{field: variables[pieces[i].variable]}
	if s.field == skipped {
		s.field = ours[pieces[i].variable]
	}
	if i+1 == len(pieces) {
		return s, nil
	}
	next := pieces[i+1]
	if next.variable == "" {
		s.until = next.text
		s.quoted = strings.HasSuffix(before, `"`) && strings.HasPrefix(s.until, `"`)
		return s, nil
	}
	if v := variables[next.variable]; v == requestURI || v == uri {
		s.until, s.keep = "/", true
		return s, nil
	}
	return s, fmt.Errorf("log format: nothing separates $%s from $%s, so a line cannot be cut between them", pieces[i].variable, next.variable)
}

// checkComplete tells what a format lacks to make a hit.
func checkComplete(has [fields]bool) error {
	switch {
	case !has[remoteAddr] && !has[clientPort] && !has[peers]:
		return errors.New("log format: $remote_addr is missing, without which nothing can be counted")
	case !has[timeLocal] && !has[timeISO] && !has[msec]:
		return errors.New("log format: $time_local is missing (or $time_iso8601, or $msec), without which nothing can be counted")
	case !has[request] && !has[requestURI] && !has[uri]:
		return errors.New("log format: $request is missing (or $request_uri, or $uri), without which no page can be counted")
	}
	return nil
}

// cutPieces cuts a format string into variables, $name or ${name}, and the text between them.
func cutPieces(template string) ([]piece, error) {
	var pieces []piece
	for template != "" {
		at := strings.IndexByte(template, '$')
		if at < 0 {
			return append(pieces, piece{text: template}), nil
		}
		if at > 0 {
			pieces = append(pieces, piece{text: template[:at]})
		}
		template = template[at+1:]
		braced := strings.HasPrefix(template, "{")
		if braced {
			template = template[1:]
		}
		n := 0
		for n < len(template) && isNameByte(template[n]) {
			n++
		}
		if n == 0 {
			return nil, errors.New("log format: a $ without a variable's name")
		}
		pieces = append(pieces, piece{variable: template[:n]})
		template = template[n:]
		if braced {
			if !strings.HasPrefix(template, "}") {
				return nil, errors.New("log format: a ${ without its }")
			}
			template = template[1:]
		}
	}
	return pieces, nil
}

// isNameByte tells whether b may stand in a variable's name.
func isNameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_'
}
