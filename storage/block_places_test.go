package storage

import (
	"strings"
	"testing"

	"github.com/klar-analytics/klar/hit"
)

// TestPlaces wants regions and cities behind what they are in, and rows that add up to the same, whatever is unknown.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ country, region, city, wantRegion, wantCity string }{
		{"DE", "DE-HE", "Frankfurt", "DE-HE", "DE-HE\x1fFrankfurt"},
		{"DE", "DE-HE", "", "DE-HE", "DE-HE\x1f"},
		{"SG", "", "Singapore", "SG", "SG\x1fSingapore"},
		{"FR", "", "", "FR", "FR\x1f"},
		{"", "", "Nowhere", "", "\x1fNowhere"},
		{"", "", "", "", ""},
	} {
		v := hit.Visitor{Country: hit.NewCountry(c.country), Alone: hit.Alone{Region: hit.NewRegion(c.region), City: hit.NewCity(c.city)}}
		if got := region(&v); got != c.wantRegion {
			t.Errorf("the region of %q, %q is stored as %q, want %q", c.country, c.region, got, c.wantRegion)
		}
		if got := city(&v); got != c.wantCity {
			t.Errorf("the city of %q, %q, %q is stored as %q, want %q", c.country, c.region, c.city, got, c.wantCity)
		}
	}
	if name := hit.NewCity("A" + placeBetween + "B").String(); strings.Contains(name, placeBetween) {
		t.Error("a city's name may hold what stands before it")
	}
}
