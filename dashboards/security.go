package dashboards

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// policy allows the page what it has and nothing else: its own script, style, icon and API. No inline code, no other
// host, no frame, no form.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// secured sets the headers that every answer has.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		// The address of the page holds the filters: they are nobody else's business.
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// hostGuard refuses questions that came in on a loopback address under a foreign name: a page on the web whose name
// was pointed at 127.0.0.1 (DNS rebinding) would otherwise read the statistics with its visitor's browser.
func hostGuard(allowed []string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if onLoopback(r) && !localName(r.Host) && !slices.Contains(allowed, hostOnly(r.Host)) {
				writeError(w, http.StatusMisdirectedRequest, "this name is not served on a loopback address; ask for localhost")
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func onLoopback(r *http.Request) bool {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	at, err := netip.ParseAddrPort(addr.String())
	return err == nil && at.Addr().Unmap().IsLoopback()
}

func hostOnly(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

func localName(hostport string) bool {
	host := hostOnly(hostport)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// NewServer returns a server for h that neither waits for slow clients for ever nor writes their addresses anywhere:
// net/http's own error log prints them, so it is thrown away.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:        h,
		ErrorLog:       log.New(io.Discard, "", 0),
		ReadTimeout:    30 * time.Second, // of the header, too: a time of its own costs each request another timer
		WriteTimeout:   2 * time.Minute,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
}
