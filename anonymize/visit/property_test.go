package visit_test

import (
	"strconv"
	"testing"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// propertyOf touches an event with one property and returns what became of it.
func propertyOf(tr *visit.Tracker, who int, unix int64, value string) (of hit.Property) {
	s := at(who, person(who), unix, 0, hit.Arrival{})
	s.visit.Props = []hit.Property{{Name: hit.NewProp("plan"), Value: hit.NewProp(value)}}
	hit.EachProperty(tr.Touch(&s.visit).Props, func(p *hit.Property) { of = *p })
	return of
}

func TestPropertiesAreCountedOnce(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	const hour = 3600
	for i, c := range []struct {
		who          int
		at           int64
		value        string
		today, visit bool
	}{
		{1, 0, "pro", true, true}, {1, 60, "pro", false, false}, {1, 90, "free", true, true}, {2, 100, "pro", true, true},
		{1, hour, "pro", false, true}, {1, hour + 9, "pro", false, false}, {1, oneDay, "pro", true, true},
	} {
		if p := propertyOf(tr, c.who, monday+c.at, c.value); p.FirstToday != c.today || p.FirstOfVisit != c.visit || p.Value.String() != c.value {
			t.Errorf("%d: %s, first today %v, of the visit %v", i, p.Value, p.FirstToday, p.FirstOfVisit)
		}
	}
}

func TestPropertiesAreBounded(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	for i := range visit.MaxProperties {
		if p := propertyOf(tr, 1, monday, strconv.Itoa(i)); p.Value.String() != strconv.Itoa(i) {
			t.Fatalf("value %d is %s", i, p.Value)
		}
	}
	if p := propertyOf(tr, 1, monday, "more"); p.Value.String() != hit.OtherProp || !p.FirstToday {
		t.Errorf("one more is %s", p.Value)
	}
	if p := propertyOf(tr, 1, monday, "again"); p.Value.String() != hit.OtherProp || p.FirstToday {
		t.Error("two more are counted as two visitors")
	}
	if p := propertyOf(tr, 2, monday, "17"); p.Value.String() != "17" {
		t.Error("a known value is not known")
	}
	if p := propertyOf(tr, 1, monday+oneDay, "more"); p.Value.String() != "more" {
		t.Error("the next day has no room")
	}
}
