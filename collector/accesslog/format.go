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
	// table is set for lines that are JSON objects, instead of steps.
	table *table
	// columns is set for lines whose columns a directive names, instead of steps.
	columns *columns
	// escape is the byte that an escape begins with, 0 for none.
	escape byte
	// absolute says which targets are URIs that the server has put together from host and path.
	absolute absolute
	// bare formats begin with what could be taken for a prefix of syslog, so they have none.
	bare bool
	// poorer are the formats that have fewer fields, and that lines of this one also fit.
	poorer []string
	// agentless formats do not carry the user agent. In JSON that shows on each line only: an agent that has no
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

// text is a builtin format of fields between literal text.
type text struct {
	name     string
	poorer   []string
	template string
	escape   byte
	absolute absolute
}

// texts holds the text formats in the order they are detected in: each before the one it extends, but Traefik's, which
// is rare. The user and Apache's identity, which may hold spaces, are skipped together.
var texts = []text{
	{name: "combined", poorer: []string{"common"}, template: combined, escape: '\\'},
	{name: "common", template: common, escape: '\\'},
	{name: "combined-vhost", poorer: []string{"common-vhost"}, template: "$host " + combined, escape: '\\'},
	{name: "common-vhost", template: "$host " + common, escape: '\\'},
	{name: "combined-xff", template: "$klar_peers " + clf + agents, escape: '\\'},
	{name: "traefik", poorer: []string{"combined", "combined-xff"}, escape: '\\',
		template: "$klar_peers " + clf + agents + ` $count "$router" "$server" ${duration}ms`},
	{name: "haproxy", template: haproxy, escape: '#', absolute: sinceHTTP2},
	{name: "elb", template: elb, escape: '\\', absolute: always},
	{name: "alb", template: "$type " + elb, escape: '\\', absolute: always},
}

const (
	clf      = `[$time_local] "$request" $status $body_bytes_sent`
	agents   = ` "$http_referer" "$http_user_agent"`
	common   = `$remote_addr $remote_user ` + clf
	combined = common + agents
	// haproxy is the HTTP log format. The captured headers, in braces, are skipped with the queues: which they are, the
	// line does not say. See https://docs.haproxy.org/3.0/configuration.html#8.2.3.
	haproxy = `$klar_client [$time_local] $frontend $backend $timers $status $bytes_sent $cookie $set $state $connections $queues "$request"`
	// elb is how AWS's classic load balancers write, and after the type of the request its application load balancers. See
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html.
	elb = `$time_iso8601 $elb $klar_client $backend $received_s $processed_s $answered_s $status $backend_status $received $bytes_sent "$request" "$http_user_agent"`
)

// builtin holds the formats that have a name, in the order they are detected in.
var builtin = func() []*Format {
	all := []*Format{jsonFormat()}
	for _, t := range texts {
		f, err := compileText(t.template)
		if err != nil {
			panic(t.name + ": " + err.Error())
		}
		f.name, f.poorer, f.escape, f.absolute = t.name, t.poorer, t.escape, t.absolute
		all = append(all, f)
	}
	return append(all, caddyFormat(), traefikFormat(), w3cFormat(), cloudfrontFormat())
}()

// aliases are names that other programs give the formats.
var aliases = map[string]string{
	"vcombined":   "combined-vhost",
	"vcommon":     "common-vhost",
	"traefikclf":  "traefik",
	"traefik-clf": "traefik",
	"awselb":      "elb",
	"awsalb":      "alb",
	"iis":         "w3c",
}

// Names returns the names that [Compile] knows.
func Names() []string {
	var all []string
	for _, b := range builtin {
		all = append(all, b.name)
	}
	return all
}

// Name returns the format's name, or "log_format" for one given as a format string.
func (f *Format) Name() string { return f.name }

// Compile returns the format of that name, one of [Names] in any case or GoAccess's name for it, or the one that
// an nginx log_format describes: the bare string, the quoted strings, or the whole directive. Variables that say nothing
// about a hit are skipped. It is an error when the string has no variable for the address, the time or the request, when
// two variables touch, or when the name is unknown. See https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format.
func Compile(format string) (*Format, error) {
	format = strings.TrimSpace(format)
	name := strings.ToLower(format)
	if alias := aliases[name]; alias != "" {
		name = alias
	}
	for _, b := range builtin {
		if name == b.name {
			return b, nil
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
	if f.escape = '\\'; escape == "none" {
		f.escape = 0
	}
	return f, nil
}
