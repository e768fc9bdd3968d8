package anonymize_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

// TestGolden runs the policy over lines that show each part of it; all addresses are those of documentation.
func TestGolden(t *testing.T) {
	lines, err := os.ReadFile("testdata/policy.log")
	if err != nil {
		t.Fatal(err)
	}
	a, p := open(t, policy()), newParser(t, format, "")
	var of []int // the line of each hit
	said := map[int]string{}
	for i, l := range bytes.Split(bytes.TrimSpace(lines), []byte{'\n'}) {
		if _, err := a.Add(p.parse(l)); err != nil {
			said[i] = err.Error()
		} else {
			of = append(of, i)
		}
	}
	for i, h := range requests(a.Seal()) {
		said[of[i]] = text(&h)
	}
	var got bytes.Buffer
	for i := range len(said) {
		fmt.Fprintf(&got, "%2d %s\n", i+1, said[i])
	}
	const golden = "testdata/policy.golden"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("what the policy makes of testdata/policy.log differs; -update writes it anew (-want +got):\n%s", diff)
	}
	if got := a.OptedOut(); got != 2 {
		t.Errorf("%d opted out, want 2", got)
	}
}
