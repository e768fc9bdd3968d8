// Package klar holds the tests of the whole repository: which package may import which, and that what is raw cannot be
// stored.
package klar

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/klar-analytics/klar/"

// boundary lists, for each package of Klar, the packages of Klar that it may import, with the reason that is printed
// when something else turns up. A name ending in "/" stands for all packages below it.
var boundary = map[string]struct {
	may []string
	why string
}{
	"cmd/klar": {[]string{"atomicfile", "collector", "collector/accesslog", "collector/beacon", "collector/syslog", "anonymize", "anonymize/", "storage", "storage/", "report", "digest", "notify", "dashboards", "alert", "dashboards/", "livetail"},
		"cmd wires everything, but must not touch a raw or a stored hit itself"},
	"collector":             {[]string{"collector/raw", "collector/accesslog", "collector/tail", "collector/syslog"}, "the collector hands raw hits to its Sink and knows nothing of what becomes of them"},
	"collector/raw":         {nil, "the raw hit must not know of anything that could keep it"},
	"collector/accesslog":   {[]string{"collector/raw"}, "a parser is pure: a line in, a raw hit out"},
	"collector/beacon":      {[]string{"collector/raw"}, "it turns requests into raw hits and knows nothing of what becomes of them"},
	"collector/tail":        {nil, "it cuts files into lines and must not know what they say"},
	"collector/syslog":      {nil, "it cuts what arrives into messages and must not know what they say"},
	"anonymize":             {[]string{"collector/raw", "hit", "anonymize/"}, "the only place where raw hits become stored ones; it must not reach storage"},
	"anonymize/memo":        {nil, "it remembers answers of any kind by their keys, and must not know what they are"},
	"anonymize/useragent":   {[]string{"hit", "anonymize/memo"}, "one question: an agent to closed values"},
	"anonymize/referrer":    {[]string{"hit", "anonymize/memo", "anonymize/scrub"}, "one question: a referrer to closed values"},
	"anonymize/scrub":       {[]string{"hit", "anonymize/memo"}, "one question: a path to a scrubbed path"},
	"anonymize/goal":        {[]string{"hit"}, "one question: a page or an event to what the site counts specially"},
	"anonymize/geo":         {[]string{"hit", "anonymize/memo"}, "one question: a shortened network to where and whose it is"},
	"anonymize/language":    {[]string{"hit", "anonymize/memo"}, "one question: Accept-Language to one of a closed list"},
	"anonymize/geo/convert": {nil, "a build step of its own"},
	"anonymize/threat":      {[]string{"hit"}, "one question: a part of a request to the attack that it is"},
	"anonymize/visit":       {[]string{"hit", "anonymize/memo"}, "visits live in memory and must not reach storage"},
	"hit":                   {nil, "what may be stored must not know of what may not"},
	"storage":               {[]string{"hit", "report", "storage/"}, "storage must not see anything raw"},
	"storage/spool":         {[]string{"hit", "atomicfile", "storage/lockfile"}, "the spool holds anonymized hits and nothing else"},
	"storage/lockfile":      {nil, "a lock knows who holds it and nothing of what it guards"},
	"storage/schema":        {nil, "the schema is text"},
	"storage/embedded":      {[]string{"storage/lockfile"}, "the engine is a program of its own"},
	"bench":                 {[]string{"storage/embedded", "bench/genlog", "bench/process"}, "the benchmark runs the finished program, as its users do, and the bare engine beside it"},
	"bench/genlog":          {nil, "it makes logs of a log"},
	"bench/seed":            {[]string{"bench/genlog"}, "the seed is imported by the finished program"},
	"bench/attack":          {nil, "it is tests only: beside what is stored they hold who it was of, which no program may"},
	"bench/shortening":      {nil, "it is tests only: they know the address of who is named, which no program may"},
	"bench/panels":          {[]string{"storage/embedded", "bench/process"}, "the benchmark asks the finished program, as the dashboard does, and the bare engine beside it"},
	"bench/process":         {nil, "it starts the finished program"},
	"bench/live":            {[]string{"bench/process"}, "the benchmark runs the finished program, as its users do"},
	"bench/classify":        {[]string{"anonymize/threat"}, "it measures one question by itself, beside another library that answers a part of it"},
	"bench/beacons":         {[]string{"bench/process"}, "the benchmark speaks to the finished program as browsers do"},
	"accuracy":              {nil, "the reference counter knows who everybody is, and so stays among the tests"},
	"alert":                 {[]string{"report", "hit", "notify", "atomicfile", "alert/baseline"}, "alerts are of shortened networks and figures, and must not know what was sent"},
	"alert/baseline":        {nil, "what is usual is a matter of numbers"},
	"atomicfile":            {nil, "it writes files and knows nothing of what they hold"},
	"report":                {nil, "questions and answers know neither their source nor who asks"},
	"dashboards":            {[]string{"report", "dashboards/"}, "dashboards see figures only"},
	"dashboards/account":    {[]string{"atomicfile"}, "who may see what is decided without knowing what there is to see"},
	"digest":                {[]string{"report", "notify", "atomicfile"}, "reports see figures only, and know nothing of where they are stored"},
	"notify":                {[]string{"atomicfile"}, "it delivers messages and must not know what they are about"},
	"livetail":              {[]string{"hit"}, "it shows hits that pass, and must reach neither what is raw nor what is stored"},
	"dashboards/pipeline":   {nil, "it reads metrics, and must not know of anything that a metric may not say"},
	"dashboards/settings":   {[]string{"atomicfile"}, "it keeps what was made in the interface, and not what becomes of it"},
}

