package genlog

import (
	"math/bits"
	"strconv"
)

// client is who asks: a network, a machine in it, an agent.
type client struct {
	network [2]byte
	machine uint32
	agent   string
}

// address writes an address; some have an IPv6 network.
func (c client) address(b []byte) []byte {
	if c.machine%16 == 0 {
		b = append(b, "2003:"...)
		b = strconv.AppendUint(b, uint64(c.network[0])<<4|1, 16)
		b = append(b, ':')
		b = strconv.AppendUint(b, uint64(c.machine>>8&0xffff|1), 16)
		b = append(b, "::"...)
		return strconv.AppendUint(b, uint64(c.machine>>16|1), 16)
	}
	for i, n := range [...]byte{c.network[0], c.network[1], byte(c.machine >> 8), byte(c.machine >> 16)} {
		if i > 0 {
			b = append(b, '.')
		}
		b = strconv.AppendUint(b, uint64(n), 10)
	}
	return b
}

// mix is a hash of a visitor's number.
func mix(n uint64) uint64 {
	high, low := bits.Mul64(n^0x9e3779b97f4a7c15, 0xd1342543de82ef95)
	high, low = bits.Mul64(high^low^n, 0xaf251af3b0f025b5)
	return high ^ low
}

// visit is a visitor's way through the site.
type visit struct {
	who      uint32
	page     uint16
	left     uint8 // pages still to be seen
	seen     uint8
	error    bool   // the first page asked for is missing
	referrer string // of the next page
	campaign string // query of the first page
}

// visitor is the client of a number; it has the same address and browser each time.
func (y *year) visitor(who uint32) client {
	h := mix(uint64(who) + 1)
	month := max(0, y.month-int(h>>60&1)) // some update later
	return client{
		network: y.networks[h%uint64(len(y.networks))], machine: uint32(h >> 24),
		agent: y.people[bits.Reverse64(h)%uint64(len(y.people))][month],
	}
}

func (y *year) drawPage() uint16 { return y.drawn[y.rnd.IntN(len(y.drawn))] }

// newVisit draws who comes, from where and for how many pages.
func (y *year) newVisit() visit {
	v := visit{who: uint32(y.known), page: y.drawPage(), left: 1, referrer: "-"}
	if lately := min(y.known, max(1000, y.known/8)); lately > 0 && y.rnd.Float64() < returning {
		v.who = uint32(y.known - 1 - y.rnd.IntN(lately))
	} else {
		y.known++
	}
	if y.rnd.IntN(100) >= 45 { // no bounce
		for v.left = 2; v.left < 40 && y.rnd.IntN(100) < 72; v.left++ {
		}
	}
	switch n := y.rnd.IntN(100); {
	case n < 50:
		v.referrer = y.external[y.rnd.IntN(len(y.external))]
	case n < 58:
		v.campaign = y.newCampaign()
	}
	v.error = y.rnd.IntN(100) < 4
	return v
}

func (y *year) newCampaign() string {
	medium := [...]string{"source=newsletter&utm_medium=email", "source=google&utm_medium=cpc", "source=facebook&utm_medium=social"}[y.rnd.IntN(3)]
	return "?utm_" + medium + "&utm_campaign=" + strconv.Itoa(y.month+1) + "-" + [...]string{"spring", "sale", "launch", "webinar", "offer"}[y.rnd.IntN(5)]
}

// begin lets a visit start in this second.
func (y *year) begin(second int) {
	v := y.newVisit()
	y.page(second, &v)
}

// page shows the visit's next page and plans the one after it.
func (y *year) page(second int, v *visit) {
	if y.show(second, v); v.left == 0 {
		return
	}
	wait := 2 + int(60*y.rnd.ExpFloat64())
	at := (second + min(wait, longest-1)) % longest
	y.running[at] = append(y.running[at], *v)
}

// show writes the requests of one page.
func (y *year) show(second int, v *visit) {
	who, p := y.visitor(v.who), &y.pages[v.page]
	if v.error {
		y.request(second, who, "GET", "/old"+p.path, "404", 512, v.referrer)
		v.error = false
	}
	y.request(second, who, "GET", p.path+v.campaign, "200", p.size, v.referrer)
	address := host + p.path
	for i := range p.assets {
		a := &p.assets[i]
		switch { // the browser has most after the first page
		case v.seen == 0 && y.rnd.IntN(8) < 5:
			y.request(second, who, "GET", a.path, "200", a.size, address)
		case y.rnd.IntN(12) == 0:
			y.request(second, who, "GET", a.path, "304", 0, address)
		}
	}
	if y.rnd.IntN(50) == 0 {
		y.request(second, who, "POST", "/api/search", "200", 340, address)
	}
	v.referrer, v.campaign = address, ""
	v.seen = min(v.seen+1, 200)
	v.left--
	if v.page = y.drawPage(); y.rnd.IntN(10) < 6 {
		v.page = p.links[y.rnd.IntN(len(p.links))]
	}
}

// crawl writes a request of a bot.
func (y *year) crawl(second int) {
	n := y.rnd.IntN(len(y.bots))
	h := mix(uint64(n/8) + 1<<40)
	who := client{network: y.networks[h%uint64(len(y.networks))], machine: uint32(h>>24)&^0xff0000 | uint32(y.rnd.IntN(24))<<16 | 1, agent: y.bots[n][0]}
	p := &y.pages[y.rnd.IntN(len(y.pages))]
	if y.rnd.IntN(4) > 0 {
		p = &y.pages[y.drawPage()]
	}
	switch n := y.rnd.IntN(100); {
	case n < 3:
		y.request(second, who, "GET", "/robots.txt", "200", 120, "-")
	case n < 8:
		y.request(second, who, "GET", "/old"+p.path, "404", 512, "-")
	case n < 12:
		y.request(second, who, "GET", p.path, "301", 0, "-")
	case n < 24:
		a := p.assets[y.rnd.IntN(len(p.assets))]
		y.request(second, who, "GET", a.path, "200", a.size, "-")
	default:
		y.request(second, who, "GET", p.path, "200", p.size, "-")
	}
}
