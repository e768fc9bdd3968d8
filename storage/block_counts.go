package storage

import (
	"strings"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// visitorDimensions are the dimensions of table counts that come from the visitor's exact attributes. An unknown value
// is counted as "", so that the values of a dimension add up to everybody.
var visitorDimensions = [...]struct {
	name  string
	value func(*hit.Visitor) string
}{
	{"visit:country", func(v *hit.Visitor) string { return v.Country.String() }},
	{"visit:provider", func(v *hit.Visitor) string { return v.Provider.String() }},
	{"visit:browser", func(v *hit.Visitor) string { return v.Browser.String() }},
	{"visit:browser_version", func(v *hit.Visitor) string { return versioned(v.Browser, v.BrowserVersion) }},
	{"visit:os", func(v *hit.Visitor) string { return v.OS.String() }},
	{"visit:os_version", func(v *hit.Visitor) string { return versioned(v.OS, v.OSVersion) }},
	{"visit:device", func(v *hit.Visitor) string { return v.Device.String() }},
}

// arrivalDimensions are those that come from how the visit began, with the mark of the visitor's first hit today from
// there. Nothing is counted for an arrival without the value.
var arrivalDimensions = [...]struct {
	name  string
	value func(*hit.Arrival) string
	first hit.Marks
}{
	{"visit:referrer", func(a *hit.Arrival) string { return a.Referrer.String() }, hit.FirstFromReferrer},
	{"visit:utm_source", func(a *hit.Arrival) string { return a.UTMSource.String() }, hit.FirstFromUTMSource},
	{"visit:utm_medium", func(a *hit.Arrival) string { return a.UTMMedium.String() }, hit.FirstFromUTMMedium},
	{"visit:utm_campaign", func(a *hit.Arrival) string { return a.UTMCampaign.String() }, hit.FirstFromUTMCampaign},
	{"visit:utm_content", func(a *hit.Arrival) string { return a.UTMContent.String() }, hit.FirstFromUTMContent},
	{"visit:utm_term", func(a *hit.Arrival) string { return a.UTMTerm.String() }, hit.FirstFromUTMTerm},
}

// versioned joins a name and its version, "Firefox 128"; without the name there is no version.
func versioned(name, version interface{ String() string }) string {
	if name.String() == "" {
		return ""
	}
	return strings.TrimSpace(name.String() + " " + version.String())
}

// dimensions ranks the names of all of them: the visitor's first, then the arrival's.
var dimensions = rank(len(visitorDimensions)+len(arrivalDimensions), func(i int) string {
	if i < len(visitorDimensions) {
		return visitorDimensions[i].name
	}
	return arrivalDimensions[i-len(visitorDimensions)].name
})

// countSums adds up by dimension and value before anything is sorted: few values, many visitors.
type countSums struct {
	values spool.Numbers[string]
	sums   table[countKey, countSum]
}

type countKey struct{ site, hour, dimension, value uint32 }

// countSum is a row's sum; visitors are of the dimension.
type countSum struct {
	people
	visitors uint64
}

func (c *countSum) add(o *countSum) {
	c.people.add(&o.people)
	c.visitors += o.visitors
}

func (c *countSums) count(k countKey, p *people, first hit.Marks) {
	s := c.sums.of(k)
	s.people.add(p)
	s.visitors += p.first(first)
}

func (t *tables) counts() error {
	c := &t.scratch.counts
	c.values.Reset()
	c.sums.reset()
	t.countVisitors(c)
	t.countArrivals(c)
	keys := c.values.Keys()
	values := rank(len(keys), func(i int) string { return keys[i] })
	return writeRows(t, "counts", &c.sums, (*countSum).add, func(k *countKey) [4]uint64 {
		return [4]uint64{t.site(k.site, k.hour), pair(dimensions.of[k.dimension], k.hour), pair(values.of[k.value], 0)}
	}, func(w *blockWriter, rows []row, sums []countSum) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.label("dimension", dimensions, func(i int) uint32 { return high(rows[i].key[1]) })
		w.instant("hour", func(i int) uint32 { return low(rows[i].key[1]) })
		w.text("value", values, func(i int) uint32 { return high(rows[i].key[2]) })
		w.sum("pageviews", func(i int) uint64 { return uint64(sums[i].pageviews) })
		w.sum("events", func(i int) uint64 { return uint64(sums[i].events) })
		w.sum("visitors", func(i int) uint64 { return sums[i].visitors })
		w.sum("visitors_hour", func(i int) uint64 { return sums[i].first(hit.FirstThisHour) })
		w.sum("visits", func(i int) uint64 { return sums[i].first(hit.FirstOfVisit) })
		w.sum("engaged", func(i int) uint64 { return sums[i].first(hit.Second) })
		w.sum("seconds", func(i int) uint64 { return sums[i].seconds })
	})
}

func (t *tables) countVisitors(c *countSums) {
	visitors := values(t.sums.index.Visitors.Keys())
	numbers := make([][len(visitorDimensions)]uint32, len(visitors))
	for i := range visitors {
		for d := range visitorDimensions {
			numbers[i][d] = c.values.Of(visitorDimensions[d].value(&visitors[i]))
		}
	}
	for i := range t.sums.visitors.entries {
		e := &t.sums.visitors.entries[i]
		for d, value := range numbers[e.key.visitor] {
			c.count(countKey{e.key.site, e.key.hour, uint32(d), value}, &e.sum, hit.FirstToday)
		}
	}
}

func (t *tables) countArrivals(c *countSums) {
	empty := c.values.Of("")
	arrivals := values(t.sums.index.Arrivals.Keys())
	numbers := make([][len(arrivalDimensions)]uint32, len(arrivals))
	for i := range arrivals {
		for d := range arrivalDimensions {
			numbers[i][d] = c.values.Of(arrivalDimensions[d].value(&arrivals[i]))
		}
	}
	for i := range t.sums.people.entries {
		e := &t.sums.people.entries[i]
		for d, value := range numbers[e.key.arrival] {
			if value != empty {
				dimension := uint32(len(visitorDimensions) + d)
				c.count(countKey{e.key.site, e.key.hour, dimension, value}, &e.sum, arrivalDimensions[d].first)
			}
		}
	}
}
