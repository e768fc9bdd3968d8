package main

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

var (
	// unknownKey is a key that no part of the configuration has. The type that follows may be a struct with all its
	// fields.
	unknownKey = regexp.MustCompile(`^line (\d+): field (.*?) not found in type .*$`)
	// wrongType is a value that does not fit its key, such as a word for a number. Lists and groups show no value.
	wrongType = regexp.MustCompile("^line (\\d+): cannot unmarshal !!(\\S+)(?: `(.*)`)? into (.*)$")
)

// readingError says in one line what the YAML reader found, in the user's words.
func readingError(err error, root *yaml.Node) string {
	s := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:")
	var all []string
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if m := unknownKey.FindStringSubmatch(line); m != nil {
			line = fmt.Sprintf("line %s: unknown key %q", m[1], m[2])
		} else if m := wrongType.FindStringSubmatch(line); m != nil {
			line = fmt.Sprintf("line %s: %s%s is not %s", m[1], keyAt(root, m[1], m[2], m[3]), found(m[2], m[3]), wanted(m[4]))
		}
		if line != "" {
			all = append(all, line)
		}
	}
	return strings.Join(all, "; ")
}

// found names a value by what it is.
func found(tag, value string) string {
	switch {
	case tag == "map":
		return "a group of keys"
	case tag == "seq":
		return "a list"
	}
	return fmt.Sprintf("%q", value)
}

// wanted names a Go type.
func wanted(kind string) string {
	kind = strings.TrimPrefix(kind, "*")
	switch {
	case kind == "int":
		return "a whole number"
	case kind == "string":
		return "a text"
	case kind == "bool":
		return "true or false"
	case strings.HasPrefix(kind, "[]"):
		return "a list"
	}
	return "a group of keys"
}

// keyAt returns "KEY: " for the value of the line that reads so; the reader cuts long values and marks that with dots.
func keyAt(root *yaml.Node, line, tag, value string) string {
	if root == nil || len(root.Content) == 0 {
		return ""
	}
	kind := yaml.ScalarNode
	switch tag {
	case "map":
		kind = yaml.MappingNode
	case "seq":
		kind = yaml.SequenceNode
	}
	value = strings.TrimSuffix(value, "...")
	// A group begins on the line of its first key, so that the innermost is meant.
	var find func(n *yaml.Node, path string) string
	find = func(n *yaml.Node, path string) string {
		for i, c := range n.Content {
			key := fmt.Sprint(i)
			if n.Kind == yaml.MappingNode {
				if i%2 == 0 {
					continue
				}
				key = n.Content[i-1].Value
			}
			if p := find(c, strings.TrimPrefix(path+"."+key, ".")); p != "" {
				return p
			}
		}
		if path != "" && fmt.Sprint(n.Line) == line && n.Kind == kind && strings.HasPrefix(n.Value, value) {
			return path
		}
		return ""
	}
	if path := find(root.Content[0], ""); path != "" {
		return path + ": "
	}
	return ""
}

// keyError is what is wrong with the value of a key.
type keyError struct {
	where string // file and line, as far as the key stands in the file
	key   string
	err   error
}

func (e *keyError) Error() string { return e.where + e.key + ": " + e.err.Error() }

func (e *keyError) Unwrap() error { return e.err }

// fail returns an error about a key, of type [*keyError].
func (c *config) fail(key, format string, args ...any) error {
	where := ""
	if line := c.line(key); line > 0 {
		where = fmt.Sprintf("%s: line %d: ", c.file, line)
	} else if c.file != "" {
		where = c.file + ": "
	}
	return &keyError{where, key, fmt.Errorf(format, args...)}
}

// line returns the line of a key in the file, or of what comes nearest above it; 0 when nothing of it stands there.
func (c *config) line(key string) int {
	if c.root == nil || len(c.root.Content) == 0 {
		return 0
	}
	n, line := c.root.Content[0], 0
	for part := range strings.SplitSeq(key, ".") {
		if n = child(n, part); n == nil {
			break
		}
		line = n.Line
	}
	return line
}

func child(n *yaml.Node, part string) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 0 && c.Value == part:
			return n.Content[i+1]
		case n.Kind == yaml.SequenceNode && fmt.Sprint(i) == part:
			return c
		}
	}
	return nil
}
