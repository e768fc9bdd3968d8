// Package accesslog owns the formats of web servers' access logs: it turns a line into a raw.Hit, and finds out which
// format a log has. It is pure, allocates nothing per line, and its errors never carry what a line says.
package accesslog

import (
	"fmt"
	"strings"
)

// Format is a compiled log format. It is immutable; each goroutine takes a parser of its own from it.
type Format struct {
	name string
	// lead stands before the first step.
	lead  string
	steps []step
	// keys is set for lines that are JSON objects, instead of steps.
	keys map[string]field
	// verbatim formats have no escapes.
	verbatim bool
	// agentless formats do not carry the user agent. In nginx-json that shows on each line only: an agent that has no
	// key there was not logged, while nginx writes the key of one that was not sent.
	agentless bool
}

// step is a field of a text format and the literal text that ends it.
type step struct {
	field field
	// quoted fields stand in double quotes, and may hold escapes.
	quoted bool
	// last is the format's last field; what follows it on the line is ignored after a space.
	last bool
	// keep leaves the ending text in place, as the beginning of the next field.
	keep  bool
	until string
}

// builtin holds the text formats by name, in the order they are detected in: each before the one it extends. The user and Apache's
// identity, which may hold spaces, are skipped together.
var builtin = []struct{ name, template string }{
	{"combined", combined},
	{"common", common},
	{"combined-vhost", "$host " + combined},
	{"common-vhost", "$host " + common},
}

const (
	common   = `$remote_addr $remote_user [$time_local] "$request" $status $body_bytes_sent`
	combined = common + ` "$http_referer" "$http_user_agent"`
	jsonName = "nginx-json"
)

// Names returns the names that [Compile] knows.
func Names() []string {
	all := []string{jsonName}
	for _, b := range builtin {
		all = append(all, b.name)
	}
	return all
}

// Name returns the format's name, or "log_format" for one given as a format string.
func (f *Format) Name() string { return f.name }

// Compile returns the format of that name (combined, combined-vhost, common, common-vhost, nginx-json), or the one that
// an nginx log_format describes: the bare string, the quoted strings, or the whole directive. Variables that say nothing
// about a hit are skipped. It is an error when the string has no variable for the address, the time or the request, when
// two variables touch, or when the name is unknown. See https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format.
func Compile(format string) (*Format, error) {
	format = strings.TrimSpace(format)
	if format == jsonName {
		return jsonFormat(), nil
	}
	for _, b := range builtin {
		if format == b.name {
			f, err := compileText(b.template)
			if err != nil {
				return nil, err
			}
			f.name = b.name
			return f, nil
		}
	}
	if !strings.Contains(format, "$") {
		return nil, fmt.Errorf("unknown log format %q: known are %s, or an nginx log_format string", format, strings.Join(Names(), ", "))
	}
	template, escape, err := directive(format)
	if err != nil {
		return nil, err
	}
	f, err := compileTemplate(template)
	if err != nil {
		return nil, err
	}
	f.name = "log_format"
	f.verbatim = escape == "none"
	return f, nil
}

// mustCompile compiles a builtin format.
func mustCompile(name string) *Format {
	f, err := Compile(name)
	if err != nil {
		panic(err)
	}
	return f
}

// jsonFormat is nginx-json: one object per line, its keys named after the variables or as people commonly name them.
func jsonFormat() *Format {
	keys := make(map[string]field, len(variables)+len(jsonKeys))
	for name, f := range variables {
		if f > remoteUser {
			keys[name] = f
		}
	}
	for name, f := range jsonKeys {
		keys[name] = f
	}
	return &Format{name: jsonName, keys: keys, agentless: true}
}
