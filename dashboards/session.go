package dashboards

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

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
	// OwnPassword says that the asker may change it.
	OwnPassword bool `json:"own_password"`
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
		Name: who.name, Role: who.rights.All, Sites: map[string]account.Role{}, Open: who.open, OwnPassword: who.ownPassword,
		SignIn: signInJSON{Providers: []providerJSON{}},
	}
	if h.Accounts != nil {
		users, err := h.Accounts.Users()
		if err != nil {
			h.notDone(w, err)
			return
		}
		out.SignIn.Password = len(users) > 0
		for _, p := range h.Accounts.Providers() {
			out.SignIn.Providers = append(out.SignIn.Providers, providerJSON{p.ID, p.Name})
		}
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

// signIn begins a session of who knows a user's password.
func (h *handler) signIn(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name     string `json:"name"`
		Password string `json:"password"`
	}
	if !readBody(w, r, &in) {
		return
	}
	cookie, who, err := h.Accounts.SignIn(in.Name, in.Password, h.from(r), h.cookie(r, sessionCookie))
	if err != nil {
		if errors.Is(err, account.ErrWrong) && h.Accounts.Has(in.Name) { // what is no name could be a password
			h.auditOf(in.Name, "sign-in.refused", "", "")
		}
		h.notDone(w, err)
		return
	}
	h.auditOf(who.Who(), "sign-in", "", "")
	h.setSession(w, r, cookie)
	writeJSON(w, http.StatusOK, map[string]string{"name": who.Name})
}

// signOut ends the session of the asker, if there is one.
func (h *handler) signOut(w http.ResponseWriter, r *http.Request) {
	if who := callerOf(r.Context()); who.name != "" {
		h.audit(r.Context(), "sign-out", "", "")
	}
	if err := h.Accounts.SignOut(h.cookie(r, sessionCookie)); err != nil {
		h.notDone(w, err)
		return
	}
	h.setCookie(w, r, sessionCookie, "", 0)
	done(w)
}

// changePassword gives the asker another password who knows the old one.
func (h *handler) changePassword(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Old      string `json:"old"`
		Password string `json:"password"`
	}
	if !readBody(w, r, &in) {
		return
	}
	who := callerOf(r.Context())
	if !who.ownPassword {
		h.notDone(w, account.ErrFixed)
		return
	}
	cookie, err := h.Accounts.ChangePassword(who.name, in.Old, in.Password, h.from(r))
	if err != nil {
		h.notDone(w, err)
		return
	}
	h.audit(r.Context(), "password.change", "", who.name)
	h.setSession(w, r, cookie)
	done(w)
}

// signInFor is how long the browser keeps what it brings back from a provider.
const signInFor = 10 * time.Minute

// beginSignIn leads to a provider.
func (h *handler) beginSignIn(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	redirect, cookie, err := h.Accounts.BeginWith(r.Context(), asked.Get("provider"), asked.Get("next"))
	if err != nil {
		h.signInFailed(w, err)
		return
	}
	h.setCookie(w, r, signInCookie, cookie, signInFor)
	seeOther(w, redirect)
}

// finishSignIn begins a session of who comes back from a provider.
func (h *handler) finishSignIn(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	with := account.Returned{State: asked.Get("state"), Code: asked.Get("code"), Error: asked.Get("error")}
	cookie, who, next, err := h.Accounts.FinishWith(r.Context(), h.cookie(r, signInCookie), with, h.cookie(r, sessionCookie))
	h.setCookie(w, r, signInCookie, "", 0)
	if err != nil {
		h.signInFailed(w, err)
		return
	}
	h.auditOf(who.Who(), "sign-in", "", "")
	h.setSession(w, r, cookie)
	seeOther(w, next)
}

// signInFailed leads to the page of signing in, with a word for why it is needed again.
func (h *handler) signInFailed(w http.ResponseWriter, err error) {
	reason := "provider"
	switch {
	case errors.Is(err, account.ErrState):
		reason = "state"
	case errors.Is(err, account.ErrNoRole):
		reason = "role"
	case errors.Is(err, account.ErrDenied):
		reason = "denied"
	default:
		h.Logger.Warn("a sign-in by a provider failed", "error", err)
	}
	seeOther(w, "/sign-in?"+url.Values{"error": {reason}}.Encode())
}

// seeOther leads to another address, which is one of Klar's or of a configured provider.
func seeOther(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
}
