package alert

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/report"
)

// offended is what a store says of two sites at noon.
var offended = map[string][]report.Offender{
	"example.org": {
		{Net: "203.0.113.0/24", Requests: 12, Harmless: 3, Rules: []string{"CVE-2017-9841", "klar/http-scan"}, Last: noon},
		{Net: "198.51.100.0/24", Requests: 70, Harmless: 900, Rules: []string{"klar/http-flood"}, Last: noon.Add(-2 * time.Hour)},
		{Net: "2001:db8::/48", Requests: 5, Rules: []string{"klar/jndi"}, Last: noon},
		{Net: "192.0.2.0/24", Requests: 5, Rules: []string{"klar/http-scan"}, Last: noon},   // silenced
		{Net: "127.0.0.0/24", Requests: 5, Rules: []string{"klar/http-scan"}, Last: noon},   // spared
		{Net: "100.64.1.0/24", Requests: 1, Rules: []string{"CVE-2017-9841"}, Last: noon},   // tripped no rule
		{Net: "100.64.2.0/24", Requests: 1, Rules: []string{"own/informative"}, Last: noon}, // of no consequence
		{Net: "not; a network", Requests: 1, Rules: []string{"klar/http-scan"}, Last: noon}, // not one
	},
	"other.org": {{Net: "203.0.113.0/24", Requests: 1, Harmless: 4, Rules: []string{"klar/jndi"}, Last: noon.Add(5 * time.Minute)}},
}

func TestFeedsListWhoTrippedRules(t *testing.T) {
	dir, now := t.TempDir(), noon.Add(6*time.Minute)
	rules := []Rule{{Name: "klar/http-scan"}, {Name: "klar/http-flood"}, {Name: "klar/jndi"}, {Name: "own/informative", Severity: "info"}}
	feed := func(format string) Feed { return Feed{filepath.Join(dir, format), format, time.Hour, 0} }
	few := Feed{filepath.Join(dir, "few"), "plain", 3 * time.Hour, 100}
	away := false
	f := NewFeeds(FeedsOptions{
		Offenders: func(_ context.Context, q report.Query, _ int) (report.Offenders, error) {
			if away || !q.From.Equal(noon.Add(-3*time.Hour+5*time.Minute)) && now.Equal(noon.Add(6*time.Minute)) {
				return report.Offenders{}, errors.New("away")
			}
			return report.Offenders{Networks: offended[q.Site]}, nil
		},
		Feeding: func() Feeding {
			return Feeding{
				Feeds: []Feed{feed("nginx"), feed("geo"), feed("plain"), feed("crowdsec"), few}, Sites: []string{"example.org", "other.org"}, Rules: rules,
				Silences: []Silence{{Net: netip.MustParsePrefix("192.0.2.0/24")}}, Spared: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
			}
		},
		Now: func() time.Time { return now }, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	holds := func(name string, want ...string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "# Written by klar") && !strings.HasPrefix(line, "# so many") {
				got = append(got, strings.TrimSuffix(line, "\n"))
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s holds\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	f.Write(t.Context())
	const both = "until 2026-11-23 13:10 UTC: klar/http-scan klar/jndi; 13 requests of attacks, 7 harmless"
	const six = "until 2026-11-23 13:05 UTC: klar/jndi; 5 requests of attacks, 0 harmless"
	holds("nginx", "deny 203.0.113.0/24; # "+both, "deny 2001:db8::/48; # "+six)
	holds("geo", "203.0.113.0/24 1; # "+both, "2001:db8::/48 1; # "+six)
	holds("plain", "# "+both, "203.0.113.0/24", "# "+six, "2001:db8::/48")
	holds("crowdsec", "duration,scope,value,reason,type",
		`1h4m0s,range,203.0.113.0/24,"klar/http-scan klar/jndi; 13 requests of attacks, 7 harmless",ban`, `59m0s,range,2001:db8::/48,"klar/jndi; 5 requests of attacks, 0 harmless",ban`)
	holds("few", "# "+strings.Replace(both, "13:10", "15:10", 1), "203.0.113.0/24", "# "+strings.Replace(six, "13:05", "15:05", 1), "2001:db8::/48")
	// While the store is away, what is over goes, and what is the same is not written again.
	info, err := os.Stat(filepath.Join(dir, "few"))
	if err != nil {
		t.Fatal(err)
	}
	away, now = true, noon.Add(65*time.Minute)
	f.Write(t.Context())
	holds("nginx", "deny 203.0.113.0/24; # "+both)
	if again, err := os.Stat(filepath.Join(dir, "few")); err != nil || !os.SameFile(info, again) {
		t.Errorf("a file was written again that says the same: %v", err)
	}
	now = noon.Add(70 * time.Minute)
	f.Write(t.Context())
	holds("nginx")
	holds("crowdsec", "duration,scope,value,reason,type")
}
