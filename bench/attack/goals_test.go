package attack

import (
	"testing"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// The goals, in percent of people.
const (
	mostSingledOut = 1.0
	mostRelinked   = 1.0
)

// How many percent of what there is an attacker may gain by one table more: of people, and of visits, as a funnel of which
// every page is a step says in which order a visit saw its first eight.
const (
	mostGained       = 1.0
	mostVisitsGained = 4.0
)

// TestGoals attacks what is stored of the log, imported at once and line by line as a followed log comes; also where beacons
// tell of it, with all attributes that there are, events and their properties.
func TestGoals(t *testing.T) {
	for name, w := range map[string]way{
		"imported at once": {}, "line by line": {batch: 1}, "beacons at once": {drawn: true}, "beacons one by one": {drawn: true, batch: 1},
	} {
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
			gains(t, from)
			found, chance := recovered(t, from, d.everything())
			t.Logf("addresses found: %+v, by chance %d", found, chance)
			if found.texts > 0 || found.hashes > 0 || found.binary > 2*chance+10 {
				t.Errorf("addresses are found: %+v, where %d are by chance", found, chance)
			}
		})
	}
}

// gains attacks with tables goals and props, of what people do, and without: hits has that of each page, event, source and
// entry page anyway, by which people can be told apart, and these must not add to it.
func gains(t *testing.T, from *truth) {
	t.Helper()
	events := ofEvents(from)
	for _, a := range []struct {
		what          string
		without, with rate
		most          float64
	}{
		{"visits put together with goals", reconstructed(from, klar).found, reconstructed(from, klarGoals).found, mostVisitsGained},
		{"re-linked with goals, entry page and source", relinked(from, behaved), relinked(from, converted), mostGained},
		{"singled out by events with properties", singledOut(events, event), singledOut(events, propertied(events)), mostGained},
	} {
		t.Logf("%s: %v, without %v", a.what, a.with, a.without)
		if a.with.percent() > a.without.percent()+a.most {
			t.Errorf("%s: %v, without %v: more by more than %.1f %%", a.what, a.with, a.without, a.most)
		}
	}
}

// TestStepsLeadOn puts visits together that went over the same pages the other way round: hits has each page twice and flows
// each step from page to page, so only the steps of a funnel, in table goals, say which page came second and which third.
func TestStepsLeadOn(t *testing.T) {
	from := &truth{people: 2, visits: 2, days: 1}
	for visit, pages := range [][]string{{"/", "/a", "/b"}, {"/", "/b", "/a", "/c"}} {
		for n, page := range pages {
			one := view{visit: visit, person: visit}
			one.Arrival, one.Crowd = unique.Make(hit.Arrival{}), unique.Make(hit.Visitor{})
			one.Path = hit.NewPath(page)
			one.Reached = hit.ListOf([]hit.Reached{{Target: hit.Target{Definition: everyPage, Kind: hit.CountedFunnel, Step: uint8(n + 1)}}})
			switch n {
			case 0:
				one.Marks = hit.FirstOfVisit
			case 1:
				one.Marks = hit.Second
				fallthrough
			default:
				one.From = hit.NewPath(pages[n-1])
			}
			from.views = append(from.views, one)
		}
	}
	if without, with := reconstructed(from, klar).found, reconstructed(from, klarGoals).found; without.of != 0 || with.of != 2 {
		t.Errorf("put together are %v without goals and %v with them, want none and both", without, with)
	}
}
