package storage

import (
	"fmt"
	"slices"
	"time"
)

// tables builds the blocks of a cut's sums, one after the other, and hands each to send.
type tables struct {
	sums         *sums
	sites, paths ranking
	months       months
	hoursFrom    uint32 // the first hour that table hours takes
	scratch      *scratch
	send         func(*block) error
}

// scratch is memory that is used again for each block.
type scratch struct {
	rows, sorted []row
	list, room   []packed
	block        []byte
	counts       countSums
}

// writeTables sends the blocks of all tables: for each table a partition each, in the order of their months. A block is
// valid until send returns; send may keep its data and leave other memory in their place. The same hits give the same
// bytes, in whatever order and batches they were added; but table hours takes only what is not older than hoursFrom.
func writeTables(s *sums, scratch *scratch, hoursFrom time.Time, send func(*block) error) error {
	t := &tables{
		sums: s, sites: rankTexts(&s.index.Sites), paths: rankTexts(&s.index.Paths), hoursFrom: instant(hoursFrom.Unix()),
		scratch: scratch, send: send,
	}
	for _, table := range []func() error{
		t.minutes, t.quarters, t.requested, t.bots, t.crawls, t.people, t.flows, t.counts, t.goals, t.definitions, t.props, t.signals, t.totals,
	} {
		if err := table(); err != nil {
			return err
		}
	}
	return nil
}

func (t *tables) site(site, instant uint32) uint64 {
	return pair(t.months.of(instant), t.sites.of[site])
}

// writeRows sorts a table's sums by the key of ranks that key gives them, adds up those that come to the same key, and
// sends a block for every partition, whose columns fill adds. What key gives no partition is left out.
func writeRows[K comparable, V any](t *tables, name string, from *table[K, V], add func(to, from *V), key func(*K) [4]uint64, fill func(*blockWriter, []row, []V)) error {
	rows := slices.Grow(t.scratch.rows[:0], len(from.entries))
	for i := range from.entries {
		if k := key(&from.entries[i].key); high(k[0]) != 0 {
			rows = append(rows, row{key: k, sum: uint32(i)})
		}
	}
	t.scratch.rows = rows
	rows = t.scratch.sort(rows)
	sums := slices.Grow(from.sorted[:0], len(rows))
	kept := rows[:0]
	for _, r := range rows {
		sum := &from.entries[r.sum].sum
		if n := len(kept); n > 0 && kept[n-1].key == r.key {
			add(&sums[n-1], sum)
			continue
		}
		sums = append(sums, *sum)
		kept = append(kept, r)
	}
	from.sorted = sums
	for start, end := 0, 0; start < len(kept); start = end {
		for end = start; end < len(kept) && kept[end].month() == kept[start].month(); end++ {
		}
		w := &blockWriter{rows: end - start}
		fill(w, kept[start:end], sums[start:end])
		b, err := w.block(t.scratch.block)
		if err != nil {
			return fmt.Errorf("block of table %s: %w", name, err)
		}
		b.table, b.month = name, kept[start].month()
		err = t.send(&b)
		t.scratch.block = b.data
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tables) minutes() error { return t.moments("minutes", 60) }

// quarters are the minutes by the quarter of an hour.
func (t *tables) quarters() error { return t.moments("quarters", 15*60) }

// moments builds the blocks of a table of requests by so many seconds.
func (t *tables) moments(table string, seconds uint32) error {
	return writeRows(t, table, &t.sums.minutes, (*traffic).add, func(k *minuteKey) [4]uint64 {
		return [4]uint64{
			t.site(k.site, k.minute),
			pair(k.minute-k.minute%seconds, origins.of[k.origin]<<16|kinds.of[k.kind]<<8|methods.of[k.method]),
			pair(uint32(k.status), threats.of[k.threat]),
		}
	}, func(w *blockWriter, rows []row, sums []traffic) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("minute", func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("origin", origins, func(i int) uint32 { return low(rows[i].key[1]) >> 16 })
		w.label("kind", kinds, func(i int) uint32 { return low(rows[i].key[1]) >> 8 & 0xff })
		w.label("method", methods, func(i int) uint32 { return low(rows[i].key[1]) & 0xff })
		w.status("status", func(i int) uint32 { return high(rows[i].key[2]) })
		w.label("threat", threats, func(i int) uint32 { return low(rows[i].key[2]) })
		w.traffic(sums)
	})
}

func (t *tables) requested() error {
	return writeRows(t, "paths", &t.sums.paths, (*traffic).add, func(k *pathKey) [4]uint64 {
		return [4]uint64{
			t.site(k.site, k.day),
			pair(kinds.of[k.kind], uint32(k.status)),
			pair(methods.of[k.method], t.paths.of[k.path]),
			pair(k.day, threats.of[k.threat]),
		}
	}, func(w *blockWriter, rows []row, sums []traffic) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("hour", func(i int) uint32 { return high(rows[i].key[3]) })
		w.label("path", t.paths, func(i int) uint32 { return low(rows[i].key[2]) })
		w.status("status", func(i int) uint32 { return low(rows[i].key[1]) })
		w.label("method", methods, func(i int) uint32 { return high(rows[i].key[2]) })
		w.label("kind", kinds, func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("threat", threats, func(i int) uint32 { return low(rows[i].key[3]) })
		w.traffic(sums)
	})
}

func (t *tables) bots() error {
	names := rankTexts(&t.sums.index.Bots)
	return writeRows(t, "bots", &t.sums.bots, (*traffic).add, func(k *botKey) [4]uint64 {
		return [4]uint64{
			t.site(k.site, k.hour), pair(k.hour, names.of[k.bot]), pair(t.paths.of[k.path], uint32(k.status)), uint64(botClasses.of[k.class]),
		}
	}, func(w *blockWriter, rows []row, sums []traffic) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("hour", func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("bot", names, func(i int) uint32 { return low(rows[i].key[1]) })
		w.label("class", botClasses, func(i int) uint32 { return low(rows[i].key[3]) })
		w.label("path", t.paths, func(i int) uint32 { return high(rows[i].key[2]) })
		w.status("status", func(i int) uint32 { return low(rows[i].key[2]) })
		w.traffic(sums)
	})
}

// crawls are the bots without their paths.
func (t *tables) crawls() error {
	names := rankTexts(&t.sums.index.Bots)
	return writeRows(t, "crawls", &t.sums.bots, (*traffic).add, func(k *botKey) [4]uint64 {
		return [4]uint64{
			t.site(k.site, k.hour), pair(k.hour, names.of[k.bot]), pair(uint32(k.status), botClasses.of[k.class]),
		}
	}, func(w *blockWriter, rows []row, sums []traffic) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("hour", func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("bot", names, func(i int) uint32 { return low(rows[i].key[1]) })
		w.label("class", botClasses, func(i int) uint32 { return low(rows[i].key[2]) })
		w.status("status", func(i int) uint32 { return high(rows[i].key[2]) })
		w.traffic(sums)
	})
}

// traffic adds the sums of requests.
func (w *blockWriter) traffic(sums []traffic) {
	w.sum("requests", func(i int) uint64 { return sums[i].requests })
	w.sum("bytes", func(i int) uint64 { return sums[i].bytes })
}
