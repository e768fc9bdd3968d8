package threat_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize/threat"
)

// hostile are what detectors look for; thousands of one are to make them look for long.
var hostile = []string{
	"{", "{{", "${", "{a}", "or'", "or 1", "or(", " or a=", "'", "\"", "<", "<a ", "<img ", "on", " onload", "onload =",
	"/*", "/*a", "*/", "`", "`id", ";id", "|id", "&id", ";a", "..", "../", "./", "....", "(", "a(", "eval(", "select ",
	"alert", ";", "; ", "[", "/?", "/?a/", "/a*/ ", "{%", "@{", "%c0", "&#", "&#x41", "\\x41", "${a:-", "}", "${}",
	"://", "<!--", "--", "#", "\\", "\n", "+", "%25", "union ", "javascript", "data:", "=", "and ", "((", "))", ")(",
	"0x", "a", "1", " ", "o:1:\"", ",", "<svg", "expression", "&lt;",
}

// TestHostileRequestsAreQuick holds that nobody can send what takes long, of whose runs the quickest counts: as long as a
// request may be, what takes the square of it needs 40 ms and more.
func TestHostileRequestsAreQuick(t *testing.T) {
	const most = 10 * time.Millisecond
	for _, one := range hostile {
		v := bytes.Repeat([]byte(one), 8192/len(one))
		quickest := time.Hour
		for range 5 {
			start := time.Now()
			threat.Query(append([]byte("q="), v...))
			threat.Path(append([]byte("/"), v...))
			threat.Agent(v)
			if quickest = min(quickest, time.Since(start)); quickest < most {
				break
			}
		}
		if quickest >= most {
			t.Errorf("thousands of %q take %v", one, quickest)
		}
	}
}
