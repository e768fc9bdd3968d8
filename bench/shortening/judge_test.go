package shortening

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

const site = "example.org"

// lengths are the prefix lengths that are compared. A network of more than 24 bits cannot be made: for 32 each address
// becomes a network of 24 bits of its own before Klar sees it.
var lengths = []int{32, 24, 20, 16}

// judge is how addresses are shortened. Of IPv6, /32 to /16 stand for /128, /48, /40 and /32.
type judge struct {
	bits int
	// one gives addresses the number of their own network; nil leaves them as they are.
	one func(netip.Addr) int
}

// newJudge returns the judge of a prefix length.
func newJudge(bits int) judge {
	if bits <= hit.MaxPrefix4 {
		return judge{bits: bits}
	}
	numbers := map[netip.Addr]int{}
	return judge{hit.MaxPrefix4, func(a netip.Addr) int {
		if _, known := numbers[a]; !known {
			numbers[a] = len(numbers)
		}
		return numbers[a]
	}}
}

// replace is the address that stands for a, such that no two of different numbers are in one network.
func (j judge) replace(a netip.Addr) netip.Addr {
	if j.one == nil {
		return a
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 10<<24|uint32(j.one(a))<<8)
	return netip.AddrFrom4(b)
}

// net is the network that an alert about a names.
func (j judge) net(a netip.Addr) hit.Net {
	return hit.NewNet(j.replace(a), j.bits, j.bits*2)
}

// trips returns what a log raises by Klar's own rules.
func (j judge) trips(t *testing.T, log []byte) (trips []alert.Trip) {
	t.Helper()
	rules, err := alert.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	windows, err := alert.NewWindows(rules, func(trip alert.Trip) { trips = append(trips, trip) })
	if err != nil {
		t.Fatal(err)
	}
	a, err := anonymize.New(anonymize.Options{
		Sites: []anonymize.Site{{ID: site}}, Prefix4: j.bits, Prefix6: j.bits * 2, Observe: windows.Observe,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	if _, err := collector.Import(t.Context(), collector.ImportOptions{
		Site: site, Inputs: []string{"-"}, Stdin: bytes.NewReader(log), Sink: sink{a, j}, Now: time.Now,
	}); err != nil {
		t.Fatal(err)
	}
	return trips
}

// raised are the alerts of a log, each once: a rule and who tripped it.
func (j judge) raised(t *testing.T, log []byte) (raised []alarm) {
	for _, trip := range j.trips(t, log) {
		if one := (alarm{strings.TrimPrefix(trip.Rule.Name, "klar/"), trip.Net}); !slices.Contains(raised, one) {
			raised = append(raised, one)
		}
	}
	return raised
}

// alarm is an alert: a rule without "klar/", and the network, or no network for a rule of the whole site.
type alarm struct {
	rule string
	net  hit.Net
}

// sink hands hits to the anonymizer, with another address if the judge wants it. Nothing is stored.
type sink struct {
	*anonymize.Anonymizer
	judge judge
}

func (s sink) Add(h raw.Hit) (bool, error) {
	if f := h.Fields(); s.judge.one != nil {
		text := string(f.Addr)
		if host, _, err := net.SplitHostPort(text); err == nil {
			text = host
		}
		if a, err := netip.ParseAddr(text); err == nil {
			f.Addr = s.judge.replace(a.Unmap()).AppendTo(nil)
		}
	}
	return s.Anonymizer.Add(h)
}

func (s sink) Commit(context.Context, string, []byte) error { s.Discard(); return nil }
func (sink) Positions(string) map[string][]byte             { return nil }
func (sink) Drain(context.Context) error                    { return nil }
