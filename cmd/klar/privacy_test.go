package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/dashboards"
)

// TestLogSignals: a signal is told of logs only if every log of the site is known to have it.
func TestLogSignals(t *testing.T) {
	const named = `'$remote_addr [$time_local] "$request" $status $http_sec_gpc $http_dnt'`
	for _, test := range []struct{ sources, respect, want string }{
		{"{file: /a, site: s.org, format: " + named + "}", "[gpc, dnt]", "gpc dnt"},
		{"{file: /a, format: " + named + "}", "[gpc]", "gpc"},
		{"{file: /a, site: s.org, format: " + named + "}, {file: /b, format: combined-vhost}", "[gpc, dnt]", ""},
		{"{file: /a, site: s.org, format: " + named + "}, {file: /b, site: other.org}", "[gpc, dnt]", "gpc dnt"},
		{"{file: /a, site: s.org}", "[gpc, dnt]", ""},
		{"{file: /a, site: other.org, format: " + named + "}", "[gpc, dnt]", ""},
	} {
		name := filepath.Join(t.TempDir(), "klar.yaml")
		write(t, name, fmt.Sprintf("sites: [{id: s.org}, {id: other.org}]\nsources: [%s]\nprivacy: {respect: %s}\n", test.sources, test.respect), os.O_TRUNC)
		c, err := loadConfig(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(c.logSignals("s.org"), " "); got != test.want {
			t.Errorf("%s with %s: the signals are %q, want %q", test.sources, test.respect, got, test.want)
		}
	}
}

// TestPrivacyFollowsTheConfiguration asks a running klar serve, which reads its configuration again: what takes effect at
// once is told at once, what waits for the next start is told as it still is.
func TestPrivacyFollowsTheConfiguration(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "klar.yaml")
	const head = "http: {listen: '127.0.0.1:0'}\n"
	write(t, file, head+"sites: [{id: s.org, retention: 25 months}]\nprivacy: {ipv4_prefix: 20, crowd: 12, query: [ref]}\n", os.O_TRUNC)
	p := begin(t, "serve", "--config", file, "--data", t.TempDir())
	_, base, _ := strings.Cut(p.until(t, "Klar is ready: open "), "Klar is ready: open ")
	base, _, _ = strings.Cut(base, "\n")
	ask := func() (told dashboards.Privacy, site dashboards.PrivacySite) {
		t.Helper()
		body := []byte(answer(t, base+"/api/privacy?site_id=s.org", ""))
		into := struct{ Site *dashboards.PrivacySite }{&site}
		if err := json.Unmarshal(body, &told); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(body, &into); err != nil {
			t.Fatal(err)
		}
		return told, site
	}
	tables := func(told dashboards.Privacy) (names []string) {
		for _, table := range told.Tables {
			names = append(names, table.Name)
		}
		return names
	}
	told, site := ask()
	if told.IPv4Prefix != 20 || told.IPv6Prefix != 48 || told.Crowd != 12 || told.Store != "embedded" || !slices.Equal(told.Query, []string{"ref"}) {
		t.Errorf("told is %+v", told)
	}
	if len(told.Geo) != 2 || told.Geo[0].What != "country" || !strings.HasPrefix(told.Geo[0].Name, "DBIP-Country") || told.Geo[0].Date < "2020" {
		t.Errorf("the databases are %+v", told.Geo)
	}
	want := dashboards.PrivacySite{ID: "s.org", RetentionMonths: 25, Beacons: true, LogSignals: []string{}, Origins: []string{}}
	if diff := cmp.Diff(want, site); diff != "" {
		t.Errorf("the site (-want +got):\n%s", diff)
	}
	if slices.Contains(tables(told), "goals") {
		t.Error("table goals is told, although there are none")
	}

	write(t, file, head+"sites: [{id: s.org, retention: 30 days, goals: [{name: A, page: /a}]}]\nprivacy: {ipv4_prefix: 16, respect: [gpc]}\n", os.O_TRUNC)
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	metric(t, base, `klar_config_reloads_total{result="taken"} 1`)
	told, site = ask()
	if told.IPv4Prefix != 20 || told.Crowd != 12 || len(told.Query) != 7 || !slices.Equal(told.Respect, []string{"gpc"}) {
		t.Errorf("after the reload told is %+v", told)
	}
	if site.RetentionDays != 30 || site.RetentionMonths != 0 || !site.Goals || !slices.Contains(tables(told), "goals") {
		t.Errorf("after the reload the site is %+v, the tables %v", site, tables(told))
	}
}
