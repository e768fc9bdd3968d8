package accuracy

import (
	"maps"
	"slices"

	"github.com/klar-analytics/klar/report"
)

// enough is how many people a provider, region or city needs to be counted.
const enough = 10

// newcomer is a person of a day as they came first, in a batch of lines about which Klar decides at once.
type newcomer struct {
	batch                  int
	identity               string
	provider, region, city [4]string // what must be shared
}

// rare knows who had which provider, region and city. The logs are shorter than the 30 days for which that counts.
type rare map[int]*newcomer // by person

// came notes that a person came in a batch.
func (x rare) came(person, batch int, identity string, v values) {
	if known := x[person]; known != nil {
		known.batch = min(known.batch, batch)
		return
	}
	country, region := v.of(report.VisitCountry), v.of(report.VisitRegion)
	x[person] = &newcomer{
		batch: batch, identity: identity, provider: [4]string{v.of(report.VisitProvider)},
		region: [4]string{"", country, region}, city: [4]string{"", country, region, v.of(report.VisitCity)},
	}
}

// hide takes away what fewer people than enough had had at the end of the batch in which a person first came on their day.
func (x rare) hide(r *reference) {
	batches := map[int][]int{}
	for person, n := range x {
		batches[n.batch] = append(batches[n.batch], person)
	}
	people, hidden := map[[4]string]map[string]bool{}, map[int][]report.Dimension{}
	for _, batch := range slices.Sorted(maps.Keys(batches)) {
		for _, person := range batches[batch] {
			n := x[person]
			for _, what := range [][4]string{n.provider, n.region, n.city} {
				if people[what] == nil {
					people[what] = map[string]bool{}
				}
				people[what][n.identity] = true
			}
		}
		for _, person := range batches[batch] {
			n := x[person]
			if len(people[n.provider]) < enough {
				hidden[person] = append(hidden[person], report.VisitProvider)
			}
			if len(people[n.region]) < enough {
				hidden[person] = append(hidden[person], report.VisitRegion, report.VisitCity)
			} else if len(people[n.city]) < enough {
				hidden[person] = append(hidden[person], report.VisitCity)
			}
		}
	}
	for i := range r.views {
		v := &r.views[i]
		for _, d := range hidden[v.person] {
			v.values.set(d, "")
			r.visits[v.visit-1].values.set(d, "")
		}
	}
}

// batched says of each request in which batch Klar takes it.
func batched(list []request) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(list[a].logged() - list[b].logged()) })
	batches := make([]int, len(list))
	for n, i := range order {
		batches[i] = n / batch
	}
	return batches
}
