package accesslog

import (
	"bytes"
	"strings"

	"github.com/klar-analytics/klar/collector/raw"
)

// columns is a format whose lines are rows of a table. A directive says what the columns are, and may say so anew in the
// middle of a file. See https://www.w3.org/TR/WD-logfile.html.
type columns struct {
	// byTab is true for rows that have tabs between the values.
	byTab bool
	// known are the columns as long as no directive has named them, nil where they vary.
	known []field
}

// header is what the directives of a file have said so far.
type header struct {
	columns []field
	// loose rows may have fewer and more values, because no directive has named the columns.
	loose bool
	// agent tells whether there is a column for agents.
	agent bool
	// fault is what is wrong with all rows, nil if nothing.
	fault *Error
	// day is that of the last #Date directive, in seconds since 1970, for rows that have none.
	day    int64
	hasDay bool
}

// minLoose is how many values a row has at least of columns that no directive has named: as many as CloudFront had at first.
const minLoose = 12

// columnNames names the columns that are read, in lower case.
var columnNames = map[string]field{
	"date":                dateUTC,
	"time":                timeUTC,
	"c-ip":                remoteAddr,
	"cs-method":           requestMethod,
	"cs-uri-stem":         uri,
	"cs-uri-query":        args,
	"cs-uri":              requestURI,
	"sc-status":           status,
	"sc-bytes":            bytesSent,
	"cs(referer)":         referrer,
	"cs(user-agent)":      userAgent,
	"cs-host":             serverName,
	"cs(host)":            serverName,
	"x-host-header":       host,
	"cs(x-forwarded-for)": forwardedFor,
	"x-forwarded-for":     forwardedFor,
	"cs(accept-language)": language,
	"cs(sec-gpc)":         secGPC,
	"cs(dnt)":             dnt,
	"x-edge-location":     edge,
	"x-edge-request-id":   edge,
	"x-edge-result-type":  edge,
}

// w3cFormat is the W3C extended log file format, as IIS writes it. It has spaces as plus signs.
func w3cFormat() *Format { return &Format{name: "w3c", escape: '+', bare: true, columns: &columns{}} }

// cloudfrontFormat is the W3C format of AWS CloudFront, in which values are encoded as in URLs and separated by tabs. The
// columns are documented, and new ones come last. See
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html.
func cloudfrontFormat() *Format {
	return &Format{name: "cloudfront", escape: '%', bare: true, columns: &columns{byTab: true, known: []field{
		dateUTC, timeUTC, edge, bytesSent, remoteAddr, requestMethod, serverName, uri, status, referrer, userAgent, args,
		skipped, edge, edge, host, skipped, skipped, skipped, forwardedFor,
	}}}
}

// initial returns the header of a file before its first directive.
func (c *columns) initial() header {
	if c.known == nil {
		return header{fault: fail(line, noColumns)}
	}
	return header{columns: c.known, loose: true, agent: true}
}

// Header returns a directive that names the columns of the lines to come, nil for formats without columns. A reader that
// begins in the middle of a file gives it, as kept when it ended there, to the new parser first. It holds names that the
// format knows and nothing that stands in the file.
func (p *Parser) Header() []byte {
	if p.format.columns == nil || p.header.loose || p.header.columns == nil {
		return nil
	}
	var b strings.Builder
	b.WriteString(fieldsDirective)
	for _, f := range p.header.columns {
		b.WriteByte(' ')
		b.WriteString(columnName(f))
	}
	return []byte(b.String())
}

// columnName returns the first of the column's names, x for one that is not read.
func columnName(f field) string {
	name := ""
	for n, id := range columnNames {
		if id == f && (name == "" || n < name) {
			name = n
		}
	}
	if name == "" {
		return "x"
	}
	return name
}

const (
	fieldsDirective = "#Fields:"
	dateDirective   = "#Date:"
)

