package hit

import (
	"slices"
	"unique"
)

// Threat is the class of an attack that a request was recognised as.
type Threat uint8

// The classes. A request has one: of several that it could be, the one that says most of what was tried.
const (
	ThreatNone      Threat = iota
	ThreatSQL              // SQL injection, and injection into other databases
	ThreatXSS              // cross-site scripting
	ThreatTraversal        // path traversal, inclusion of local or remote files, requests forged to inner addresses
	ThreatCommand          // a command for the server's shell
	ThreatTemplate         // an expression for a template engine
	ThreatJNDI             // a lookup by JNDI: Log4Shell
	ThreatCode             // PHP, Java, JavaScript … to be run by the server
	ThreatShell            // a web shell that somebody may have left
	ThreatFile             // a file that is not for visitors: .env, .git, keys, backups
	ThreatAdmin            // an administrator's page that is not there, or not for all
	ThreatExploit          // a path that is known from an exploit
	ThreatScanner          // an agent that gives itself the name of a scanner
	ThreatProxy            // the server was taken for an open proxy
	ThreatMalformed        // what no client sends that speaks HTTP
	ThreatCache            // a query made up to pass by the cache
)

var threatNames = [...]string{
	"", "sqli", "xss", "path-traversal", "cmdi", "template", "jndi", "code", "web-shell", "sensitive-file", "admin-panel",
	"exploit", "scanner", "open-proxy", "malformed", "cache-busting",
}

// String returns the class's name as the Stats API shows it, empty for none.
func (t Threat) String() string { return name(threatNames[:], int(t)) }

// Finding is what was recognised in one request: nothing of the request itself.
type Finding struct {
	// Rule is what was recognised, if that is more than the class: the CVE of a known exploit. Zero otherwise.
	Rule Rule
	// Threat is the class, ThreatNone if nothing was found.
	Threat Threat
	// Certain says that no ordinary client sends this; otherwise it is suspicious, and an attack when it comes often.
	Certain bool
}

// Name returns the finding's rule, which is that of its class if it has none of its own.
func (f Finding) Name() Rule {
	if f.Rule.IsZero() {
		return threatRules[min(int(f.Threat), len(threatRules)-1)]
	}
	return f.Rule
}

// Or returns the finding that says more: certain before suspicious before none, and f before g.
func (f Finding) Or(g Finding) Finding {
	if f.Threat == ThreatNone || g.Certain && !f.Certain {
		return g
	}
	return f
}

// Rule is what a security row is about, at most 64 characters: a threat's name, a CVE, or the name of a rule.
type Rule struct{ text }

// NewRule returns the rule with a name, zero if it cannot be one.
func NewRule(s string) Rule { return Rule{intern(label(s, 64, ".-_/"))} }

var threatRules = func() (rules [len(threatNames)]Rule) {
	for i, n := range threatNames {
		rules[i] = NewRule(n)
	}
	return rules
}()

// Signal is what one shortened network did that tripped a rule, in five minutes of a site. It stands in a hit of
// [KindSignal], and only there: no hit that tells a path, an agent or a visitor has a network.
type Signal struct {
	Net      Net
	Country  Country
	Provider Provider
	// Threat is the class, and Rule what was recognised; of a rule of windows there is no class, and Requests is how many it
	// counted. Both are zero for the harmless requests of a network that tripped a rule in the same five minutes.
	Threat Threat
	Rule   Rule
	// Requests of which Certain were an attack beyond doubt.
	Requests, Certain uint64
}

// SignalSeconds is how many seconds a signal sums, from a multiple of them since 1970.
const SignalSeconds = 300

// Threats returns all classes but ThreatNone.
func Threats() []Threat {
	var list []Threat
	for i := range threatNames[1:] {
		list = append(list, Threat(i+1))
	}
	return slices.Clip(list)
}

// SignalOf returns a hit that carries nothing but a signal, of the five minutes that at is in, in seconds since 1970.
func SignalOf(site Site, at int64, s Signal) Hit {
	return Hit{Site: site, Time: at - at%SignalSeconds, Kind: KindSignal, Signal: unique.Make(s)}
}
