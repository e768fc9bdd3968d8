package dashboards

import (
	"net/http"
	"time"

	"github.com/klar-analytics/klar/dashboards/account"
)

// The cookies that Klar sets: of who signs in, and of nobody else.
const (
	sessionCookie = "klar_session"
	signInCookie  = "klar_sign_in" // while somebody is at a provider
)

// secure reports whether a request came over https.
func (h *handler) secure(r *http.Request) bool {
	return r.TLS != nil || h.Secure != nil && h.Secure(r)
}

// cookieName returns a cookie's name. Over https browsers take one of the prefix __Host- from this very host only, so
// that no neighbour, such as another subdomain, can slip one in.
func (h *handler) cookieName(r *http.Request, name string) string {
	if h.secure(r) {
		return "__Host-" + name
	}
	return name
}

// cookie returns the value of a cookie, empty if it did not come.
func (h *handler) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(h.cookieName(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie sets a cookie for some time, or with 0 takes it back.
func (h *handler) setCookie(w http.ResponseWriter, r *http.Request, name, value string, lasts time.Duration) {
	c := &http.Cookie{
		Name: h.cookieName(r, name), Value: value, Path: "/", MaxAge: int(lasts.Seconds()),
		HttpOnly: true, Secure: h.secure(r), SameSite: http.SameSiteLaxMode,
	}
	if lasts == 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// setSession makes the browser one of who is signed in.
func (h *handler) setSession(w http.ResponseWriter, r *http.Request, cookie string) {
	h.setCookie(w, r, sessionCookie, cookie, account.SessionFor)
}
