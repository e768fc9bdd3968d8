package beacon

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"sync"
)

// smallBody is up to which size a body is read as long as it says it is, in bytes. Nobody makes Klar hold more than this
// without sending it.
const smallBody = 2 << 10

// parcel is what one request tells, and what became of it. It is used again for others.
type parcel struct {
	body    *bytes.Buffer
	list    bool // of events, not one
	pages   []page
	reasons []Reason // one for each page
	kept    []int    // pages that the sink is to have
}

var parcels = sync.Pool{New: func() any { return &parcel{body: bytes.NewBuffer(make([]byte, 0, smallBody))} }}

// release overwrites what was sent, and gives the parcel back.
func (p *parcel) release() {
	p.body.Reset()
	clear(p.body.AvailableBuffer()[:p.body.Available()])
	clear(p.pages)
	p.list, p.pages, p.reasons, p.kept = false, p.pages[:0], p.reasons[:0], p.kept[:0]
	if p.body.Cap() <= maxBody && cap(p.pages) <= maxKept {
		parcels.Put(p)
	}
}

// maxKept bounds the pages of a parcel that is used again.
const maxKept = 16

// isText reports whether a body of the type may be an event. Trackers send text/plain, which needs no preflight, or none.
func isText(contentType string) bool {
	switch contentType {
	case "", "text/plain", "application/json": // as nearly always
		return true
	}
	kind, _, _ := mime.ParseMediaType(contentType)
	return kind == "application/json" || kind == "text/plain"
}

// read reads the events of a request, or returns the status and the reason to answer with. server says that it has a token.
func (p *parcel) read(w http.ResponseWriter, r *http.Request, server bool) (status int, reason string) {
	if !isText(value(r.Header, "Content-Type")) {
		return http.StatusUnsupportedMediaType, "send JSON, as application/json or text/plain"
	}
	limit, tooMuch := int64(maxBody), "a request has at most 64 KiB"
	if server {
		limit, tooMuch = maxServerBody, "a request has at most 1 MiB"
	}
	var err error
	if n := r.ContentLength; n >= 0 && n <= smallBody {
		body := p.body.AvailableBuffer()[:n]
		_, err = io.ReadFull(r.Body, body)
		p.body.Write(body)
	} else {
		_, err = p.body.ReadFrom(http.MaxBytesReader(w, r.Body, limit))
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, tooMuch
	case err != nil:
		return http.StatusBadRequest, "the body could not be read to its end"
	}
	if p.pages, p.list, err = parseEvents(p.pages, p.body.Bytes(), server); err != nil {
		return http.StatusBadRequest, err.Error()
	}
	return 0, ""
}

// value is the first value of a header, whose name must be in canonical form.
func value(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
