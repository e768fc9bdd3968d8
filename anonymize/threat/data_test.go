package threat_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"regexp"
	"strconv"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/hit"
)

// data is the shared data beside the repository.
const data = "../../../shared/data/"

// parameter is the value of a parameter and what it is.
type parameter struct {
	class hit.Threat
	value string
}

// httpParams returns the labelled parameters of HttpParamsDataset.
func httpParams(t *testing.T) (list []parameter) {
	t.Helper()
	f, err := os.Open(data + "threats/httpparams-train.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[1:] {
		class := hit.ThreatNone
		if r[2] != "norm" {
			class = classOf(t, r[2])
		}
		list = append(list, parameter{class, r[0]})
	}
	return list
}

// halves divides the parameters of each class: every other one is to develop with.
func halves(all []parameter) (first, second []parameter) {
	n := map[hit.Threat]int{}
	for _, p := range all {
		if n[p.class]++; n[p.class]%2 == 1 {
			first = append(first, p)
		} else {
			second = append(second, p)
		}
	}
	return first, second
}

// request is the parts of a line of a log that are looked at.
type request struct {
	method, target, path, query, referrer, agent []byte
	status                                       int
}

func (r *request) finding() hit.Finding {
	found, _ := threat.Path(r.path)
	return threat.Answered(found, r.status).Or(threat.Query(r.query)).Or(threat.Header(r.referrer)).
		Or(threat.Form(r.method, r.target, r.status, func([]byte) bool { return false })).Or(threat.Agent(r.agent))
}

var line = regexp.MustCompile(`^(?:\S+ )?\S+ \S+ \S+ (?:\S+ )?\[[^\]]*\] "(.*?)" (\d+|-) \S+(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?`)

// requests reads a log, in the combined format or a similar one.
func requests(tb testing.TB, name string) (list []request) {
	tb.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	for l := range bytes.Lines(text) {
		m := line.FindSubmatch(bytes.TrimSpace(l))
		if m == nil {
			continue
		}
		r := request{referrer: m[3], agent: m[4]}
		if method, target, ok := bytes.Cut(m[1], []byte(" ")); ok && !bytes.Contains(method, []byte(`\`)) {
			if i := bytes.LastIndex(target, []byte(" HTTP/")); i >= 0 {
				target = target[:i]
			}
			r.method, r.target = method, target
			r.path, r.query, _ = bytes.Cut(target, []byte("?"))
		}
		r.status, _ = strconv.Atoi(string(m[2]))
		list = append(list, r)
	}
	return list
}

// TestCrowdSec holds that the attacks of CrowdSec's logs are recognised as what the scenarios call them, as far as one
// request shows it. The number is of requests; of some logs part of them is harmless.
func TestCrowdSec(t *testing.T) {
	for name, want := range map[string]struct {
		class hit.Threat
		n     int
	}{
		"apache-cve-2021-41773":        {hit.ThreatTraversal, 2},
		"nginx-cve-2021-41773":         {hit.ThreatTraversal, 2},
		"apache-http-probing":          {hit.ThreatTraversal, 77},
		"apache2-http-sensitive-files": {hit.ThreatFile, 13},
		"nginx-http-sensitive-files":   {hit.ThreatFile, 9},
		"apache2-malformed":            {hit.ThreatMalformed, 11},
		"nginx-http-malformed":         {hit.ThreatMalformed, 11},
		"apache_log4j2_cve-2021-44228": {hit.ThreatJNDI, 3},
		"nginx-bad-user-agent":         {hit.ThreatScanner, 3},
		"nginx-http-backdoor":          {hit.ThreatShell, 2},
		"nginx-http-open-proxy":        {hit.ThreatProxy, 2},
		"nginx-http-path-traversal":    {hit.ThreatTraversal, 8},
		"nginx-http-sqli-probing":      {hit.ThreatSQL, 15},
		"nginx-http-xss-probing":       {hit.ThreatXSS, 26},
		"nginx-http-w00twoot":          {hit.ThreatScanner, 1},
	} {
		n, list := 0, requests(t, data+"logs/crowdsec/"+name+".log")
		for i := range list {
			if list[i].finding().Threat == want.class {
				n++
			}
		}
		t.Logf("%-30s %3d of %3d are %s", name, n, len(list), want.class)
		if n < want.n {
			t.Errorf("%s: %d of %d requests are called %s, want %d", name, n, len(list), want.class, want.n)
		}
	}
}

// TestAgents holds that no agent of a browser, an app or an honest bot is taken for an attack.
func TestAgents(t *testing.T) {
	text, err := os.ReadFile(data + "useragents/test_ua.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Cases []struct {
			Agent  string `yaml:"user_agent_string"`
			Family string
		} `yaml:"test_cases"`
	}
	if err := yaml.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	for _, c := range list.Cases {
		scans := c.Family == "WhatWeb" || c.Family == "masscan" || c.Family == "OpenVAS Scanner"
		if got := threat.Agent([]byte(c.Agent)); (got.Threat == hit.ThreatScanner) != scans {
			t.Errorf("%s is called %s: %s", c.Family, got.Threat, c.Agent)
		}
	}
	t.Logf("%d agents", len(list.Cases))
}
