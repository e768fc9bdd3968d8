package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configured reads a configuration from its text.
func configured(t *testing.T, text string) (config, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "klar.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return loadConfig(name)
}

// wrongConfigurations are files and what is said of them.
var wrongConfigurations = []struct{ text, want string }{
	// What is no configuration at all.
	{"sites: [unclosed\n", "line 1: "},
	{"- a\n", `line 1: a list is not a group of keys`},
	{"data: a\n---\ndata: b\n", "one document"},
	{"data: a\ndata: b\n", "line 2: "},
	// Unknown keys on all levels.
	{"bogus: 1\n", `line 1: unknown key "bogus"`},
	{"\nstorage:\n  path: x\n", `line 3: unknown key "path"`},
	{"geo: {town: x}\n", `line 1: unknown key "town"`},
	{"privacy:\n  crowd: 20\n  two words: 3\n", `line 3: unknown key "two words"`},
	{"sites:\n  - id: a\n    hostz: [a]\n", `line 3: unknown key "hostz"`},
	{"http: {listn: x}\ngeo: {cty: y}\n", `line 1: unknown key "listn"; line 2: unknown key "cty"`},
	{"storage: {spool: 1M}\n", `storage.spool: "1M" is not from 16M to 64T`},
	{"storage: {flush: soon}\n", `storage.flush: "soon" is not a time from 0s to 1h`},
	// Values of the wrong kind.
	{"privacy:\n  crowd: many\n", `line 2: privacy.crowd: "many" is not a whole number`},
	{"privacy: {crowd: [1]}\n", `line 1: privacy.crowd: a list is not a whole number`},
	{"geo:\n  country: {a: b}\n", `line 2: geo.country: a group of keys is not a text`},
	{"sites:\n  - id: a\n    hosts: b\n", `line 3: sites.0.hosts: "b" is not a list`},
	{"storage: fast\n", `line 1: storage: "fast" is not a group of keys`},
	{"sites:\n- example.org\n", `line 2: sites.0: "example..." is not a group of keys`},
	// The store.
	{`data: ""`, "line 1: data: is empty"},
	{"storage:\n  dsn: tcp://planted@host\n", "line 2: storage.dsn: must begin with http"},
	{"storage: {dsn: 'http://klar:planted%zz@host:1/'}\n", "line 1: storage.dsn: is no URL"},
	{"storage: {dsn: 'http://'}\n", "storage.dsn: is no URL"},
	{"storage: {memory: lots}\n", `storage.memory: "lots" is not a size`},
	{"storage: {memory: 400X}\n", `storage.memory: "400X" is not a size`},
	{"storage: {memory: -400M}\n", `is not a size`},
	{"storage: {memory: 1.5G}\n", `is not a size`},
	{"storage: {memory: 255M}\n", `"255M" is not from 256M to 1T`},
	{"storage: {memory: 1025G}\n", `is not from 256M to 1T`},
	{"storage: {memory: 17179869184G}\n", `is not from 256M to 1T`},
	{"storage: {memory: 99999999999999999999}\n", `is not a size`},
	{"storage: {memory: ''}\n", `storage.memory: "" is not a size`},
	{"storage:\n  memory: 1G\n  listen: 0.0.0.0:8123\n", `line 3: storage.listen: "0.0.0.0:8123" is not a loopback address`},
	{"storage: {listen: 127.0.0.1}\n", "storage.listen: "},
	{"storage: {listen: 'localhost:8123'}\n", "storage.listen: "},
	{"storage: {listen: '127.0.0.1:0'}\n", "storage.listen: "},
	// HTTP.
	{"http: {listen: '8080'}\n", `line 1: http.listen: "8080" is not an address with a port`},
	{"http: {listen: '127.0.0.1:http'}\n", "http.listen: "},
	{"http: {listen: '127.0.0.1:65536'}\n", "http.listen: "},
	{"http: {listen: 'http://localhost:80'}\n", "http.listen: "},
	{"http: {listen: 'a b:80'}\n", "http.listen: "},
	{"http:\n  hosts:\n    - a.example\n    - https://b.example\n", `line 4: http.hosts.1: "https://b.example" cannot be asked for`},
	{"http: {hosts: ['stats.example.org:443']}\n", "http.hosts.0: "},
	{"http:\n  trusted_proxies: [10.0.0.0/8, 10.0.0/8]\n", `line 2: http.trusted_proxies.1: "10.0.0/8" is neither`},
	// Privacy.
	{"privacy: {ipv4_prefix: 25}\n", "line 1: privacy.ipv4_prefix: 25 is not"},
	{"privacy: {ipv6_prefix: 0}\n", "privacy.ipv6_prefix: 0 is not"},
	{"privacy: {crowd: 9}\n", "privacy.crowd: 9 is not from 10 to 1000"},
	{"privacy:\n  respect:\n    - gpc\n    - DNT\n", `line 4: privacy.respect.1: "DNT" is not gpc or dnt`},
	{"privacy:\n  query: [utm_source, email]\n", `line 2: privacy.query.1: "email" is none of utm_source, `},
	// Sites.
	{"sites:\n  - hosts: [a]\n", "line 2: sites.0: has no id"},
	{"sites:\n  - id: a b\n", `line 2: sites.0.id: "a b" cannot be one`},
	{"sites:\n  - id: ' '\n", "sites.0.id: "},
	{"sites:\n  - id: 192.0.2.1\n", "sites.0.id: "},
	{"sites:\n  - id: a\n  - id: b\n  - id: a\n", `line 4: sites.2.id: there are two sites "a"`},
	{"sites:\n  - id: a\n    timezone: Mars/North\n", `line 3: sites.0.timezone: "Mars/North" is not a time zone`},
	{"sites:\n  - id: a\n    hosts:\n      - b.example\n      - '*.c.example'\n", `line 5: sites.0.hosts.1: "*.c.example" cannot be one`},
	{"sites:\n  - id: a\n    hosts: [http://a.example]\n", "sites.0.hosts.0: "},
	{"sites:\n  - {id: a, hosts: [x.example]}\n  - {id: b, hosts: [X.example]}\n", `line 3: sites.1.hosts.0: "x.example" belongs to the site "a" already`},
	// Sources of syslog.
	{sourceOf("site: a"), "line 3: sources.0: names neither file nor syslog"},
	{sourceOf("file: x, syslog: 'udp://127.0.0.1:1', site: a, format: combined"), "sources.0.syslog: stands beside file"},
	{sourceOf("syslog: '127.0.0.1:514', site: a, format: combined"), `line 3: sources.0.syslog: "127.0.0.1:514" is not udp://, tcp:// or tls://`},
	{sourceOf("syslog: 'unix://run/x', site: a, format: combined"), "sources.0.syslog: "},
	{sourceOf("syslog: 'udp://127.0.0.1:1', site: a"), "line 3: sources.0: needs its format"},
	{sourceOf("syslog: 'udp://127.0.0.1:1', site: a, format: auto"), "line 3: sources.0: needs its format"},
	{sourceOf("syslog: 'udp://127.0.0.1:1', site: a, format: '$x'"), "line 3: sources.0.format: "},
	{sourceOf("syslog: 'udp://127.0.0.1:1', site: b, format: combined"), `sources.0.site: "b" is no configured site`},
	{sourceOf("syslog: 'tls://127.0.0.1:1', site: a, format: combined, tls_cert: c"), "sources.0: needs tls_cert and tls_key"},
	{sourceOf("syslog: 'tcp://127.0.0.1:1', site: a, format: combined, tls_cert: c, tls_key: k"), "sources.0: has a certificate"},
	{sourceOf("file: x, site: a, tls_key: k"), "sources.0: has a certificate"},
	{sourceOf("syslog: 'tcp://:1', site: a, format: combined", "syslog: 'tls://:1', site: a, format: combined, tls_cert: c, tls_key: k"), `line 4: sources.1.syslog: there are two sources "tls://:1"`},
	{sourceOf("syslog: 'unix:///s', site: a, format: combined", "syslog: 'unixgram:///s', site: a, format: combined"), "sources.1.syslog: there are two"},
	{"sites:\n  - {id: a, hosts: [b]}\n  - {id: b}\n", `line 3: sites.1.id: "b" belongs to the site "a" already`},
	// Reports.
	{"http: {url: 'stats.example.org'}\n", `line 1: http.url: "stats.example.org" is not an address`},
	{"http: {url: 'https://stats.example.org/klar'}\n", "http.url: "},
	{"mail: {from: klar@example.org}\n", "line 1: mail: has no smtp"},
	{"mail: {smtp: 'smtps://mail.example'}\n", "mail: the sender is no mail address"},
	{"mail: {smtp: 'mail.example', from: k@example.org}\n", "mail: the server is no URL"},
	{"mail: {smtp: 'smtp+plain://mail.example', from: k@example.org, username: k}\n", "mail: a password is not sent without TLS"},
	{"mail: {smtp: 'smtps://mail.example', from: k@example.org, password_file: x}\n", "mail.password_file: stands without"},
	{"webhooks: [{url: 'http://h/'}]\n", `webhooks.0.name: "" is not 1 to 64`},
	{"webhooks:\n  - {name: a, url: 'http://h/'}\n  - {name: a, url: 'http://h/'}\n", `line 3: webhooks.1.name: there are two webhooks "a"`},
	{"webhooks: [{name: a}]\n", "webhooks.0: needs either url or url_file"},
	{"webhooks: [{name: a, url: 'http://h/', url_file: x}]\n", "webhooks.0: needs either url or url_file"},
	{"webhooks: [{name: a, url: 'file:///planted'}]\n", "webhooks.0: the URL must begin with"},
	{"webhooks: [{name: a, url: 'http://h/', format: teams}]\n", `webhooks.0: "teams" is neither json nor slack`},
	{"webhooks: [{name: a, url: 'http://h/', format: slack, secret_file: x}]\n", "webhooks.0.secret_file: stands beside the format slack"},
	{siteWith("reports: {weekly: [ops]}"), `sites.0.reports.weekly.0: "ops" is neither a mail address nor`},
	{siteWith("reports: {monthly: [ada@planted.example]}"), "sites.0.reports.monthly.0: is a mail address, and there is no mail.smtp"},
	{siteWith("reports: {notices: ['Ada <ada@planted.example>']}"), "sites.0.reports.notices.0: is no mail address such as"},
	{siteWith("reports: {language: fr}"), `sites.0.reports.language: "fr" is neither en nor de`},
	{siteWith("reports: {languages: {ada@planted.example: de}}"), "sites.0.reports.languages: names a receiver that stands in none"},
	{siteWith("reports: {hour: 24}"), "sites.0.reports.hour: 24 is not an hour"},
	{siteWith("reports: {hour: early}"), `sites.0.reports.hour: "early" is not a whole number`},
	{siteWith("reports: {spike: 10}"), "sites.0.reports: says when notices are sent, but not to whom"},
	{siteWith("reports: {drop: false}"), "sites.0.reports: says when notices are sent, but not to whom"},
	// Goals, groups and funnels.
	{"sites:\n  - id: a\n    goals:\n      - {page: /a}\n", "line 4: sites.0.goals.0.name: is missing"},
	{"sites:\n  - id: a\n    goals:\n      - name: x\n        page: /a?b\n", `line 4: sites.0.goals.0: "/a?b" has a query`},
	{siteWith("goals: [{name: x}]"), "sites.0.goals.0: needs either a page or an event"},
	{siteWith("goals: [{name: x, page: /a, event: b}]"), "sites.0.goals.0: needs either a page or an event"},
	{siteWith("goals: [{name: x, pages: [/a]}]"), `unknown key "pages"`},
	{siteWith("goals: [{name: x, page: a}]"), `sites.0.goals.0: "a" is not a page such as /blog/**`},
	{siteWith("goals: [{name: x, event: 'a?b'}]"), `sites.0.goals.0: "a?b" cannot be the name of an event`},
	{siteWith("goals: [{name: x, page: /a}, {name: x, page: /b}]"), `sites.0.goals.1.name: there are two of "x"`},
	{siteWith("goals: [{name: x, page: /a}, {name: y, page: /a}]"), `sites.0.goals.1: counts the same as "x"`},
	{siteWith("goals: [" + strings.Repeat("{name: x, page: /a},", 65) + "]"), "sites.0.goals: are more than 64"},
	{siteWith("goals: [{name: x, page: /a, props: {a: b}}]"), "sites.0.goals.0: has props, which only events have"},
	{siteWith("goals: [{name: x, event: b, scroll: 5}]"), "sites.0.goals.0: has a scroll, which only pages have"},
	{siteWith("goals: [{name: x, page: /b, scroll: 101}]"), "sites.0.goals.0: has a scroll that is not 1 to 100 percent"},
	{siteWith("goals: [{name: x, event: b, props: [a]}]"), "sites.0.goals.0.props: a list is not a group of keys"},
	{siteWith("goals: [{name: x, event: b, props: {a: 'x?y'}}]"), `sites.0.goals.0: "x?y" cannot be the value of a property`},
	{siteWith("goals: [{name: x, event: b, currency: euro}]"), `sites.0.goals.0.currency: "euro" is not three capital letters`},
	{siteWith("goals: [{name: x, page: /b, currency: EUR}]"), "sites.0.goals.0.currency: stands beside a page"},
	{siteWith("groups: [{name: x, pages: []}]"), "sites.0.groups.0.pages: needs 1 to 64 pages"},
	{siteWith("groups: [{name: x, pages: [/a]}, {name: y, pages: [b]}]"), `sites.0.groups.1.pages: "b" is not a page`},
	{siteWith("funnels: [{name: x, steps: [/a]}]"), "sites.0.funnels.0.steps: needs 2 to 8 steps"},
	{siteWith("funnels: [{name: x, steps: [/a, 'goal:y']}]"), `sites.0.funnels.0.steps.1: "y" is not a goal of the site`},
	{siteWith("funnels: [{name: x, steps: [/a, 'event:']}]"), "sites.0.funnels.0.steps.1: needs either"},
}

