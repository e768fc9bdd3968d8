package anonymize

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/anonymize/scrub"
	"github.com/klar-analytics/klar/collector/raw"
)

func TestRevenueIsExact(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"10.29": 102_900, "0.1": 1000, "-3": -30_000, "1e3": 10_000_000, "0.00005": 1, "-0.00005": -1, "0.00004": 0, "1000000000": 1e13,
		"1000000000.0001": 0, "1e999999": 0, "1e-999999": 0, "9007199.2547": 90_071_992_547, "": 0, "x": 0, "1,5": 0, "NaN": 0, " 1": 0,
	} {
		r := revenue(&raw.Fields{Amount: []byte(text), Currency: []byte("eur")})
		if r.Units != want || want != 0 && r.Currency.String() != "EUR" {
			t.Errorf("%q is %d %s, want %d", text, r.Units, r.Currency, want)
		}
	}
	for _, currency := range []string{"", "EURO", "E1R", "€"} {
		if r := revenue(&raw.Fields{Amount: []byte("1"), Currency: []byte(currency)}); r.Units != 0 {
			t.Errorf("%q is taken for a currency", currency)
		}
	}
}

func TestPropertiesAreScrubbed(t *testing.T) {
	t.Parallel()
	a := &Anonymizer{scrubber: scrub.New()}
	var props []raw.Property
	for _, p := range [][2]string{
		{"plan", "pro"}, {"mail", "anna@example.org"}, {"anna@example.org", "x"}, {"plan", "again"}, {"at", "203.0.113.7"}, {"q", "a?b=c"},
		{"card", "4111111111111111"}, {"agent", "Mozilla/5.0 (X11)"},
	} {
		props = append(props, raw.Property{Name: []byte(p[0]), Value: []byte(p[1])})
	}
	got := a.brought(&raw.Fields{Props: props}).props
	want := []goal.Property{
		{Name: "plan", Value: "pro"}, {Name: "mail", Value: removed}, {Name: "at", Value: removed}, {Name: "q", Value: removed},
		{Name: "card", Value: removed}, {Name: "agent", Value: removed},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if a.brought(&raw.Fields{}) != nil {
		t.Error("nothing is something")
	}
}
