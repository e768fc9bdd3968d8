package anonymize_test

import (
	"strings"
	"testing"

	"github.com/klar-analytics/klar/anonymize"
)

func TestCheckSiteAndHost(t *testing.T) {
	for _, c := range []struct {
		name       string
		site, host bool
	}{
		{"example.org", true, true},
		{"WWW.Example.ORG", true, true},
		{"a_b-c", true, true},
		{"example.org:8080", true, false},
		{"example.org/blog", true, false},
		{"192.0.2.1", false, true},
		{"2001:db8::1", false, true},
		{"https://example.org", true, false},
		{"", false, false},
		{" example.org", false, false},
		{"example org", false, false},
		{"*.example.org", false, false},
		{"example.org.", true, false},
		{"bücher.example", true, false}, // in a request its host is xn--bcher-kva.example
		{strings.Repeat("a", 256), false, false},
	} {
		if got := anonymize.CheckSite(c.name) == nil; got != c.site {
			t.Errorf("%q as a site: %v, want %v", c.name, got, c.site)
		}
		if got := anonymize.CheckHost(c.name) == nil; got != c.host {
			t.Errorf("%q as a host: %v, want %v", c.name, got, c.host)
		}
	}
}
