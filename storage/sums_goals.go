package storage

import (
	"math/bits"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// goalSums adds up what the hits of one cut reached.
type goalSums struct {
	counted spool.Numbers[countedAs]
	reached table[goalKey, goalSum]
	defined table[definedKey, uint64]
}

// countedAs is what a row of table goals counts.
type countedAs struct {
	target   hit.Target
	currency hit.Currency
}

type (
	goalKey    struct{ site, day, counted, path, host, arrival, crowd uint32 }
	definedKey struct{ site, day, counted uint32 }
)

// goalSum is a row's sum.
type goalSum struct {
	pageviews, events, visitors, visits uint64
	revenue                             money
}

func (s *goalSum) add(o *goalSum) {
	s.pageviews += o.pageviews
	s.events += o.events
	s.visitors += o.visitors
	s.visits += o.visits
	s.revenue.add(o.revenue)
}

// money is a sum of ten-thousandths in 128 bits, as a Decimal(38, 4) has them.
type money struct {
	low  uint64
	high int64
}

func (m *money) add(o money) {
	var carry uint64
	m.low, carry = bits.Add64(m.low, o.low, 0)
	m.high += o.high + int64(carry)
}

// units is a number of ten-thousandths as money.
func units(n int64) money { return money{uint64(n), n >> 63} }

// count adds what a hit reached, by the day.
func (g *goalSums) count(h *hit.Hit, r *spool.Refs) {
	day := instant(h.Day)
	hit.Each(h.Reached, func(reached *hit.Reached) {
		number := g.counted.Of(countedAs{reached.Target, reached.Revenue.Currency})
		if reached.Defined {
			*g.defined.of(definedKey{r.Site, day, number})++
			return
		}
		s := g.reached.of(goalKey{r.Site, day, number, r.Path, r.Host, r.Arrival, r.Crowd})
		s.events++
		if h.Kind == hit.KindPage {
			s.pageviews++
		}
		if reached.FirstToday {
			s.visitors++
		}
		if reached.FirstOfVisit {
			s.visits++
		}
		s.revenue.add(units(reached.Revenue.Units))
	})
}

func (g *goalSums) size() int { return len(g.reached.entries) + len(g.defined.entries) }

func (g *goalSums) reset() {
	g.counted.Reset()
	g.reached.reset()
	g.defined.reset()
}
