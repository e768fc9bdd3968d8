package dashboards

import (
	"bytes"
	"context"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestHeaders(t *testing.T) {
	h := New(Options{Reports: &reports{}})
	for _, path := range []string{"/", "/api/sites", "/nowhere", "/healthz"} {
		header := ask(h, "GET", path, "").Header()
		csp := header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: content security policy %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestHostGuard(t *testing.T) {
	h := New(Options{Reports: &reports{sites: twoSites()}, Hosts: []string{"stats.example.org"}})
	for _, c := range []struct {
		local, host string
		status      int
	}{
		{"127.0.0.1:8080", "localhost:8080", 200},
		{"127.0.0.1:8080", "127.0.0.1:8080", 200},
		{"[::1]:8080", "[::1]:8080", 200},
		{"127.0.0.1:8080", "stats.example.org", 200},
		{"127.0.0.1:8080", "rebound.example.net:8080", 421},
		{"127.0.0.1:8080", "127.0.0.1.example.net", 421},
		{"[::1]:8080", "", 421},
		{"192.0.2.1:8080", "stats.example.com", 200},
	} {
		r := httptest.NewRequest("GET", "/api/sites", nil)
		addr, err := net.ResolveTCPAddr("tcp", c.local)
		if err != nil {
			t.Fatal(err)
		}
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(addr)))
		r.Host = c.host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s asked as %q: status %d, want %d", c.local, c.host, w.Code, c.status)
		}
	}
}

func TestOtherSitesCannotAsk(t *testing.T) {
	r := httptest.NewRequest("POST", "/api/v2/query", strings.NewReader(visitors))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	New(Options{Reports: &reports{sites: twoSites()}}).ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a question from another site's page: status %d, want 403", w.Code)
	}
}

func TestAssets(t *testing.T) {
	script := strings.Repeat("let klar = 1;", 100)
	h := newAssets(fstest.MapFS{
		"index.html":          {Data: []byte("<title>Klar</title>")},
		"assets/app-4f2a1.js": {Data: []byte(script)},
		".gitkeep":            {},
	})
	get := func(path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	page := get("/")
	if page.Code != 200 || page.Header().Get("Cache-Control") != "no-cache" || !strings.Contains(page.Header().Get("Content-Type"), "text/html") {
		t.Errorf("page: %d %v", page.Code, page.Header())
	}
	tag := page.Header().Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) {
		t.Errorf("the tag %s is not weak, but that of the page compressed and as it is", tag)
	}
	for _, known := range []string{tag, strings.TrimPrefix(tag, "W/"), `"other", ` + tag} {
		if w := get("/", "If-None-Match", known); w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("ETag") != tag {
			t.Errorf("the same page again, known as %s: status %d with %d bytes, want 304 and none", known, w.Code, w.Body.Len())
		}
	}
	if w := get("/", "If-None-Match", `W/"other"`); w.Code != http.StatusOK {
		t.Errorf("another page than is known: status %d", w.Code)
	}
	plain := get("/assets/app-4f2a1.js", "Accept-Encoding", "br, gzip;q=0")
	if plain.Body.String() != script || plain.Header().Get("Content-Encoding") != "" {
		t.Error("who refuses gzip must get the file as it is")
	}
	if got := plain.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("a hashed file is cached as %q, want immutable", got)
	}
	packed := get("/assets/app-4f2a1.js", "Accept-Encoding", "gzip, br")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= len(script) {
		t.Errorf("gzip: %d bytes of %d, encoding %q", packed.Body.Len(), len(script), packed.Header().Get("Content-Encoding"))
	}
	for _, path := range []string{"/.gitkeep", "/index.html", "/assets/", "/etc/passwd"} {
		if w := get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, w.Code)
		}
	}
}

func TestPageSaysWhenItWasNotBuilt(t *testing.T) {
	w := httptest.NewRecorder()
	newAssets(fstest.MapFS{".gitkeep": {}}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "make") {
		t.Errorf("status %d, want a page that says to run make", w.Code)
	}
}

// The page of statistics must stay light: all that it may ever load, in both languages, compressed as it is sent. What the
// other pages load for themselves is named after them.
func TestBuiltPageIsLight(t *testing.T) {
	const most = 150_000
	others := func(name string) bool {
		return slices.ContainsFunc(pages, func(page string) bool { return name == page || strings.HasPrefix(name, "/assets"+page+"-") })
	}
	built := newAssets(embedded())
	if _, err := fs.Stat(embedded(), "index.html"); err != nil {
		t.Skip("web/dist is empty; `npm run build` in dashboards/web fills it")
	}
	// A file can load those that it names, beginning with the page itself.
	sum, loaded, next := 0, map[string]bool{}, []string{"/"}
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		if loaded[name] || others(name) {
			continue
		}
		loaded[name] = true
		a := built[name]
		if a.gzipped != nil {
			sum += len(a.gzipped)
		} else {
			sum += len(a.body)
		}
		for other := range built {
			if other != "/" && bytes.Contains(a.body, []byte(path.Base(other))) {
				next = append(next, other)
			}
		}
	}
	t.Logf("%d files, %d bytes", len(loaded), sum)
	if len(loaded) < 20 {
		t.Errorf("the page seems to load %d files only", len(loaded))
	}
	if sum > most {
		t.Errorf("the page weighs %d bytes gzipped, want at most %d", sum, most)
	}
}
