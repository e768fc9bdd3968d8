// Package hit owns what may be stored: [Hit], one request after anonymization, and the closed types of its fields.
//
// A field cannot hold a full address, a user agent or a query string: each type has one constructor, and that
// constructor refuses or cuts whatever could be one.
package hit

import "unique"

// Hit is one request after anonymization. It names no visitor and no visit; what it adds to the statistics stands in
// its marks and seconds. Hits are values and may be copied, kept and compared.
type Hit struct {
	// Site the request belongs to.
	Site Site
	// Time of the request in seconds since 1970, UTC.
	Time int64
	// Hour is the start of the hour of the site's time zone that Time falls in, in seconds since 1970, UTC.
	Hour int64
	// Day is the first instant of the day of the site's time zone that Time falls in, in seconds since 1970, UTC.
	Day int64
	// Bytes is the size of the answer's body.
	Bytes uint64
	// Host the request was sent to; zero if unknown.
	Host Host
	// Path that was asked for, scrubbed and without query; zero for an event.
	Path Path
	// Event is the custom event's name; zero for a page view or a plain request.
	Event Event
	// Bot is the name of the bot that asked; zero for people.
	Bot      Bot
	BotClass BotClass
	// Arrival says how the visit began; zero for what people did not ask for (bots, files, errors).
	Arrival unique.Handle[Arrival]
	// Visitor holds the exact attributes of the visitor, which are only ever counted one by one; zero like Arrival.
	Visitor unique.Handle[Visitor]
	// Before holds the visitor's attributes as they were counted until now; zero unless this hit told more of them.
	Before unique.Handle[Visitor]
	// Crowd holds those of the visitor's attributes that enough others share, which may be crossed; zero like Arrival.
	Crowd unique.Handle[Visitor]
	// Reached lists the goals, groups and steps of funnels that the hit reached; zero for none.
	Reached unique.Handle[Reached]
	// Props lists the properties of the event or page view; zero for none.
	Props unique.Handle[Property]
	// Signal is what a network did; zero but for a KindSignal, which has nothing else but Site and Time.
	Signal unique.Handle[Signal]
	// Flow says what the hit changes about the page before it.
	Flow
	// Seconds since the visit's previous hit, at most 1800 unless the tracker told that somebody went on reading; 0 for
	// the first.
	Seconds uint32
	// Marks say of what this hit is the first.
	Marks  Marks
	Status uint16
	Origin Origin
	Kind   Kind
	Method Method
	// Threat is what the request was recognised as.
	Threat Threat
}

// Counts reports whether the hit counts as something a person did: a page view or an event, if it is not [Known].
func (h *Hit) Counts() bool { return h.Visitor != unique.Handle[Visitor]{} }

// Arrival says how a visit began. Every hit of the visit carries it.
type Arrival struct {
	// Source is the display name or host of where the visit came from; zero for direct.
	Source  Source
	Channel Channel
	// Referrer is host and path of the referring page; zero for none.
	Referrer Referrer
	// Campaign parameters of the visit's first page.
	UTMSource, UTMMedium, UTMCampaign, UTMContent, UTMTerm Campaign
	// Entry is the first page of the visit, and EntryHost its host.
	Entry     Path
	EntryHost Host
}

// Visitor holds what is known of the visitor's device and whereabouts.
type Visitor struct {
	Country        Country
	Browser        Browser
	BrowserVersion Version
	OS             OS
	OSVersion      Version
	Device         Device
	// The rest is counted alone only: always zero in a crowd combination.
	Alone
}

// Alone holds attributes of a visitor that are never crossed, not even under the crowd rule.
type Alone struct {
	// Provider is the internet provider's name.
	Provider Provider
	Region   Region
	City     City
	Language Language
	Screen   Screen
}

// Marks say of what a hit is the first. They are the whole memory of visits that is stored, and only as sums.
type Marks uint32

// The marks. "Today" is the day of the site's time zone. A page is the path, or the name of an event.
const (
	FirstToday           Marks = 1 << iota // of the visitor today: visitors
	FirstThisHour                          // of the visitor in this hour
	FirstOfVisit                           // of the visit: visits
	Second                                 // second page view, or first interactive event, of the visit: visits that did not bounce
	FirstOnPage                            // of the visitor on this page today
	FirstOfVisitOnPage                     // of the visit on this page: unique page views
	FirstOnHost                            // of the visitor on this host today
	FirstFromEntry                         // of the visitor with this entry page today
	FirstFromSource                        // of the visitor from this source today
	FirstFromChannel                       // … this channel
	FirstFromReferrer                      // … this referrer
	FirstFromUTMSource                     // … this utm_source
	FirstFromUTMMedium                     // … this utm_medium
	FirstFromUTMCampaign                   // … this utm_campaign
	FirstFromUTMContent                    // … this utm_content
	FirstFromUTMTerm                       // … this utm_term
	FirstFromEntryHost                     // of the visitor with an entry page on this host today
	Beaconed                               // no first: a beacon told of this page view
	Known                                  // nor this: the page view was counted when another source told of it, and only Beaconed counts
)

// Has reports whether all marks of m are set.
func (k Marks) Has(m Marks) bool { return k&m == m }

// Bit returns 1 if the mark is set and 0 otherwise, to add up.
func (k Marks) Bit(m Marks) uint64 {
	if k&m != 0 {
		return 1
	}
	return 0
}
