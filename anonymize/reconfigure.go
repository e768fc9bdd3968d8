package anonymize

import (
	"errors"
	"slices"

	"github.com/klar-analytics/klar/anonymize/referrer"
)

// Reconfigure takes over the sites, trusted proxies, query parameters, signals to respect and rate of beacons of other
// options; what else they say is ignored. The visits of a site go on if it keeps its id and its time zone; those of the rest end, and the
// keys of what is measured no more are wiped. It is called between two batches, when no other method is being used. Its
// error leaves everything as it was.
func (a *Anonymizer) Reconfigure(o Options) error {
	referrers, err := referrer.New(referrer.Options{Scrub: a.scrubber, Query: o.Query})
	if err != nil {
		return err
	}
	before := a.sites
	a.sites = map[string]*site{}
	for _, s := range o.Sites {
		if err := a.addSite(s); err != nil {
			a.sites = before
			return errors.Join(err, a.releaseOthers())
		}
	}
	a.publishCurrent()
	a.referrers = referrers
	a.shortener.trusted = o.TrustedProxies
	a.limitBeacons(o.BeaconRate)
	a.options.RespectGPC, a.options.RespectDNT = o.RespectGPC, o.RespectDNT
	return a.releaseOthers()
}

// releaseOthers lets go of the visits of what is measured no more.
func (a *Anonymizer) releaseOthers() error {
	sites := a.distinct()
	return a.visits.release(a, func(t *tracker) bool {
		return slices.ContainsFunc(sites, func(s *site) bool { return s.visits == t })
	})
}
