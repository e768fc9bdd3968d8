package accuracy

import "github.com/klar-analytics/klar/report"

// enough is how many people a provider, region or city needs to be counted.
const enough = 10

// rare knows who had which provider, region and city. The logs are shorter than the 30 days for which that counts.
type rare struct {
	people map[[4]string]map[string]bool // identities by what they had
	hidden map[int][]report.Dimension    // of a person of a day, what is not counted
}

func newRare() rare { return rare{map[[4]string]map[string]bool{}, map[int][]report.Dimension{}} }

// hide takes away what fewer people than enough had had when a person first came on their day.
func (x *rare) hide(v values, identity string, person int) {
	hidden, known := x.hidden[person]
	if !known {
		country, region := v.of(report.VisitCountry), v.of(report.VisitRegion)
		if x.few([4]string{v.of(report.VisitProvider)}, identity) {
			hidden = append(hidden, report.VisitProvider)
		}
		if x.few([4]string{"", country, region, v.of(report.VisitCity)}, identity) {
			hidden = append(hidden, report.VisitCity)
		}
		if x.few([4]string{"", country, region}, identity) {
			hidden = append(hidden, report.VisitRegion, report.VisitCity)
		}
		x.hidden[person] = hidden
	}
	for _, d := range hidden {
		v.set(d, "")
	}
}

// few adds a person to those who had something, and reports whether they are fewer than enough.
func (x *rare) few(what [4]string, identity string) bool {
	if x.people[what] == nil {
		x.people[what] = map[string]bool{}
	}
	x.people[what][identity] = true
	return len(x.people[what]) < enough
}
