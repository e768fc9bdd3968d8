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

// caller is who sent a request.
type caller struct {
	name, provider string // of a user; empty of all others
	ownPassword    bool   // the user may change it
	open           bool   // nobody has an account yet, and this is somebody at this machine
	stranger       bool   // others have accounts, and this is none of them
	token          string // the one that it is known by
	rights         account.Rights
}

// who names the caller as the audit log does.
func (c caller) who() string {
	if c.open {
		return "this machine"
	}
	return account.Session{Name: c.name, Provider: c.provider}.Who()
}

type callerKey struct{}

// callerOf returns who sent the request of a context.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// linkHeader brings the pass of a shared link. It is no cookie, as those are kept from pages in frames of other sites.
const linkHeader = "Klar-Link"

// asEverybody, instead of a pass, asks for what is public only, whoever is signed in.
const asEverybody = "public"

// identify finds out who sends a request. refused says why who shows a token or pass is none of those that may ask.
func (h *handler) identify(r *http.Request) (who caller, refused string) {
	rules, accounts := h.Access.current(), h.Accounts
	closed, public := false, account.Rights{}
	if accounts != nil {
		var err error
		if closed, err = accounts.Closed(); err != nil {
			h.Logger.Error("the accounts cannot be read: nobody is let in", "error", err)
			return caller{}, "the accounts cannot be read; the log of klar says why"
		}
		public = h.publicRights()
	}
	if token, has := bearer(r.Header); has {
		if rights, ours := rules.tokens[sha256.Sum256([]byte(token))]; ours {
			return caller{rights: rights, token: token}, ""
		}
		if accounts != nil {
			if known, ours := accounts.Token(token); ours {
				return caller{rights: known.Rights(), token: token}, ""
			}
		}
		if closed || len(rules.tokens) > 0 || rules.required {
			return caller{}, "the token is none of those that may ask"
		}
	}
	if pass := r.Header.Get(linkHeader); pass != "" && accounts != nil {
		if pass == asEverybody {
			return caller{rights: public}, ""
		}
		link, ok := accounts.Pass(pass)
		if !ok {
			return caller{}, "the shared link has ended, or was opened too long ago"
		}
		return caller{rights: link.Rights()}, ""
	}
	if accounts != nil {
		if s, ok := accounts.Session(h.cookie(r, sessionCookie)); ok {
			return caller{name: s.Name, provider: s.Provider, ownPassword: s.Provider == "" && !s.Fixed, rights: s.Rights.With(public)}, ""
		}
	}
	if closed || rules.required {
		return caller{stranger: true, rights: public}, ""
	}
	// What a proxy passes on under its own name came from elsewhere, also if it does not say from where.
	if _, elsewhere := h.network(r); elsewhere || onLoopback(r) && !localName(r.Host) {
		return caller{rights: account.Rights{All: viewer}}, ""
	}
	return caller{open: true, rights: account.Rights{All: owner}}, ""
}

// publicRights are those of everybody.
func (h *handler) publicRights() account.Rights {
	sites, err := h.Accounts.PublicSites()
	if err != nil || len(sites) == 0 {
		return account.Rights{}
	}
	of := account.Rights{Sites: map[string]account.Role{}}
	for id := range sites {
		of.Sites[id] = viewer
	}
	return of
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
			case role < e.role && who.stranger:
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
