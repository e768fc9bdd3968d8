package threat_test

import (
	"testing"

	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/hit"
)

// FuzzThreat holds that nothing that is sent ends the program, that a class is known, and that what is kept of a path is
// the beginning of it.
func FuzzThreat(f *testing.F) {
	for _, seed := range []string{
		"/a/../b", "/.env", "%c0%ae%c0%ae/", "%u2215%uff0e", "${${lower:j}ndi:ldap://x}", "${::-${::-", "&#x3c;script&#62;", "<!--#exec", "';--", "/*!50000union*/",
		"a|b|id", "/???/c?t", "{{7*7}}", "o:8:\"x\":1:{", "%", "%2", "%%%", "&#", "&#x", "\\x", "\\u12", "%25%32%35", "() { :;};", "{%", "@{[", "http://[::1]/", "\x00\xff\xfe",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		before := string(b)
		found, clean := threat.Path(append([]byte("/"), b...))
		if clean > len(b)+1 || clean < threat.Whole {
			t.Errorf("%d bytes of %d are clean", clean, len(b)+1)
		}
		for _, got := range []hit.Finding{
			found, threat.Query(b), threat.Query(append([]byte("q="), b...)), threat.Header(b), threat.Agent(b),
			threat.Form(b, b, 400, func([]byte) bool { return false }), threat.Form([]byte("GET"), b, 200, nil),
		} {
			if got.Threat != hit.ThreatNone && got.Threat.String() == "" || got.Certain && got.Threat == hit.ThreatNone || got.Name().IsZero() != (got.Threat == hit.ThreatNone) {
				t.Errorf("found %+v", got)
			}
		}
		if string(b) != before {
			t.Error("what was looked at was changed")
		}
	})
}
