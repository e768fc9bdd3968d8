package alert

import (
	"math"

	"github.com/klar-analytics/klar/alert/baseline"
	"github.com/klar-analytics/klar/hit"
)

// The dimensions in which a site's requests are divided.
const (
	countries = iota
	providers
	bots
	paths // only whether they are new
	dimensions
)

// dimensionNames stand before values in the names of series.
var dimensionNames = [dimensions]string{"country:", "provider:", "bot:", ""}

// The bounds of shares.
const (
	// maxShares is how many values of a dimension are told apart; beyond, the smallest gives way.
	maxShares = 256
	// recent is how many buckets are open: those that are judged, and those that are not over yet.
	recent = 8
	// shareMemory is of how many buckets the mean is, exponentially weighted, and shareWarm after how many it is known.
	shareMemory = 240
	shareWarm   = 240
	// shareLeast is how much more than the usual a bucket must have to be a surge, at least.
	shareLeast = 30
)

// shares divide the requests of a site by one of its dimensions: by values, such as countries, and all together.
type shares struct {
	buckets [recent]int64 // of which the slots are
	values  map[string]*share
	all     share
	closed  int64 // the last bucket that was judged
	seen    int   // how many were
}

// share is a value's.
type share struct {
	counts         [recent]uint32
	mean, variance float64
}

// count counts a request of a value, which may be unknown and then counts with all only.
func (s *shares) count(bucket int64, value string) {
	slot := bucket % recent
	switch {
	case s.buckets[slot] > bucket || bucket <= s.closed:
		return
	case s.buckets[slot] < bucket:
		s.buckets[slot] = bucket
		s.all.counts[slot] = 0
		for _, v := range s.values {
			v.counts[slot] = 0
		}
	}
	s.all.counts[slot]++
	if value == "" {
		return
	}
	v := s.values[value]
	if v == nil {
		v = s.enter(value)
	}
	v.counts[slot]++
}

// enter makes a place for a value.
func (s *shares) enter(value string) *share {
	if s.values == nil {
		s.values = map[string]*share{}
	}
	if len(s.values) >= maxShares {
		least, smallest := math.Inf(1), ""
		for name, v := range s.values {
			size := v.mean
			for _, n := range v.counts {
				size += float64(n)
			}
			if size < least {
				least, smallest = size, name
			}
		}
		delete(s.values, smallest)
	}
	v := &share{}
	s.values[value] = v
	return v
}

// surge is a value with more requests than its share.
type surge struct {
	series string
	count  float64
	baseline.Range
}

// judge takes in a bucket that is over, and returns the values that surge: that had in two of the last three buckets more
// than is expected of them.
func (s *shares) judge(bucket int64, dimension string) (surges []surge) {
	for name, v := range s.values {
		if s.seen < shareWarm {
			break
		}
		last, usual := s.last(v, bucket), s.expect(v, bucket)
		if usual.Outside(last) == baseline.Above {
			surges = append(surges, surge{dimension + name, max(last[0], last[1], last[2]), usual})
		}
	}
	s.seen++
	for _, v := range s.values {
		v.learn(s.at(v, bucket), s.seen)
	}
	s.all.learn(s.at(&s.all, bucket), s.seen)
	s.closed = bucket
	return surges
}

// expect returns what a value is expected to have in a bucket: what it had in the last hours, and more if all others have
// more than then, too. It is a surge at twice that.
func (s *shares) expect(v *share, bucket int64) (r baseline.Range) {
	r.Usual = v.mean
	if others := s.all.mean - v.mean; others > 0 {
		all, own := s.last(&s.all, bucket), s.last(v, bucket)
		r.Usual *= max(1, max(all[0]-own[0], all[1]-own[1], all[2]-own[2])/others)
	}
	spread := math.Sqrt(max(r.Usual, v.variance, 1))
	r.High = r.Usual + max(shareLeast, r.Usual, baseline.Far*spread)
	return r
}

// last returns a value's last three buckets.
func (s *shares) last(v *share, bucket int64) [3]float64 {
	return [3]float64{s.at(v, bucket-2), s.at(v, bucket-1), s.at(v, bucket)}
}

// at returns how many requests a value had in a bucket.
func (s *shares) at(v *share, bucket int64) float64 {
	if s.buckets[bucket%recent] != bucket {
		return 0
	}
	return float64(v.counts[bucket%recent])
}

// learn adds a bucket to what is usual of a value, the seen-th that there is. In those before the value was known it had
// nothing.
func (v *share) learn(n float64, seen int) {
	apart, memory := n-v.mean, float64(min(seen, shareMemory))
	v.mean += apart / memory
	v.variance += (apart*apart - v.variance) / memory
}

// surges judges the buckets of a site that are over by the end of one, each once, and returns what surges in the last.
func (p *Pulse) surges(id hit.Site, bucket int64) (list []surge) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.site(id)
	for d := range s.shares {
		var last []surge
		for b := max(s.shares[d].closed+1, bucket-2); b <= bucket; b++ {
			last = s.shares[d].judge(b, dimensionNames[d])
		}
		list = append(list, last...)
	}
	return list
}
