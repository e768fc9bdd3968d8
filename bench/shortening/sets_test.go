package shortening

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"os"
	"testing"
	"time"
)

// places deals out addresses, each once.
type places struct {
	rnd  *rand.Rand
	used map[netip.Addr]bool
}

// near returns an address that shares the first bits with a.
func (p *places) near(a netip.Addr, bits int) netip.Addr {
	for {
		b, n := a.As4(), p.rnd.Uint32()
		for i := range b {
			own := max(0, min(8, bits-8*i)) // bits of this byte that stay
			mask := byte(0xff) >> own
			b[i] = b[i]&^mask | byte(n>>(8*i))&mask
		}
		if to := netip.AddrFrom4(b); !p.used[to] {
			p.used[to] = true
			return to
		}
	}
}

// few returns one of n numbers, the first more often than the last.
func few(rnd *rand.Rand, n int) byte { return byte(min(rnd.IntN(n), rnd.IntN(n))) }

// home is an address of a visitor: of one of 24 networks of 16 bits, more often of some parts of it than of others.
func (p *places) home() netip.Addr {
	return p.near(netip.AddrFrom4([4]byte{10, few(p.rnd, 24), few(p.rnd, 16)<<4 | few(p.rnd, 16), 0}), 24)
}

// hosted is an address of a rented machine: of few networks, in which others are rented, too.
func (p *places) hosted() netip.Addr {
	return p.near(netip.AddrFrom4([4]byte{10, 100 + few(p.rnd, 4), few(p.rnd, 4)<<4 | few(p.rnd, 3), 0}), 24)
}

// mixed is an hour of a site with 6,000 visitors, of whom one in fifty comes from a rented machine, and attackers of each
// kind: beside visitors, on rented machines beside each other, by themselves, and spread over many addresses.
func mixed(rnd *rand.Rand, people int) *traffic {
	tr, p := &traffic{}, &places{rnd, map[netip.Addr]bool{}}
	start := time.Date(2026, time.March, 2, 10, 0, 0, 0, time.UTC)
	when := func() time.Time { return start.Add(time.Duration(rnd.IntN(3000)) * time.Second) }
	for range people {
		from := p.home()
		if rnd.IntN(50) == 0 {
			from = p.hosted()
		}
		tr.visit(rnd, when(), from)
	}
	visitors := len(tr.senders)
	for _, a := range attacks {
		for range 2 {
			tr.attack(a, when(), p.near(tr.senders[rnd.IntN(visitors)].addrs[0], 24))
			tr.attack(a, when(), p.hosted())
			tr.attack(a, when(), p.near(netip.AddrFrom4([4]byte{10, 150, 0, 0}), 10))
		}
	}
	for _, bits := range []int{24, 20, 16} { // who changes the address before it is noticed
		for _, a := range attacks[:6] {
			a.every = 3 * time.Second
			at := p.near(netip.AddrFrom4([4]byte{10, 150, 0, 0}), 10)
			tr.attack(a, when(), p.several(at, bits, 16)...)
		}
	}
	stuffing := attack{"credential-stuffing", 240, 500 * time.Millisecond, 401, func(int) string { return "POST /login" }}
	tr.attack(stuffing, when(), p.several(netip.AddrFrom4([4]byte{10, 150, 0, 0}), 10, 120)...)
	return tr
}

// several returns n addresses that share the first bits with a.
func (p *places) several(a netip.Addr, bits, n int) (list []netip.Addr) {
	for range n {
		list = append(list, p.near(a, bits))
	}
	return list
}

// realSite is the real log; with attackers, one of each kind three times, at addresses beside those of its visitors, which is
// where they cost most.
func realSite(t *testing.T, rnd *rand.Rand, attackers bool) *traffic {
	t.Helper()
	text, err := os.ReadFile("../../../shared/data/logs/apache-combined-10k.log")
	if err != nil {
		t.Fatal("the shared data is missing beside the repository: ", err)
	}
	tr, p := &traffic{}, &places{rnd, map[netip.Addr]bool{}}
	for line := range bytes.Lines(text) {
		from, rest, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" - - ["))
		clock, rest, _ := bytes.Cut(rest, []byte("] "))
		at, err := time.Parse("02/Jan/2006:15:04:05 -0700", string(clock))
		if err != nil {
			t.Fatal("a line of the real log has no time")
		}
		addr := netip.MustParseAddr(string(from))
		if !p.used[addr] {
			p.used[addr] = true
			tr.senders = append(tr.senders, sender{addrs: []netip.Addr{addr}})
		}
		tr.requests = append(tr.requests, request{at, addr, string(rest)})
	}
	visitors, first := len(tr.senders), tr.requests[0].at
	for range 3 {
		for _, a := range attacks {
			if attackers {
				beside := tr.senders[rnd.IntN(visitors)].addrs[0]
				tr.attack(a, first.Add(time.Duration(rnd.IntN(80*3600))*time.Second), p.near(beside, 24))
			}
		}
	}
	return tr
}
