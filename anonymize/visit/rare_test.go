package visit_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"unique"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// german has a region, city and provider, and a language, which is counted from the first person on.
func german(region, city, provider string) hit.Visitor {
	return hit.Visitor{Country: hit.NewCountry("DE"), Alone: hit.Alone{
		Region: hit.NewRegion(region), City: hit.NewCity(city), Provider: hit.NewProvider(provider), Language: hit.NewLanguage("eo"),
	}}
}

var (
	berlin  = german("DE-BE", "Berlin", "Provider")
	nowhere = german("", "", "")
)

// guest is somebody who comes on a day with attributes.
type guest struct {
	who, day int
	hit.Visitor
}

// shown lets guests come in one batch, and returns the attributes with which they are counted.
func shown(tr *visit.Tracker, came ...guest) []hit.Visitor {
	var outcomes []visit.Outcome
	for _, g := range came {
		p := person(g.who)
		p.attributes = g.Visitor
		s := at(g.who, p, monday+int64(g.day)*oneDay, 1, hit.Arrival{})
		outcomes = append(outcomes, tr.Touch(&s.visit))
	}
	settled := tr.Settle()
	var out []hit.Visitor
	for _, o := range outcomes {
		v := o.Visitor.Value()
		if o.Pending >= 0 {
			v = settled[o.Pending].Complete(v)
		}
		out = append(out, v)
	}
	return out
}

// alike are people who come on a day with the same attributes.
func alike(from, n, day int, v hit.Visitor) (came []guest) {
	for _, who := range numbers(from, n) {
		came = append(came, guest{who, day, v})
	}
	return came
}

func wantShown(t *testing.T, what string, got []hit.Visitor, want hit.Visitor) {
	t.Helper()
	for i := range got {
		if got[i] != want {
			t.Errorf("%s: person %d is counted as %+v, want %+v", what, i+1, got[i], want)
		}
	}
}

// TestRareIsNotCountedAlone lets people of one provider, region and city come, each alone: nine are counted without them,
// whoever comes then with them, also after a restart, until nobody has come for a month.
func TestRareIsNotCountedAlone(t *testing.T) {
	o := visit.Options{Site: hit.NewSite("example.org")}
	tr := newTracker(t, o)
	for who := range 12 {
		want := nowhere
		if who >= 9 {
			want = berlin
		}
		wantShown(t, "number "+strconv.Itoa(who+1), shown(tr, guest{who, who / 4, berlin}), want)
	}
	got := shown(tr, guest{13, 3, german("DE-BE", "Elsewhere", "Other")})
	wantShown(t, "in another city and with another provider", got, german("DE-BE", "", ""))
	names, err := tr.Names()
	if err != nil {
		t.Fatal(err)
	}
	again := newTracker(t, o)
	if err := again.Load(names); err != nil {
		t.Fatal(err)
	}
	wantShown(t, "after a restart", shown(again, guest{20, 10, berlin}), berlin)
	wantShown(t, "a month later", shown(again, guest{21, 60, berlin}), nowhere)
}

// TestRareOfABatchTogether lets people come in one batch: what ten of them have within thirty days, with those who came
// before, all are counted with.
func TestRareOfABatchTogether(t *testing.T) {
	wantShown(t, "nine", shown(newTracker(t, visit.Options{}), alike(0, 9, 0, berlin)...), nowhere)
	wantShown(t, "ten", shown(newTracker(t, visit.Options{}), alike(0, 10, 0, berlin)...), berlin)

	tr := newTracker(t, visit.Options{})
	wantShown(t, "four before", shown(tr, alike(0, 4, 0, berlin)...), nowhere)
	wantShown(t, "six more", shown(tr, alike(4, 6, 29, berlin)...), berlin)
	late := newTracker(t, visit.Options{})
	shown(late, alike(0, 4, 0, berlin)...)
	wantShown(t, "six more too late", shown(late, alike(4, 6, 30, berlin)...), nowhere)

	nine := append(alike(0, 9, 0, berlin), guest{0, 1, berlin}, guest{1, 2, berlin})
	wantShown(t, "nine on several days", shown(newTracker(t, visit.Options{}), nine...), nowhere)
	twins := append(alike(0, 5, 0, german("DE-BE", "Berlin", "Other")), alike(5, 5, 0, german("DE-BE", "Potsdam", "Provider"))...)
	wantShown(t, "ten of two cities", shown(newTracker(t, visit.Options{}), twins...), german("DE-BE", "", ""))
}

// TestRareCombinationWithCommonProvider has people wait for one thing only, who keep or are refused the other.
func TestRareCombinationWithCommonProvider(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	cameTogether(tr, 0, rare, numbers(0, 10)...)
	other := rare
	other.Country = hit.NewCountry("FR")
	wantDepth(t, "the first of a combination", other, comes(tr, 20, 1, other), visit.Levels)
	wantShown(t, "the second", shown(tr, guest{21, 1, other}), other)
	stranger := rare
	stranger.Provider = hit.NewProvider("Another")
	wantDepth(t, "the first of a provider", rare, comes(tr, 22, 1, stranger), 0)
	stranger.Provider = hit.Provider{}
	wantShown(t, "the second of a provider", shown(tr, guest{23, 1, stranger}), stranger)
}

