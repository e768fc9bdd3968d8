package visit_test

import (
	"testing"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// TestTownsOfFew lets people of one city come, each alone: nine are counted without it, whoever comes then with it, also
// after a restart, until nobody has come for a month.
func TestTownsOfFew(t *testing.T) {
	o := visit.Options{Site: hit.NewSite("example.org")}
	tr := newTracker(t, o)
	berlin := hit.Visitor{Country: hit.NewCountry("DE"), Alone: hit.Alone{Region: hit.NewRegion("DE-BE"), City: hit.NewCity("Berlin"), Provider: hit.NewProvider("Provider")}}
	shown := func(tr *visit.Tracker, who, day int) bool {
		t.Helper()
		p := person(who)
		p.attributes = berlin
		s := at(who, p, monday+int64(day)*oneDay, 1, hit.Arrival{})
		outcome := tr.Touch(&s.visit)
		got := outcome.Visitor.Value()
		tr.Settle()
		if got.Region != berlin.Region || got.Provider != berlin.Provider || got.Country != berlin.Country {
			t.Error("more than the city was taken away")
		}
		return got.City == berlin.City
	}
	for who := range 12 {
		if got, want := shown(tr, who, who/4), who >= 9; got != want {
			t.Errorf("the city of person %d is shown: %v, want %v", who+1, got, want)
		}
	}
	names, err := tr.Names()
	if err != nil {
		t.Fatal(err)
	}
	again := newTracker(t, o)
	if err := again.Load(names); err != nil {
		t.Fatal(err)
	}
	if !shown(again, 20, 10) {
		t.Error("the city is unknown after a restart")
	}
	if shown(again, 21, 60) {
		t.Error("the city is shown though nobody came from there for a month")
	}
}
