package dashboards

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Watcher is somebody's view of the hits of a site that pass. It is used by one goroutine.
type Watcher interface {
	// Take returns what passed in the last second, and how much more did that is not shown; false for nothing.
	Take() (TailEvent, bool)
	Close()
}

// TailEvent is what passed in a second.
type TailEvent struct {
	Lines   any `json:"lines"` // a list
	Skipped int `json:"skipped"`
}

const (
	// tailTime is after how long a watcher has to ask anew, so that whoever may not any more sees no more.
	tailTime = 10 * time.Minute
	// tailSilence is after how many seconds without hits a proxy is told that the answer goes on.
	tailSilence = 15
	// tailWait bounds how long a watcher may take to read.
	tailWait = 10 * time.Second
)

// tail answers the hits of a site as they pass, as server-sent events, a second at a time.
func (h *handler) tail(w http.ResponseWriter, r *http.Request) {
	site := r.URL.Query().Get("site_id")
	sites, err := h.sitesFor(r.Context())
	switch _, known := sites.location(site); {
	case h.Tail == nil:
		writeError(w, http.StatusNotImplemented, "this Klar takes nothing in, and has nothing to watch")
		return
	case err != nil:
		h.failed(r.Context(), w, err)
		return
	case !known:
		writeError(w, http.StatusBadRequest, "site_id: there is no such site")
		return
	}
	watcher, ok := h.Tail(site)
	if !ok {
		w.Header().Set("Retry-After", "60")
		writeError(w, http.StatusServiceUnavailable, "too many watch already; try again in a minute")
		return
	}
	defer watcher.Close()
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would wait for more
	ticks, stop := h.Seconds()
	defer stop()
	h.stream(w, r, watcher, ticks)
}

// stream sends what the watcher sees at each tick, until somebody ends it.
func (h *handler) stream(w http.ResponseWriter, r *http.Request, watcher Watcher, ticks <-chan time.Time) {
	conn := http.NewResponseController(w)
	_ = conn.SetReadDeadline(time.Time{}) // that of the request would end its context
	over := h.Now().Add(tailTime)
	silent := tailSilence // so that the first answer goes out at once
	for {
		text := ""
		if event, some := watcher.Take(); some {
			body, err := json.Marshal(event)
			if err != nil {
				return
			}
			text = fmt.Sprintf("data: %s\n\n", body)
		} else if silent++; silent > tailSilence {
			text = ": nothing\n\n"
		}
		if text != "" {
			silent = 0
			_ = conn.SetWriteDeadline(h.Now().Add(tailWait))
			if _, err := w.Write([]byte(text)); err != nil || conn.Flush() != nil {
				return
			}
		}
		select {
		case <-r.Context().Done():
			return
		case <-h.Ending:
			return
		case now := <-ticks:
			if now.After(over) {
				return
			}
		}
	}
}

// everySecond is the clock of watchers.
func everySecond() (ticks <-chan time.Time, stop func()) {
	t := time.NewTicker(time.Second)
	return t.C, t.Stop
}
