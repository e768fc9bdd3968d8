// Package visit owns the visits: it knows, in memory only, who is on a site now, and says of each hit of what it is
// the first, so that sums of these marks count visitors and visits without any identifier being stored.
//
// A visitor is a keyed hash of site, shortened network, user agent and language. The key is random, differs for each
// day of the site's time zone, lives in locked memory and is wiped with the day. Nothing that this package returns
// names a visitor; what it keeps over a restart are names of attribute combinations that many people share.
package visit

import (
	"errors"
	"time"
	"unique"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/hit"
)

// Bounds of a [Tracker] that its [Options] leave open.
const (
	DefaultCrowd           = 10        // people
	MinCrowd               = 2         // people
	MaxCrowd               = 1000      // people
	DefaultMaxEntries      = 8_000_000 // visitors and remembered marks
	DefaultMaxCombinations = 1 << 16   // combinations of attributes
)

// Timeout is the silence in seconds after which a visit has ended.
const Timeout = 1800

// Options of a [Tracker]. The zero value of each but Site is usable.
type Options struct {
	// Site whose visits are tracked.
	Site hit.Site
	// Location is the site's time zone, UTC if nil.
	Location *time.Location
	// Crowd is how many people must share a combination of attributes before it is stored: k. Zero is
	// [DefaultCrowd]; anything else is brought between [MinCrowd] and [MaxCrowd].
	Crowd int
	// MaxEntries bounds what is remembered of all days together, counted in visitors and marks; zero is
	// [DefaultMaxEntries]. A visitor takes about 120 bytes, a mark at most 12, and a day counts as 1,024 entries on
	// top; the usual visitor has two marks, so the default is about 400 MB, reached at 2.7 million visitors.
	MaxEntries int
	// MaxCombinations bounds the combinations that the crowd rule remembers, each of up to 200 + 8·Crowd bytes; zero
	// is [DefaultMaxCombinations]. Beyond it, new ones are generalised further.
	MaxCombinations int
}

// Tracker knows the visits of one site. It is not safe for concurrent use: one goroutine touches and settles.
//
// What it knows stands behind a function, which package fmt and its like do not call and cannot look through: a printed
// Tracker shows no key, whatever it stands in and however it is printed.
type Tracker struct{ memory func() *memory }

// memory is what a [Tracker] knows.
type memory struct {
	calendar   *Calendar
	keys       *keyring
	crowd      *crowd
	scratch    scratch
	arrivals   memo.Handles[hit.Arrival]
	reached    memo.Handles[hit.Reached]
	recent     *Recent
	days       map[int32]*day
	today      *day
	uses       uint64
	entries    int
	maxEntries int
	figures    Figures
}

// maxHandles bounds the arrivals, and the combinations, whose handles are remembered: about 10 MB each.
const maxHandles = 1 << 16

// scratch is what one call of Touch works with.
type scratch struct {
	site  int     // length of the prefix that names the site
	input []byte  // what is hashed; cleared behind the prefix before Touch returns
	guest visitor // stands in for a visitor whom there is no room to remember
}

// Figures say how full a [Tracker] is and what it had to forget.
type Figures struct {
	Days         int    // days remembered
	Entries      int    // visitors, marks and the surcharge of days; at most MaxEntries
	Bytes        int    // memory of all days, in bytes
	DroppedDays  uint64 // days forgotten to make room, since the start
	Unremembered uint64 // visitors and marks that found no room, since the start
	Combinations int    // combinations the crowd rule remembers
}

// New returns a tracker that has seen nobody. It fails only when the system has no page of memory left for the keys.
func New(o Options) (*Tracker, error) {
	if o.Site.IsZero() {
		return nil, errors.New("visit: a tracker needs a site")
	}
	if o.MaxEntries <= 0 {
		o.MaxEntries = DefaultMaxEntries
	}
	if o.MaxCombinations <= 0 {
		o.MaxCombinations = DefaultMaxCombinations
	}
	if o.Crowd == 0 {
		o.Crowd = DefaultCrowd
	}
	keys := &keyring{}
	people, err := keys.draw()
	if err != nil {
		return nil, err
	}
	site := append([]byte(o.Site.String()), 0)
	m := &memory{
		calendar:   NewCalendar(o.Location),
		keys:       keys,
		crowd:      newCrowd(min(max(o.Crowd, MinCrowd), MaxCrowd), o.MaxCombinations, people),
		scratch:    scratch{site: len(site), input: site},
		arrivals:   memo.NewHandles[hit.Arrival](maxHandles),
		reached:    memo.NewHandles[hit.Reached](maxHandles),
		recent:     &Recent{},
		days:       map[int32]*day{},
		maxEntries: o.MaxEntries,
	}
	return &Tracker{func() *memory { return m }}, nil
}

