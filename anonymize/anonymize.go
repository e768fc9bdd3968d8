// Package anonymize owns the step from a raw request to what may be stored: the whole privacy policy in one place. The
// address is shortened before anything else is asked of it, the agent and the referrer become closed values, the path
// is scrubbed, the visit's marks are taken, and the crowd rule decides which attributes may stand together.
package anonymize

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/anonymize/language"
	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/anonymize/referrer"
	"github.com/klar-analytics/klar/anonymize/scrub"
	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/anonymize/useragent"
	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// Reasons why a request is dropped and counted. They are static: nothing of the request is in them.
var (
	ErrAddress = errors.New("the address of the client cannot be read")
	ErrSite    = errors.New("the host belongs to no configured site")
	ErrTime    = errors.New("the time is before 1995 or in the future")
	// The following are of beacons and pixels only.
	ErrHost     = errors.New("the host of the page is not of the site")
	ErrBot      = errors.New("a bot sent it")
	ErrOptedOut = errors.New("the visitor asked not to be counted")
	ErrRate     = errors.New("its network sends too many beacons")
)

// earliest is the first moment that a log can be of, 1 January 1995; ahead is how far a clock may be ahead.
const (
	earliest = 788918400
	ahead    = 24 * 3600
)

// maxHosts bounds the host names that are remembered, in about 50 KB.
const maxHosts = 1 << 10

// Site is one site that is measured.
type Site struct {
	ID string
	// Hosts are the host names that belong to the site, besides its id; "www." before any of them is understood.
	Hosts []string
	// Location is the site's time zone; nil is UTC.
	Location *time.Location
	// Logs says that logs and beacons both tell of the site, in anonymizers with the same Visits. Then a page view of
	// which both tell counts once, and visitors are told apart without their language, which most logs do not have.
	Logs bool
	// Counted are its goals, content groups and funnels.
	Counted goal.Definitions
}

// Options say what the policy is. The zero value of each but Sites is usable.
type Options struct {
	Sites []Site
	// Prefix4 and Prefix6 are the lengths that addresses are shortened to; 0 and anything longer is 24 and 48 bits.
	Prefix4, Prefix6 int
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// Geo knows the countries and providers; nil knows none.
	Geo *geo.DB
	// Query are the query parameters that campaigns are read from; nil is the default list.
	Query []string
	// Visits are what is known of visitors, to be shared with other anonymizers; nil makes one for this alone.
	Visits *Visits
	// Crowd is the number of people that must share a combination of attributes; 0 is 10.
	Crowd int
	// MaxEntries bounds the memory for visits, as visit.Options does; 0 is its default.
	MaxEntries int
	// RespectGPC and RespectDNT leave the visits of those who sent Sec-GPC or DNT out of all statistics of people;
	// their requests are counted nevertheless.
	RespectGPC, RespectDNT bool
	// BeaconRate bounds the beacons that are taken from one shortened network, per minute; 0 is no bound.
	BeaconRate int
	// Observe is shown each request of a log and each beacon of a page that is added, but those of Warm, in the goroutine of Add; nil: nobody is. What it
	// is shown is its own until it returns, and what it returns until it is called again: rules of windows for the signals.
	Observe func(*hit.Observation) []hit.Tripped
	// Now is the clock that tells times in the future; nil is time.Now.
	Now func() time.Time
}

// Anonymizer turns raw hits into hits, in batches and in two steps, so that two goroutines can share the work. One adds
// requests and takes the batches, the other counts the visits in them; what says nothing else belongs to the first.
type Anonymizer struct {
	options                Options
	shortener              shortener
	sites                  map[string]*site // by id and by host
	agents                 *useragent.Parser
	scrubber               *scrub.Scrubber
	referrers              *referrer.Resolver
	visits                 *Visits
	identifier             *visit.Identifier // shares the key of visits
	languages              *language.Parser
	hosts                  memo.Cache[hit.Host]
	seed                   maphash.Seed // of the keys of hosts
	batch                  Batch
	watch                  watch
	oddities, oddReferrers oddities
	free                   chan []hit.Hit
	counted                chan []person
	optedOut               uint64
	observed               func(*hit.Observation) []hit.Tripped     // nil: nobody asks
	seen                   hit.Observation                          // what it is shown: one of its own would be garbage
	limiter                *limiter                                 // nil without a bound
	latest                 int64                                    // no later time is believed
	current                atomic.Pointer[map[string]*visit.Recent] // by the id of the site

	counting *counting
}

// site is what an Anonymizer keeps for each site.
type site struct {
	id       hit.Site
	hosts    referrer.Hosts
	calendar *visit.Calendar
	zone     string    // the name of its time zone
	logs     bool      // see Site.Logs
	visits   *tracker  // used while Visits.mu is held
	pending  []pending // of the counting goroutine
	goals    *goal.Set // nil for none
	told     map[int64]bool
	seed     maphash.Seed // of the keys of its networks
}

