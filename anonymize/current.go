package anonymize

import (
	"time"

	"github.com/klar-analytics/klar/anonymize/visit"
)

// CurrentVisitors returns how many visitors of a site did something within a time of up to half an hour (see
// [visit.Recent.Visitors]) as far as this anonymizer has seen, 0 for a site that it does not know. Unlike the other
// methods it is for any goroutine.
func (a *Anonymizer) CurrentVisitors(site string, within time.Duration) int {
	recent := (*a.current.Load())[site]
	if recent == nil {
		return 0
	}
	return recent.Visitors(a.options.Now().Unix(), int64(within/time.Second))
}

// publishCurrent lets CurrentVisitors know the sites. Their map itself belongs to the goroutine that adds.
func (a *Anonymizer) publishCurrent() {
	current := map[string]*visit.Recent{}
	for _, s := range a.sites {
		current[s.id.String()] = s.visits.Recent()
	}
	a.current.Store(&current)
}
