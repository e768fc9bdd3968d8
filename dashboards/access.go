package dashboards

import (
	"context"
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
)

// Token lets whoever knows it ask for statistics.
type Token struct {
	Secret string
	Sites  []string // ids; empty: all
}

// Access decides who may ask for the statistics of which sites, and how often. The zero value lets everybody ask for all,
// without a bound. Any goroutine may use it.
type Access struct {
	rules   atomic.Pointer[rules]
	limiter limiter
}

// rules hold sums of the tokens: how long a search for one takes says nothing of the others.
type rules struct {
	scopes   map[[sha256.Size]byte]*scope
	required bool
}

// scope is what one token is good for.
type scope struct{ sites []string }

// Set replaces the tokens. With required, who has none is refused; otherwise only who has a wrong one is. Without tokens,
// nobody is refused, unless one is required.
func (a *Access) Set(tokens []Token, required bool) {
	r := &rules{scopes: map[[sha256.Size]byte]*scope{}, required: required}
	for _, t := range tokens {
		r.scopes[sha256.Sum256([]byte(t.Secret))] = &scope{t.Sites}
	}
	a.rules.Store(r)
}

// knows reports whether a token is one of those that were set.
func (a *Access) knows(token string) bool {
	rules := a.rules.Load()
	return rules != nil && rules.scopes[sha256.Sum256([]byte(token))] != nil
}

type scopeKey struct{}

// guard lets through who may ask, and notes what for.
func (a *Access) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rules := a.rules.Load()
		if rules == nil || len(rules.scopes) == 0 && !rules.required {
			next.ServeHTTP(w, r)
			return
		}
		token, has := bearer(r.Header)
		of, ours := rules.scopes[sha256.Sum256([]byte(token))]
		switch {
		case has && !ours:
			unauthorized(w, "the token is none of those that may ask")
		case !has && rules.required:
			unauthorized(w, "a token is needed: Authorization: Bearer TOKEN")
		case has:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), scopeKey{}, of)))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// bearer returns the token of a request. Other schemes, such as the passwords of a proxy in front of Klar, are none.
func bearer(header http.Header) (token string, has bool) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(header.Get("Authorization")), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// permitted returns the sites that the asker may know of.
func (l siteList) permitted(ctx context.Context) siteList {
	of, _ := ctx.Value(scopeKey{}).(*scope)
	if of == nil || len(of.sites) == 0 {
		return l
	}
	return slices.DeleteFunc(slices.Clone(l), func(s Site) bool { return !slices.Contains(of.sites, s.ID) })
}

func unauthorized(w http.ResponseWriter, reason string) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	writeError(w, http.StatusUnauthorized, reason)
}
