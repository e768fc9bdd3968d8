package anonymize

import (
	"hash/maphash"

	"github.com/klar-analytics/klar/hit"
)

// buckets is how many buckets a row of a limiter has: 256 KB for both rows, whatever the number of networks.
const buckets = 1 << 14

// limiter bounds how many beacons a shortened network may send. Each network has a bucket in either row, found by a keyed
// hash, and is refused when both are full: two networks would have to share both to get into each other's way. A full
// bucket empties within a minute. Nothing of a network is kept.
type limiter struct {
	rate int64 // per minute
	seed maphash.Seed
	// full is until when a bucket would be in use if it emptied at the rate, in units of 1/rate seconds since 1970.
	full [2][buckets]int64
}

func newLimiter(rate int) *limiter {
	return &limiter{rate: int64(rate), seed: maphash.MakeSeed()}
}

// limitBeacons sets how many beacons a minute a network may send; 0 is no bound.
func (a *Anonymizer) limitBeacons(rate int) {
	switch {
	case rate <= 0:
		a.limiter = nil
	case a.limiter == nil || a.limiter.rate != int64(rate):
		a.limiter = newLimiter(rate)
	}
}

// allow reports whether one more beacon of the network is taken at a time in seconds since 1970.
func (l *limiter) allow(net hit.Net, at int64) bool {
	addr := net.Addr().As16()
	h := maphash.Bytes(l.seed, addr[:])
	const cost = 60 // a minute is 60·rate units and takes rate beacons
	now := at * l.rate
	most := now + cost*l.rate
	allowed := false
	for i := range l.full {
		b := &l.full[i][h>>(16*i)%buckets]
		*b = min(max(*b, now), most) // a clock that was set back locks a network out for a minute, and no longer
		if *b+cost <= most {
			allowed = true
			*b += cost
		}
	}
	return allowed
}
