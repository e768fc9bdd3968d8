package accesslog

import (
	"errors"
	"strings"
)

// directive returns the format string of an nginx log_format directive and its escape parameter. A string that is
// neither a directive nor quoted is the format itself.
func directive(s string) (template, escape string, err error) {
	if rest, ok := strings.CutPrefix(s, "log_format"); ok && rest != strings.TrimLeft(rest, " \t\r\n") {
		_, s = cutWord(rest)
	}
	if rest, ok := strings.CutPrefix(strings.TrimSpace(s), "escape="); ok {
		escape, s = cutWord(rest)
	}
	s = strings.TrimSpace(s)
	if !isQuoted(s) {
		return s, escape, nil
	}
	var b strings.Builder
	for {
		s = strings.TrimSpace(s)
		if s == "" || s == ";" {
			return b.String(), escape, nil
		}
		if s[0] != '\'' && s[0] != '"' {
			return "", "", errors.New("log format: something other than a quoted string in the log_format directive")
		}
		if s, err = cutQuoted(&b, s); err != nil {
			return "", "", err
		}
	}
}

// isQuoted tells whether s is made of nginx's quoted strings. A format may begin with a quote of its own, as in
// "$request" $status; a directive's string is one when what follows its end is another or the end.
func isQuoted(s string) bool {
	if s == "" || s[0] != '\'' && s[0] != '"' {
		return false
	}
	if s[0] == '\'' {
		return true
	}
	var b strings.Builder
	rest, err := cutQuoted(&b, s)
	rest = strings.TrimSpace(rest)
	return err == nil && (rest == "" || rest == ";" || rest[0] == '"' || rest[0] == '\'')
}

// cutQuoted writes the quoted string that s begins with to b and returns the rest. A backslash takes a quote or a
// backslash literally.
func cutQuoted(b *strings.Builder, s string) (rest string, err error) {
	quote := s[0]
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == quote:
			return s[i+1:], nil
		case c == '\\' && i+1 < len(s) && strings.IndexByte(`'"\`, s[i+1]) >= 0:
			i++
			b.WriteByte(s[i])
		case c == '\\' && i+1 < len(s) && s[i+1] == 't':
			i++
			b.WriteByte('\t')
		default:
			b.WriteByte(c)
		}
	}
	return "", errors.New("log format: a quote in the log_format directive is not closed")
}

// cutWord returns the first word of s and what follows it.
func cutWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, " \t\r\n"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// objectKeys returns the keys of a format string that is a flat JSON object whose values are each one variable or
// constant. It reports false for anything else, such as a nested object or a value made of two variables.
func objectKeys(template string) (map[string]field, bool) {
	s := strings.TrimSpace(template)
	if !strings.HasPrefix(s, "{") || !strings.HasSuffix(s, "}") {
		return nil, false
	}
	s = s[1 : len(s)-1]
	keys := map[string]field{}
	for {
		s = strings.TrimLeft(s, " \t\r\n,")
		if s == "" {
			return keys, len(keys) > 0
		}
		key, rest, ok := cutKey(s)
		if !ok {
			return nil, false
		}
		value := rest
		if strings.HasPrefix(rest, `"`) {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				return nil, false
			}
			value, s = rest[1:1+end], rest[end+2:]
		} else if end := strings.IndexByte(rest, ','); end >= 0 {
			value, s = strings.TrimSpace(rest[:end]), rest[end:]
		} else {
			value, s = strings.TrimSpace(value), ""
		}
		if strings.ContainsAny(value, "{}[]") && !strings.HasPrefix(value, "${") {
			return nil, false
		}
		f, ok := valueField(value)
		if !ok {
			return nil, false
		}
		if f > remoteUser {
			keys[key] = f
		}
	}
}

// cutKey cuts the key and the colon that s begins with.
func cutKey(s string) (key, rest string, ok bool) {
	if s[0] != '"' {
		return "", "", false
	}
	end := strings.IndexByte(s[1:], '"')
	if end < 0 {
		return "", "", false
	}
	key, rest = s[1:1+end], strings.TrimLeft(s[end+2:], " \t\r\n")
	if !strings.HasPrefix(rest, ":") || strings.Contains(key, `\`) {
		return "", "", false
	}
	return key, strings.TrimLeft(rest[1:], " \t\r\n"), true
}

// valueField returns the field of a value that is one variable, or skipped for a constant. It reports false for a value
// that holds a variable among other text.
func valueField(value string) (field, bool) {
	pieces, err := cutPieces(value)
	if err != nil {
		return skipped, false
	}
	if len(pieces) == 1 && pieces[0].variable != "" {
		return variables[pieces[0].variable], true
	}
	for _, p := range pieces {
		if variables[p.variable] > remoteUser {
			return skipped, false
		}
	}
	return skipped, true
}
