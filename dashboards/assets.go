package dashboards

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// dist is what `npm run build` made of web/src. It is empty, but for .gitkeep, in a checkout that was not built.
//
//go:embed all:web/dist
var dist embed.FS

func embedded() fs.FS {
	sub, err := fs.Sub(dist, "web/dist")
	if err != nil {
		panic(err) // the path is the constant above
	}
	return sub
}

// notBuilt stands in for the page in a binary that was made without it.
const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Klar</title>
<h1>The web interface is not in this binary</h1>
<p>It was built with <code>go build</code> alone. Run <code>make</code>, which builds the pages first, and start Klar again.</p>
<p>The Stats API at <code>/api/v2/query</code> works without them.</p>
</html>
`

// assets serves the files of the web interface from memory, compressed once.
type assets map[string]asset

type asset struct {
	body, gzipped []byte // gzipped is nil where it would not be smaller
	contentType   string
	tag           string // of the content, however it is sent
	// immutable files have a hash of their content in their name.
	immutable bool
}

// builtAssets are those of the binary, compressed by the first who asks.
var builtAssets = sync.OnceValue(func() assets { return newAssets(embedded()) })

func newAssets(files fs.FS) assets {
	all := assets{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := fs.ReadFile(files, name)
		all["/"+name] = newAsset(name, body)
		return err
	})
	if err != nil {
		panic(err) // the files are in the binary
	}
	page, ok := all["/index.html"]
	if !ok {
		page = newAsset("index.html", []byte(notBuilt))
	}
	delete(all, "/index.html")
	all["/"] = page
	for _, name := range pages {
		all[name] = page
	}
	return all
}

// pages are the addresses of the interface beside /: one document, whose script knows which of them it is.
var pages = []string{"/security", "/bots", "/pipeline", "/privacy", "/settings", "/sign-in", "/shared"}

// contentTypes of the files that the build makes. They are not taken from the system, which may know them by others.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
}

func newAsset(name string, body []byte) asset {
	sum := sha256.Sum256(body)
	a := asset{
		body:        body,
		contentType: contentTypes[path.Ext(name)],
		tag:         `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		immutable:   strings.HasPrefix(name, "assets/"),
	}
	if a.contentType == "" {
		a.contentType = "application/octet-stream"
	}
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = zip.Write(body) // a buffer takes everything
	_ = zip.Close()
	if packed.Len() < len(body) {
		a.gzipped = packed.Bytes()
	}
	return a
}

// ServeHTTP answers a file of the interface, or 404.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		writeText(w, http.StatusMethodNotAllowed, "this address takes GET, HEAD")
		return
	}
	file, ok := a[r.URL.Path]
	if !ok {
		writeText(w, http.StatusNotFound, "there is nothing at this address")
		return
	}
	header := w.Header()
	header.Set("Cache-Control", "no-cache")
	if file.immutable {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("Vary", "Accept-Encoding")
	header.Set("ETag", "W/"+file.tag) // weak, as it is the same for what is sent compressed (RFC 9110, section 8.8.3)
	if strings.Contains(r.Header.Get("If-None-Match"), file.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := file.body
	if file.gzipped != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		header.Set("Content-Encoding", "gzip")
		body = file.gzipped
	}
	header.Set("Content-Type", file.contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the asker has gone: nobody to tell
	}
}

// acceptsGzip reports whether the header names gzip without refusing it by q=0 (RFC 9110, section 12.5.3).
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q := strings.TrimPrefix(strings.ReplaceAll(strings.ToLower(weight), " ", ""), "q=")
			return weight == "" || strings.Trim(q, "0.") != ""
		}
	}
	return false
}
