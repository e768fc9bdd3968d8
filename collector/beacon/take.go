package beacon

import (
	"net/http"
	"strings"

	"github.com/klar-analytics/klar/collector/raw"
)

// take hands what a request tells to the sink, counts what became of each part, and has the reasons written down why it was
// dropped. When nothing can be taken in, it answers and returns false.
func (h *Handler) take(w http.ResponseWriter, r *http.Request, kind string, p *parcel) bool {
	if err := h.keep(r, p); err != nil {
		h.results.WithLabelValues(kind, "refused").Add(float64(len(p.pages)))
		w.Header().Set("Retry-After", retryAfter)
		refuse(w, http.StatusServiceUnavailable, "no beacon can be taken in now; try again later")
		return false
	}
	for _, reason := range p.reasons {
		if reason == Counted {
			h.counted[kind].Inc()
		} else {
			h.results.WithLabelValues(kind, string(reason)).Inc()
		}
	}
	return true
}

// sayDropped says why a beacon was not counted, also to scripts of other origins.
func sayDropped(w http.ResponseWriter, reason Reason) {
	header := w.Header()
	header.Set("X-Klar-Dropped", string(reason))
	header.Set("Access-Control-Expose-Headers", "X-Klar-Dropped")
}

// keep returns when the pages that count are on the disk, with the reasons of the others in the parcel.
func (h *Handler) keep(r *http.Request, p *parcel) error {
	early := prefetched(r.Header)
	for i := range p.pages {
		reason := Counted
		if early && p.pages[i].origin != raw.FromAPI {
			reason = Prefetched
		} else {
			p.kept = append(p.kept, i)
		}
		p.reasons = append(p.reasons, reason)
	}
	if len(p.kept) == 0 {
		return nil
	}
	if h.options.Full() {
		return errBusy
	}
	b := buffers.Get().(*buffer)
	defer b.release()
	at := h.options.Now().Unix()
	return h.keeper.add(len(p.kept), func(n int) raw.Hit {
		if n > 0 {
			b.clear()
		}
		b.fill(r, &p.pages[p.kept[n]])
		b.hit.Fields().Time = at
		return b.hit
	}, func(n int, err error) {
		p.reasons[p.kept[n]] = h.options.Reason(err)
	})
}

// fill makes a raw hit of a page and of the headers of the request that told of it.
func (b *buffer) fill(r *http.Request, p *page) {
	f := b.hit.Fields()
	f.Site, f.Origin, f.Event, f.Interactive = p.site, p.origin, b.put(p.event), p.interactive
	f.Engagement = p.engagement
	for _, prop := range p.props {
		f.Props = append(f.Props, raw.Property{Name: b.put(prop.name), Value: b.put(prop.value)})
	}
	f.Amount, f.Currency = b.put(p.revenue.amount), b.put(p.revenue.currency)
	f.Host, f.Target, f.Referrer = b.put(p.host), b.target(p), b.put(p.referrer)
	f.Width = int(min(p.width, 1<<20)) // which is wider than any
	if p.fragment != "" {
		f.Document = b.put("/", strings.TrimPrefix(p.path, "/"))
	}
	f.GPC, f.DNT = p.gpc || value(r.Header, "Sec-Gpc") == "1", p.dnt || value(r.Header, "Dnt") == "1"
	f.UserAgent, f.Language = b.either(p.agent, value(r.Header, "User-Agent")), b.either(p.language, value(r.Header, "Accept-Language"))
	f.Addr, f.Forwarded = b.put(r.RemoteAddr), b.forwarded(r.Header)
	if p.origin == raw.FromAPI { // whom the token makes believed without being a proxy
		if visitor := b.either(p.addr, firstForwarded(r.Header)); len(visitor) > 0 {
			f.Addr, f.Forwarded = visitor, nil
		}
	}
}
