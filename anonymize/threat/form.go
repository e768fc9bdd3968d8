package threat

import (
	"bytes"

	"github.com/klar-analytics/klar/hit"
)

// oddForm is Form for requests that are not a usual method and a path.
func oddForm(method, target []byte, status int, own func(host []byte) bool) hit.Finding {
	malformed := hit.Finding{Threat: hit.ThreatMalformed, Certain: true}
	switch {
	case len(target) == 0:
		malformed.Certain = status >= 400 && status < 500
		if status == 408 || status == 499 || status == 0 { // a connection that was opened in advance and never used
			return hit.Finding{}
		}
		return malformed
	case string(method) == "CONNECT":
		return hit.Finding{Threat: hit.ThreatProxy, Certain: true}
	case target[0] == '*':
		return hit.Finding{}
	case target[0] != '/':
		return absolute(target, own)
	case len(method) > 16:
		return malformed
	}
	for _, c := range method {
		if c < 'A' || c > 'Z' {
			if c != '-' && c != '_' {
				return malformed
			}
		}
	}
	return hit.Finding{}
}

// absolute says what a target is that is no path: the whole address of a page of this server or of another one, or nothing
// that HTTP knows.
func absolute(target []byte, own func(host []byte) bool) hit.Finding {
	i := bytes.Index(target, []byte("://"))
	if i < 1 || i > 8 {
		return hit.Finding{Threat: hit.ThreatMalformed, Certain: true}
	}
	host := target[i+3:]
	if end := bytes.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	if own == nil || own(host) {
		return hit.Finding{}
	}
	return hit.Finding{Threat: hit.ThreatProxy, Certain: true}
}

// CacheBusting reports whether a query is one value alone that is made up: a long run of letters and digits without a
// name, on a path that takes no such thing. One request can only be suspected.
func CacheBusting(path, query []byte) bool {
	if len(query) < 16 || len(path) == 0 || path[len(path)-1] != '/' || look(query)&^letter != 0 {
		return false
	}
	letters, digits := 0, 0
	for _, c := range query {
		switch {
		case digit(c):
			digits++
		case alnum(c):
			letters++
		default:
			return false
		}
	}
	return letters > 4 && digits > 4
}
