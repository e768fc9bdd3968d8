package accuracy

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/anonymize/referrer"
	"github.com/klar-analytics/klar/anonymize/scrub"
	"github.com/klar-analytics/klar/anonymize/useragent"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/report"
)

// view is a request with all that the reference knows of it.
type view struct {
	values values
	at     int64 // seconds since 1970
	hour   int64 // when its hour began, likewise
	bytes  uint64
	status int
	person int // who it was on this day, from 1; 0 is nobody who is counted
	visit  int // from 1
	bot    bool
	page   bool // a page view, not an event
	// Of page views: whether a beacon told of it, whether another followed in the visit, and after how many seconds.
	beaconed, goesOn bool
	reading          int64
}

// visit is one visit as a whole.
type visit struct {
	first, last int64
	values      values // of its first view, whose page is the entry page
	pages       int
	lastPage    int // its last page view, by the number among the log's views, or -1
	interactive bool
	steps       int // of the funnel that it passed
}

// reference is a log with the identifiers of visitors and visits.
type reference struct {
	views  []view
	visits []*visit
	people int // sum of each day's visitors
}

// timeout is the silence in seconds after which a visit has ended.
const timeout = 30 * 60

// counter reads a log in the order of time. What stands in an agent, a referrer, an address and a path the reference takes
// from Klar's own packages, which have tests of their own: it is about counting.
type counter struct {
	reference
	site      *site
	agents    *useragent.Parser
	referrers *referrer.Resolver
	scrubber  *scrub.Scrubber
	geo       *geo.DB
	own       referrer.Hosts
	numbers   map[string]int // of persons, by day and identity
	running   map[int]int    // the latest visit of each person
	rare      rare
}

// count counts a log, with persons told apart by identity and day.
func count(s *site, db *geo.DB, identity func(*request) string) (*reference, error) {
	c := &counter{
		site: s, agents: useragent.New(useragent.Options{}), scrubber: scrub.New(), geo: db,
		own: referrer.NewHosts(append([]string{s.id}, s.hosts...)...), numbers: map[string]int{}, running: map[int]int{}, rare: rare{},
	}
	var err error
	if c.referrers, err = referrer.New(referrer.Options{Scrub: c.scrubber}); err != nil {
		return nil, err
	}
	batches := batched(s.requests)
	for i := range s.requests {
		r := &s.requests[i]
		if r.again {
			continue // the reference knows it
		}
		v, agent := c.view(r)
		refused := r.gpc || r.dnt
		if r.origin != raw.FromLog && (v.bot || refused) {
			continue // such beacons are dropped
		}
		if v.values.of(report.EventKind) == "page" && !v.bot && !refused || r.event != "" {
			who := v.values.of(report.TimeDay) + identity(r)
			if c.numbers[who] == 0 {
				c.numbers[who] = len(c.numbers) + 1
			}
			v.person = c.numbers[who]
			c.attributes(r, &agent, v.values)
			c.rare.came(v.person, batches[i], identity(r), v.values)
			c.place(r, &v)
		}
		c.views = append(c.views, v)
	}
	c.people = len(c.numbers)
	c.rare.hide(&c.reference)
	return &c.reference, nil
}

// The ways to tell people apart: as Klar does, by shortened address, agent and language, without the language where a log
// and beacons tell of the same people; by whole address and agent, as
// others do; and by who it truly was, where the log's maker knows.
func shortened(r *request) string { return network(r.addr).String() + "|" + r.agent + "|" + r.language }
func wholly(r *request) string    { return r.addr + "|" + r.agent }
func silent(r *request) string    { return network(r.addr).String() + "|" + r.agent }
func truly(r *request) string     { return strconv.Itoa(r.who) }

func network(addr string) netip.Prefix {
	a := netip.MustParseAddr(addr)
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, _ := a.Prefix(bits)
	return p
}