// TestWaitingVisitorShowsNothingRare looks at what is known of a visitor before it is settled, and of the hits after.
func TestWaitingVisitorShowsNothingRare(t *testing.T) {
	tr := newTracker(t, visit.Options{Crowd: 2})
	var outcomes []visit.Outcome
	for who := range 2 {
		p := person(who)
		p.attributes = berlin
		s := at(who, p, monday, 1, hit.Arrival{})
		outcomes = append(outcomes, tr.Touch(&s.visit))
		s.visit.More = func(known unique.Handle[hit.Visitor]) unique.Handle[hit.Visitor] {
			v := known.Value()
			v.Screen = hit.ScreenOf(1000)
			return unique.Make(v)
		}
		outcomes = append(outcomes, tr.Touch(&s.visit))
	}
	wider := nowhere
	wider.Screen = hit.ScreenOf(1000)
	for i, o := range outcomes {
		want, before := nowhere, unique.Handle[hit.Visitor]{}
		if i%2 == 1 {
			want, before = wider, unique.Make(nowhere)
		}
		if o.Visitor.Value() != want || o.Before != before || o.Pending < 0 {
			t.Errorf("hit %d of a visitor who waits is of %+v", i, o.Visitor.Value())
		}
	}
	settled := tr.Settle()
	wider.Alone = german("DE-BE", "Berlin", "Provider").Alone
	wider.Screen = hit.ScreenOf(1000)
	for i := 1; i < len(outcomes); i += 2 {
		s := settled[outcomes[i].Pending]
		if s.Complete(outcomes[i].Visitor.Value()) != wider || s.Complete(outcomes[i].Before.Value()) != berlin {
			t.Errorf("hit %d is not of what two people have", i)
		}
	}
	s := at(0, person(0), monday+10, 1, hit.Arrival{})
	if o := tr.Touch(&s.visit); o.Pending >= 0 || o.Visitor.Value() != wider {
		t.Errorf("the next hit is of %+v", o.Visitor.Value())
	}
}

// TestOneBatchShowsWhatManyHave imports logs of 1 to 100 days in batches: each provider, region and city that is counted was
// had by at least k people within 60 days, 30 before and 30 after, and no city is counted without its region; in one batch
// of thirty days each that k people had is counted.
func TestOneBatchShowsWhatManyHave(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 11))
		k, days, batch := 2+r.IntN(15), 1+r.IntN(100), 100+r.IntN(3000)
		if seed%3 == 0 {
			days, batch = 1+r.IntN(30), 1<<20
		}
		tr := newTracker(t, visit.Options{Crowd: k})
		var came []guest
		for who := range 800 {
			v := mixed(r)
			v.Region, v.City = hit.NewRegion(v.Country.String()+"-"+strconv.Itoa(r.IntN(3))), hit.NewCity("C"+strconv.Itoa(r.IntN(40)))
			for range 1 + r.IntN(4) {
				came = append(came, guest{who, r.IntN(days), v})
			}
		}
		var got []hit.Visitor
		for from := 0; from < len(came); from += batch {
			got = append(got, shown(tr, came[from:min(from+batch, len(came))]...)...)
		}
		kept := 0
		for _, of := range []func(v *hit.Visitor) (what string, ok bool){
			func(v *hit.Visitor) (string, bool) { return v.Provider.String(), !v.Provider.IsZero() },
			func(v *hit.Visitor) (string, bool) { return v.Region.String(), !v.Region.IsZero() },
			func(v *hit.Visitor) (string, bool) { return v.Region.String() + v.City.String(), !v.City.IsZero() },
		} {
			had := map[string][]guest{}
			for _, g := range came {
				what, _ := of(&g.Visitor)
				had[what] = append(had[what], g)
			}
			for i, g := range came {
				what, _ := of(&g.Visitor)
				near := map[int]bool{}
				for _, other := range had[what] {
					if g.day-other.day < 60 && other.day-g.day < 60 {
						near[other.who] = true
					}
				}
				has, ok := of(&got[i])
				switch {
				case ok && (has != what || len(near) < k):
					t.Fatalf("seed %d: counted is what %d people had, want %d", seed, len(near), k)
				case !ok && batch == 1<<20 && len(near) >= k:
					t.Fatalf("seed %d: not counted is what %d people had within thirty days", seed, len(near))
				case ok:
					kept++
				}
			}
		}
		if kept < len(came)/4 {
			t.Errorf("seed %d: of %d visitors only %d providers, regions and cities are counted", seed, len(came), kept)
		}
	}
}
