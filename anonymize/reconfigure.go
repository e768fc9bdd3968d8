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
	before, old := a.sites, a.distinct()
	a.sites = map[string]*site{}
	for _, s := range o.Sites {
		if err := a.addSite(s, old); err != nil {
			err = errors.Join(err, closeWithout(a.distinct(), old))
			a.sites = before
			return err
		}
	}
	a.publishCurrent()
	a.referrers = referrers
	a.shortener.trusted = o.TrustedProxies
	a.limitBeacons(o.BeaconRate)
	a.options.RespectGPC, a.options.RespectDNT = o.RespectGPC, o.RespectDNT
	return closeWithout(old, a.distinct())
}

// closeWithout wipes the visits of sites whose trackers no site of the others has.
func closeWithout(sites, others []*site) error {
	var errs []error
	for _, s := range sites {
		if !slices.ContainsFunc(others, func(other *site) bool { return other.visits == s.visits }) {
			errs = append(errs, s.visits.Close())
		}
	}
	return errors.Join(errs...)
}
