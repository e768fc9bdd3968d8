package anonymize

import (
	"hash/maphash"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/hit"
)

// watchPlaces is how many networks are watched at a time, in 1 MB. Of more, those with the fewest requests give way.
const watchPlaces = 1 << 16

// watch counts the harmless requests of each shortened network within five minutes, so that of one that then trips a rule
// it can be said how many of its requests were harmless. A network that had to give way, or whose lines come late, loses
// what it had: the number is a lower bound. Nothing of it is stored but of networks that did trip a rule.
type watch struct {
	places []watched
	// The last request's, as the next one is often of the same network.
	site   *site
	net    hit.Net
	window uint32
	place  *watched
}

// watched is a network, by a keyed hash of it and its site.
type watched struct {
	key      uint32
	window   uint32 // its five minutes, by their number since 1970
	harmless uint32
	tripped  bool
}

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

// note counts a request of a network, and adds to the batch's signals if it tripped a rule or if the network did before.
func (w *watch) note(b *Batch, s *site, net hit.Net, at int64, found hit.Finding) {
	window := uint32(at / hit.SignalSeconds)
	if s != w.site || window != w.window || net != w.net {
		addr := net.Addr().As16()
		w.site, w.window, w.net, w.place = s, window, net, w.find(maphash.Bytes(s.seed, addr[:]), window)
	}
	p := w.place
	if found.Threat == hit.ThreatNone {
		if p == nil {
			return
		}
		if p.harmless++; p.tripped {
			b.signal(s, net, window, hit.Finding{}, 1)
		}
		return
	}
	if p != nil && !p.tripped {
		p.tripped = true
		if p.harmless > 0 {
			b.signal(s, net, window, hit.Finding{}, uint64(p.harmless))
		}
	}
	b.signal(s, net, window, found, 1)
}

// find finds the place of a network, which is another's if that is over or smaller; nil for a line that comes late.
func (w *watch) find(hash uint64, window uint32) *watched {
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
		if q.window < p.window || q.window == p.window && !q.tripped && (p.tripped || q.harmless < p.harmless) {
			p = q
		}
		*p = watched{key: key, window: window}
	}
	if p.window > window {
		return nil
	}
	if p.window < window {
		*p = watched{key: key, window: window}
	}
	return p
}

// signal adds to a signal of the batch.
func (b *Batch) signal(s *site, net hit.Net, window uint32, found hit.Finding, requests uint64) {
	if b.signals == nil {
		b.signals = map[signalKey]signalSum{}
	}
	key := signalKey{s.id, net, int64(window) * hit.SignalSeconds, found.Threat, found.Name()}
	sum := b.signals[key]
	sum.requests += requests
	if found.Certain {
		sum.certain += requests
	}
	b.signals[key] = sum
}

// tell adds the signals of a batch to its hits.
func (b *Batch) tell(db *geo.DB) {
	for key, sum := range b.signals {
		signal := hit.Signal{Net: key.net, Threat: key.threat, Rule: key.rule, Requests: sum.requests, Certain: sum.certain}
		if db != nil {
			at := db.Lookup(key.net)
			signal.Country, signal.Provider = at.Country, at.Provider
		}
		b.hits = append(b.hits, hit.SignalOf(key.site, key.window, signal))
	}
}
