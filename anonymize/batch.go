package anonymize

import (
	"slices"
	"unique"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/anonymize/useragent"
	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// Batch is a number of anonymized requests whose visits are still to be counted. It holds shortened networks and
// identities for that, and lives in memory only.
type Batch struct {
	hits   []hit.Hit
	people []person
	// signals are what networks did that tripped rules.
	signals map[signalKey]signalSum
	taken   int64 // when, in seconds since 1970
}

// person is a page view of a batch that a person asked for, or an event of one.
type person struct {
	hit     int
	site    *site
	who     visit.Identity
	net     hit.Net
	agent   useragent.Agent
	arrival hit.Arrival
	// Of the visitor: the language, and of beacons the screen.
	language hit.Language
	screen   hit.Screen
	// Of events only: the page on which it happened, and whether it shows the visitor doing something.
	on          hit.Path
	interactive bool
	// Of reports of how a page was read only.
	engagement raw.Engagement
	brought    *brought // of few beacons
	// Of beacons whose page is told by a fragment: the page that the server was asked for.
	document hit.Path
}

// Warm takes in a hit that was stored before, so that the visits it belongs to go on. Its outcome is thrown away by
// Discard.
func (a *Anonymizer) Warm(h raw.Hit) {
	observed := a.observed
	a.observed = nil
	_, _ = a.Add(h)
	a.observed = observed
}

// Discard forgets what was added since the last Seal, but not the visits.
func (a *Anonymizer) Discard() { a.Recycle(a.Seal()) }

// Seal is Take and Count in one, for those who do both in one goroutine.
func (a *Anonymizer) Seal() []hit.Hit { return a.Count(a.Take()) }

// Take ends a batch, whose visits are then to be counted.
func (a *Anonymizer) Take() Batch {
	taken := a.batch
	a.batch = Batch{}
	select {
	case a.batch.hits = <-a.free:
	default:
		a.batch.hits = written(make([]hit.Hit, len(taken.hits)+len(taken.hits)/32)) // with room for signals
	}
	select {
	case a.batch.people = <-a.counted:
	default:
		a.batch.people = written(make([]person, len(taken.people)))
	}
	taken.taken = a.options.Now().Unix()
	a.latest = taken.taken + ahead
	return taken
}

// written returns a new slice empty, after all of it was written to. Go's collector would otherwise read what is not in
// use yet, and memory that is read before it is written is given by the kernel twice.
func written[T any](s []T) []T {
	clear(s)
	return s[:0]
}

// add appends to a slice of a batch. It grows to twice its size: append alone grows large slices by a quarter only, and a
// first batch would be copied, and leave garbage, five times over.
func add[T any](s []T, v T) []T {
	if len(s) == cap(s) {
		s = slices.Grow(s, len(s)+1)
	}
	return append(s, v)
}

// Count counts the visits of a batch: its hits get their marks, the attributes of its new visitors that may be stored are
// decided, and the hits are returned, which then belong to the caller, who may give the slice back to Recycle. The
// larger a batch, the fewer combinations are generalised. Batches are counted in the order in which they were taken.
func (a *Anonymizer) Count(b Batch) []hit.Hit {
	a.visits.mu.Lock()
	defer a.visits.mu.Unlock()
	for _, s := range a.sites {
		s.visits.SetNow(b.taken)
	}
	for i := range b.people {
		a.counting.count(&b.people[i], &b.hits[b.people[i].hit])
	}
	for _, s := range a.sites {
		if len(s.pending) == 0 {
			continue
		}
		settled := s.visits.Settle()
		for _, p := range s.pending {
			a.counting.complete(&b.hits[p.hit], &settled[p.settled])
		}
		s.pending = s.pending[:0]
	}
	b.tell(a.options.Geo)
	clear(b.people)
	select {
	case a.counted <- b.people[:0]:
	default:
	}
	return b.hits
}

// Forget lets go of the keys and visitors of all days that ended before a time, in seconds since 1970 (see
// [visit.Tracker.Forget]). Those of a site of which logs and beacons both tell stay until neither adds to them. It belongs
// to the goroutine that counts.
func (a *Anonymizer) Forget(before int64) {
	a.visits.mu.Lock()
	defer a.visits.mu.Unlock()
	for _, s := range a.sites {
		if s.logs {
			s.visits.forget(a, before)
		} else {
			s.visits.Forget(before)
		}
	}
}

// Recycle takes the slice of a batch back, for one of the next. Any goroutine may call it.
func (a *Anonymizer) Recycle(batch []hit.Hit) {
	select {
	case a.free <- batch[:0]:
	default:
	}
}

// maxVisitors bounds the sets of attributes that are remembered, in about 10 MB.
const maxVisitors = 1 << 16

// counting is what the counting goroutine works with.
type counting struct {
	geo      *geo.DB
	visitors memo.Handles[hit.Visitor]
	now      *person
	// Bound once: made for each person they would be garbage.
	attributes func() hit.Visitor
	more       func(unique.Handle[hit.Visitor]) unique.Handle[hit.Visitor]
}

func newCounting(db *geo.DB) *counting {
	c := &counting{geo: db, visitors: memo.NewHandles[hit.Visitor](maxVisitors)}
	c.attributes, c.more = c.attributesNow, c.moreNow
	return c
}

// count counts a page view as a person's.
func (c *counting) count(p *person, out *hit.Hit) {
	if out.Kind == hit.KindEngagement {
		c.engage(p, out)
		return
	}
	c.now = p
	v := visit.Visit{
		Time: out.Time, Who: p.who, Host: out.Host, Page: out.Path, Arrival: p.arrival, Attributes: c.attributes,
		Reported: out.Origin == hit.OriginBeacon,
	}
	if p.screen != hit.ScreenUnknown {
		v.More = c.more
	}
	switch {
	case p.site.logs && out.Origin == hit.OriginLog:
		v.Told = visit.ByLog
	case p.site.logs:
		v.Told, v.Document = visit.ByBeacon, p.document
	}
	if out.Kind == hit.KindEvent {
		v.Page, v.Event, v.Interactive = p.on, out.Event, p.interactive
	}
	if p.brought != nil {
		v.Revenue, v.Props = p.brought.revenue, p.brought.list()
	}
	if p.site.goals != nil {
		v.Targets = p.site.targets(p, out)
	}
	o := p.site.visits.Touch(&v)
	if p.site.goals != nil && o.Visitor != (unique.Handle[hit.Visitor]{}) {
		o.Reached = p.site.tell(out.Hour, o.Reached)
	}
	out.Flow, out.Reached, out.Props, out.Before = o.Flow, o.Reached, o.Props, o.Before
	out.Marks, out.Seconds, out.Arrival, out.Visitor, out.Crowd = o.Marks, o.Seconds, o.Arrival, o.Visitor, o.Crowd
	if out.Origin != hit.OriginLog && out.Kind == hit.KindPage {
		out.Marks |= hit.Beaconed
	}
	if o.Pending >= 0 {
		p.site.pending = append(p.site.pending, pending{p.hit, o.Pending})
	}
}

// complete gives a hit what was decided of its visitor.
func (c *counting) complete(h *hit.Hit, s *visit.Settled) {
	h.Crowd = s.Crowd
	if s.Shared == (hit.Alone{}) {
		return
	}
	h.Visitor = c.visitors.Of(s.Complete(h.Visitor.Value()))
	if h.Before != (unique.Handle[hit.Visitor]{}) {
		h.Before = c.visitors.Of(s.Complete(h.Before.Value()))
	}
}

// engage counts how a page was read.
func (c *counting) engage(p *person, out *hit.Hit) {
	e := visit.Engagement{
		Time: out.Time, Who: p.who, Host: out.Host, Page: out.Path,
		Seconds: uint32((uint64(p.engagement.Milliseconds) + 500) / 1000), Depth: p.engagement.Depth,
	}
	if p.site.goals.Scrolls() {
		e.Scrolled = func(before, depth uint8) []hit.Target { return p.site.goals.Scrolled(out.Path, before, depth) }
	}
	o := p.site.visits.Engage(&e)
	out.Reached = o.Reached
	out.Flow, out.Arrival, out.Visitor, out.Crowd = o.Flow, o.Arrival, o.Visitor, o.Crowd
	if o.Pending >= 0 {
		p.site.pending = append(p.site.pending, pending{p.hit, o.Pending})
	}
}

// attributesNow says what is known of a visitor: the agent's closed values, the language and screen, and where
// and whose the network is.
func (c *counting) attributesNow() hit.Visitor {
	agent := &c.now.agent
	v := hit.Visitor{
		Browser: agent.Browser, BrowserVersion: agent.BrowserVersion, OS: agent.OS, OSVersion: agent.OSVersion,
		Device: agent.Device,
	}
	if c.geo != nil {
		at := c.geo.Lookup(c.now.net)
		v.Country, v.Region, v.City, v.Provider = at.Country, at.Region, at.City, at.Provider
	}
	v.Language, v.Screen = c.now.language, c.now.screen
	return v
}

// moreNow adds to what is known of a visitor what the page alone can tell.
func (c *counting) moreNow(known unique.Handle[hit.Visitor]) unique.Handle[hit.Visitor] {
	v := known.Value()
	if v.Screen == hit.ScreenUnknown {
		v.Screen = c.now.screen
	}
	if v.Language.IsZero() {
		v.Language = c.now.language
	}
	return c.visitors.Of(v)
}
