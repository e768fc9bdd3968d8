package dashboards

import (
	"crypto/sha256"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

const (
	// tokenless is how many times as much a shortened network may ask without a token as a token may: it may hold many
	// people, and an open dashboard asks some 2,500 questions an hour.
	tokenless = 100
	// maxAskers bounds what a limiter remembers. Networks beyond it share one entry.
	maxAskers = 1 << 16
	// forgetEvery is how often those are forgotten who have asked nothing that counts any more.
	forgetEvery = time.Minute
)

// asker is who asks: a token, by its sum, or a shortened network.
type asker struct {
	token   [sha256.Size]byte
	network netip.Addr
}

// limiter bounds how many questions an asker has in an hour: all of them at once, and then as they come back one by one.
type limiter struct {
	mu     sync.Mutex
	rate   int // an hour of a token; 0 or less: no bound
	until  map[asker]time.Time
	forgot time.Time
}

// set changes the bound.
func (l *limiter) set(rate int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rate != rate {
		l.rate, l.until = rate, nil
	}
}

// allow takes a question of an asker. If there are too many, it says how many there may be an hour and when the next one
// is taken.
func (l *limiter) allow(who asker, now time.Time) (ok bool, rate int, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rate <= 0 {
		return true, 0, 0
	}
	l.forget(now)
	rate = l.rate
	if who.network.IsValid() {
		rate *= tokenless
		if _, known := l.until[who]; !known && len(l.until) >= maxAskers {
			who = asker{network: netip.IPv6Unspecified()}
		}
	}
	// until is when all questions taken so far have come back; it is never more than an hour away.
	until, latest := l.until[who], now.Add(time.Hour)
	if until.Before(now) {
		until = now
	}
	until = until.Add(time.Hour / time.Duration(rate))
	if until.After(latest) {
		return false, rate, until.Sub(latest)
	}
	if l.until == nil {
		l.until = map[asker]time.Time{}
	}
	l.until[who] = until
	return true, rate, 0
}

// forget drops those whose questions have all come back.
func (l *limiter) forget(now time.Time) {
	if since := now.Sub(l.forgot); since >= 0 && since < forgetEvery {
		return
	}
	l.forgot = now
	for who, until := range l.until {
		if !until.After(now) || until.After(now.Add(time.Hour)) { // the latter by a clock that was set back
			delete(l.until, who)
		}
	}
}

// Limit bounds the questions that a token may ask in an hour; 0 is no bound. Who asks without one is bounded by the
// shortened network, to a hundred times as many.
func (a *Access) Limit(rate int) { a.limiter.set(rate) }

// limited lets through who does not ask too much.
func (h *handler) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := asker{}
		if token := callerOf(r.Context()).token; token != "" {
			who.token = sha256.Sum256([]byte(token))
		} else {
			network, bounded := h.network(r)
			if !bounded {
				next.ServeHTTP(w, r)
				return
			}
			who.network = network
		}
		ok, rate, wait := h.Access.limiter.allow(who, h.Now())
		if ok {
			next.ServeHTTP(w, r)
			return
		}
		seconds := int(math.Ceil(wait.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		writeError(w, http.StatusTooManyRequests, fmt.Sprintf("more than %d questions an hour; ask again in %d s", rate, seconds))
	})
}

// network returns the shortened network of who asks without a token, and whether it is bounded.
func (h *handler) network(r *http.Request) (netip.Addr, bool) {
	if h.Network == nil {
		return netip.Addr{}, false
	}
	return h.Network(r)
}
