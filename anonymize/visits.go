package anonymize

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// Visits is what is known of the visits of all sites. Anonymizers that are given the same one, such as that of logs and
// that of beacons, know the same visitors and count each of them once. It lives until the last of them is closed.
type Visits struct {
	// mu is held while a batch is counted, and for whatever else touches a tracker.
	mu         sync.Mutex
	identifier *visit.Identifier
	trackers   map[trackerKey]*tracker
	users      int
}

// trackerKey says whose days a tracker counts.
type trackerKey struct {
	site hit.Site
	zone string
}

// tracker is a site's tracker, with who uses it.
type tracker struct {
	*visit.Tracker
	key trackerKey
	// done says for each user which time its hits are past, in seconds since 1970.
	done map[*Anonymizer]int64
}

// NewVisits returns the visits of nobody yet. It fails only when the system has no page of memory left for a key.
func NewVisits() (*Visits, error) {
	identifier, err := visit.NewIdentifier()
	if err != nil {
		return nil, fmt.Errorf("visits: %w", err)
	}
	return &Visits{identifier: identifier, trackers: map[trackerKey]*tracker{}}, nil
}

// join returns what a new user makes identities with.
func (v *Visits) join() *visit.Identifier {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.users++
	return v.identifier.Share()
}

// leave wipes the keys when the last user has gone, who has let go of all trackers.
func (v *Visits) leave() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.users--; v.users > 0 {
		return nil
	}
	return v.identifier.Close()
}

// tracker returns the tracker of a site, a new one if no user has it yet.
func (v *Visits) tracker(user *Anonymizer, zone string, o visit.Options) (*tracker, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := trackerKey{o.Site, zone}
	t := v.trackers[key]
	if t == nil {
		visits, err := visit.New(o)
		if err != nil {
			return nil, fmt.Errorf("visits: %w", err)
		}
		t = &tracker{Tracker: visits, key: key, done: map[*Anonymizer]int64{}}
		v.trackers[key] = t
	}
	if _, ok := t.done[user]; !ok {
		t.done[user] = math.MinInt64
	}
	return t, nil
}

// release lets go of the trackers that a user needs no more, and wipes those that nobody else has.
func (v *Visits) release(user *Anonymizer, keep func(*tracker) bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	var errs []error
	for key, t := range v.trackers {
		if _, ok := t.done[user]; !ok || keep(t) {
			continue
		}
		delete(t.done, user)
		if len(t.done) == 0 {
			errs = append(errs, t.Close())
			delete(v.trackers, key)
		}
	}
	return errors.Join(errs...)
}

// forget says that no hit of before a time will come from a user, and forgets what no user will add to.
func (t *tracker) forget(user *Anonymizer, before int64) {
	t.done[user] = before
	for _, other := range t.done {
		before = min(before, other)
	}
	if before > math.MinInt64 {
		t.Forget(before)
	}
}
