package storage

import (
	"fmt"
	"math/rand/v2"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// site makes hits in the mix of a real log: mostly files, errors and bots, some people with their visits. Everything
// is drawn from pools, so that hits cost the test little.
type site struct {
	rng              *rand.Rand
	now              int64
	people           float64 // share of the hits
	pages, files     []hit.Path
	bots             []hit.Bot
	visitors, crowds []unique.Handle[hit.Visitor]
	arrivals         []unique.Handle[hit.Arrival]
	id               hit.Site
	host             hit.Host
	signUp           hit.Event
}

func newSite(seed uint64) *site {
	s := &site{
		rng: rand.New(rand.NewPCG(seed, 1)), now: 1_747_000_000, people: 0.15,
		id: hit.NewSite("example.org"), host: hit.NewHost("www.example.org"), signUp: hit.NewEvent("Sign up"),
	}
	for i := range 3000 {
		s.pages = append(s.pages, hit.NewPath(fmt.Sprintf("/articles/%d/some-longer-title", i)))
		s.files = append(s.files, hit.NewPath(fmt.Sprintf("/assets/images/%d.png", i)))
	}
	for i := range 40 {
		s.bots = append(s.bots, hit.NewBot(fmt.Sprintf("Bot%d", i)))
	}
	for i := range 2000 {
		v := hit.Visitor{
			Country: hit.NewCountry([]string{"DE", "FR", "US", "", "AT"}[i%5]), Browser: hit.NewBrowser([]string{"Chrome", "Firefox", "Safari", ""}[i%4]),
			BrowserVersion: hit.NewVersion(fmt.Sprint(100 + i%30)), OS: hit.NewOS([]string{"Windows", "Mac", "Linux"}[i%3]),
			OSVersion: hit.NewVersion(fmt.Sprint(i % 4)), Device: hit.Device(i % 4),
		}
		s.crowds = append(s.crowds, unique.Make(hit.Visitor{Country: v.Country, Browser: v.Browser, OS: v.OS}))
		v.Provider = hit.NewProvider(fmt.Sprint("Provider ", i%200))
		s.visitors = append(s.visitors, unique.Make(v))
	}
	for i := range 5000 {
		a := hit.Arrival{Entry: s.pages[i%700]}
		if i%3 == 0 {
			a.Source, a.Channel = hit.NewSource([]string{"Google", "Bing", "example.com"}[i%9/3]), hit.ChannelOrganicSearch
			a.Referrer = hit.NewReferrer(fmt.Sprintf("example.com/%d", i%100))
		}
		if i%20 == 0 {
			a.UTMSource, a.UTMCampaign = hit.NewCampaign("newsletter"), hit.NewCampaign(fmt.Sprint("week ", i%7))
		}
		s.arrivals = append(s.arrivals, unique.Make(a))
	}
	return s
}

// hits makes the next n.
func (s *site) hits(n int) []hit.Hit {
	list := make([]hit.Hit, n)
	for i := range list {
		if s.rng.IntN(10) == 0 {
			s.now++
		}
		h := hit.Hit{
			Site: s.id, Host: s.host, Time: s.now, Hour: s.now - s.now%3600, Day: s.now - s.now%86400, Bytes: s.rng.Uint64N(50_000),
			Status: 200, Method: hit.MethodGet, Kind: hit.KindStatic,
		}
		switch p := s.rng.Float64(); {
		case p < s.people:
			s.person(&h)
		case p < 0.35:
			h.Bot, h.Path, h.Kind = pick(s.rng, s.bots), pick(s.rng, s.pages), hit.KindPage
		case p < 0.4:
			h.Path, h.Kind, h.Status = pick(s.rng, s.pages), hit.KindError, 404
		default:
			h.Path = pick(s.rng, s.files)
		}
		list[i] = h
	}
	return list
}

func (s *site) person(h *hit.Hit) {
	h.Kind, h.Path = hit.KindPage, pick(s.rng, s.pages)
	if s.rng.IntN(20) == 0 {
		h.Kind, h.Path, h.Event, h.Origin = hit.KindEvent, hit.Path{}, s.signUp, hit.OriginBeacon
	}
	v := s.rng.IntN(len(s.visitors))
	h.Visitor, h.Crowd, h.Arrival = s.visitors[v], s.crowds[v], pick(s.rng, s.arrivals)
	h.Marks, h.Seconds = hit.Marks(s.rng.Uint32N(1<<markCount)), s.rng.Uint32N(1801)
	h.Lasted = s.rng.Uint32N(1801)
	if s.rng.IntN(2) == 0 {
		h.From, h.FromHost, h.FromHour = pick(s.rng, s.pages), h.Host, h.Hour-3600*s.rng.Int64N(2)
		h.Reading, h.Scroll, h.Moves = s.rng.Uint32N(1801), uint8(s.rng.IntN(101)), hit.Moves(s.rng.IntN(int(hit.AllMoves)+1))
	}
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }
