package anonymize

import (
	"bytes"
	"hash/maphash"

	"github.com/klar-analytics/klar/anonymize/scrub"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// observe shows a request of a log to the rules of alerts: its network and closed values, and of path, query and agent
// nothing but numbers under the process's own key. It returns the rules that the request tripped.
func (a *Anonymizer) observe(f *raw.Fields, out *hit.Hit, page scrub.Inspected, net hit.Net, found hit.Finding) []hit.Tripped {
	path, query, _ := bytes.Cut(f.Target, []byte{'?'})
	o := &a.seen
	*o = hit.Observation{
		Site: out.Site, Net: net, Time: out.Time, Status: out.Status, Method: out.Method, Kind: out.Kind,
		File: maphash.Bytes(a.seed, path), Series: a.series(f.Target), Finding: found, Bot: !out.Bot.IsZero(),
	}
	if len(query) > 0 {
		o.Query = maphash.Bytes(a.seed, query)
	}
	if len(f.UserAgent) > 0 {
		o.Agent = maphash.Bytes(a.seed, f.UserAgent)
	}
	if o.Method != hit.MethodGet || o.Status >= 300 {
		o.Kind = page.Kind(hit.MethodGet, f.Target, 200)
		o.Login = login(o.Method, path)
	}
	if a.options.Geo != nil {
		at := a.options.Geo.Lookup(net)
		o.Country, o.Provider = at.Country, at.Provider
	}
	return a.observed(o)
}

// series returns the number of a target that ends in a number of its own, without that, and 0 for others.
func (a *Anonymizer) series(target []byte) uint64 {
	end := len(target)
	for end > 0 && target[end-1]-'0' < 10 {
		end--
	}
	if end == len(target) || end == 0 || target[end-1] != '/' && target[end-1] != '=' && target[end-1] != '-' {
		return 0
	}
	return maphash.Bytes(a.seed, target[:end])
}

// login says whether a request tries to sign in: a POST to a path whose last part says so.
func login(method hit.Method, path []byte) hit.Login {
	if method != hit.MethodPost {
		return hit.LoginNone
	}
	path = bytes.TrimSuffix(path, []byte{'/'})
	last := path[bytes.LastIndexByte(path, '/')+1:]
	var lower [16]byte
	if len(last) > len(lower) {
		return hit.LoginNone
	}
	n := copy(lower[:], last)
	for i := range lower[:n] {
		if c := lower[i]; c >= 'A' && c <= 'Z' {
			lower[i] += 'a' - 'A'
		}
	}
	switch string(lower[:n]) {
	case "wp-login.php", "xmlrpc.php":
		return hit.LoginWordPress
	case "login", "login.php", "login.aspx", "login.do", "log-in", "logon", "signin", "sign-in", "sign_in", "session", "sessions",
		"auth", "authenticate", "token":
		return hit.LoginForm
	}
	return hit.LoginNone
}
