package storage

import (
	"strings"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// Table counts keeps each dimension alone, but for parts of a campaign (block_campaigns.go) and of a place
// (block_places.go). Its sums must not say which values of two dimensions belong together, or
// they could be joined to what the crowd rule keeps apart: an hour has few visitors, and page views and seconds are
// mostly those of one of them. So attributes are counted by the day, and only visitors are. What hits has exactly and
// crossed anyway may have all sums (block_days.go).

// totalDimension is the name of the totals, which are counted by the hour and have the value "".
const totalDimension = ""

// visitorDimensions are the dimensions that come from the visitor's exact attributes. An unknown value is counted as
// "", so that the values of a dimension add up to everybody.
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
	{"visit:region", region},
	{"visit:city", city},
	{"visit:language", func(v *hit.Visitor) string { return v.Language.String() }},
	{"visit:screen", func(v *hit.Visitor) string { return v.Screen.String() }},
}

// arrivalDimensions are those that come from how the visit began, with the mark of the visitor's first hit today from
// there. They are counted by the day. Nothing is counted for an arrival without the value.
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

// The dimensions by number: the totals, the visitor's, the arrival's, those that hits has, too.
const (
	firstVisitorDimension = 1
	firstArrivalDimension = firstVisitorDimension + len(visitorDimensions)
	firstDayDimension     = firstArrivalDimension + len(arrivalDimensions)
	theCampaignDimension  = firstDayDimension + len(dayDimensions)
	theExitHostDimension  = theCampaignDimension + 1
)

// dimensions ranks the names of all of them.
var dimensions = rank(theExitHostDimension+1, func(i int) string {
	switch {
	case i == theExitHostDimension:
		return exitHostDimension
	case i == theCampaignDimension:
		return campaignDimension
	case i >= firstDayDimension:
		return dayDimensions[i-firstDayDimension].name
	case i >= firstArrivalDimension:
		return arrivalDimensions[i-firstArrivalDimension].name
	case i >= firstVisitorDimension:
		return visitorDimensions[i-firstVisitorDimension].name
	}
	return totalDimension
})

// countSums adds up by dimension and value before anything is sorted: few values, many visitors.
type countSums struct {
	values spool.Numbers[string]
	sums   table[countKey, countSum]
}

// countKey holds the hour of totals, and the day of all else, as the instant it starts at.
type countKey struct{ site, start, dimension, value uint32 }

// countSum is a row's sum. What a dimension does not keep stays 0.
type countSum struct {
	pageviews, events, visitors, visitorsHour, visits, engaged, seconds uint64
}

func (c *countSum) add(o *countSum) {
	c.visitors += o.visitors
	c.visitorsHour += o.visitorsHour
	c.pageviews += o.pageviews
	c.events += o.events
	c.visits += o.visits
	c.engaged += o.engaged
	c.seconds += o.seconds
}

// people adds what visitors did, apart from how many there were.
func (c *countSum) people(p *people) {
	c.pageviews += uint64(p.pageviews)
	c.events += uint64(p.events)
	c.visits += p.first(hit.FirstOfVisit)
	c.engaged += p.first(hit.Second)
	c.seconds += p.seconds
}

func (t *tables) counts() error {
	c := &t.scratch.counts
	c.values.Reset()
	c.sums.reset()
	t.countVisitors(c)
	t.countPeople(c)
	t.countDays(c)
	keys := c.values.Keys()
	values := rank(len(keys), func(i int) string { return keys[i] })
	return writeRows(t, "counts", &c.sums, (*countSum).add, func(k *countKey) [4]uint64 {
		return [4]uint64{t.site(k.site, k.start), pair(dimensions.of[k.dimension], k.start), pair(values.of[k.value], 0)}
	}, func(w *blockWriter, rows []row, sums []countSum) {
		w.label("site", t.sites, func(i int) uint32 { return low(rows[i].key[0]) })
		w.label("dimension", dimensions, func(i int) uint32 { return high(rows[i].key[1]) })
		w.instant("hour", func(i int) uint32 { return low(rows[i].key[1]) })
		w.label("value", values, func(i int) uint32 { return high(rows[i].key[2]) })
		w.sum("pageviews", func(i int) uint64 { return sums[i].pageviews })
		w.sum("events", func(i int) uint64 { return sums[i].events })
		w.sum("visitors", func(i int) uint64 { return sums[i].visitors })
		w.sum("visitors_hour", func(i int) uint64 { return sums[i].visitorsHour })
		w.sum("visits", func(i int) uint64 { return sums[i].visits })
		w.sum("engaged", func(i int) uint64 { return sums[i].engaged })
		w.sum("seconds", func(i int) uint64 { return sums[i].seconds })
	})
}

// countVisitors adds the attributes: the visitors of the day, and nothing else.
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
			c.sums.of(countKey{e.key.site, e.key.day, uint32(firstVisitorDimension + d), value}).visitors += e.sum
		}
	}
}

// countPeople adds the totals of the hour, and the arrivals of the day.
func (t *tables) countPeople(c *countSums) {
	empty := c.values.Of("")
	arrivals := values(t.sums.index.Arrivals.Keys())
	numbers, campaigns := make([][len(arrivalDimensions)]uint32, len(arrivals)), make([]uint32, len(arrivals))
	for i := range arrivals {
		for d := range arrivalDimensions {
			numbers[i][d] = c.values.Of(arrivalDimensions[d].value(&arrivals[i]))
		}
		campaigns[i] = c.values.Of(campaign(&arrivals[i]))
	}
	for i := range t.sums.people.entries {
		e := &t.sums.people.entries[i]
		if e.sum.events == 0 { // something was moved there, which is not counted here
			continue
		}
		total := c.sums.of(countKey{site: e.key.site, start: e.key.hour, value: empty})
		total.people(&e.sum)
		total.visitors += e.sum.first(hit.FirstToday)
		total.visitorsHour += e.sum.first(hit.FirstThisHour)
		for d, value := range numbers[e.key.arrival] {
			if value != empty {
				s := c.sums.of(countKey{e.key.site, e.key.day, uint32(firstArrivalDimension + d), value})
				s.people(&e.sum)
				s.visitors += e.sum.first(arrivalDimensions[d].first)
			}
		}
		if value := campaigns[e.key.arrival]; value != empty {
			s := c.sums.of(countKey{e.key.site, e.key.day, uint32(theCampaignDimension), value})
			s.people(&e.sum)
			s.visitors += firstFromCampaign(&e.sum)
		}
	}
}
