package alert

import (
	"cmp"
	"slices"
	"time"

	"github.com/klar-analytics/klar/hit"
)

// The bounds of a tally: how many networks of a rule on a site are told apart, and how many are named.
const (
	maxTallied = 10_000
	maxTop     = 10
)

// Tally adds up the trips of past logs. It belongs to one goroutine. The zero value is empty.
type Tally struct {
	sums map[tallyKey]*tallySum
}

type tallyKey struct {
	rule string
	site hit.Site
}

type tallySum struct {
	rule        *Rule
	trips       int
	first, last int64
	nets        map[hit.Net]int
}

// Past says what a rule would have raised on a site.
type Past struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Site     string `json:"site_id"`
	// Alerts counts how often the rule was tripped, by Networks networks; more than 10,000 are not told apart.
	Alerts   int `json:"alerts"`
	Networks int `json:"networks"`
	// First and Last are when the five minutes began in which it was first and last tripped: beside networks no time is finer.
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	// Top are the shortened networks that tripped it most often, at most ten.
	Top []PastNet `json:"top"`
}

// PastNet is a network with how often it tripped a rule.
type PastNet struct {
	Net    string `json:"net"`
	Alerts int    `json:"alerts"`
}

// Add adds a trip.
func (t *Tally) Add(trip Trip) {
	key := tallyKey{trip.Rule.Name, trip.Site}
	s := t.sums[key]
	if s == nil {
		if t.sums == nil {
			t.sums = map[tallyKey]*tallySum{}
		}
		s = &tallySum{rule: trip.Rule, first: trip.Time, last: trip.Time, nets: map[hit.Net]int{}}
		t.sums[key] = s
	}
	s.trips++
	s.first, s.last = min(s.first, trip.Time), max(s.last, trip.Time)
	if _, known := s.nets[trip.Net]; !trip.Net.IsZero() && (known || len(s.nets) < maxTallied) {
		s.nets[trip.Net]++
	}
}

// Past returns the sums, the most severe and then the most frequent first.
func (t *Tally) Past() []Past {
	list := []Past{}
	for key, s := range t.sums {
		p := Past{
			Rule: s.rule.Name, Severity: s.rule.Severity, Site: key.site.String(), Alerts: s.trips, Networks: len(s.nets),
			First: time.Unix(s.first, 0).UTC().Truncate(coarse), Last: time.Unix(s.last, 0).UTC().Truncate(coarse), Top: []PastNet{},
		}
		for net, n := range s.nets {
			p.Top = append(p.Top, PastNet{net.String(), n})
		}
		slices.SortFunc(p.Top, func(a, b PastNet) int { return cmp.Or(cmp.Compare(b.Alerts, a.Alerts), cmp.Compare(a.Net, b.Net)) })
		p.Top = p.Top[:min(len(p.Top), maxTop)]
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Past) int {
		return cmp.Or(cmp.Compare(weight(b.Severity), weight(a.Severity)), cmp.Compare(b.Alerts, a.Alerts), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Site, b.Site))
	})
	return list
}

// weight orders severities.
func weight(severity string) int {
	return slices.Index([]string{"info", "warning", "critical"}, severity)
}
