package dashboards

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/klar-analytics/klar/report"
)

// exportTimeout bounds an export, which may be of a year's every page.
const exportTimeout = 10 * time.Minute

// wantedFormat returns the format of the file that a request asks for, empty if it asks for an answer: by ?format=, or by
// Accept where a file's type is preferred to JSON.
func wantedFormat(r *http.Request) (report.Format, error) {
	if r.URL.Query().Has("format") {
		return report.ParseFormat("format", r.URL.Query().Get("format"))
	}
	best, format := 0.0, report.Format("")
	for _, header := range r.Header.Values("Accept") {
		for one := range strings.SplitSeq(header, ",") {
			kind, parameters, err := mime.ParseMediaType(one)
			if err != nil {
				continue
			}
			quality := 1.0
			if q, err := strconv.ParseFloat(parameters["q"], 64); err == nil {
				quality = q
			}
			if quality <= best {
				continue
			}
			switch kind {
			case "text/csv":
				best, format = quality, report.CSV
			case "application/vnd.apache.parquet":
				best, format = quality, report.Parquet
			case "application/json", "application/*", "*/*":
				best, format = quality, ""
			}
		}
	}
	return format, nil
}

// export answers a question as a file. What goes wrong before its first byte is answered as any error is; later, the
// connection is cut, so that nobody takes a part for the whole.
func (h *handler) export(ctx context.Context, w http.ResponseWriter, q report.Query, format report.Format) {
	// The server's own bound is for answers. Where there is none, as in a test, nothing is to be set.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTimeout))
	file := &attachment{w: w, format: format, name: fileName(q, format)}
	var err error
	if _, place := q.Present(); place >= 0 {
		err = report.Refuse("metrics["+strconv.Itoa(place)+"]", "visitors of the present are not in a file; ask without a format")
	} else {
		err = h.Reports.Export(ctx, file, q, format)
	}
	switch {
	case err == nil:
	case !file.begun:
		h.failed(ctx, w, err)
	default:
		if ctx.Err() == nil {
			h.Logger.Error("an export broke off", "error", err)
		}
		panic(http.ErrAbortHandler)
	}
}

// attachment is the answer as a file, whose headers are written with its first byte.
type attachment struct {
	w      http.ResponseWriter
	format report.Format
	name   string
	begun  bool
}

// Write passes on the bytes of the file.
func (a *attachment) Write(b []byte) (int, error) {
	if !a.begun {
		a.begun = true
		header := a.w.Header()
		header.Set("Content-Type", a.format.ContentType())
		header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.name}))
		header.Set("Cache-Control", "no-store")
	}
	return a.w.Write(b)
}

// fileName names a file by the site and the days.
func fileName(q report.Query, format report.Format) string {
	site := strings.Map(func(r rune) rune {
		if r == '/' || r == ':' {
			return '-'
		}
		return r
	}, q.Site)
	if q.From.IsZero() {
		return fmt.Sprintf("%s.%s", site, format)
	}
	from, to := q.From.In(q.Location), q.To.Add(-time.Second).In(q.Location)
	return fmt.Sprintf("%s-%s-%s.%s", site, from.Format(time.DateOnly), to.Format(time.DateOnly), format)
}
