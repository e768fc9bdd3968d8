package anonymize

import (
	"bytes"

	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// recognise says what attack a request of a log is, if any. path and agent are what its path and its agent were found to be.
func (a *Anonymizer) recognise(f *raw.Fields, path, agent hit.Finding) hit.Finding {
	found := threat.Answered(path, f.Status)
	if i := bytes.IndexByte(f.Target, '?'); i >= 0 {
		query := f.Target[i+1:]
		found = found.Or(threat.Query(query))
		if found.Threat == hit.ThreatNone && threat.CacheBusting(f.Target[:i], query) {
			found.Threat = hit.ThreatCache
		}
	}
	if len(f.Referrer) > 1 {
		found = found.Or(threat.Header(f.Referrer))
	}
	return found.Or(threat.Form(f.Method, f.Target, f.Status, func(host []byte) bool {
		return a.siteOf(host) != nil || len(f.Host) > 0 && a.host(host) == a.host(f.Host)
	})).Or(agent)
}
