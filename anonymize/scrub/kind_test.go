package scrub

import (
	"testing"

	"github.com/klar-analytics/klar/hit"
)

func TestKind(t *testing.T) {
	s := New()
	const get, head, post, none = hit.MethodGet, hit.MethodHead, hit.MethodPost, hit.MethodOther
	for i, c := range []struct {
		method hit.Method
		target string
		status int
		want   hit.Kind
	}{
		{get, "/", 200, hit.KindPage},
		{get, "/", 304, hit.KindPage},
		{get, "/", 0, hit.KindPage},
		{get, "/a/b?c=d.css", 200, hit.KindPage},
		{get, "/a.html", 200, hit.KindPage},
		{get, "/a.PHP?x", 200, hit.KindPage},
		{get, "/xdotool-2.20101012", 200, hit.KindPage},
		{get, "/xdotool.xhtml", 200, hit.KindPage},
		{get, "http://example.org/a", 200, hit.KindPage},
		{get, "/docs/api/", 200, hit.KindPage},
		{get, "/feed-the-cat", 200, hit.KindPage},
		{get, "/a", 204, hit.KindAPI},
		{get, "/socket", 101, hit.KindAPI},
		{get, "/api/v1/x", 200, hit.KindAPI},
		{get, "/x/data.json", 200, hit.KindAPI},
		{get, "/wp-admin/admin-ajax.php", 200, hit.KindAPI},
		{post, "/login", 200, hit.KindAPI},
		{post, "/login", 302, hit.KindRedirect},
		{get, "/a", 301, hit.KindRedirect},
		{get, "/a.css", 404, hit.KindError},
		{head, "/a", 500, hit.KindError},
		{none, "\x16\x03", 400, hit.KindError},
		{none, "\x16\x03", 0, hit.KindOther},
		{head, "/", 200, hit.KindOther},
		{get, "*", 200, hit.KindOther},
		{get, "", 200, hit.KindOther},
		{get, "/robots.txt", 200, hit.KindOther},
		{get, "/.well-known/acme-challenge/x", 200, hit.KindOther},
		{get, "/favicon.ico", 200, hit.KindStatic},
		{get, "/a/style.CSS?v=3", 200, hit.KindStatic},
		{get, "/film", 206, hit.KindStatic},
		{get, "/film.mp4", 206, hit.KindStatic},
		{get, "/a.tar.gz", 200, hit.KindStatic},
		{get, "/blog/feed/", 200, hit.KindFeed},
		{get, "/blog/index.rss", 304, hit.KindFeed},
		{get, "/?flav=rss20", 200, hit.KindFeed},
		{get, "/?feed=rss2", 200, hit.KindFeed},
		{get, "/atom.xml", 200, hit.KindFeed},
	} {
		if got := s.Inspect([]byte(c.target)).Kind(c.method, []byte(c.target), c.status); got != c.want {
			t.Errorf("%s %s, %d: inspected, it is %v, want %v", c.method, c.target, c.status, got, c.want)
		}
		if got := Kind(c.method, []byte(c.target), c.status); got != c.want {
			t.Errorf("case %d: got %s, want %s", i, got, c.want)
		}
	}
}
