package threat_test

import (
	"bytes"
	"testing"

	"github.com/klar-analytics/klar/anonymize/threat"
)

// hostile are what detectors look for; thousands of one are to make them look for long.
var hostile = []string{
	"{", "{{", "${", "{a}", "or'", "or 1", "or(", " or a=", "'", "\"", "<", "<a ", "<img ", "on", " onload", "onload =",
	"/*", "/*a", "*/", "`", "`id", ";id", "|id", "&id", ";a", "..", "../", "./", "....", "(", "a(", "eval(", "select ",
	"alert", ";", "; ", "[", "/?", "/?a/", "/a*/ ", "{%", "@{", "%c0", "&#", "&#x41", "\\x41", "${a:-", "}", "${}",
	"://", "<!--", "--", "#", "\\", "\n", "+", "%25", "union ", "javascript", "data:", "=", "and ", "((", "))", ")(",
	"$", "$a[", "$a", "if ", ";if %a%", "for ", ";for %a in (", "'or ", "a ls -l ", "`a` ", "x (", "str_(", "a'b", " 'a", "$_", "while(", "{a,", "sleep(1", "<a> ",
	"()", "(){", "http://", "@", "java.", "1=", "- -", "'--",
	"ab <", "ab <x=", "ab `", "ab (", "ab;a ", "ab cd", "ab ab(", "0x", "a", "1", " ", "o:1:\"", ",", "<svg", "expression", "&lt;",
}

// BenchmarkHostile looks at requests that are as long as one may be and made to take long, one after the other. What takes
// the square of their length takes 40 ms and more; none does.
func BenchmarkHostile(b *testing.B) {
	for _, one := range hostile {
		v := bytes.Repeat([]byte(one), 8192/len(one))
		query, path := append([]byte("q="), v...), append([]byte("/"), v...)
		b.Run(one, func(b *testing.B) {
			for b.Loop() {
				threat.Query(query)
				threat.Path(path)
				threat.Agent(v)
			}
		})
	}
}
