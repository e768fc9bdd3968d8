package storage

// tables builds the blocks of a cut's sums, one table after the other.
type tables struct {
	sums         *sums
	sites, paths ranking
	months       months
}

// tableNames are the tables that a cut is written to, in this order.
var tableNames = []string{"minutes", "paths", "bots", "hits", "counts"}

func newTables(s *sums) *tables {
	return &tables{sums: s, sites: rankTexts(&s.index.Sites), paths: rankTexts(&s.index.Paths)}
}

// blocks returns the blocks of a table, a partition each, in the order of their months. The same hits give the same
// bytes, in whatever order and batches they were added.
func (t *tables) blocks(table string) ([]block, error) {
	switch table {
	case "minutes":
		return t.minutes()
	case "paths":
		return t.requested()
	case "bots":
		return t.bots()
	case "hits":
		return t.people()
	}
	return t.counts()
}

func (t *tables) site(site, instant uint32) uint64 {
	return pair(t.months.of(instant), t.sites.of[site])
}

func (t *tables) minutes() (blocks []block, err error) {
	rows := make([]row, 0, t.sums.minutes.Len())
	for i, k := range t.sums.minutes.Keys() {
		rows = append(rows, row{sum: uint32(i), key: [4]uint64{
			t.site(k.site, k.minute),
			pair(k.minute, origins.of[k.origin]<<16|kinds.of[k.kind]<<8|methods.of[k.method]),
			pair(uint32(k.status), threats.of[k.threat]),
		}})
	}
	rows, merged := merge(rows, t.sums.minuteSums, (*traffic).add)
	err = partitions(rows, merged, func(rows []row, sums []traffic) error {
		w := blockWriter{rows: len(rows)}
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("minute", func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("origin", origins, func(i int) uint32 { return low(rows[i].key[1]) >> 16 })
		w.label("kind", kinds, func(i int) uint32 { return low(rows[i].key[1]) >> 8 & 0xff })
		w.label("method", methods, func(i int) uint32 { return low(rows[i].key[1]) & 0xff })
		w.status("status", func(i int) uint32 { return high(rows[i].key[2]) })
		w.label("threat", threats, func(i int) uint32 { return low(rows[i].key[2]) })
		return w.traffic(&blocks, "minutes", rows, sums)
	})
	return blocks, err
}

func (t *tables) requested() (blocks []block, err error) {
	rows := make([]row, 0, t.sums.paths.Len())
	for i, k := range t.sums.paths.Keys() {
		rows = append(rows, row{sum: uint32(i), key: [4]uint64{
			t.site(k.site, k.hour),
			pair(k.hour, t.paths.of[k.path]),
			pair(uint32(k.status), methods.of[k.method]<<8|kinds.of[k.kind]),
		}})
	}
	rows, merged := merge(rows, t.sums.pathSums, (*traffic).add)
	err = partitions(rows, merged, func(rows []row, sums []traffic) error {
		w := blockWriter{rows: len(rows)}
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("hour", func(i int) uint32 { return high(rows[i].key[1]) })
		w.text("path", t.paths, func(i int) uint32 { return low(rows[i].key[1]) })
		w.status("status", func(i int) uint32 { return high(rows[i].key[2]) })
		w.label("method", methods, func(i int) uint32 { return low(rows[i].key[2]) >> 8 })
		w.label("kind", kinds, func(i int) uint32 { return low(rows[i].key[2]) & 0xff })
		return w.traffic(&blocks, "paths", rows, sums)
	})
	return blocks, err
}

func (t *tables) bots() (blocks []block, err error) {
	names := rankTexts(&t.sums.index.Bots)
	rows := make([]row, 0, t.sums.bots.Len())
	for i, k := range t.sums.bots.Keys() {
		rows = append(rows, row{sum: uint32(i), key: [4]uint64{
			t.site(k.site, k.hour), pair(k.hour, names.of[k.bot]), pair(t.paths.of[k.path], k.status),
		}})
	}
	rows, merged := merge(rows, t.sums.botSums, (*traffic).add)
	err = partitions(rows, merged, func(rows []row, sums []traffic) error {
		w := blockWriter{rows: len(rows)}
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("hour", func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("bot", names, func(i int) uint32 { return low(rows[i].key[1]) })
		w.text("path", t.paths, func(i int) uint32 { return high(rows[i].key[2]) })
		w.status("status", func(i int) uint32 { return low(rows[i].key[2]) })
		return w.traffic(&blocks, "bots", rows, sums)
	})
	return blocks, err
}

// traffic adds the sums of requests and ends the block.
func (w *blockWriter) traffic(blocks *[]block, table string, rows []row, sums []traffic) error {
	w.sum("requests", func(i int) uint64 { return sums[i].requests })
	w.sum("bytes", func(i int) uint64 { return sums[i].bytes })
	return w.end(blocks, table, rows)
}

func (w *blockWriter) end(blocks *[]block, table string, rows []row) error {
	b, err := w.block(table, rows[0].month())
	*blocks = append(*blocks, b)
	return err
}
