package beacon_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/klar-analytics/klar/collector/beacon"
	"github.com/klar-analytics/klar/collector/raw"
)

// errDrop is why fake drops the hits of the site "dropped.org".
var errDrop = errors.New("dropped")

// fake is a sink that writes down what it was given.
type fake struct {
	mu        sync.Mutex
	added     []string
	committed int
	forgotten []time.Time
	sync      func() error // nil is success
	syncs     int
}

func (f *fake) Add(h raw.Hit) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := h.Fields()
	if r.Site == "dropped.org" {
		return false, errDrop
	}
	f.added = append(f.added, text(r))
	return false, nil
}

// text writes out what a hit says, where it says anything.
func text(r *raw.Fields) string {
	var b strings.Builder
	put := func(name string, v any) {
		if s := fmt.Sprintf("%s", v); s != "" && s != "%!s(bool=false)" {
			fmt.Fprintf(&b, " %s=%s", name, strings.TrimPrefix(s, "%!s(bool=true)"))
		}
	}
	put("site", r.Site)
	put("event", r.Event)
	put("host", r.Host)
	put("target", r.Target)
	put("referrer", r.Referrer)
	put("addr", r.Addr)
	put("forwarded", r.Forwarded)
	put("agent", r.UserAgent)
	put("language", r.Language)
	put("interactive", r.Interactive)
	if r.Engagement.Told {
		put("engagement", fmt.Sprint(r.Engagement))
	}
	put("gpc", r.GPC)
	put("dnt", r.DNT)
	put("origin", []string{"log", "beacon", "pixel", "api"}[r.Origin])
	return strings.TrimSpace(b.String())
}

func (f *fake) Commit(_ context.Context, key string, _ []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if key != "" {
		return errors.New("beacons have no position")
	}
	f.committed = len(f.added)
	return nil
}

func (f *fake) Sync(context.Context) error {
	f.mu.Lock()
	f.syncs++
	sync := f.sync
	f.mu.Unlock()
	if sync == nil {
		return nil
	}
	return sync()
}

func (f *fake) Forget(before time.Time) { f.forgotten = append(f.forgotten, before) }

func reason(err error) beacon.Reason {
	if errors.Is(err, errDrop) {
		return beacon.UnknownSite
	}
	return beacon.Dropped
}
