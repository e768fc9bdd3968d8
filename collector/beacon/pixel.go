package beacon

import (
	"net/http"

	"github.com/klar-analytics/klar/collector/raw"
)

// gif is an image of one transparent pixel.
const gif = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;"

// pixel answers GET /pixel.gif: a page view of the page that shows the image. The query may name the site (domain or d), the
// page (url or u) and where the visitor came from (referrer or r); without them the page is what the Referer header says,
// and the site is that of its host.
func (h *Handler) pixel(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		writePixel(w)
		return
	}
	q := r.URL.Query()
	either := func(long, short string) string {
		if v := q.Get(long); v != "" {
			return v
		}
		return q.Get(short)
	}
	shown := page{site: either("domain", "d"), referrer: either("referrer", "r"), origin: raw.FromPixel}
	address := either("url", "u")
	if address == "" {
		address = r.Header.Get("Referer")
	}
	if err := shown.locate(address, either("hash", "h") == "1"); err != nil {
		h.results.WithLabelValues("pixel", "malformed").Inc()
		refuse(w, http.StatusBadRequest, "url, or else the Referer header: "+err.Error())
		return
	}
	p := parcels.Get().(*parcel)
	defer p.release()
	p.pages = append(p.pages, shown)
	if h.take(w, r, "pixel", p) {
		if p.reasons[0] != Counted {
			sayDropped(w, p.reasons[0])
		}
		writePixel(w)
	}
}

// writePixel answers with the image, which no cache may keep: it is asked for to be counted.
func writePixel(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", "image/gif")
	header["Cross-Origin-Resource-Policy"] = crossOrigin
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(gif)) // the asker has gone: nobody to tell
}
