package threat_test

import (
	"bytes"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza-coreruleset/v4/tests"
	"go.yaml.in/yaml/v3"

	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/hit"
)

// rule is the tests of a rule of the Core Rule Set.
type rule struct {
	ID    int `yaml:"rule_id"`
	Tests []struct {
		Stages []struct {
			Input  input
			Output struct {
				Log struct {
					Expect []int `yaml:"expect_ids"`
				}
			}
		}
	}
}

// input is the request of a test.
type input struct {
	Method, URI, Data string
	Encoded           string `yaml:"encoded_request"`
	Headers           map[string]string
}

// request returns what a log would show of the request if a form were sent by GET; ok is false for what no log shows.
func (in *input) request() (r request, ok bool) {
	for name := range in.Headers {
		switch strings.ToLower(name) {
		case "host", "user-agent", "accept", "referer", "connection", "content-length", "content-type", "accept-language", "accept-encoding", "accept-charset", "keep-alive", "cache-control":
		default:
			return r, false
		}
	}
	form := in.Headers["Content-Type"] == "" || strings.Contains(in.Headers["Content-Type"], "x-www-form-urlencoded")
	if in.Encoded != "" || in.Data != "" && !form {
		return r, false
	}
	r = request{method: []byte("GET"), target: []byte(in.URI), referrer: []byte(in.Headers["Referer"]), status: 404}
	if agent := in.Headers["User-Agent"]; !strings.Contains(agent, "CRS") { // which all tests have
		r.agent = []byte(agent)
	}
	path, query, _ := strings.Cut(in.URI, "?")
	if data := in.Data; data != "" {
		if _, err := url.QueryUnescape(data); err != nil {
			data = strings.ReplaceAll(data, "%", "%25")
		}
		query = strings.TrimPrefix(query+"&"+strings.ReplaceAll(data, " ", "+"), "&")
	}
	r.path, r.query = []byte(path), []byte(query)
	return r, true
}

var (
	ruleID   = regexp.MustCompile(`"?id:(\d+),`)
	paranoia = regexp.MustCompile(`paranoia-level/(\d)`)
)

// sober returns the rules that are for every site: those up to the second of four levels of paranoia.
func sober(t *testing.T) map[int]bool {
	t.Helper()
	rules, id := map[int]bool{}, 0
	err := fs.WalkDir(coreruleset.FS, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".conf") {
			return err
		}
		text, err := fs.ReadFile(coreruleset.FS, name)
		for l := range bytes.Lines(text) {
			if m := ruleID.FindSubmatch(l); m != nil {
				id, _ = strconv.Atoi(string(m[1]))
			}
			if m := paranoia.FindSubmatch(l); m != nil {
				rules[id] = m[1][0] <= '2'
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// unread are the rules whose tests nobody looked at to develop with.
var unread = []int{
	930130, 932125, 932175, 932220, 932239, 932301, 932350, 933120, 933153, 933211, 934150, 941110, 941181, 941260, 941340, 942101, 942160,
	942240, 942310, 942362, 942430, 942490, 942540, 944130, 944250,
}

// families are the rules of attacks that a request shows, and the share of their tests that is to be recognised, in percent.
var families = map[int]struct {
	name  string
	floor float64
}{
	930: {"files", 85}, 931: {"remote files", 40}, 932: {"commands", 66}, 933: {"PHP", 77}, 934: {"JavaScript, addresses inside, templates", 93},
	941: {"XSS", 80}, 942: {"SQL", 54}, 944: {"Java", 94},
}

// TestCoreRuleSet holds how much is recognised of what the rules of the Core Rule Set recognise that are for every site.
// Among their tests is much that people send as well, such as the words "order by" and the address of another site, so that
// not all of it is to be reached.
func TestCoreRuleSet(t *testing.T) {
	names, err := fs.Glob(tests.FS, "REQUEST-9*/9*.yaml")
	if err != nil || len(names) < 200 {
		t.Fatalf("%d files of tests, %v", len(names), err)
	}
	slices.Sort(names)
	rules := sober(t)
	found, aside := map[int]*share{}, share{}
	for _, name := range names {
		id, _ := strconv.Atoi(strings.TrimSuffix(path.Base(name), ".yaml"))
		if _, attack := families[id/1000]; !attack || !rules[id] {
			continue
		}
		if found[id/1000] == nil {
			found[id/1000] = &share{}
		}
		for _, got := range recognised(t, name) {
			found[id/1000].add(got)
			if slices.Contains(unread, id) {
				aside.add(got)
			}
		}
	}
	for family, of := range families {
		s := found[family]
		t.Logf("%d %-40s %4d of %4d, %3.0f %%", family, of.name, s.of, s.n, s.percent())
		if s.percent() < of.floor {
			t.Errorf("of the rules %d, %s, %.0f %% are recognised, want %v", family, of.name, s.percent(), of.floor)
		}
	}
	t.Logf("of those whose tests were not read: %d of %d, %.0f %%", aside.of, aside.n, aside.percent())
	if aside.percent() < 58 {
		t.Error("fewer than 58 % of those whose tests were not read are recognised")
	}
}

// recognised says of each attack in a file of tests whether it is recognised as any.
func recognised(t *testing.T, name string) (list []bool) {
	t.Helper()
	text, err := fs.ReadFile(tests.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	var c rule
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatalf("%s: %v", path.Base(name), err)
	}
	for _, test := range c.Tests {
		for _, stage := range test.Stages {
			if r, ok := stage.Input.request(); ok && len(test.Stages) == 1 && len(stage.Output.Log.Expect) > 0 {
				list = append(list, r.finding().Threat != hit.ThreatNone)
			}
		}
	}
	return list
}

// TestNames holds how many are recognised of the files and agents that the Core Rule Set lists, each by itself.
func TestNames(t *testing.T) {
	for _, list := range []struct {
		name  string
		floor int
		look  func(one string) hit.Finding
	}{
		{"lfi-os-files", 638, func(one string) hit.Finding { return threat.Query([]byte("q=" + url.QueryEscape(one))) }},
		{"restricted-files", 361, func(one string) hit.Finding {
			f, _ := threat.Path([]byte("/" + strings.TrimPrefix(one, "/")))
			return f
		}},
		{"scanners-user-agents", 50, func(one string) hit.Finding { return threat.Agent([]byte(one)) }},
	} {
		text, err := fs.ReadFile(coreruleset.FS, "@owasp_crs/"+list.name+".data")
		if err != nil {
			t.Fatal(err)
		}
		var s share
		for line := range strings.Lines(string(text)) {
			if one := strings.TrimSpace(line); one != "" && one[0] != '#' {
				s.add(list.look(one).Threat != hit.ThreatNone)
			}
		}
		t.Logf("%-24s %4d of %4d", list.name, s.of, s.n)
		if s.of < list.floor {
			t.Errorf("%s: %d are recognised, want %d", list.name, s.of, list.floor)
		}
	}
}
