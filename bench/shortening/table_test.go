package shortening

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/klar-analytics/klar/hit"
)

// cost is what came of a log at one prefix length.
type cost struct {
	raised, attacks int // of the alerts that the attackers are to raise
	wrong           int // alerts about networks that did no such thing
	merged          int // alerts that stand for several attackers
	split           int // alerts beyond the first about one attacker
	// What a block of each network that is named would hit, of all harmless requests and visitors.
	requests, visitors     int
	ofRequests, ofVisitors int
}

// measure judges the traffic and compares with who sent it.
func measure(t *testing.T, j judge, tr *traffic) (c cost) {
	may := tr.deserved(t)
	raised := j.raised(t, tr.log(func(netip.Addr) bool { return true }))
	named := map[hit.Net]bool{}
	per := make([]int, len(tr.senders)) // alerts of the rule that each attacker is to trip
	for _, one := range raised {
		named[one.net] = !one.net.IsZero()
		culprits := 0
		for i, s := range tr.senders {
			if s.rule == "" || !slices.Contains(may[i], one.rule) {
				continue
			}
			if one.net.IsZero() || slices.ContainsFunc(s.addrs, func(a netip.Addr) bool { return j.net(a) == one.net }) {
				culprits++
				if one.rule == s.rule {
					per[i]++
				}
			}
		}
		switch {
		case culprits == 0:
			c.wrong++
		case culprits > 1:
			c.merged++
		}
	}
	blocked := map[netip.Addr]bool{}
	for i, s := range tr.senders {
		if s.rule != "" {
			c.attacks++
			c.raised += min(per[i], 1)
			c.split += max(per[i]-1, 0)
			continue
		}
		c.ofVisitors++
		if blocked[s.addrs[0]] = named[j.net(s.addrs[0])]; blocked[s.addrs[0]] {
			c.visitors++
		}
	}
	for _, r := range tr.requests {
		if hits, harmless := blocked[r.addr]; harmless {
			c.ofRequests++
			if hits {
				c.requests++
			}
		}
	}
	return c
}

// deserved are the rules that each attacker trips by what it does, were all of it done from one address and by nobody else.
func (tr *traffic) deserved(t *testing.T) [][]string {
	of := map[netip.Addr]int{}
	may := make([][]string, len(tr.senders))
	for i, s := range tr.senders {
		if s.rule == "" {
			continue
		}
		may[i] = append(may[i], s.rule)
		for _, a := range s.addrs {
			of[a] = i
		}
	}
	if len(of) == 0 {
		return may
	}
	alone := judge{hit.MaxPrefix4, func(a netip.Addr) int { return of[a] }}
	nets := map[hit.Net]int{}
	for a, i := range of {
		nets[alone.net(a)] = i
	}
	for _, one := range alone.raised(t, tr.log(func(a netip.Addr) bool { _, attacks := of[a]; return attacks })) {
		if i, ok := nets[one.net]; ok {
			may[i] = append(may[i], one.rule)
		}
	}
	return may
}

var busy = flag.Bool("busy", false, "measure an hour of 60,000 visitors, too")

// TestShortening prints what shortening costs. At each length nobody may be named who did nothing, and no fewer attackers
// be found than are now; at the length that Klar takes, few others may be hit.
func TestShortening(t *testing.T) {
	sets := []struct {
		name string
		*traffic
		held []int // attackers that are found at each length, at least
	}{
		{"a real site, four days", realSite(t, rand.New(rand.NewPCG(1, 1)), false), []int{0, 0, 0, 0}},
		{"with attackers beside its visitors", realSite(t, rand.New(rand.NewPCG(1, 1)), true), []int{30, 30, 30, 30}},
		{"an hour of 6,000 visitors", mixed(rand.New(rand.NewPCG(1, 2)), 6000), []int{67, 71, 75, 78}},
	}
	for _, set := range sets {
		for i, bits := range lengths {
			c := measure(t, newJudge(bits), set.traffic)
			c.print(t, set.name, bits)
			if c.wrong > 0 {
				t.Errorf("%s: at /%d %d alerts name networks that did nothing", set.name, bits, c.wrong)
			}
			if c.raised < set.held[i] {
				t.Errorf("%s: at /%d %d attackers are found, want %d", set.name, bits, c.raised, set.held[i])
			}
			if bits == hit.MaxPrefix4 && (100*c.requests > 3*c.ofRequests || 100*c.visitors > 8*c.ofVisitors) {
				t.Errorf("%s: at /%d more than 3 %% of harmless requests, or 8 %% of visitors, would be hit", set.name, bits)
			}
		}
	}
	if *busy {
		hour := mixed(rand.New(rand.NewPCG(1, 3)), 60_000)
		for _, bits := range lengths {
			c := measure(t, newJudge(bits), hour)
			if c.print(t, "an hour of 60,000 visitors", bits); bits >= 20 && c.wrong > 0 {
				t.Errorf("an hour of 60,000 visitors: at /%d %d alerts name networks that did nothing", bits, c.wrong)
			}
		}
	}
}

// print writes a row of the table in docs/alerts.md.
func (c cost) print(t *testing.T, name string, bits int) {
	share := func(n, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(of, 1))) }
	t.Logf("| %s | /%d | %d of %d | %d | %d | %d | %s | %s |", name, bits, c.raised, c.attacks, c.wrong, c.merged, c.split,
		share(c.requests, c.ofRequests), share(c.visitors, c.ofVisitors))
}
