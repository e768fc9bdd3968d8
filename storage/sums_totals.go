package storage

import "github.com/klar-analytics/klar/hit"

// dayKey is a day of a site, by the instant it starts at.
type dayKey struct{ site, day uint32 }

// daySum is all of a day: table totals.
type daySum struct {
	requests, bytes, errors, threats, bots                uint64
	pageviews, events, visitors, visits, engaged, seconds uint64
}

// count adds a hit that is a request, a page view or an event.
func (d *daySum) count(h *hit.Hit) {
	d.requests++
	d.bytes += h.Bytes
	if h.Status >= 400 && h.Status <= 599 {
		d.errors++
	}
	if h.Threat != hit.ThreatNone {
		d.threats++
	}
	if !h.Bot.IsZero() {
		d.bots++
	}
	if !h.Counts() || h.Marks.Has(hit.Known) {
		return
	}
	if h.Kind == hit.KindPage {
		d.pageviews++
	}
	d.events++
	d.visitors += h.Marks.Bit(hit.FirstToday)
	d.visits += h.Marks.Bit(hit.FirstOfVisit)
	d.engaged += h.Marks.Bit(hit.Second)
	d.seconds += uint64(h.Seconds)
}

func (d *daySum) add(o *daySum) {
	d.requests += o.requests
	d.bytes += o.bytes
	d.errors += o.errors
	d.threats += o.threats
	d.bots += o.bots
	d.pageviews += o.pageviews
	d.events += o.events
	d.visitors += o.visitors
	d.visits += o.visits
	d.engaged += o.engaged
	d.seconds += o.seconds
}

// totals are the days without anything that could be told apart.
func (t *tables) totals() error {
	return writeRows(t, "totals", &t.sums.totals, (*daySum).add, func(k *dayKey) [4]uint64 {
		return [4]uint64{t.site(k.site, k.day), uint64(k.day)}
	}, func(w *blockWriter, rows []row, sums []daySum) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("day", func(i int) uint32 { return low(rows[i].key[1]) })
		w.sum("pageviews", func(i int) uint64 { return sums[i].pageviews })
		w.sum("events", func(i int) uint64 { return sums[i].events })
		w.sum("visitors", func(i int) uint64 { return sums[i].visitors })
		w.sum("visits", func(i int) uint64 { return sums[i].visits })
		w.sum("engaged", func(i int) uint64 { return sums[i].engaged })
		w.sum("seconds", func(i int) uint64 { return sums[i].seconds })
		w.sum("requests", func(i int) uint64 { return sums[i].requests })
		w.sum("bytes", func(i int) uint64 { return sums[i].bytes })
		w.sum("errors", func(i int) uint64 { return sums[i].errors })
		w.sum("threats", func(i int) uint64 { return sums[i].threats })
		w.sum("bots", func(i int) uint64 { return sums[i].bots })
	})
}
