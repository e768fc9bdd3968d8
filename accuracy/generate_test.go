package accuracy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"time"
)

// maker makes the requests of a site's people and bots. The same seed makes the same.
type maker struct {
	site   *site
	random *rand.Rand
	delay  int64 // the longest time, in seconds, after which a line is written
	pages  []string
	made   []request
}

// somebody is a person: one cookie, one device, one address.
type somebody struct {
	number                int
	addr, agent, language string
	gpc, dnt              bool
	often                 float64 // visits a day
}

// howMany visit a generated site.
func howMany() int {
	if *everything {
		return 2500
	}
	return 800
}

func generate(s *site, seed uint64, delay int64) []request {
	m := &maker{site: s, random: rand.New(rand.NewPCG(seed, 4)), delay: delay}
	for i := range 60 {
		m.pages = append(m.pages, fmt.Sprintf("/%s/page-%d", []string{"docs", "blog", "shop"}[i%3], i))
	}
	m.pages[0], m.pages[1], m.pages[2] = "/", "/tariffs", "/order"
	first, _ := time.ParseInLocation(time.DateOnly, s.days[0], s.location)
	last, _ := time.ParseInLocation(time.DateOnly, s.days[1], s.location)
	networks := m.networks(300)
	for i := range howMany() {
		p := m.somebody(i+1, networks)
		for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
			for range m.poisson(p.often) {
				m.visit(&p, day)
			}
		}
	}
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		m.bots(day)
	}
	var list []request
	for _, r := range m.made { // nothing before the first midnight or after the last
		if at := time.Unix(r.at, 0).In(s.location).Format(time.DateOnly); at >= s.days[0] && at <= s.days[1] {
			list = append(list, r)
		}
	}
	return inOrder(list)
}

// networks are shortened networks all over the world, some of them IPv6.
func (m *maker) networks(n int) []netip.Prefix {
	// The first are in the test data's cities, in a region without a city, and in a city that lies in another country.
	list := []netip.Prefix{
		netip.MustParsePrefix("214.78.120.0/24"), netip.MustParsePrefix("175.16.199.0/24"), netip.MustParsePrefix("214.78.124.0/24"),
		netip.MustParsePrefix("2.2.3.0/24"),
	}
	for len(list) < n {
		a := netip.AddrFrom4([4]byte{byte(1 + m.random.IntN(222)), byte(m.random.IntN(256)), byte(m.random.IntN(256)), 0})
		if len(list)%10 == 0 {
			a = netip.AddrFrom16([16]byte{0x2a, 0x02, byte(m.random.IntN(8)), byte(m.random.IntN(256)), 0, byte(m.random.IntN(4))})
		}
		if !a.IsPrivate() && !a.IsLoopback() {
			list = append(list, netip.PrefixFrom(a, 24))
		}
	}
	return list
}

// somebody draws a person. Networks are shared by few or, in the first of them, by many.
func (m *maker) somebody(number int, networks []netip.Prefix) somebody {
	network := networks[m.zipf(len(networks))].Addr()
	b := network.AsSlice()
	b[len(b)-1] = byte(1 + m.random.IntN(254))
	addr, _ := netip.AddrFromSlice(b)
	return somebody{
		number: number, addr: addr.String(), agent: m.agent(),
		language: []string{"de-DE,de;q=0.9", "en-US,en;q=0.9", "en-GB", "fr-FR,fr;q=0.8,en;q=0.5", ""}[m.zipf(5)],
		gpc:      m.chance(0.03), dnt: m.chance(0.03),
		often: 0.02 + 0.35*math.Pow(m.random.Float64(), 4),
	}
}

// agent draws a browser; versions make some of them rare.
func (m *maker) agent() string {
	version := 120 + m.zipf(20)
	switch m.zipf(7) {
	case 0:
		return fmt.Sprintf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36", version)
	case 1:
		return fmt.Sprintf("Mozilla/5.0 (iPhone; CPU iPhone OS %d_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/%d.0 Mobile/15E148 Safari/604.1", 14+m.zipf(5), 14+m.zipf(5))
	case 2:
		return fmt.Sprintf("Mozilla/5.0 (Linux; Android %d; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Mobile Safari/537.36", 10+m.zipf(5), version)
	case 3:
		return fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%d.0", version, version)
	case 4:
		return fmt.Sprintf("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/%d.1 Safari/605.1.15", 14+m.zipf(5))
	case 5:
		return fmt.Sprintf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36 Edg/%d.0.0.0", version, version)
	}
	return fmt.Sprintf("Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/%d.0 Chrome/115.0.0.0 Mobile Safari/537.36", 20+m.zipf(5))
}

// zipf draws a number below n, small ones more often.
func (m *maker) zipf(n int) int {
	return min(int(math.Exp(m.random.Float64()*math.Log(float64(n+1))))-1, n-1)
}

func (m *maker) chance(p float64) bool { return m.random.Float64() < p }

// poisson draws how often something happens that happens so often on average.
func (m *maker) poisson(average float64) int {
	n, limit, p := 0, math.Exp(-average), m.random.Float64()
	for ; p > limit; n++ {
		p *= m.random.Float64()
	}
	return n
}
