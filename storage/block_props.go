package storage

import (
	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// propSums adds up the properties of the hits of one cut.
type propSums struct {
	texts spool.Numbers[hit.Prop]
	sums  table[propKey, propSum]
}

type propKey struct{ site, day, event, name, value uint32 }

type propSum struct{ events, visitors, visits uint64 }

func (s *propSum) add(o *propSum) {
	s.events += o.events
	s.visitors += o.visitors
	s.visits += o.visits
}

// count adds the properties of a hit.
func (p *propSums) count(h *hit.Hit, r *spool.Refs) {
	hit.EachProperty(h.Props, func(one *hit.Property) {
		s := p.sums.of(propKey{r.Site, instant(h.Day), r.Event, p.texts.Of(one.Name), p.texts.Of(one.Value)})
		s.events++
		if one.FirstToday {
			s.visitors++
		}
		if one.FirstOfVisit {
			s.visits++
		}
	})
}

func (p *propSums) reset() {
	p.texts.Reset()
	p.sums.reset()
}

// props builds the blocks of table props.
func (t *tables) props() error {
	texts, events := rankTexts(&t.sums.props.texts), rankTexts(&t.sums.index.Events)
	return writeRows(t, "props", &t.sums.props.sums, (*propSum).add, func(k *propKey) [4]uint64 {
		return [4]uint64{t.site(k.site, k.day), pair(texts.of[k.name], k.day), pair(events.of[k.event], texts.of[k.value])}
	}, func(w *blockWriter, rows []row, sums []propSum) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.label("name", texts, func(i int) uint32 { return high(rows[i].key[1]) })
		w.instant("day", func(i int) uint32 { return low(rows[i].key[1]) })
		w.label("event", events, func(i int) uint32 { return high(rows[i].key[2]) })
		w.text("value", texts, func(i int) uint32 { return low(rows[i].key[2]) })
		w.sum("events", func(i int) uint64 { return sums[i].events })
		w.sum("visitors", func(i int) uint64 { return sums[i].visitors })
		w.sum("visits", func(i int) uint64 { return sums[i].visits })
	})
}
