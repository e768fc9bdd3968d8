package threat

import (
	"bytes"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// level is how sure a detector is.
type level uint8

const (
	nothing level = iota
	suspicious
	certain
)

func (l level) of(t hit.Threat) hit.Finding {
	if l == nothing {
		return hit.Finding{}
	}
	return hit.Finding{Threat: t, Certain: l == certain}
}

// detector looks for one class in a folded value.
type detector struct {
	threat hit.Threat
	look   func(v string, f feature) level
}

// detectors in the order in which they decide between themselves: what runs on the server first, and what only one of
// several readings of a value is last.
var detectors = [...]detector{
	{hit.ThreatJNDI, jndi}, {hit.ThreatXSS, elements}, {hit.ThreatCommand, serverSide}, {hit.ThreatCode, code}, {hit.ThreatSQL, sql}, {hit.ThreatXSS, script},
	{hit.ThreatSQL, sqlPieces}, {hit.ThreatCommand, command}, {hit.ThreatTemplate, template}, {hit.ThreatTraversal, traversal},
	{hit.ThreatSQL, sqlGrammar},
}

// payload says what a folded value is, whatever it stood in.
func payload(v string) (found hit.Finding) {
	f := lookString(v)
	if f&^(letter|dot|equals|plus|high) == 0 && !has(v, "..") && !has(v, "&") && !plainWords.in(v) && !bareWords.in(v) && !strings.HasPrefix(v, ".") {
		return found
	}
	if talk(v) {
		return inText(v, hit.ThreatNone)
	}
	for _, d := range detectors {
		if found = found.Or(d.look(v, f).of(d.threat)); found.Certain {
			break
		}
	}
	return found
}

// inText says what stands in a text, but for one of the classes. People name code in what they write, so that only what is
// certain counts, but for code that goes on as no sentence does.
func inText(v string, but hit.Threat) (found hit.Finding) {
	v = unquotedCode(v)
	rest := spoken(v)
	f, left, goesOn := lookString(v), lookString(rest), goesOn(rest)
	for _, d := range detectors {
		if d.threat == but {
			continue
		}
		l := nothing
		if d.threat == hit.ThreatSQL { // which is made of words
			l = d.look(v, f)
		} else if l = d.look(rest, left); l == suspicious && goesOn {
			found = found.Or(l.of(d.threat))
		}
		if l == certain {
			return l.of(d.threat)
		}
	}
	return found
}

// parameter says what a parameter of a query is, by its name and its value.
func (s *scratch) parameter(part []byte) (found hit.Finding) {
	name, value, named := bytes.Cut(part, []byte{'='})
	if !named {
		name, value = nil, part
	}
	if look(name)&^letter != 0 || bareWords.inFold(name) {
		n := s.fold(name, true)
		if found = payload(n); found.Threat == hit.ThreatNone {
			found = oddName(n)
		}
		if found.Certain {
			return found
		}
	}
	found = found.Or(payload(s.fold(value, true)))
	if found.Certain {
		return found
	}
	if bytes.Contains(part, []byte("%00")) || bytes.Contains(part, []byte("%2500")) { // ends a name in C
		found = found.Or(hit.Finding{Threat: hit.ThreatTraversal})
	}
	if s.splits() {
		found = found.Or(hit.Finding{Threat: hit.ThreatMalformed})
	}
	return found.Or(shellCommand(name, value))
}

// oddName says what a parameter's name is that no form gives: one of PHP's settings, of Java's class loader, an operator
// of a document database.
func oddName(n string) hit.Finding {
	switch {
	case hasAny(n, "[$ne", "[$gt", "[$lt", "[$regex", "[$where", "[$in]", "[$nin", "[$exists", "[$or", "[$and"):
		return hit.Finding{Threat: hit.ThreatSQL, Certain: true}
	case hasAny(n, "class.module", "class.classloader", "__proto__", "constructor[prototype]", "constructor.prototype", "[constructor][prototype]", "allow_url_", "auto_prepend_file"), phpSettings.in(n + "="):
		return hit.Finding{Threat: hit.ThreatCode, Certain: true}
	}
	return hit.Finding{}
}

// splits reports whether the value that was folded last would split a header of the answer.
func (s *scratch) splits() bool {
	for i := range s.buf {
		b := s.buf[i][:s.n[i]]
		if j := bytes.IndexByte(b, '\n'); j >= 0 && bytes.IndexByte(b[j:], ':') > 0 &&
			(has(lowerString(b[j:]), "set-cookie:") || has(lowerString(b[j:]), "location:") || has(lowerString(b[j:]), "content-type:") ||
				has(lowerString(b[j:]), "content-length:")) {
			return true
		}
	}
	return false
}

func lowerString(b []byte) string { return strings.ToLower(string(b)) }

// path says what stands in a path, of which raw is how it was sent.
func (s *scratch) path(raw []byte, v string) (found hit.Finding) {
	if found = traverses(raw, v, s.encoded, s.rounds); found.Certain {
		return found
	}
	if talk(v) {
		if text := inText(v, hit.ThreatTraversal); text.Certain {
			return text
		}
		return found
	}
	f := lookString(v)
	for _, d := range detectors {
		if d.threat == hit.ThreatTraversal {
			continue
		}
		l := d.look(v, f)
		if l == suspicious && !pathPayload(d.threat, f) {
			continue
		}
		if found = found.Or(l.of(d.threat)); found.Certain {
			break
		}
	}
	return found
}

// pathPayload reports whether a mere suspicion of a class counts in a path, where titles of articles stand, too.
func pathPayload(t hit.Threat, f feature) bool {
	return t == hit.ThreatXSS && f&angle != 0
}

// header says what stands in a header that browsers fill in, if it has something odd.
func header(v string, odd feature) (found hit.Finding) {
	f := lookString(v)
	address := strings.HasPrefix(v, "http") // in which people's searches may stand
	if f&odd == 0 && (address || !files.in(v) && !options.in(v)) {
		return found
	}
	for _, d := range detectors {
		if address && (d.threat == hit.ThreatTraversal || d.threat == hit.ThreatCommand) {
			continue
		}
		if found = found.Or(d.look(v, f).of(d.threat)); found.Certain {
			return found
		}
	}
	if shellshock(v) {
		return hit.Finding{Threat: hit.ThreatCommand, Certain: true, Rule: ruleShellshock}
	}
	return found
}

var ruleShellshock = hit.NewRule("CVE-2014-6271")

// shellshock reports whether a value is a function of bash that is followed by a command.
func shellshock(v string) bool {
	i := strings.Index(v, "()")
	return i >= 0 && i < 4 && has(v[i:], "{") && has(v[i:], "}") && has(v[i:], ";")
}

func has(v, word string) bool { return strings.Contains(v, word) }

func hasAny(v string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(v, w) {
			return true
		}
	}
	return false
}

func lookString(v string) (f feature) {
	for i := range len(v) {
		f |= features[v[i]]
	}
	return f
}

// atWord reports whether no letter or digit stands before v[i].
func atWord(v string, i int) bool { return i == 0 || !alnum(v[i-1]) && v[i-1] != '_' }

// endsWord reports whether no letter or digit stands at v[i].
func endsWord(v string, i int) bool { return i >= len(v) || !alnum(v[i]) && v[i] != '_' }

// plainWords are those by which an attack is known that has no marks but spaces and dots.
var plainWords = newWords(
	"select", "union all", "union table", "schema", " or ", " and ", "or true", "null", "waitfor", "order by", "having", "update ", "delete ", "insert ", "drop ",
	"ro0abx", "aced0005", "classloader", "java.lang", "java.util", "cmd.exe", "powershell", "certutil", "bash -", "sh -c", "wget ", "curl ",
	"chmod ", "rm -", "ping ", "ping.exe", "nslookup ", "net user", "python -", "perl -", "php -", "cat ", "ls -", "uname ", "netstat ",
	"ifconfig ", "phpinfo", "allow_url_include", "auto_prepend_file", "prototype", "web-inf", "win.ini", "boot.ini", "0x2e",
)