// view classifies a request.
func (c *counter) view(r *request) (view, useragent.Agent) {
	at := time.Unix(r.at, 0).In(c.site.location)
	agent := c.agents.Parse([]byte(r.agent))
	v := view{
		values: newValues(), at: r.at, hour: r.at - int64(at.Minute()*60+at.Second()), bytes: r.bytes, status: r.status,
		bot: !agent.Bot.IsZero(), page: r.event == "", beaconed: r.beaconed,
	}
	v.values.happened(at)
	kind, page, name := scrub.Kind(hit.MethodOf([]byte(r.method)), []byte(r.target), r.status).String(), c.path(r), report.PageviewEvent
	switch {
	case r.event != "":
		kind, page, name = "event", "", r.event
	case r.origin != raw.FromLog:
		kind = "page"
	}
	v.values.set(report.EventKind, kind)
	v.values.set(report.EventPage, page)
	v.values.set(report.EventName, name)
	v.values.set(report.EventHostname, hit.NewHost(r.host).String())
	v.values.set(report.EventMethod, hit.MethodOf([]byte(r.method)).String())
	v.values.set(report.EventBot, agent.Bot.String())
	v.values.set(report.EventStatus, strconv.Itoa(r.status))
	v.values.set(report.EventOrigin, map[raw.Origin]string{raw.FromLog: "log", raw.FromBeacon: "beacon"}[r.origin])
	return v, agent
}

func (c *counter) path(r *request) string { return c.scrubber.Path([]byte(r.target)).String() }

// attributes are those of the visitor.
func (c *counter) attributes(r *request, agent *useragent.Agent, v values) {
	place := c.geo.Lookup(hit.NewNet(network(r.addr).Addr(), 0, 0))
	v.set(report.VisitCountry, place.Country.String())
	v.set(report.VisitProvider, place.Provider.String())
	v.set(report.VisitRegion, place.Region.String())
	v.set(report.VisitCity, place.City.String())
	first, _, _ := strings.Cut(r.language, ",") // generated headers begin with the preferred one
	v.set(report.VisitLanguage, hit.NewLanguage(first).String())
	v.set(report.VisitBrowser, agent.Browser.String())
	v.set(report.VisitBrowserVersion, strings.TrimSpace(agent.Browser.String()+" "+agent.BrowserVersion.String()))
	v.set(report.VisitOS, agent.OS.String())
	v.set(report.VisitOSVersion, strings.TrimSpace(agent.OS.String()+" "+agent.OSVersion.String()))
	v.set(report.VisitDevice, agent.Device.String())
}

// place finds or begins the visit that a view belongs to, and gives the view what is of the whole visit.
func (c *counter) place(r *request, v *view) {
	n := c.running[v.person]
	if n == 0 || r.at-c.visits[n-1].last > timeout {
		c.visits = append(c.visits, &visit{first: r.at, lastPage: -1, values: c.began(r, v.values)})
		n = len(c.visits)
		c.running[v.person] = n
	}
	one := c.visits[n-1]
	one.last = r.at
	one.pages += bit(v.page)
	one.interactive = one.interactive || r.interactive
	v.visit = n
	one.reaches(v)
	one.journey(c.views, len(c.views), v)
	for d, i := range slots {
		if strings.HasPrefix(string(d), "visit:") {
			v.values[i] = one.values[i]
		}
	}
}

// began returns the values of a visit that begins with a request.
func (c *counter) began(r *request, of values) values {
	v := append(values(nil), of...)
	v.set(report.EventPage, c.path(r))
	v.set(report.VisitEntryPage, c.path(r))
	v.set(report.VisitEntryHost, hit.NewHost(r.host).String())
	_, query, _ := strings.Cut(r.target, "?")
	from, _ := c.referrers.Resolve([]byte(r.referrer), []byte(query), c.own)
	v.set(report.VisitSource, from.Source.String())
	v.set(report.VisitChannel, from.Channel.String())
	v.set(report.VisitReferrer, from.Referrer.String())
	v.set(report.VisitUTMSource, from.UTMSource.String())
	v.set(report.VisitUTMMedium, from.UTMMedium.String())
	v.set(report.VisitUTMCampaign, from.UTMCampaign.String())
	v.set(report.VisitUTMContent, from.UTMContent.String())
	v.set(report.VisitUTMTerm, from.UTMTerm.String())
	return v
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
