package accuracy

import (
	"fmt"
	"os"
	"testing"
)

// TestAccuracy holds Klar's answers against the reference counter's: what docs/metrics.md does not state an error of must
// be exact, the rest within what is stated.
func TestAccuracy(t *testing.T) {
	logs := sites(t)
	k := open(t, logs)
	k.take(t, logs)
	errors := newTable()
	for _, s := range logs {
		ref, err := count(s, k.geo, s.identity())
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		late := ways(t, ref)
		for _, w := range late {
			k.late[s.id] = append(k.late[s.id], w.definition)
		}
		for _, q := range append(questions(s, ref), estimated(s, late)...) {
			asked++
			for _, o := range k.compare(t, q, ref) {
				errors.add(q, o)
				if o.class == exact && o.off > 0 {
					t.Errorf("%s: %s by %s must be exact, and is off by %v of %v in %d cells, by %v at %q", s.id, o.metric, q.about(), o.off, o.want, o.cells, o.largest, o.at)
				}
			}
		}
		t.Logf("%s: %d requests, %d visits, %d visitors a day each, %d questions", s.id, len(s.requests), len(ref.visits), ref.people, asked)
	}
	found := errors.check(t, logs)
	if *everything {
		errors.print(os.Stdout)
		people(t, k, logs)
	}
	if *update {
		found.write(t)
	}
}

// check holds the errors against their bounds and returns them.
func (a *table) check(t *testing.T, logs []*site) measured {
	t.Helper()
	limits, found := bounds(t), measured{}
	for _, s := range logs {
		for f, d := range a.figures[s.id] {
			if f.class == exact {
				continue
			}
			limit, stated := limits[f]
			switch {
			case !stated && d.off > 0:
				t.Errorf("%s: %s is off by %.2f %%, of which %s states nothing", s.id, f, d.percent(), metricsPage)
			case stated && limit >= 0 && d.percent() > limit:
				t.Errorf("%s: %s is off by %.2f %%, more than the %v %% that %s states; by %v at %q of %s", s.id, f, d.percent(), limit, metricsPage, d.largest, d.at, d.about)
			}
			both := found[f]
			i := bit(s.real)
			both[i] = max(both[i], d.percent())
			found[f] = both
		}
	}
	for f, of := range limits {
		if both := found[f]; *everything && of >= 0 && both[0] == 0 && both[1] == 0 {
			t.Errorf("%s states an error of %s, which is exact or was not asked for", metricsPage, f)
		}
	}
	return found
}

// people prints how many visitors there are when they are told apart in other ways.
func people(t *testing.T, k *klar, logs []*site) {
	t.Helper()
	for _, s := range logs {
		line := s.id + ": visitors"
		for _, by := range []struct {
			name     string
			identity func(*request) string
		}{{"shortened address, agent, language", s.identity()}, {"whole address, agent", wholly}, {"who they are", truly}} {
			if s.real && by.name == "who they are" {
				continue // nobody knows
			}
			ref, err := count(s, k.geo, by.identity)
			if err != nil {
				t.Fatal(err)
			}
			line += fmt.Sprintf("; by %s %d", by.name, ref.people)
		}
		fmt.Println(line)
	}
}
