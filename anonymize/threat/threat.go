// Package threat answers one question: what attack is a request, if any? Out come closed classes and how certain they
// are, never a piece of what was sent.
//
// A cheap first look at the bytes decides that nothing is suspicious, which is so of nearly all requests. Only what is
// left is decoded, as often as it was encoded, and asked about class by class.
package threat

import (
	"bytes"

	"github.com/klar-analytics/klar/hit"
)

// maxValue is how many bytes of a path, a parameter or a header are looked at.
const maxValue = 4096

// Whole says that no byte of a path belongs to a payload.
const Whole = -1

// Path says what a request's path is, which ends before the query. If a payload stands in it, clean is how many bytes
// in front of it are of whole segments that can be shown; otherwise it is Whole.
func Path(path []byte) (found hit.Finding, clean int) {
	if len(path) == 0 {
		return hit.Finding{}, Whole
	}
	found = known(path)
	if look(path)&oddInPath == 0 && !bytes.Contains(path, twoDots) {
		return found, Whole
	}
	s := scratches.Get().(*scratch)
	defer s.free()
	folded := s.fold(path, false)
	inside := s.path(path, folded)
	if inside.Threat == hit.ThreatNone {
		return found.Or(known([]byte(folded))), Whole
	}
	if inside.Certain || found.Threat == hit.ThreatNone {
		found = inside
	}
	return found, cleanLength(path)
}

// cleanLength is how long a path's first segments are of which each byte is ordinary.
func cleanLength(path []byte) int {
	end := 0
	for i := 1; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		segment := path[min(end+1, i):i]
		if len(segment) == 0 || look(segment)&^(letter|dot) != 0 || segment[0] == '.' {
			return end
		}
		end = i
	}
	return 0 // all of it is ordinary by itself: then it is the whole that is not
}

// OddQuery is the first look at a query, which is nothing unless it is odd.
func OddQuery(query []byte) bool {
	f := look(query)
	return f&oddInQuery != 0 || f&dot != 0 && dotted(query) || bareWords.inFold(query)
}

// dotted reports whether a value of a query begins with a dot, or one follows another.
func dotted(query []byte) bool {
	for i := 0; ; i++ {
		next := bytes.IndexByte(query[i:], '.')
		if next < 0 {
			return false
		}
		if i += next; i == 0 || bytes.IndexByte([]byte(".=&"), query[i-1]) >= 0 {
			return true
		}
	}
}

// bareWords are those by which an attack is known that has no marks but dots.
var bareWords = newWords(
	"_schema", "__", "constructor.", "prototype", "classloader", "java.", "javax.", "runtime.", "processb", "process.env", "module.exp",
	"transformer", "factory.", "closure", "com.sun", "sun.misc", "org.apache", "org.spring", "freemarker", "xp_", "sp_exec", "sp_oa", "sp_make", "sp_pass",
	"utl_", "dbms_", "openrowset", "ro0ab", "gasv", "kztaau", "cs7qaf", "aced0005", "phpinfo", "allow_url", "auto_prep", "auto_app", "open_basedir", "opcache.",
	"passwd", ".ini", ".htpasswd", ".php.", "web-inf", "id_rsa", "wp-config", "web.config", ".sql", "waitfor", "sleep",
)

// Query says what a request's query is, without its question mark.
func Query(query []byte) (found hit.Finding) {
	if !OddQuery(query) {
		return found
	}
	s := scratches.Get().(*scratch)
	defer s.free()
	for part := range bytes.SplitSeq(query, ampersand) {
		if len(part) == 0 || !OddQuery(part) {
			continue
		}
		if found = found.Or(s.parameter(part)); found.Certain {
			break
		}
	}
	return found
}

var (
	ampersand = []byte{'&'}
	twoDots   = []byte("..")
)

// Text says what a text is that a page reported: the name of an event, a property. It is not percent-encoded, but may be.
func Text(text []byte) (found hit.Finding) {
	if !OddQuery(text) {
		return found
	}
	s := scratches.Get().(*scratch)
	defer s.free()
	return payload(s.fold(text, false))
}

// OddHeader is the first look at a header, which is nothing unless it is odd.
func OddHeader(value []byte) bool {
	f := look(value)
	if f&percent != 0 {
		f = f&^percent | lookEncoded(value)
	}
	return f&oddInHeader != 0 || len(value) > 0 && value[0] != 'h' && value[0] != '-'
}

// Header says what the value of a header is that browsers fill in: the referrer and the agent. People search for strange
// things, and their search stands in the referrer, so that only what is certain counts.
func Header(value []byte) (found hit.Finding) {
	if !OddHeader(value) {
		return found
	}
	s := scratches.Get().(*scratch)
	defer s.free()
	if found = header(s.fold(value, false), oddInHeader&^percent); !found.Certain {
		return hit.Finding{}
	}
	return found
}

// Agent says what a user agent is.
func Agent(agent []byte) hit.Finding {
	s := scratches.Get().(*scratch)
	defer s.free()
	folded := s.fold(agent, false)
	if found := header(folded, oddInAgent); found.Certain {
		return found
	}
	if dialogs(folded) {
		return hit.Finding{Threat: hit.ThreatXSS, Certain: true}
	}
	return scanner(folded)
}

// Form says what is wrong with the form of a request: with its method, with a target that is no path or names another
// server, or with a request that could not be read as one. own reports whether a host is this server's.
func Form(method, target []byte, status int, own func(host []byte) bool) hit.Finding {
	if len(target) > 0 && target[0] == '/' && len(method) > 2 && len(method) < 8 && method[0] < 'Z' {
		if string(method) == "TRACE" || string(method) == "TRACK" || string(method) == "DEBUG" {
			return hit.Finding{Threat: hit.ThreatMalformed}
		}
		return hit.Finding{}
	}
	return oddForm(method, target, status, own)
}

// Answered returns a finding in a path as it stands after the answer: a name that is merely suspicious is what was asked
// for in vain, and nothing if the server has it.
func Answered(f hit.Finding, status int) hit.Finding {
	if !f.Certain && status < 400 {
		switch f.Threat {
		case hit.ThreatAdmin, hit.ThreatFile, hit.ThreatExploit:
			return hit.Finding{}
		}
	}
	return f
}