// Visit is one page view or event of a person.
type Visit struct {
	// Time in seconds since 1970, UTC.
	Time int64
	// Who the visitor is. It is hashed anew, under the key of the day, and not kept.
	Who  Identity
	Host hit.Host
	// Page that was shown, or on which the event happened; zero if unknown.
	Page hit.Path
	// Event is the event's name, zero for a page view.
	Event hit.Event
	// Told says by what a page view is known, where it may be told of twice; Document is then the page that the server was
	// asked for, zero if it is Page.
	Told     Told
	Document hit.Path
	// Interactive says that the event shows the visitor doing something, so that the visit is no bounce.
	Interactive bool
	// Reported says of a page view that the page reports how long it is read, by [Tracker.Engage]. Of others that is the
	// time until the visit's next page view.
	Reported bool
	// Arrival says where the hit came from, without Entry; the zero value is direct, or from the site itself.
	Arrival hit.Arrival
	// Attributes returns what is known of the visitor. It is called only for a visitor who is new today, and is not nil.
	Attributes func() hit.Visitor
	// Targets are the goals, groups and steps of funnels that the hit may reach, later steps of a funnel before earlier ones.
	Targets []hit.Target
	// Props are the properties that it has, without their marks.
	Props []hit.Property
	// Revenue that came with it.
	Revenue hit.Revenue
	// More adds to the attributes what this hit tells and others may not; nil for a hit that is one of the others. It is
	// called once for each visitor of a day at most.
	More func(unique.Handle[hit.Visitor]) unique.Handle[hit.Visitor]
}

// Outcome is what a hit adds to the statistics, ready to be copied into [hit.Hit].
type Outcome struct {
	Marks hit.Marks
	// Seconds since the visit's previous hit, at most [Timeout] unless [Tracker.Engage] told of it in between.
	Seconds uint32
	hit.Flow
	// Pending is the index of what the next [Tracker.Settle] says of the visitor, or -1 if that is known.
	Pending int32
	Arrival unique.Handle[hit.Arrival]
	// Visitor holds the attributes; as long as Pending is not negative, without what may be too rare.
	Visitor unique.Handle[hit.Visitor]
	// Props lists the properties with their marks.
	Props unique.Handle[hit.Property]
	// Reached lists the targets that the hit reached.
	Reached unique.Handle[hit.Reached]
	// Before holds the attributes as they were until this hit, which told more of them; zero otherwise. It is completed as
	// Visitor is.
	Before unique.Handle[hit.Visitor]
	// Crowd is zero as long as Pending is not negative.
	Crowd unique.Handle[hit.Visitor]
}

// Settle decides the crowd combinations, providers, regions and cities of the visitors who were new since the last call.
// Outcome.Pending of the hits since then is an index into the answer, which is valid until the next call of Touch. It is
// called at the end of each batch; the larger the batch, the fewer combinations are generalised.
//
// To warm a tracker up after a restart, touch the hits again, settle, and throw the outcomes away.
func (t *Tracker) Settle() []Settled { return t.memory().crowd.settle() }

// Calendar returns the hours and days of the site, for hits that are not touched. It shares the tracker's goroutine.
func (t *Tracker) Calendar() *Calendar { return t.memory().calendar }

// Locked reports whether the system agreed to keep the keys out of its swap space. When it did not, they are in
// ordinary memory and everything else holds.
func (t *Tracker) Locked() bool { return !t.memory().keys.refused }

// Figures returns how full the tracker is.
func (t *Tracker) Figures() Figures {
	m := t.memory()
	f := m.figures
	f.Days, f.Entries, f.Combinations = len(m.days), m.entries, len(m.crowd.known)
	for _, d := range m.days {
		f.Bytes += d.bytes()
	}
	return f
}

// Forget wipes the keys and visitors of all days that ended before the given time, in seconds since 1970. A live
// service calls it with the time until which it waits for late lines, so that no key outlives its day by more. Visitors
// of those days who wait to be settled still are.
func (t *Tracker) Forget(before int64) {
	m := t.memory()
	first := m.calendar.Day(before)
	for n, d := range m.days {
		if n < first {
			m.drop(d)
		}
	}
}

// Close wipes all keys. The tracker cannot be used again.
func (t *Tracker) Close() error {
	m := t.memory()
	clear(m.days)
	m.today = nil
	return m.keys.close()
}

// Names returns the combinations that enough people share, with their days, for [Tracker.Load] after a restart. It
// holds nothing of any visitor.
func (t *Tracker) Names() ([]byte, error) { return t.memory().crowd.save() }

// Load takes in what [Tracker.Names] returned. Names that were reached by a smaller crowd than is asked for now are
// left out. An error says which entry is wrong, and then nothing was loaded.
func (t *Tracker) Load(names []byte) error { return t.memory().crowd.load(names) }
