package anonymize

import (
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/hit"
)

// watchPlaces is how many networks are watched at a time, in 256 KB. Of more, those with the fewest requests give way.
const watchPlaces = 1 << 15

// watch counts the harmless requests of each shortened network within five minutes, so that of one that then trips a rule
// it can be said how many of its requests were harmless. A network that had to give way, or whose lines come late, loses
// what it had: the number is a lower bound. Nothing of it is stored but of networks that did trip a rule.
type watch struct {
	places []watched
	// The last request's, as the next one is often of the same network.
	site   *site
	net    hit.Net
	window uint16
	place  *watched
}

// watched is a network, by a keyed hash of it and its site.
type watched struct {
	key      uint32
	window   uint16 // its five minutes, by the end of their number since 1970
	harmless uint16 // at most tripped-1, or tripped
}

// tripped stands for the harmless requests of a network that tripped a rule: from then on each is told at once.
const tripped = 1<<16 - 1

// signalKey is what the signals of a batch are added up by.
type signalKey struct {
	site   hit.Site
	net    hit.Net
	window int64 // in seconds since 1970
	threat hit.Threat
	rule   hit.Rule
}

// signalSum is how often, and how often beyond doubt.
type signalSum struct{ requests, certain uint64 }

// note counts a request of a network, and adds to the batch's signals if it is an attack or tripped rules of windows, or
// if the network did before. What such a rule counted before this request was not harmless, as far as it is not stored.
func (w *watch) note(b *Batch, s *site, net hit.Net, at int64, found hit.Finding, rules []hit.Tripped) {
	at -= at % hit.SignalSeconds
	window := uint16(at / hit.SignalSeconds)
	if s != w.site || window != w.window || net != w.net {
		addr := net.Addr().As16()
		w.site, w.window, w.net, w.place = s, window, net, w.find(maphash.Bytes(s.seed, addr[:]), window)
	}
	p := w.place
	attack := found.Threat != hit.ThreatNone || len(rules) > 0
	switch {
	case p == nil:
	case p.harmless == tripped && !attack:
		b.signal(s, net, at, hit.Finding{}, 1)
	case p.harmless < tripped && attack:
		b.signal(s, net, at, hit.Finding{}, uint64(p.harmless))
		p.harmless = tripped
	case p.harmless < tripped-1:
		p.harmless++
	}
	if found.Threat != hit.ThreatNone {
		b.signal(s, net, at, found, 1)
	}
	if n := before(rules); n > 0 {
		key := signalKey{site: s.id, net: net, window: at}
		if sum, ok := b.signals[key]; ok {
			sum.requests -= min(sum.requests, n)
			b.signals[key] = sum
		}
	}
	for _, r := range rules {
		b.signal(s, net, at, hit.Finding{Rule: r.Rule}, r.Requests)
	}
}

// before returns how many requests led to the one that tripped rules.
func before(rules []hit.Tripped) (n uint64) {
	for _, r := range rules {
		n = max(n, r.Requests-1)
	}
	return n
}

// find finds the place of a network, which is another's if that is over or smaller; nil for a line that comes late.
func (w *watch) find(hash uint64, window uint16) *watched {
	if w.places == nil {
		w.places = make([]watched, watchPlaces)
	}
	key := uint32(hash >> 32)
	i := hash % watchPlaces
	p, q := &w.places[i], &w.places[i^1]
	switch {
	case p.key == key:
	case q.key == key:
		p = q
	default:
		if q.window != window && p.window == window || q.window == p.window && q.harmless < p.harmless {
			p = q
		}
		*p = watched{key: key, window: window}
	}
	switch ahead := int16(p.window - window); {
	case ahead > 0:
		return nil
	case ahead < 0:
		*p = watched{key: key, window: window}
	}
	return p
}

// signal adds to a signal of the batch.
func (b *Batch) signal(s *site, net hit.Net, window int64, found hit.Finding, requests uint64) {
	if b.signals == nil {
		b.signals = map[signalKey]signalSum{}
	}
	key := signalKey{s.id, net, window, found.Threat, found.Name()}
	sum := b.signals[key]
	sum.requests += requests
	if found.Certain {
		sum.certain += requests
	}
	b.signals[key] = sum
}

// compare orders signals, so that no hash says in which order they are stored.
func (k signalKey) compare(o signalKey) int {
	return cmp.Or(
		strings.Compare(k.site.String(), o.site.String()), cmp.Compare(k.window, o.window), k.net.Addr().Compare(o.net.Addr()),
		cmp.Compare(k.threat, o.threat), strings.Compare(k.rule.String(), o.rule.String()),
	)
}

// tell adds the signals of a batch to its hits.
func (b *Batch) tell(db *geo.DB) {
	for _, key := range slices.SortedFunc(maps.Keys(b.signals), signalKey.compare) {
		sum := b.signals[key]
		if sum.requests == 0 { // harmless ones that turned out not to be
			continue
		}
		signal := hit.Signal{Net: key.net, Threat: key.threat, Rule: key.rule, Requests: sum.requests, Certain: sum.certain}
		if db != nil {
			at := db.Lookup(key.net)
			signal.Country, signal.Provider = at.Country, at.Provider
		}
		b.hits = append(b.hits, hit.SignalOf(key.site, key.window, signal))
	}
}