type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs
}

func TestImportsKeepTheBoundary(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		seen[name] = true
		rule, ok := boundary[name]
		if !ok {
			if name != strings.TrimSuffix(module, "/") {
				t.Errorf("package %s is not in the boundary table: say what it owns and what it may import", name)
			}
			continue
		}
		for _, imp := range p.Imports {
			if other, ours := strings.CutPrefix(imp, module); ours && !allowed(rule.may, other) {
				t.Errorf("%s imports %s: %s", name, other, rule.why)
			}
			if imp == "github.com/ClickHouse/clickhouse-go/v2" && name != "storage" {
				t.Errorf("%s imports clickhouse-go: storage is its only user", name)
			}
			if strings.HasPrefix(imp, "github.com/ebitengine/purego") && name != "storage/embedded" {
				t.Errorf("%s imports purego: only storage/embedded loads the engine", name)
			}
		}
	}
	for name := range boundary {
		if !seen[name] {
			t.Errorf("the boundary table names %s, which does not exist", name)
		}
	}
}

func allowed(may []string, name string) bool {
	return slices.ContainsFunc(may, func(m string) bool {
		return m == name || strings.HasSuffix(m, "/") && strings.HasPrefix(name, m)
	})
}

// TestRawDoesNotCompileIntoStorage compiles small programs that would keep or store what is raw, and wants each refused.
func TestRawDoesNotCompileIntoStorage(t *testing.T) {
	const head = "package main\nimport (\n\"" + module + "collector/raw\"\n\"" + module + "hit\"\n)\n"
	programs := map[string]struct{ body, want string }{
		"control":                           {"func main() { _ = raw.New(); _ = hit.Hit{} }", ""},
		"a raw hit among stored ones":       {"func main() { _ = []hit.Hit{raw.New()} }", "cannot use"},
		"a raw hit as a stored one":         {"func main() { _ = hit.Hit(raw.New()) }", "cannot convert"},
		"a raw path as a path":              {"func main() { _ = hit.Hit{Path: raw.New().Fields().Target} }", "cannot use"},
		"a string as a path":                {"func main() { _ = raw.New(); s := \"/a?b\"; _ = hit.Hit{Path: hit.Path(s)} }", "cannot convert"},
		"an address as a host":              {"func main() { _ = hit.Hit{Host: raw.New().Fields().Addr} }", "cannot use"},
		"an agent as a browser":             {"func main() { _ = hit.Visitor{Browser: raw.New().Fields().UserAgent} }", "cannot use"},
		"a text built past its constructor": {"func main() { _ = raw.New(); _ = hit.Path{text: \"x\"} }", "unexported field text"},
	}
	for name, p := range programs {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		dir, err := os.MkdirTemp("testdata", "compile-") // below testdata, where ./... does not look
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(head+p.body+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("go", "vet", "./"+dir).CombinedOutput()
		switch {
		case p.want == "" && err != nil:
			t.Errorf("%s does not compile: %s", name, out)
		case p.want != "" && !strings.Contains(string(out), p.want):
			t.Errorf("%s: want the compiler to say %q, got: %s", name, p.want, out)
		}
	}
}
