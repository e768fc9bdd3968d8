package language

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	p := New()
	for header, want := range map[string]string{
		"de-DE,de;q=0.9,en;q=0.8": "de-DE", "de": "de", " EN-us ;q=1": "en-US", "zh-Hant-TW": "zh-TW", "zh_CN": "zh-CN",
		"es-419,es;q=0.9": "es", "fil-PH": "fil-PH", "de-1996": "de", "en-x-ab": "en", "en-u-rg-dezzzz": "en",
		"": "", "*": "", "-": "", "xx": "", "203.0.113.7": "", "de DE": "", "tlh": "", "en-ZZ": "en", ",de": "",
		"de" + strings.Repeat("-abcde", 9): "",
	} {
		for _, round := range []string{"new", "remembered"} {
			if got := p.Parse([]byte(header)).String(); got != want {
				t.Errorf("a header that should be %q is %q (%s)", want, got, round)
			}
		}
	}
}

// TestCodes wants every code of the lists to be one that a hit can have.
func TestCodes(t *testing.T) {
	for _, l := range strings.Fields(languages) {
		for _, c := range strings.Fields(countries) {
			if got := first([]byte(l + "-" + strings.ToLower(c))).String(); got != l+"-"+c {
				t.Fatalf("%s-%s is %q", l, c, got)
			}
		}
	}
	if n := len(strings.Fields(countries)); n != 250 {
		t.Errorf("%d countries, want the 249 of ISO 3166-1 and Kosovo", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("de-DE,de;q=0.9"))
	p := New()
	f.Fuzz(func(t *testing.T, header []byte) {
		l := p.Parse(header).String()
		if len(l) > 6 || l != "" && !listed(languages, strings.Split(l, "-")[0]) {
			t.Error("what is no language came through")
		}
	})
}
