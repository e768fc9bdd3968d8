package storage

import "github.com/klar-analytics/klar/hit"

// dayDimensions are, but for the host that a visit began on, dimensions that stand exactly in hits, crossed with each other,
// and so tell nothing new in counts. There they are added up alone, so that a question about one of them for whole days
// reads a row for each day and value, however many hits there were. An unknown value is counted as "".
var dayDimensions = [...]struct {
	name  string
	first hit.Marks
}{
	dayPage:    {"event:page", hit.FirstOnPage},
	dayHost:    {"event:hostname", hit.FirstOnHost},
	dayEntry:   {"visit:entry_page", hit.FirstFromEntry},
	daySource:  {"visit:source", hit.FirstFromSource},
	dayChannel: {"visit:channel", hit.FirstFromChannel},
	dayBegan:   {"visit:entry_page_hostname", hit.FirstFromEntryHost},
}

const (
	dayPage = iota
	dayHost
	dayEntry
	daySource
	dayChannel
	dayBegan
	dayCount
)

// countDays adds the dimensions of the day.
func (t *tables) countDays(c *countSums) {
	paths, hosts := t.sums.index.Paths.Keys(), t.sums.index.Hosts.Keys()
	pages, names := make([]uint32, len(paths)), make([]uint32, len(hosts)) // numbers of values, plus one
	numbered := func(known *uint32, value interface{ String() string }) uint32 {
		if *known == 0 {
			*known = c.values.Of(value.String()) + 1
		}
		return *known - 1
	}
	arrivals := values(t.sums.index.Arrivals.Keys())
	numbers := make([][dayCount]uint32, len(arrivals))
	for i := range arrivals {
		a := &arrivals[i]
		numbers[i] = [dayCount]uint32{
			dayEntry:   c.values.Of(a.Entry.String()),
			daySource:  c.values.Of(a.Source.String()),
			dayChannel: c.values.Of(a.Channel.String()),
			dayBegan:   c.values.Of(a.EntryHost.String()),
		}
	}
	noPath := hit.Path{}
	for i := range t.sums.people.entries {
		e := &t.sums.people.entries[i]
		if e.sum.ended() {
			c.sums.of(countKey{e.key.site, e.key.day, uint32(theExitHostDimension), numbered(&names[e.key.host], hosts[e.key.host])}).ended(&e.sum)
		}
		if e.sum.events == 0 { // only what a later hit changes about its page
			continue
		}
		of := numbers[e.key.arrival]
		of[dayHost] = numbered(&names[e.key.host], hosts[e.key.host])
		for d := range dayDimensions {
			if d == dayPage {
				if paths[e.key.path] == noPath { // an event stands on no page
					continue
				}
				of[d] = numbered(&pages[e.key.path], paths[e.key.path])
			}
			s := c.sums.of(countKey{e.key.site, e.key.day, uint32(firstDayDimension + d), of[d]})
			s.people(&e.sum)
			s.visitors += e.sum.first(dayDimensions[d].first)
			if d == dayPage { // its visits are those that saw it, not those that began there
				s.visits += e.sum.first(hit.FirstOfVisitOnPage) - e.sum.first(hit.FirstOfVisit)
			}
		}
	}
}

// exitHostDimension counts the visits that ended on a host, their visitors and how long they lasted. They are moved from
// host to host, so that a cut's share may be less than none, as what an UInt64 wraps around to.
const exitHostDimension = "visit:exit_page_hostname"

// ended reports whether something is said of visits that ended here.
func (p *people) ended() bool { return p.exits != 0 || p.visitorsExitHost != 0 || p.exitSeconds != 0 }

// ended adds the visits that ended here.
func (c *countSum) ended(p *people) {
	c.visits += uint64(int64(p.exits))
	c.visitors += uint64(int64(p.visitorsExitHost))
	c.seconds += uint64(p.exitSeconds)
}
