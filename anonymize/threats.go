package anonymize

import (
	"bytes"
	"hash/maphash"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// maxOddities bounds the queries, and the referrers, that are remembered, in about 0.7 MB each.
const maxOddities = 1 << 14

// oddities remembers what queries or referrers are that take a second look, by a keyed hash of them: those of campaigns and
// of searches come again and again.
type oddities struct {
	seed  maphash.Seed
	known memo.Cache[hit.Finding]
}

func newOddities() oddities {
	return oddities{maphash.MakeSeed(), memo.New[hit.Finding](maxOddities)}
}

func (o *oddities) of(look func([]byte) hit.Finding, value []byte) hit.Finding {
	key := maphash.Bytes(o.seed, value)
	found, ok := o.known.Get(key)
	if !ok {
		found = look(value)
		o.known.Put(key, found)
	}
	return found
}

// recognise says what attack a request of a log is, if any. path and agent are what its path and its agent were found to be.
func (a *Anonymizer) recognise(f *raw.Fields, path, agent hit.Finding) hit.Finding {
	found := threat.Answered(path, f.Status)
	if i := bytes.IndexByte(f.Target, '?'); i >= 0 {
		query := f.Target[i+1:]
		if threat.OddQuery(query) {
			found = found.Or(a.oddities.of(threat.Query, query))
		}
		if found.Threat == hit.ThreatNone && threat.CacheBusting(f.Target[:i], query) {
			found.Threat = hit.ThreatCache
		}
	}
	if len(f.Referrer) > 1 && threat.OddHeader(f.Referrer) {
		found = found.Or(a.oddReferrers.of(threat.Header, f.Referrer))
	}
	return found.Or(threat.Form(f.Method, f.Target, f.Status, func(host []byte) bool {
		return a.siteOf(host) != nil || len(f.Host) > 0 && a.host(host) == a.host(f.Host)
	})).Or(agent)
}
