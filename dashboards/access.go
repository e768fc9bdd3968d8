package dashboards

import (
	"context"
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/klar-analytics/klar/dashboards/account"
)

// Token lets whoever knows it ask for statistics.
type Token struct {
	Secret string
	Sites  []string // ids; empty: all
}

// rights are those of who has the token.
func (t Token) rights() account.Rights { return viewerOf(t.Sites) }

// viewerOf returns the rights of a viewer of some sites, or of all if none is named.
func viewerOf(sites []string) account.Rights {
	if len(sites) == 0 {
		return account.Rights{All: account.Viewer}
	}
	of := account.Rights{Sites: map[string]account.Role{}}
	for _, id := range sites {
		of.Sites[id] = account.Viewer
	}
	return of
}

// Access decides who may ask for the statistics of which sites, and how often. The zero value lets everybody ask for all,
// without a bound. Any goroutine may use it.
type Access struct {
	rules   atomic.Pointer[rules]
	limiter limiter
}

// rules hold sums of the tokens: how long a search for one takes says nothing of the others.
type rules struct {
	tokens   map[[sha256.Size]byte]account.Rights
	required bool
}

// Set replaces the tokens. With required, who has none is refused; otherwise only who has a wrong one is. Without tokens,
// nobody is refused, unless one is required.
func (a *Access) Set(tokens []Token, required bool) {
	r := &rules{tokens: map[[sha256.Size]byte]account.Rights{}, required: required}
	for _, t := range tokens {
		r.tokens[sha256.Sum256([]byte(t.Secret))] = t.rights()
	}
	a.rules.Store(r)
}

// current returns the rules that hold.
func (a *Access) current() *rules {
	if r := a.rules.Load(); r != nil {
		return r
	}
	return &rules{}
}

// knows reports whether a token is one of those that were set.
func (a *Access) knows(token string) bool {
	_, ours := a.current().tokens[sha256.Sum256([]byte(token))]
	return ours
}

// caller is who sent a request.
type caller struct {
	name   string // of a user; empty of all others
	open   bool   // nobody has an account yet, and this is somebody at this machine
	rights account.Rights
}

type callerKey struct{}

// callerOf returns who sent the request of a context.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// identify finds out who sends a request. refused says why who shows a token is none of those that may ask.
func (h *handler) identify(r *http.Request) (who caller, refused string) {
	rules := h.Access.current()
	if token, has := bearer(r.Header); has && (len(rules.tokens) > 0 || rules.required) {
		rights, ours := rules.tokens[sha256.Sum256([]byte(token))]
		if !ours {
			return caller{}, "the token is none of those that may ask"
		}
		return caller{rights: rights}, ""
	}
	if rules.required {
		return caller{}, ""
	}
	if _, elsewhere := h.network(r); elsewhere {
		return caller{rights: account.Rights{All: viewer}}, ""
	}
	return caller{open: true, rights: account.Rights{All: owner}}, ""
}

// guarded lets through who has the role that an endpoint needs, and notes who it is.
func (h *handler) guarded(e endpoint) http.Handler {
	next := e.handler
	if e.role > everybody {
		next = h.limited(next)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, refused := h.identify(r)
		if e.role > everybody {
			switch role := e.of.role(who.rights, r); {
			case refused != "":
				unauthorized(w, refused)
				return
			case role < e.role && who.rights.Most() == account.Everybody:
				unauthorized(w, "sign in, or send a token: Authorization: Bearer TOKEN")
				return
			case role < e.role:
				writeError(w, http.StatusForbidden, "this needs the role of "+e.of.needs(e.role))
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, who)))
	})
}

// bearer returns the token of a request. Other schemes, such as the passwords of a proxy in front of Klar, are none.
func bearer(header http.Header) (token string, has bool) {
	scheme, token, _ := strings.Cut(strings.TrimSpace(header.Get("Authorization")), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// permitted returns the sites that the asker may know of.
func (l siteList) permitted(ctx context.Context) siteList {
	of := callerOf(ctx).rights
	if of.All >= viewer {
		return l
	}
	return slices.DeleteFunc(slices.Clone(l), func(s Site) bool { return of.On(s.ID) < viewer })
}

func unauthorized(w http.ResponseWriter, reason string) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	writeError(w, http.StatusUnauthorized, reason)
}
