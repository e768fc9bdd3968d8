package attack

import "testing"

// The goals, in percent of people.
const (
	mostSingledOut = 1.0
	mostRelinked   = 1.0
)

// TestGoals attacks what is stored of the log, imported at once and line by line as a followed log comes.
func TestGoals(t *testing.T) {
	for name, w := range map[string]way{"imported at once": {}, "line by line": {batch: 1}} {
		t.Run(name, func(t *testing.T) {
			from := watch(t, *logFile, w)
			t.Log(from)
			d := store(t, from)
			d.holds(from)
			with := joined(from)
			for _, a := range []struct {
				what string
				rate rate
				most float64
			}{
				{"singled out by what stands together", singledOut(from, klar.attributes), mostSingledOut},
				{"singled out after joining counts", singledOut(from, with), mostSingledOut},
				{"re-linked by what stands together", relinked(from, klar.lasting), mostRelinked},
				{"re-linked after joining counts", relinked(from, with), mostRelinked},
			} {
				t.Logf("%s: %v", a.what, a.rate)
				if a.rate.percent() > a.most {
					t.Errorf("%s: %v, more than %.1f %%", a.what, a.rate, a.most)
				}
			}
			found, chance := recovered(t, from, d.everything())
			t.Logf("addresses found: %+v, by chance %d", found, chance)
			if found.texts > 0 || found.hashes > 0 || found.binary > 2*chance+10 {
				t.Errorf("addresses are found: %+v, where %d are by chance", found, chance)
			}
		})
	}
}
