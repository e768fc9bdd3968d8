package useragent

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds every field against testdata/agents.golden: an agent, and below it "browser | version | system |
// version | device | bot". The agents are made up, and their bots are found without the list.
func TestGolden(t *testing.T) {
	const name = "testdata/agents.golden"
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p := New(Options{})
	p.list = newBotList(nil)
	var got strings.Builder
	agents := 0
	for record := range strings.SplitSeq(strings.TrimSuffix(string(want), "\n\n"), "\n\n") {
		agent, _, _ := strings.Cut(record, "\n")
		a := p.Parse([]byte(agent))
		fmt.Fprintf(&got, "%s\n%s | %s | %s | %s | %s | %s\n\n", agent, a.Browser, a.BrowserVersion, a.OS, a.OSVersion, a.Device, a.Bot)
		agents++
	}
	if *update {
		if err := os.WriteFile(name, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
	if agents < 60 {
		t.Errorf("%d agents, want at least 60", agents)
	}
}
