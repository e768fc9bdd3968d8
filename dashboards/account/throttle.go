package account

import (
	"sync"
	"time"
)

const (
	// failures is how many passwords may be wrong at once, of a network and for a name.
	failures = 10
	// failureLasts is how long one of them counts.
	failureLasts = 90 * time.Second
	// maxFailing bounds what is remembered. What is beyond it shares one entry.
	maxFailing = 1 << 14
	// othersFailing is that entry.
	othersFailing = "others"
)

// throttle bounds how often passwords may be wrong, by the keys of who tries and what is tried. It is in memory only.
type throttle struct {
	mu sync.Mutex
	// until is when all failures of a key have been forgotten.
	until  map[string]time.Time
	forgot time.Time
}

// attempt is what one try has taken of its keys.
type attempt struct {
	of   *throttle
	keys []string
}

// take counts a try as failed for all keys, or none. It is given back when it was none.
func (t *throttle) take(now time.Time, keys ...string) (attempt, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.until == nil {
		t.until = map[string]time.Time{}
	}
	t.forget(now)
	latest := now.Add(failures * failureLasts)
	for i, key := range keys {
		if _, known := t.until[key]; !known && len(t.until) >= maxFailing {
			keys[i] = othersFailing
		}
		if next := later(t.until[keys[i]], now).Add(failureLasts); next.After(latest) {
			return attempt{}, &TooManyError{Wait: next.Sub(latest)}
		}
	}
	for _, key := range keys {
		t.until[key] = later(t.until[key], now).Add(failureLasts)
	}
	return attempt{t, keys}, nil
}

// forget drops what counts no more, as often as a failure lasts.
func (t *throttle) forget(now time.Time) {
	if since := now.Sub(t.forgot); since >= 0 && since < failureLasts {
		return
	}
	t.forgot = now
	for key, until := range t.until {
		if !until.After(now) || until.After(now.Add(failures*failureLasts)) { // the latter by a clock that was set back
			delete(t.until, key)
		}
	}
}

// giveBack takes back what a try has counted for, as it did not fail.
func (a attempt) giveBack() {
	a.of.mu.Lock()
	defer a.of.mu.Unlock()
	for _, key := range a.keys {
		a.of.until[key] = a.of.until[key].Add(-failureLasts)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
