package storage

import (
	"unique"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// column is one attribute of numbered things, by its rank.
type column struct {
	name string
	ranking
}

// attribute ranks one attribute of each of n things.
func attribute[K interface {
	comparable
	String() string
}](name string, n int, of func(int) K) column {
	var numbers spool.Numbers[K]
	number := make([]uint32, n)
	for i := range number {
		number[i] = numbers.Of(of(i))
	}
	r := rankTexts(&numbers)
	for i, k := range number {
		number[i] = r.of[k]
	}
	return column{name, ranking{r.texts, number}}
}

// tuple is several attributes taken together.
type tuple struct {
	columns  []column
	of       []uint32 // the thing's place among the distinct tuples, by its number
	examples []uint32 // a thing of every place
}

func newTuple(n int, columns ...column) tuple {
	ranks := make([][]uint32, len(columns))
	for i, c := range columns {
		ranks[i] = c.of
	}
	t := tuple{columns: columns}
	t.of, t.examples = rankTuples(n, ranks...)
	return t
}

// write adds the attributes' columns; place gives each row's place.
func (t *tuple) write(w *blockWriter, place func(int) uint32) {
	for _, c := range t.columns {
		w.label(c.name, c.ranking, func(i int) uint32 { return c.of[t.examples[place(i)]] })
	}
}

// values returns what the handles stand for; a zero handle is the zero value.
func values[T comparable](handles []unique.Handle[T]) []T {
	list := make([]T, len(handles))
	for i, h := range handles {
		if h != (unique.Handle[T]{}) {
			list[i] = h.Value()
		}
	}
	return list
}

func arrivalTuple(list []hit.Arrival) tuple {
	n := len(list)
	return newTuple(n,
		attribute("channel", n, func(i int) hit.Channel { return list[i].Channel }),
		attribute("source", n, func(i int) hit.Source { return list[i].Source }),
		attribute("campaign", n, func(i int) hit.Campaign { return list[i].UTMCampaign }),
		attribute("entry", n, func(i int) hit.Path { return list[i].Entry }))
}

func crowdTuple(list []hit.Visitor) tuple {
	n := len(list)
	return newTuple(n,
		attribute("country", n, func(i int) hit.Country { return list[i].Country }),
		attribute("device", n, func(i int) hit.Device { return list[i].Device }),
		attribute("browser", n, func(i int) hit.Browser { return list[i].Browser }),
		attribute("browser_version", n, func(i int) hit.Version { return list[i].BrowserVersion }),
		attribute("os", n, func(i int) hit.OS { return list[i].OS }),
		attribute("os_version", n, func(i int) hit.Version { return list[i].OSVersion }))
}

// people builds the blocks of the tables hits, by the day, and hours, by the hour.
func (t *tables) people() error {
	index := &t.sums.index
	events, hosts := rankTexts(&index.Events), rankTexts(&index.Hosts)
	arrivals, crowds := arrivalTuple(values(index.Arrivals.Keys())), crowdTuple(values(index.Visitors.Keys()))
	key := func(k *peopleKey, partition, start uint32) [4]uint64 {
		return [4]uint64{
			pair(partition, t.sites.of[k.site]),
			pair(start, crowds.of[k.crowd]),
			pair(arrivals.of[k.arrival], t.paths.of[k.path]),
			pair(events.of[k.event], hosts.of[k.host]),
		}
	}
	fill := func(w *blockWriter, rows []row, sums []people) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.instant("hour", func(i int) uint32 { return high(rows[i].key[1]) })
		w.label("path", t.paths, func(i int) uint32 { return low(rows[i].key[2]) })
		w.label("event", events, func(i int) uint32 { return high(rows[i].key[3]) })
		w.label("host", hosts, func(i int) uint32 { return low(rows[i].key[3]) })
		arrivals.write(w, func(i int) uint32 { return high(rows[i].key[2]) })
		crowds.write(w, func(i int) uint32 { return low(rows[i].key[1]) })
		w.people(sums)
		w.firsts(sums)
	}
	err := writeRows(t, "hits", &t.sums.people, (*people).add, func(k *peopleKey) [4]uint64 {
		return key(k, t.months.of(k.day), k.day)
	}, fill)
	if err != nil {
		return err
	}
	return writeRows(t, "hours", &t.sums.people, (*people).add, func(k *peopleKey) [4]uint64 {
		if k.hour < t.hoursFrom {
			return [4]uint64{}
		}
		return key(k, dayPartition(k.hour), k.hour)
	}, func(w *blockWriter, rows []row, sums []people) {
		fill(w, rows, sums)
		w.sum("visitors_hour", func(i int) uint64 { return sums[i].first(hit.FirstThisHour) })
	})
}

func (w *blockWriter) people(sums []people) {
	w.sum("pageviews", func(i int) uint64 { return uint64(sums[i].pageviews) })
	w.sum("events", func(i int) uint64 { return uint64(sums[i].events) })
	w.sum("seconds", func(i int) uint64 { return sums[i].seconds })
	w.sum("reading", func(i int) uint64 { return sums[i].reading })
	w.sum("timed", func(i int) uint64 { return uint64(sums[i].timed) })
	w.sum("scroll", func(i int) uint64 { return sums[i].scroll })
	w.sum("scrolled", func(i int) uint64 { return uint64(sums[i].scrolled) })
	w.signed("exits", func(i int) int64 { return int64(sums[i].exits) })
	w.signed("visitors_exit", func(i int) int64 { return int64(sums[i].visitorsExit) })
	w.signed("exit_seconds", func(i int) int64 { return sums[i].exitSeconds })
}

// firsts adds the sums of the marks.
func (w *blockWriter) firsts(sums []people) {
	for _, c := range [...]struct {
		name string
		mark hit.Marks
	}{
		{"visitors", hit.FirstToday},
		{"visitors_page", hit.FirstOnPage},
		{"visitors_host", hit.FirstOnHost},
		{"visitors_entry", hit.FirstFromEntry},
		{"visitors_source", hit.FirstFromSource},
		{"visitors_channel", hit.FirstFromChannel},
		{"visitors_campaign", hit.FirstFromUTMCampaign},
		{"visits", hit.FirstOfVisit},
		{"visits_page", hit.FirstOfVisitOnPage},
		{"engaged", hit.Second},
		{"beaconed", hit.Beaconed},
	} {
		w.sum(c.name, func(i int) uint64 { return sums[i].first(c.mark) })
	}
}
