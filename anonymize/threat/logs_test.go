package threat_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/hit"
)

var line = regexp.MustCompile(`^\S+ \S+ \S+ (?:\S+ )?\[[^\]]*\] "(.*?)" (\d+|-) \S+(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?`)

func classify(method, target, referrer, agent []byte, status int) hit.Finding {
	f := threat.Form(method, target, status, nil)
	path, query, _ := bytes.Cut(target, []byte("?"))
	p, _ := threat.Path(path)
	return f.Or(threat.Answered(p, status)).Or(threat.Query(query)).Or(threat.Header(referrer)).Or(threat.Agent(agent))
}

func TestLogs(t *testing.T) {
	names, _ := filepath.Glob(data + "logs/crowdsec/*.log")
	for _, name := range append(names, data+"logs/apache-combined-10k.log") {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		n, found := 0, map[string]int{}
		for s := bufio.NewScanner(f); s.Scan(); {
			m := line.FindSubmatch(s.Bytes())
			if m == nil {
				continue
			}
			n++
			method, rest, _ := bytes.Cut(m[1], []byte(" "))
			target := rest
			if i := bytes.LastIndex(rest, []byte(" HTTP/")); i >= 0 {
				target = rest[:i]
			}
			status, _ := strconv.Atoi(string(m[2]))
			got := classify(method, target, m[3], m[4], status)
			k := got.Threat.String()
			if !got.Certain && got.Threat != 0 {
				k += "?"
			}
			found[k]++
			if *misses && (got.Threat != hit.ThreatNone) == (filepath.Base(name) == "apache-combined-10k.log") {
				fmt.Printf("LOG %.40s %-10s %s %s ref %.100s ua %.60s\n", filepath.Base(name), k, m[2], m[1], m[3], m[4])
			}
		}
		f.Close()
		t.Logf("%s %d %v", filepath.Base(name), n, found)
	}
}
