package threat_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"net/url"
	"os"
	"testing"

	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/hit"
)

var misses = flag.Bool("misses", false, "print what of the first half is not recognised")

const data = "../../../shared/data/"

func TestParameters(t *testing.T) {
	f, err := os.Open(data + "threats/httpparams-train.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	type sum struct{ n, found, named int }
	sums := [2]map[string]*sum{{}, {}}
	seen := map[string]int{}
	for _, r := range rows[1:] {
		half := seen[r[2]] % 2
		seen[r[2]]++
		s := sums[half][r[2]]
		if s == nil {
			s = &sum{}
			sums[half][r[2]] = s
		}
		got := threat.Query([]byte("q=" + url.QueryEscape(r[0])))
		s.n++
		want := map[string]hit.Threat{"sqli": hit.ThreatSQL, "xss": hit.ThreatXSS, "cmdi": hit.ThreatCommand, "path-traversal": hit.ThreatTraversal}[r[2]]
		if got.Threat != hit.ThreatNone {
			s.found++
		}
		if got.Threat == want {
			s.named++
		}
		if *misses && half == 0 && (got.Threat == hit.ThreatNone) != (r[2] == "norm") || *misses && half == 0 && got.Threat != want {
			fmt.Printf("%-15s %-15v %.200s\n", r[2], got.Threat, r[0])
		}
	}
	for half := range sums {
		for name, s := range sums[half] {
			t.Logf("half %d %-15s n %5d found %6.2f%% named %6.2f%%", half, name, s.n, 100*float64(s.found)/float64(s.n), 100*float64(s.named)/float64(s.n))
		}
	}
}
