package beacon

import (
	"net/http"
	"strings"

	"github.com/klar-analytics/klar/collector/raw"
)

// take hands what a request tells to the sink, counts what became of each part, and says why it was dropped. When nothing can
// be taken in, it answers and returns false.
func (h *Handler) take(w http.ResponseWriter, r *http.Request, kind string, pages []page) ([]Reason, bool) {
	reasons, err := h.keep(r, pages)
	if err != nil {
		h.results.WithLabelValues(kind, "refused").Add(float64(len(pages)))
		w.Header().Set("Retry-After", retryAfter)
		refuse(w, http.StatusServiceUnavailable, "no beacon can be taken in now; try again later")
		return nil, false
	}
	for _, reason := range reasons {
		if reason == Counted {
			h.counted[kind].Inc()
		} else {
			h.results.WithLabelValues(kind, string(reason)).Inc()
		}
	}
	return reasons, true
}

// sayDropped says why a beacon was not counted, also to scripts of other origins.
func sayDropped(w http.ResponseWriter, reason Reason) {
	header := w.Header()
	header.Set("X-Klar-Dropped", string(reason))
	header.Set("Access-Control-Expose-Headers", "X-Klar-Dropped")
}

// keep returns what became of each page when those that count are on the disk.
func (h *Handler) keep(r *http.Request, pages []page) ([]Reason, error) {
	reasons := make([]Reason, len(pages))
	kept := make([]int, 0, len(pages))
	early := prefetched(r.Header)
	for i := range pages {
		switch {
		case early && pages[i].origin != raw.FromAPI:
			reasons[i] = Prefetched
		case pages[i].event == engagement:
			reasons[i] = NotYet
		default:
			kept = append(kept, i)
		}
	}
	if len(kept) == 0 {
		return reasons, nil
	}
	if h.options.Full() {
		return nil, errBusy
	}
	b := buffers.Get().(*buffer)
	defer b.release()
	at := h.options.Now().Unix()
	err := h.keeper.add(r.Context(), len(kept), func(n int) raw.Hit {
		b.clear()
		b.fill(r, &pages[kept[n]])
		b.hit.Fields().Time = at
		return b.hit
	}, func(n int, err error) {
		reasons[kept[n]] = h.options.Reason(err)
	})
	return reasons, err
}

// fill makes a raw hit of a page and of the headers of the request that told of it.
func (b *buffer) fill(r *http.Request, p *page) {
	f := b.hit.Fields()
	f.Site, f.Origin, f.Event, f.Interactive = p.site, p.origin, b.put(p.event), p.interactive
	f.Host, f.Target, f.Referrer = b.put(p.host), b.target(p), b.put(p.referrer)
	if p.fragment != "" {
		f.Document = b.put("/", strings.TrimPrefix(p.path, "/"))
	}
	f.GPC, f.DNT = p.gpc || r.Header.Get("Sec-Gpc") == "1", p.dnt || r.Header.Get("Dnt") == "1"
	f.UserAgent, f.Language = b.either(p.agent, r.Header.Get("User-Agent")), b.either(p.language, r.Header.Get("Accept-Language"))
	f.Addr, f.Forwarded = b.put(r.RemoteAddr), b.forwarded(r.Header)
	if p.origin == raw.FromAPI { // whom the token makes believed without being a proxy
		if visitor := b.either(p.addr, firstForwarded(r.Header)); len(visitor) > 0 {
			f.Addr, f.Forwarded = visitor, nil
		}
	}
}
