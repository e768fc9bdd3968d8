package accesslog

import (
	"bytes"

	"github.com/klar-analytics/klar/collector/raw"
)

// set takes one field's value in. A lone "-" is how logs write that there is none.
func (p *Parser) set(f *raw.Fields, id field, v []byte) *Error {
	if len(v) == 1 && v[0] == '-' {
		v = nil
	}
	if p.escaped && bytes.IndexByte(v, p.format.escape) >= 0 {
		v = p.decode(id, v)
	}
	switch id {
	case remoteAddr:
		if !p.parts.hasClient {
			f.Addr = v
		}
	case clientAddr:
		if len(v) > 0 {
			f.Addr, p.parts.hasClient = v, true
		}
	case clientPort:
		f.Addr = cutPort(v)
	case clientHost:
		p.clientHost = v
	case peers:
		return setPeers(f, v)
	case timeLocal, timeISO, msec, anyTime:
		at, ok := p.minute.parse(v)
		if !ok {
			return fail(id, notTime)
		}
		f.Time, p.parts.hasTime = at, true
	case request:
		p.parts.request = v
	case requestMethod:
		p.parts.method = v
	case requestURI:
		p.parts.uri = v
	case uri:
		p.parts.path = v
	case args:
		p.parts.args = v
	case status:
		return setStatus(f, v)
	case bodyBytes, bytesSent:
		return p.setBytes(f, id, v)
	case referrer:
		f.Referrer = v
	case userAgent:
		f.UserAgent = v
	case host, serverName:
		if id == host && v != nil || f.Host == nil {
			f.Host = v
		}
	case forwardedFor:
		f.Forwarded = v
	case language:
		f.Language = v
	case secGPC:
		f.GPC = isOne(v)
	case dnt:
		f.DNT = isOne(v)
	case dateUTC, timeUTC:
		return p.setUTC(id, v)
	case logger:
		if !bytes.HasPrefix(v, accessLogger) {
			return fail(logger, notAccess)
		}
	}
	return nil
}

// accessLogger is how the names of Caddy's access logs begin. The same file may hold its errors, which have requests, too.
var accessLogger = []byte("http.log.access")

func isOne(v []byte) bool { return len(v) == 1 && v[0] == '1' }

// setStatus reads a status code. Codes that HTTP does not have, and none, become 0: Caddy writes 0, and HAProxy -1, where
// there was no answer.
func setStatus(f *raw.Fields, v []byte) *Error {
	if len(v) == 0 || string(v) == "0" || string(v) == "-1" {
		return nil
	}
	if len(v) != 3 {
		return fail(status, notNumber)
	}
	a, b, c := v[0]-'0', v[1]-'0', v[2]-'0'
	if a > 9 || b > 9 || c > 9 {
		return fail(status, notNumber)
	}
	if a >= 1 && a <= 5 {
		f.Status = int(a)*100 + int(b)*10 + int(c)
	}
	return nil
}

// setBytes reads the size of the answer: of its body where the log has it, otherwise with its headers. HAProxy writes a
// plus before it where the answer was not over yet.
func (p *Parser) setBytes(f *raw.Fields, id field, v []byte) *Error {
	if len(v) > 1 && v[0] == '+' {
		v = v[1:]
	}
	if len(v) > 18 { // more does not surely fit
		return fail(id, notNumber)
	}
	var n uint64
	for _, c := range v {
		c -= '0'
		if c > 9 {
			return fail(id, notNumber)
		}
		n = n*10 + uint64(c)
	}
	if id == bodyBytes || !p.parts.hasBody {
		f.Bytes = n
	}
	p.parts.hasBody = p.parts.hasBody || id == bodyBytes
	return nil
}

// complete makes method and target of their parts, and checks that the hit has what every hit needs.
func (p *Parser) complete(f *raw.Fields, size int) error {
	if p.clientHost != nil {
		p.setClientHost(f)
	}
	if len(f.Addr) == 0 {
		return fail(remoteAddr, empty)
	}
	if !p.parts.hasTime {
		return fail(timeLocal, missing)
	}
	t := &p.parts
	if t.request != nil {
		f.Method, f.Target = cutRequest(t.request)
	}
	if t.method != nil {
		f.Method = t.method
	}
	switch {
	case t.uri != nil:
		f.Target = t.uri
	case f.Target != nil || t.path == nil:
	case len(t.args) == 0:
		f.Target = t.path
	default:
		f.Target = p.join(t.path, t.args, size)
	}
	if p.format.absolute != never {
		p.unwrap(f)
	}
	return nil
}

// join returns path?args in the scratch buffer.
func (p *Parser) join(path, args []byte, size int) []byte {
	if !p.escaped {
		p.reserve(2*size + 1)
	}
	from := len(p.scratch)
	p.scratch = append(p.scratch, path...)
	p.scratch = append(p.scratch, '?')
	p.scratch = append(p.scratch, args...)
	return p.scratch[from:len(p.scratch):len(p.scratch)]
}

// cutRequest cuts a request line into method and target. It returns nil for both when the line does not begin with a
// method and a space, as the bytes of another protocol do. See RFC 9112, section 3.
func cutRequest(b []byte) (method, target []byte) {
	end := bytes.IndexByte(b, ' ')
	if end <= 0 || end > 32 || end+1 == len(b) {
		return nil, nil
	}
	for _, c := range b[:end] {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			if c != '-' && c != '_' {
				return nil, nil
			}
		}
	}
	method, target = b[:end], b[end+1:]
	// The usual protocols are found by their length; a target may hold spaces when the client was careless.
	if n := len(target) - len(" HTTP/1.1"); n >= 0 && string(target[n:n+6]) == " HTTP/" {
		return method, target[:n]
	}
	if i := bytes.LastIndexByte(target, ' '); i >= 0 && bytes.HasPrefix(target[i+1:], []byte("HTTP/")) {
		return method, target[:i]
	}
	return method, target
}
