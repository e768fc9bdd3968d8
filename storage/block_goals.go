package storage

import (
	"github.com/ClickHouse/ch-go/proto"

	"github.com/klar-analytics/klar/hit"
)

// countedTuple ranks what the rows of table goals count, with the step between the definition and the currency.
func countedTuple(list []countedAs) tuple {
	n := len(list)
	t := tuple{columns: []column{
		attribute("kind", n, func(i int) hit.Counted { return list[i].target.Kind }),
		attribute("definition", n, func(i int) hit.Definition { return list[i].target.Definition }),
		attribute("currency", n, func(i int) hit.Currency { return list[i].currency }),
	}}
	steps := make([]uint32, n)
	for i := range list {
		steps[i] = uint32(list[i].target.Step)
	}
	t.of, t.examples = rankTuples(n, t.columns[0].of, t.columns[1].of, steps, t.columns[2].of)
	return t
}

// goals builds the blocks of table goals.
func (t *tables) goals() error {
	index, list := &t.sums.index, t.sums.goals.counted.Keys()
	if len(list) == 0 {
		return nil
	}
	targets, hosts := countedTuple(list), rankTexts(&index.Hosts)
	arrivals, crowds := arrivalTuple(values(index.Arrivals.Keys())), crowdTuple(values(index.Visitors.Keys()))
	return writeRows(t, "goals", &t.sums.goals.reached, (*goalSum).add, func(k *goalKey) [4]uint64 {
		return [4]uint64{
			t.site(k.site, k.day),
			pair(targets.of[k.counted], k.day),
			pair(t.paths.of[k.path], hosts.of[k.host]),
			pair(arrivals.of[k.arrival], crowds.of[k.crowd]),
		}
	}, func(w *blockWriter, rows []row, sums []goalSum) {
		target := func(i int) uint32 { return high(rows[i].key[1]) }
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		targets.write(w, target)
		w.direct("step", proto.ColumnTypeUInt8, 1, func(b *proto.Buffer, i int) {
			b.PutUInt8(list[targets.examples[target(i)]].target.Step)
		})
		w.instant("hour", func(i int) uint32 { return low(rows[i].key[1]) })
		w.label("path", t.paths, func(i int) uint32 { return high(rows[i].key[2]) })
		w.label("host", hosts, func(i int) uint32 { return low(rows[i].key[2]) })
		arrivals.write(w, func(i int) uint32 { return high(rows[i].key[3]) })
		crowds.write(w, func(i int) uint32 { return low(rows[i].key[3]) })
		w.goals(sums)
	})
}

// goals adds the sums of goals.
func (w *blockWriter) goals(sums []goalSum) {
	w.sum("pageviews", func(i int) uint64 { return sums[i].pageviews })
	w.sum("events", func(i int) uint64 { return sums[i].events })
	w.sum("visitors", func(i int) uint64 { return sums[i].visitors })
	w.sum("visits", func(i int) uint64 { return sums[i].visits })
	w.direct("revenue", "Decimal(38, 4)", 16, func(b *proto.Buffer, i int) {
		b.PutUInt64(sums[i].revenue.low)
		b.PutUInt64(uint64(sums[i].revenue.high))
	})
}

// definitions builds the blocks of table definitions.
func (t *tables) definitions() error {
	targets := countedTuple(t.sums.goals.counted.Keys())
	add := func(to, from *uint64) { *to += *from }
	return writeRows(t, "definitions", &t.sums.goals.defined, add, func(k *definedKey) [4]uint64 {
		return [4]uint64{t.site(k.site, k.day), pair(targets.of[k.counted], k.day)}
	}, func(w *blockWriter, rows []row, sums []uint64) {
		defined := tuple{columns: targets.columns[:2], of: targets.of, examples: targets.examples}
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		defined.write(w, func(i int) uint32 { return high(rows[i].key[1]) })
		w.instant("hour", func(i int) uint32 { return low(rows[i].key[1]) })
		w.sum("told", func(i int) uint64 { return sums[i] })
	})
}
