package storage

import (
	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// signalSums add up what networks did that tripped rules.
type signalSums struct {
	// what numbers the signals without their numbers of requests.
	what spool.Numbers[hit.Signal]
	sums table[signalKey, signalSum]
}

type (
	signalKey struct{ site, minute, what uint32 }
	signalSum struct{ requests, certain uint64 }
)

func (s *signalSum) add(o *signalSum) {
	s.requests += o.requests
	s.certain += o.certain
}

func (s *signalSums) count(h *hit.Hit, r *spool.Refs) {
	signal := h.Signal.Value()
	sum := signalSum{signal.Requests, signal.Certain}
	signal.Requests, signal.Certain = 0, 0
	s.sums.of(signalKey{r.Site, instant(h.Time), s.what.Of(signal)}).add(&sum)
}

func (s *signalSums) reset() {
	s.what.Reset()
	s.sums.reset()
}

// signals builds the blocks of table signals.
func (t *tables) signals() error {
	what := t.sums.signals.what.Keys()
	column := func(text func(*hit.Signal) string) ranking {
		return rank(len(what), func(i int) string { return text(&what[i]) })
	}
	nets := column(func(s *hit.Signal) string { return s.Net.String() })
	classes := column(func(s *hit.Signal) string { return s.Threat.String() })
	rules := column(func(s *hit.Signal) string { return s.Rule.String() })
	countries := column(func(s *hit.Signal) string { return s.Country.String() })
	providers := column(func(s *hit.Signal) string { return s.Provider.String() })
	return writeRows(t, "signals", &t.sums.signals.sums, (*signalSum).add, func(k *signalKey) [4]uint64 {
		return [4]uint64{
			t.site(k.site, k.minute), pair(k.minute, nets.of[k.what]), pair(classes.of[k.what], rules.of[k.what]),
			pair(countries.of[k.what], providers.of[k.what]),
		}
	}, func(w *blockWriter, rows []row, sums []signalSum) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("minute", func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("net", nets, func(i int) uint32 { return low(rows[i].key[1]) })
		w.label("threat", classes, func(i int) uint32 { return high(rows[i].key[2]) })
		w.label("rule", rules, func(i int) uint32 { return low(rows[i].key[2]) })
		w.label("country", countries, func(i int) uint32 { return high(rows[i].key[3]) })
		w.label("provider", providers, func(i int) uint32 { return low(rows[i].key[3]) })
		w.sum("requests", func(i int) uint64 { return sums[i].requests })
		w.sum("certain", func(i int) uint64 { return sums[i].certain })
	})
}
