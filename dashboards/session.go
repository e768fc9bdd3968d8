package dashboards

import (
	"context"
	"net/http"

	"github.com/klar-analytics/klar/dashboards/account"
)

// sessionJSON tells the page who looks at it.
type sessionJSON struct {
	Name string `json:"name"` // empty of who is not signed in
	// Role is the one on every site, Sites the one on each site that may be known of.
	Role   account.Role            `json:"role"`
	Sites  map[string]account.Role `json:"sites"`
	SignIn signInJSON              `json:"sign_in"`
	// Open says that nobody has an account yet, and that the asker is owner for being at this machine.
	Open bool `json:"open"`
}

// signInJSON lists the ways to sign in.
type signInJSON struct {
	Password  bool           `json:"password"`
	Providers []providerJSON `json:"providers"`
}

type providerJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// showSession answers who asks.
func (h *handler) showSession(w http.ResponseWriter, r *http.Request) {
	who := callerOf(r.Context())
	out := sessionJSON{
		Name: who.name, Role: who.rights.All, Sites: map[string]account.Role{}, Open: who.open,
		SignIn: signInJSON{Password: true, Providers: []providerJSON{}},
	}
	if who.rights.Most() >= viewer { // for nobody else the store has work to do
		ctx, cancel := context.WithTimeout(r.Context(), h.QueryTimeout)
		defer cancel()
		sites, err := h.sitesFor(ctx)
		if err != nil {
			h.failed(ctx, w, err)
			return
		}
		for _, s := range sites {
			out.Sites[s.ID] = who.rights.On(s.ID)
		}
	}
	writeJSON(w, http.StatusOK, out)
}
