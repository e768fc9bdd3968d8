package visit_test

import (
	"testing"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// TestRareIsNotCountedAlone lets people of one provider, region and city come, each alone: nine are counted without them,
// whoever comes then with them, also after a restart, until nobody has come for a month.
func TestRareIsNotCountedAlone(t *testing.T) {
	o := visit.Options{Site: hit.NewSite("example.org")}
	tr := newTracker(t, o)
	of := func(region, city, provider string) hit.Visitor {
		return hit.Visitor{Country: hit.NewCountry("DE"), Alone: hit.Alone{
			Region: hit.NewRegion(region), City: hit.NewCity(city), Provider: hit.NewProvider(provider), Language: hit.NewLanguage("eo"),
		}}
	}
	shown := func(tr *visit.Tracker, who, day int, v hit.Visitor) hit.Visitor {
		t.Helper()
		p := person(who)
		p.attributes = v
		s := at(who, p, monday+int64(day)*oneDay, 1, hit.Arrival{})
		outcome := tr.Touch(&s.visit)
		tr.Settle()
		return outcome.Visitor.Value()
	}
	berlin, nowhere := of("DE-BE", "Berlin", "Provider"), of("", "", "")
	for who := range 12 {
		want := nowhere
		if who >= 9 {
			want = berlin
		}
		if got := shown(tr, who, who/4, berlin); got != want {
			t.Errorf("person %d is counted as %+v, want %+v", who+1, got, want)
		}
	}
	if got, want := shown(tr, 13, 3, of("DE-BE", "Elsewhere", "Other")), of("DE-BE", "", ""); got != want {
		t.Errorf("in another city and with another provider: %+v, want %+v", got, want)
	}
	names, err := tr.Names()
	if err != nil {
		t.Fatal(err)
	}
	again := newTracker(t, o)
	if err := again.Load(names); err != nil {
		t.Fatal(err)
	}
	if got := shown(again, 20, 10, berlin); got != berlin {
		t.Errorf("after a restart: %+v", got)
	}
	if got := shown(again, 21, 60, berlin); got != nowhere {
		t.Errorf("a month later: %+v", got)
	}
}
