package anonymize_test

import (
	"testing"
	"unique"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// TestPlaceOfEnoughPeopleOfABatch sends what two people of a city and one of another did in one batch: everything that the
// two did is of their city, also before the second of them came and before their screens were known, and what the other did
// is of nowhere.
func TestPlaceOfEnoughPeopleOfABatch(t *testing.T) {
	t.Parallel()
	db, err := geo.Open(geo.Files{City: shared(t, "data/geoip/GeoIP2-City-Test.mmdb")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	o := policy()
	o.Geo = db
	a := open(t, o)
	did := []func(f *raw.Fields){
		func(*raw.Fields) {},
		func(f *raw.Fields) { f.Width = 1500 },
		func(f *raw.Fields) { f.Engagement = raw.Engagement{Told: true, Milliseconds: 3600, Depth: 70} },
	}
	for _, addr := range []string{"175.16.199.7", "2.125.160.216", "175.16.199.8"} {
		for _, do := range did {
			h := beacon(func(f *raw.Fields) { f.Addr, f.UserAgent = []byte(addr), []byte(firefox+addr) })
			do(h.Fields())
			if _, err := a.Add(h); err != nil {
				t.Fatal(err)
			}
		}
	}
	german := hit.Alone{Language: hit.NewLanguage("de")}
	known := german
	known.Region, known.City = hit.NewRegion("CN-22"), hit.NewCity("Changchun")
	for i, h := range a.Seal() {
		at, first := known, i%len(did) == 0
		if i/len(did) == 1 {
			at = german
		}
		want := at
		if !first {
			want.Screen = hit.ScreenDesktop
		}
		if got := h.Visitor.Value().Alone; got != want {
			t.Errorf("hit %d is of %+v, want %+v", i, got, want)
		}
		switch widened := i%len(did) == 1; {
		case widened && h.Before.Value().Alone != at:
			t.Errorf("hit %d was of %+v before, want %+v", i, h.Before.Value().Alone, at)
		case !widened && h.Before != unique.Handle[hit.Visitor]{}:
			t.Errorf("hit %d was of something else before", i)
		}
	}
}
