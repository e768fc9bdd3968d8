package beacon

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// dist holds what make built of the tracker's source in dashboards/web/tracker. It is empty, but for .gitkeep, in a checkout that was
// not built.
//
//go:embed all:dist
var dist embed.FS

// newScript returns the handler of the tracker script. Caches keep it for a day; after that they ask whether it is still
// the same.
func newScript() http.Handler {
	script, err := dist.ReadFile("dist/script.js")
	if err != nil {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusNotFound, "the tracker is not in this binary: it was built with go build alone; run make")
		})
	}
	sum := sha256.Sum256(script)
	tag := base64.RawURLEncoding.EncodeToString(sum[:12])
	packed := pack(script)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header["Cross-Origin-Resource-Policy"] = crossOrigin
		header.Set("Content-Type", "text/javascript; charset=utf-8")
		header.Set("Cache-Control", "public, max-age=86400")
		header.Set("Vary", "Accept-Encoding")
		body, tag := script, `"`+tag+`"`
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			header.Set("Content-Encoding", "gzip")
			body, tag = packed, tag[:len(tag)-1]+`-gz"`
		}
		header.Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

func pack(b []byte) []byte {
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = zip.Write(b) // a buffer takes everything
	_ = zip.Close()
	return packed.Bytes()
}
