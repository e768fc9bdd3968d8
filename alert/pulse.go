package alert

import (
	"hash/maphash"
	"sync"
	"time"

	"github.com/klar-analytics/klar/hit"
)

// The bounds of a pulse.
const (
	// pulseBucket is how long a bucket is: half a minute, so that two of three are known soon.
	pulseBucket = 30 * time.Second
	// slots is how many buckets are remembered: those of silenceTo, and some that are not over yet.
	slots = 128
	// maxKnown is how many paths are remembered as seen, in 1 MB. Of more, one takes the place of another.
	maxKnown = 1 << 18
	// late is how old a line is that tells that a log is read late, and behind for how long what is missing may come after it.
	late   = 2 * time.Minute
	behind = 3 * time.Minute
	// early is how many buckets a line may be ahead. One that is further would take the places of those until then.
	early = 2
)

// Pulse counts what comes in at present, by half minutes of the log's time: sums by site, and in them by status and by
// country, provider and bot, of nobody in particular. It lives in memory only, and is safe for concurrent use.
type Pulse struct {
	mu    sync.Mutex
	now   func() time.Time
	began int64 // the first bucket that it has seen the whole of
	sites map[hit.Site]*present
	seed  maphash.Seed
	known [maxKnown]uint32 // hashes of paths that answered
}

// present is the pulse of a site.
type present struct {
	ring   [slots]sums
	late   time.Time // when a line came that was late
	shares [dimensions]shares
}

// sums are a bucket's.
type sums struct {
	bucket int64 // of which they are
	series [seriesCount]uint64
}

// The series whose past is in the store.
const (
	requests = iota
	bytesOut
	threats
	serverErrors
	clientErrors
	failedLogins
	seriesCount
)

// NewPulse returns a pulse that has counted nothing.
func NewPulse(now func() time.Time) *Pulse {
	return &Pulse{now: now, began: bucketOf(now().Unix()) + 1, sites: map[hit.Site]*present{}, seed: maphash.MakeSeed()}
}

// bucketOf numbers the buckets of a time in seconds since 1970.
func bucketOf(at int64) int64 { return at / int64(pulseBucket/time.Second) }

// Count counts hits that are stored.
func (p *Pulse) Count(hits []hit.Hit) {
	if len(hits) == 0 {
		return
	}
	now := p.now()
	old, most := now.Add(-late).Unix(), bucketOf(now.Unix())+early
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range hits {
		h := &hits[i]
		bucket := bucketOf(h.Time)
		if h.Kind == hit.KindSignal || h.Kind == hit.KindEngagement || bucket > most {
			continue
		}
		s := p.site(h.Site)
		if h.Time < old {
			s.late = now
		}
		if sums := s.at(bucket); sums != nil {
			sums.count(h)
		}
		if answered(h) {
			s.shares[paths].count(bucket, p.news(h))
		}
		if !h.Bot.IsZero() {
			s.shares[bots].count(bucket, h.Bot.String())
		}
	}
}

// Observe counts where a request of a log came from.
func (p *Pulse) Observe(o *hit.Observation) {
	bucket := bucketOf(o.Time)
	if bucket > bucketOf(p.now().Unix())+early {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.site(o.Site)
	s.shares[countries].count(bucket, o.Country.String())
	s.shares[providers].count(bucket, o.Provider.String())
}

// With returns what shows a request to the pulse and then to windows.
func (p *Pulse) With(w *Windows) func(*hit.Observation) []hit.Tripped {
	return func(o *hit.Observation) []hit.Tripped {
		p.Observe(o)
		return w.Observe(o)
	}
}

// site returns the present of a site. There are as many as are configured.
func (p *Pulse) site(id hit.Site) *present {
	s := p.sites[id]
	if s == nil {
		s = &present{}
		p.sites[id] = s
	}
	return s
}

// at returns the sums of a bucket, nil for one that is too long ago.
func (s *present) at(bucket int64) *sums {
	slot := &s.ring[bucket%slots]
	switch {
	case slot.bucket > bucket:
		return nil
	case slot.bucket < bucket:
		*slot = sums{bucket: bucket}
	}
	return slot
}

func (s *sums) count(h *hit.Hit) {
	s.series[requests]++
	s.series[bytesOut] += h.Bytes
	if h.Threat != hit.ThreatNone {
		s.series[threats]++
	}
	switch {
	case h.Status >= 500:
		s.series[serverErrors]++
	case h.Status >= 400:
		s.series[clientErrors]++
	}
	if h.Method == hit.MethodPost && (h.Status == 401 || h.Status == 403) {
		s.series[failedLogins]++
	}
}

// answered reports whether a path was asked for and is there.
func answered(h *hit.Hit) bool {
	return h.Status >= 200 && h.Status < 300 && !h.Path.IsZero() && h.Origin == hit.OriginLog
}

// news remembers a hit's path, and returns what a new one counts as, empty for others.
func (p *Pulse) news(h *hit.Hit) string {
	const isNew = "new paths"

	var hash maphash.Hash
	hash.SetSeed(p.seed)
	_, _ = hash.WriteString(h.Site.String())
	_ = hash.WriteByte(0)
	_, _ = hash.WriteString(h.Path.String())
	sum := hash.Sum64()
	key := uint32(sum>>32) | 1
	for _, place := range [...]uint64{sum % maxKnown, (sum ^ 1) % maxKnown} {
		if p.known[place] == key {
			return ""
		}
		if p.known[place] == 0 {
			p.known[place] = key
			return isNew
		}
	}
	p.known[sum%maxKnown] = key
	return isNew
}

// last returns the sums of a site's series in the buckets before one, the newest last: at most so many, and only of those
// that were seen as a whole. behind says that a log is being read late, so that more may come.
func (p *Pulse) last(id hit.Site, before int64, most int) (values [seriesCount][]float64, isBehind bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.site(id)
	for b := max(p.began, before-int64(most)); b < before; b++ {
		var of [seriesCount]uint64
		if slot := &s.ring[b%slots]; slot.bucket == b {
			of = slot.series
		}
		for i := range of {
			values[i] = append(values[i], float64(of[i]))
		}
	}
	return values, p.now().Sub(s.late) < behind
}
