package accuracy

import "github.com/klar-analytics/klar/report"

// enough is how many people a city needs to be counted.
const enough = 10

// towns know who was in which city. The logs are shorter than the 30 days for which that counts.
type towns struct {
	people map[[3]string]map[string]bool // identities by country, region and city
	hidden map[int]bool                  // whether the city of a person of a day is not counted
}

func newTowns() towns { return towns{map[[3]string]map[string]bool{}, map[int]bool{}} }

// few reports whether fewer people than enough had been in a person's city when they first came on their day.
func (t *towns) few(v values, identity string, person int) bool {
	hidden, known := t.hidden[person]
	if known {
		return hidden
	}
	place := [3]string{v.of(report.VisitCountry), v.of(report.VisitRegion), v.of(report.VisitCity)}
	if t.people[place] == nil {
		t.people[place] = map[string]bool{}
	}
	t.people[place][identity] = true
	t.hidden[person] = len(t.people[place]) < enough
	return t.hidden[person]
}
