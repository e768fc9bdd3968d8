package visit_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// someone is a made-up person: what a tracker is told of them, and the attributes they have.
type someone struct {
	net        hit.Net
	agent      []byte
	language   []byte
	attributes hit.Visitor
}

// person makes up the person of a number. Every third shares the network and every second the agent with another, so
// that no part alone tells them apart.
func person(n int) *someone {
	return &someone{
		net:      hit.NewNet(netip.AddrFrom4([4]byte{192, byte(n / 3 >> 8), byte(n / 3), 0}), 24, 48),
		agent:    []byte("agent " + strconv.Itoa(n/2)),
		language: []byte([]string{"de", "en", "fr"}[n%3]),
		attributes: hit.Visitor{
			Country: hit.NewCountry([]string{"DE", "FR", "IN"}[n%3]), Device: hit.Device(1 + n%2),
			Browser: hit.NewBrowser([]string{"Chrome", "Firefox"}[n/7%2]), BrowserVersion: hit.NewVersion(strconv.Itoa(100 + n%4)),
			OS: hit.NewOS("Linux"), Alone: hit.Alone{Provider: hit.NewProvider("Provider " + strconv.Itoa(n%50))},
		},
	}
}

// identifier makes the identities of all tests.
var identifier = func() *visit.Identifier {
	i, err := visit.NewIdentifier()
	if err != nil {
		panic(err)
	}
	return i
}()

func identity(n hit.Net, agent, language []byte) visit.Identity {
	return identifier.Of(n, agent, language)
}

// step is one hit of the generated log.
type step struct {
	who   int
	visit visit.Visit
}

// at fills in a step of a person; page 0 is an event.
func at(who int, p *someone, unix int64, page int, arrival hit.Arrival) step {
	v := visit.Visit{
		Time: unix, Who: identity(p.net, p.agent, p.language), Host: hit.NewHost("example.org"),
		Arrival:    arrival,
		Attributes: func() hit.Visitor { return p.attributes },
	}
	if v.Page = hit.NewPath("/page/" + strconv.Itoa(page)); page == 0 {
		v.Page, v.Event = hit.Path{}, hit.NewEvent("Signup")
	}
	return step{who, v}
}

// wander generates visits of people over the days from start on, in the order of time.
func wander(r *rand.Rand, people, days int, start time.Time) []step {
	var log []step
	sources := []string{"", "Google", "news.example"}
	channels := []hit.Channel{hit.ChannelDirect, hit.ChannelOrganicSearch, hit.ChannelReferral}
	for who := range people {
		p := person(who)
		for day := range days {
			if r.IntN(3) > 0 {
				continue
			}
			now := start.Unix() + int64(day)*86400 + r.Int64N(86400)
			for range 1 + r.IntN(3) {
				s := r.IntN(3)
				arrival := hit.Arrival{Source: hit.NewSource(sources[s]), Channel: channels[s]}
				if s == 1 && r.IntN(2) == 0 {
					arrival.UTMSource = hit.NewCampaign("letter" + strconv.Itoa(r.IntN(2)))
					arrival.UTMTerm = hit.NewCampaign("term" + strconv.Itoa(r.IntN(2)))
				}
				for range 1 + r.IntN(5) {
					st := at(who, p, now, r.IntN(6), arrival)
					if r.IntN(8) == 0 {
						st.visit.Host = hit.NewHost("www.example.org")
					}
					st.visit.Interactive = r.IntN(2) == 0
					log = append(log, st)
					now += r.Int64N(1200)
				}
				now += 2700 + r.Int64N(5000) // clear of the half hour even when out of order
			}
		}
	}
	slices.SortStableFunc(log, func(a, b step) int { return int(a.visit.Time - b.visit.Time) })
	return log
}

// disorder moves hits by up to the given number of seconds.
func disorder(r *rand.Rand, log []step, most int64) []step {
	type late struct {
		step
		seen int64
	}
	moved := make([]late, len(log))
	for i, s := range log {
		moved[i] = late{s, s.visit.Time + r.Int64N(most+1)}
	}
	slices.SortStableFunc(moved, func(a, b late) int { return int(a.seen - b.seen) })
	out := make([]step, len(log))
	for i, m := range moved {
		out[i] = m.step
	}
	return out
}

// sums is what the storage would add up: by mark, by dimension and value.
type sums map[string]int

func (s sums) add(dimension string, value any, n int) {
	if n != 0 {
		s[fmt.Sprintf("%s=%v", dimension, value)] += n
	}
}

func newTracker(t testing.TB, o visit.Options) *visit.Tracker {
	t.Helper()
	if o.Site.IsZero() {
		o.Site = hit.NewSite("example.org")
	}
	tr, err := visit.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
	})
	return tr
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("the system has no time zone data: %v", err)
	}
	return l
}