// siteWith is a configuration of a site with one more key.
func siteWith(key string) string { return "sites:\n  - id: a\n    " + key + "\n" }

// sourceOf is a configuration with sources and the site a.
func sourceOf(sources ...string) string {
	text := "sites: [{id: a}]\nsources:\n"
	for _, s := range sources {
		text += "  - {" + s + "}\n"
	}
	return text
}

// TestConfigErrors wants each error in one line with file, line and key, and without a word of Go.
func TestConfigErrors(t *testing.T) {
	for _, c := range wrongConfigurations {
		_, err := configured(t, c.text)
		if err == nil {
			t.Errorf("%q is taken, want %q", c.text, c.want)
			continue
		}
		text := err.Error()
		if !strings.Contains(text, "klar.yaml: ") || !strings.Contains(text, c.want) {
			t.Errorf("%q: %s, want %s", c.text, text, c.want)
		}
		for _, bad := range []string{"\n", "struct", "main.", "unmarshal", "!!", "planted", "%!"} {
			if strings.Contains(text, bad) {
				t.Errorf("%q: %q is in %q", c.text, bad, text)
			}
		}
	}
}

func TestConfigTakes(t *testing.T) {
	c, err := configured(t, `
data: d
storage: {memory: 512 mb, listen: "[::1]:8123", dsn: "https://klar:p%40ss@ch.example:8443/klar"}
http: {listen: ":0", hosts: [stats.example.org, "192.0.2.1"], trusted_proxies: [10.0.0.0/8, 192.0.2.7, "2001:db8::7"]}
privacy: {ipv4_prefix: 16, crowd: 20, respect: [], query: []}
sites:
  - {id: example.org, hosts: [www.example.org, Example.org, "192.0.2.1"], timezone: Europe/Berlin}
  - {id: shop}
`)
	if err != nil {
		t.Fatal(err)
	}
	if c.memory != 512<<20 || c.Sites[0].location.String() != "Europe/Berlin" || c.Sites[1].location.String() != "UTC" {
		t.Errorf("memory %d, zones %s and %s", c.memory, c.Sites[0].location, c.Sites[1].location)
	}
	if len(c.proxies) != 3 || c.proxies[1] != netip.MustParsePrefix("192.0.2.7/32") || c.proxies[2].Bits() != 128 {
		t.Errorf("proxies %v", c.proxies)
	}
	for text, want := range map[string]int64{"256M": 256 << 20, "268435456": 256 << 20, "1T": 1 << 40, "1024G": 1 << 40, "300000K": 300000 << 10, " 2 GiB ": 2 << 30} {
		if got, err := parseMemory(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	if _, err := configured(t, ""); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}
