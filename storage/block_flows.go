package storage

// flows builds the blocks of table flows: page views by the page before them, which is "" where the visit began.
func (t *tables) flows() error {
	return writeRows(t, "flows", &t.sums.flows, func(to, from *uint64) { *to += *from }, func(k *flowKey) [4]uint64 {
		return [4]uint64{t.site(k.site, k.day), pair(k.day, t.paths.of[k.from]), pair(t.paths.of[k.to], 0)}
	}, func(w *blockWriter, rows []row, views []uint64) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("day", func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("from_page", t.paths, func(i int) uint32 { return low(rows[i].key[1]) })
		w.label("to_page", t.paths, func(i int) uint32 { return high(rows[i].key[2]) })
		w.sum("views", func(i int) uint64 { return views[i] })
	})
}
