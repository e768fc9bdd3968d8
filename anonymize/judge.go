package anonymize

import (
	"bytes"
	"hash/maphash"

	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// judgeBeacon shows a beacon to the rules of alerts, whatever becomes of it then, for anybody can send one: as a request of
// the kind event, whose file is the event on its page and whose query is all else that it says. page and agent are what
// these were found to be.
func (a *Anonymizer) judgeBeacon(s *site, f *raw.Fields, net hit.Net, page, agent hit.Finding) {
	path, query, _ := bytes.Cut(f.Target, []byte{'?'})
	file, said := a.hash(path, f.Event), a.hash(query, f.Referrer)
	found := threat.Answered(page, f.Status)
	if threat.OddQuery(query) {
		found = found.Or(a.oddities.of(threat.Query, query))
	}
	if len(f.Referrer) > 1 && threat.OddHeader(f.Referrer) {
		found = found.Or(a.oddReferrers.of(threat.Header, f.Referrer))
	}
	found = found.Or(threat.Text(f.Event)).Or(agent)
	for _, p := range f.Props {
		found = found.Or(threat.Text(p.Name)).Or(threat.Text(p.Value))
		said = said*31 + a.hash(p.Name, p.Value)
	}
	o := &a.seen
	*o = hit.Observation{
		Site: s.id, Net: net, Time: f.Time, Method: hit.MethodPost, Kind: hit.KindEvent, Finding: found,
		File: file, Query: said, Agent: a.hash(f.UserAgent, nil),
	}
	a.watch.note(&a.batch, s, net, f.Time, found, a.observed(o))
}

// hash returns a number for two texts under the process's own key.
func (a *Anonymizer) hash(one, other []byte) uint64 {
	return maphash.Bytes(a.seed, one) + 3*maphash.Bytes(a.seed, other)
}
