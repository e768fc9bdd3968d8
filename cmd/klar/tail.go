package main

import (
	"time"

	"github.com/klar-analytics/klar/dashboards"
	"github.com/klar-analytics/klar/livetail"
)

// watcher shows the dashboard what a livetail.Watcher sees.
type watcher struct{ *livetail.Watcher }

// Take returns what passed (see [dashboards.Watcher]).
func (w watcher) Take() (dashboards.TailEvent, bool) {
	lines, skipped := w.Watcher.Take()
	if lines == nil {
		lines = []livetail.Line{}
	}
	return dashboards.TailEvent{Lines: lines, Skipped: skipped}, len(lines) > 0 || skipped > 0
}

// watched lets the dashboard watch; visitors are those of now.
func watched(t *livetail.Tail, visitors func(site string, within time.Duration) int) func(string) (dashboards.Watcher, bool) {
	return func(site string) (dashboards.Watcher, bool) {
		w, ok := t.Watch(site, func(within time.Duration) int { return visitors(site, within) })
		return watcher{w}, ok
	}
}