// pending is a hit of the batch whose visitor's attributes are decided about when the batch is sealed.
type pending struct {
	hit     int
	settled int32
}

// New returns an anonymizer that has seen nobody.
func New(o Options) (*Anonymizer, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &Anonymizer{
		options:   o,
		shortener: shortener{bits4: o.Prefix4, bits6: o.Prefix6, trusted: o.TrustedProxies},
		sites:     map[string]*site{},
		agents:    useragent.New(useragent.Options{Inspect: threat.Agent}),
		scrubber:  scrub.NewInspecting(threat.Path),
		oddities:  newOddities(), oddReferrers: newOddities(),
		free:      make(chan []hit.Hit, 4),
		counted:   make(chan []person, 2),
		languages: language.New(),
		hosts:     memo.New[hit.Host](maxHosts),
		seed:      maphash.MakeSeed(),
		latest:    o.Now().Unix() + ahead,
		observed:  o.Observe,
	}
	a.limitBeacons(o.BeaconRate)
	a.counting = newCounting(o.Geo)
	var err error
	if a.referrers, err = referrer.New(referrer.Options{Scrub: a.scrubber, Query: o.Query}); err != nil {
		return nil, err
	}
	if a.visits = o.Visits; a.visits == nil {
		if a.visits, err = NewVisits(); err != nil {
			return nil, err
		}
	}
	a.identifier = a.visits.join()
	for _, s := range o.Sites {
		if err := a.addSite(s); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	a.publishCurrent()
	return a, nil
}

// addSite adds a site. Its visits go on if it had them before, in the same time zone.
func (a *Anonymizer) addSite(s Site) error {
	if err := CheckSite(s.ID); err != nil {
		return fmt.Errorf("%q cannot be a site's id: %w", s.ID, err)
	}
	if s.Location == nil {
		s.Location = time.UTC
	}
	hosts := append([]string{s.ID}, s.Hosts...)
	goals, err := goal.New(s.Counted)
	if err != nil {
		return fmt.Errorf("site %q: %w", s.ID, err)
	}
	one := &site{id: hit.NewSite(s.ID), goals: goals, told: map[int64]bool{}, seed: maphash.MakeSeed(), hosts: referrer.NewHosts(hosts...), calendar: visit.NewCalendar(s.Location), zone: s.Location.String(), logs: s.Logs}
	one.visits, err = a.visits.tracker(a, one.zone, visit.Options{Site: one.id, Location: s.Location, Crowd: a.options.Crowd, MaxEntries: a.options.MaxEntries})
	if err != nil {
		return err
	}
	for _, h := range hosts {
		h = strings.ToLower(h)
		a.sites[h] = one
		if www := "www." + h; a.sites[www] == nil {
			a.sites[www] = one
		}
	}
	a.sites[s.ID] = one
	return nil
}

// Close wipes the keys of all visits that no other anonymizer shares.
func (a *Anonymizer) Close() error {
	return errors.Join(a.visits.release(a, func(*tracker) bool { return false }), a.visits.leave())
}

// Locked reports whether the system agreed to keep the keys of visits out of its swap space and core dumps. It is asked
// before the first request is added.
func (a *Anonymizer) Locked() bool {
	a.visits.mu.Lock()
	defer a.visits.mu.Unlock()
	return a.identifier.Locked() && !slices.ContainsFunc(a.distinct(), func(s *site) bool { return !s.visits.Locked() })
}

// distinct lists each site once.
func (a *Anonymizer) distinct() []*site {
	var list []*site
	for _, s := range a.sites {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(x, y *site) int { return strings.Compare(x.id.String(), y.id.String()) })
	return list
}

// OptedOut returns how many page views were not counted as visits because their senders asked for that.
func (a *Anonymizer) OptedOut() uint64 { return a.optedOut }

// Names returns the combinations of attributes that enough people share, for Load after a restart. They name nobody.
func (a *Anonymizer) Names() ([]byte, error) {
	a.visits.mu.Lock()
	defer a.visits.mu.Unlock()
	all := map[string]json.RawMessage{}
	for _, s := range a.distinct() {
		names, err := s.visits.Names()
		if err != nil {
			return nil, err
		}
		all[s.id.String()] = names
	}
	return json.Marshal(all)
}

// Load takes in what Names returned. Sites that are no longer measured are left out.
func (a *Anonymizer) Load(names []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(names, &all); err != nil {
		return fmt.Errorf("names of combinations: %w", err)
	}
	a.visits.mu.Lock()
	defer a.visits.mu.Unlock()
	for id, n := range all {
		if s := a.sites[id]; s != nil {
			if err := s.visits.Load(n); err != nil {
				return fmt.Errorf("names of combinations of the site %q: %w", id, err)
			}
		}
	}
	return nil
}