// directive takes in what a line says that begins with #.
func (p *Parser) directive(b []byte) {
	switch {
	case hasDirective(b, fieldsDirective):
		p.fieldsDirective(b[len(fieldsDirective):])
	case hasDirective(b, dateDirective):
		v := bytes.TrimSpace(b[len(dateDirective):])
		if day, ok := parseDay(v); ok {
			p.header.day, p.header.hasDay = day, true
		}
	}
}

// hasDirective tells whether b begins with the directive, whatever the case.
func hasDirective(b []byte, name string) bool {
	return len(b) >= len(name) && bytes.EqualFold(b[:len(name)], []byte(name))
}

// fieldsDirective learns the columns of the rows that follow.
func (p *Parser) fieldsDirective(names []byte) {
	h := &p.header
	list := make([]field, 0, 32)
	var has [fields]bool
	for _, name := range bytes.Fields(names) {
		f := columnNames[string(bytes.ToLower(name))]
		has[f] = true
		list = append(list, f)
	}
	h.columns, h.loose, h.agent, h.fault = list, false, has[userAgent], nil
	switch {
	case !has[remoteAddr]:
		h.fault = fail(remoteAddr, missing)
	case !has[timeUTC]:
		h.fault = fail(timeUTC, missing)
	case !has[uri] && !has[requestURI]:
		h.fault = fail(requestURI, missing)
	case p.strict && has[edge] != p.format.columns.byTab:
		h.fault = fail(line, otherColumns)
	}
}

// row reads the values of a line.
func (p *Parser) row(f *raw.Fields, rest []byte) *Error {
	h := &p.header
	if h.fault != nil {
		return h.fault
	}
	f.NoAgent = !h.agent
	p.utc = utc{}
	tab := p.format.columns.byTab || bytes.IndexByte(rest, '\t') >= 0
	separator := byte(' ')
	if tab {
		separator = '\t'
	}
	n, more := 0, true
	for ; more && n < len(h.columns); n++ {
		var v []byte
		if v, rest, more = cutValue(rest, separator, !p.format.columns.byTab); h.columns[n] == skipped {
			continue
		}
		if err := p.set(f, h.columns[n], v); err != nil {
			return err
		}
	}
	if h.loose && n < minLoose || !h.loose && (n < len(h.columns) || more && len(bytes.TrimSpace(rest)) > 0) {
		return fail(line, otherColumns)
	}
	return p.setMoment(f)
}

// cutValue cuts the value off that b begins with, and tells whether there are more. Where values may be quoted, a quote within
// is doubled, and stays so.
func cutValue(b []byte, separator byte, quoted bool) (v, rest []byte, more bool) {
	if quoted && len(b) > 1 && b[0] == '"' {
		for i := 1; i < len(b); i++ {
			if b[i] != '"' {
				continue
			}
			if i+1 < len(b) && b[i+1] == '"' {
				i++
				continue
			}
			if i+1 == len(b) {
				return b[1:i], nil, false
			}
			if b[i+1] == separator {
				return b[1:i], b[i+2:], true
			}
			break
		}
	}
	i := bytes.IndexByte(b, separator)
	if i < 0 {
		return b, nil, false
	}
	return b[:i], b[i+1:], true
}

// utc is the time of a row, in two columns.
type utc struct {
	day, second       int64
	hasDay, hasSecond bool
}

// setUTC takes in a row's day or its time of day.
func (p *Parser) setUTC(id field, v []byte) *Error {
	t := &p.utc
	if id == dateUTC {
		t.day, t.hasDay = parseDay(v)
	} else {
		t.second, t.hasSecond = parseClock(v)
	}
	if id == dateUTC && !t.hasDay || id == timeUTC && !t.hasSecond {
		return fail(id, notTime)
	}
	return nil
}

// setMoment makes the time of a row of its parts.
func (p *Parser) setMoment(f *raw.Fields) *Error {
	t := &p.utc
	if !t.hasDay {
		t.day, t.hasDay = p.header.day, p.header.hasDay
	}
	if !t.hasDay {
		return fail(dateUTC, missing)
	}
	f.Time, p.parts.hasTime = t.day+t.second, t.hasSecond
	return nil
}
