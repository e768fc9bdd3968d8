package alert

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/klar-analytics/klar/hit"
)

// traffic is what comes to a site in half a minute, by countries and a bot.
type traffic struct {
	pulse *Pulse
	now   time.Time
	rand  *rand.Rand
	pages int
}

func newTraffic() *traffic {
	c := &traffic{now: noon, rand: rand.New(rand.NewPCG(1, 2))}
	c.pulse = NewPulse(func() time.Time { return c.now })
	return c
}

// from lets about so many requests come from a country.
func (c *traffic) from(country, provider string, mean float64) {
	o := hit.Observation{Site: site, Time: c.now.Unix(), Country: hit.NewCountry(country), Provider: hit.NewProvider(provider)}
	for range c.about(mean) {
		c.pulse.Observe(&o)
	}
}

// about draws a number.
func (c *traffic) about(mean float64) int {
	return max(0, int(mean+c.rand.NormFloat64()*math.Sqrt(mean)+0.5))
}

// crawl lets a bot ask for so many pages, and people for about so many of which new ones were never asked for.
func (c *traffic) crawl(bot string, asked, people, unseen int) {
	hits := slices.Repeat([]hit.Hit{{Site: site, Time: c.now.Unix(), Status: 404, Bot: hit.NewBot(bot)}}, asked)
	for i := range people {
		path := hit.NewPath(fmt.Sprintf("/page/%d", i%50))
		if i < unseen {
			c.pages++
			path = hit.NewPath(fmt.Sprintf("/unseen/%d", c.pages))
		}
		hits = append(hits, hit.Hit{Site: site, Time: c.now.Unix(), Status: 200, Path: path})
	}
	c.pulse.Count(hits)
}

// over ends the half minute and returns what surges.
func (c *traffic) over() (list []string) {
	for _, s := range c.pulse.surges(site, bucketOf(c.now.Unix())) {
		list = append(list, s.series)
		if s.count <= s.High {
			panic(fmt.Sprintf("%s is %v, expected are at most %v", s.series, s.count, s.High))
		}
	}
	c.now = c.now.Add(pulseBucket)
	slices.Sort(list)
	return list
}

// TestOrdinaryDaysSurgeNothing has two days with a wave that two countries have at different hours, bots in bursts, and a
// quarter of an hour in which five times as many come from everywhere.
func TestOrdinaryDaysSurgeNothing(t *testing.T) {
	c := newTraffic()
	for n := range 2 * 2880 {
		day := float64(n) / 2880 * 2 * math.Pi
		many := 1.0
		if n > 3100 && n < 3130 {
			many = 5
		}
		c.from("DE", "Example Net", many*(40+35*math.Sin(day)))
		c.from("US", "Other Net", many*(20+18*math.Sin(day+2)))
		c.from("FR", "Example Net", many*2)
		c.from("", "", many*3)
		burst := 0
		if n%20 == 0 {
			burst = 40
		}
		c.crawl("Googlebot", burst, c.about(60*many), n%7/6)
		if list := c.over(); len(list) > 0 {
			t.Fatalf("in half minute %d surges %q", n, list)
		}
	}
}

func TestSurgesAreSeen(t *testing.T) {
	for name, c := range map[string]struct {
		surge func(c *traffic)
		want  []string
	}{
		"a country that never came": {func(c *traffic) { c.from("BR", "Third Net", 90) }, []string{"country:BR", "provider:Third Net"}},
		"a country that always did": {func(c *traffic) { c.from("US", "Fourth Net", 100) }, []string{"country:US", "provider:Fourth Net"}},
		"the largest country":       {func(c *traffic) { c.from("DE", "", 200) }, []string{"country:DE"}},
		"a bot":                     {func(c *traffic) { c.crawl("GPTBot", 70, 0, 0) }, []string{"bot:GPTBot"}},
		"new paths":                 {func(c *traffic) { c.crawl("", 0, 80, 80) }, []string{"new paths"}},
		"few":                       {func(c *traffic) { c.from("BR", "Third Net", 12); c.crawl("GPTBot", 15, 15, 15) }, nil},
	} {
		now := newTraffic()
		usual := func() {
			now.from("DE", "Example Net", 40)
			now.from("US", "Other Net", 20)
			now.crawl("Googlebot", 3, now.about(50), 1)
		}
		for range shareWarm {
			usual()
			if list := now.over(); len(list) > 0 {
				t.Fatalf("%s: before, %q surges", name, list)
			}
		}
		var seen [3][]string
		for n := range seen {
			usual()
			c.surge(now)
			seen[n] = now.over()
		}
		if len(seen[0]) > 0 || !slices.Equal(seen[1], c.want) || !slices.Equal(seen[2], c.want) {
			t.Errorf("%s: in the half minutes surge %q, want %q from the second on", name, seen, c.want)
		}
	}
}

// TestNothingSurgesInTheWarmUp lets ten times as many come from a country before it is known what is usual.
func TestNothingSurgesInTheWarmUp(t *testing.T) {
	c := newTraffic()
	for n := range shareWarm - 1 {
		c.from("DE", "", 40+float64(n/200)*400)
		if list := c.over(); len(list) > 0 {
			t.Fatalf("in half minute %d surges %q", n, list)
		}
	}
}

// TestSharesAreBounded lets a line come from tomorrow and requests come from three hundred providers, of which one surges.
func TestSharesAreBounded(t *testing.T) {
	c := newTraffic()
	ahead := hit.Observation{Site: site, Time: noon.Add(24 * time.Hour).Unix(), Provider: hit.NewProvider("Early Net")}
	c.pulse.Observe(&ahead)
	c.pulse.Count([]hit.Hit{{Site: site, Time: ahead.Time}})
	for range shareWarm + 3 {
		for n := range 300 {
			c.from("", fmt.Sprintf("Net %d", n), 1)
		}
		c.over()
	}
	var last []string
	for range 2 {
		for n := range 300 {
			c.from("", fmt.Sprintf("Net %d", n), 1)
			if n%10 == 0 {
				c.from("", "Flood Net", 10)
			}
		}
		last = c.over()
	}
	s := &c.pulse.site(site).shares[providers]
	if s.values["Early Net"] != nil || c.pulse.site(site).ring[bucketOf(ahead.Time)%slots].bucket == bucketOf(ahead.Time) {
		t.Error("a line of tomorrow takes a place of today")
	}
	if len(s.values) != maxShares || !slices.Equal(last, []string{"provider:Flood Net"}) {
		t.Errorf("%d providers are remembered, %q surges", len(s.values), last)
	}
}
