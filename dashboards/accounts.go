package dashboards

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/klar-analytics/klar/dashboards/account"
)

// accountEndpoints lists the addresses of signing in and of who may what.
func (h *handler) accountEndpoints() []endpoint {
	return []endpoint{
		{"GET", "/api/session", "session", everybody, someSite, http.HandlerFunc(h.showSession)},
		{"POST", "/api/session", "session", everybody, someSite, h.withAccounts(h.signIn)},
		{"DELETE", "/api/session", "session", everybody, someSite, h.withAccounts(h.signOut)},
		{"GET", "/api/sign-in", "sign-in", everybody, someSite, h.withAccounts(h.beginSignIn)},
		{"GET", "/api/sign-in/callback", "sign-in", everybody, someSite, h.withAccounts(h.finishSignIn)},
		{"POST", "/api/password", "session", viewer, someSite, h.bySomebody(h.changePassword)},

		{"GET", "/api/users", "users", owner, allSites, h.withAccounts(h.listUsers)},
		{"POST", "/api/users", "users", owner, allSites, h.bySomebody(h.addUser)},
		{"PUT", "/api/users", "users", owner, allSites, h.bySomebody(h.changeUser)},
		{"DELETE", "/api/users", "users", owner, allSites, h.bySomebody(h.removeUser)},
		{"GET", "/api/tokens", "tokens", owner, allSites, h.withAccounts(h.listTokens)},
		{"POST", "/api/tokens", "tokens", owner, allSites, h.bySomebody(h.addToken)},
		{"DELETE", "/api/tokens", "tokens", owner, allSites, h.bySomebody(h.removeToken)},
		{"GET", "/api/audit", "audit", owner, allSites, h.withAccounts(h.listAudit)},

		{"GET", "/api/links", "links", editor, oneSite, h.withAccounts(h.listLinks)},
		{"POST", "/api/links", "links", editor, oneSite, h.bySomebody(h.addLink)},
		{"DELETE", "/api/links", "links", editor, oneSite, h.bySomebody(h.removeLink)},
		{"PUT", "/api/public", "links", owner, oneSite, h.bySomebody(h.setPublic)},
		{"POST", "/api/shared", "links", everybody, someSite, h.withAccounts(h.openLink)},
	}
}

// withAccounts refuses everything where no accounts are kept.
func (h *handler) withAccounts(next http.HandlerFunc) http.Handler {
	if h.Accounts != nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusNotImplemented, "this klar keeps no accounts")
	})
}

// bySomebody refuses who is not signed in as a user. While there is none, somebody at this machine may do everything,
// but not hand out rights: a proxy that does not say whom it speaks for seems to be at this machine, too.
func (h *handler) bySomebody(next http.HandlerFunc) http.Handler {
	return h.withAccounts(func(w http.ResponseWriter, r *http.Request) {
		switch who := callerOf(r.Context()); {
		case who.name != "":
			next(w, r)
		case who.open:
			writeError(w, http.StatusForbidden, "there is no user yet: make the first one by 'klar user add NAME --role owner' and sign in")
		default:
			writeError(w, http.StatusForbidden, "this is for users who signed in")
		}
	})
}

// audit adds to the audit log what the asker did: an action such as goals.put, the site, and the name of what was changed.
func (h *handler) audit(ctx context.Context, action, site, object string) {
	h.auditOf(callerOf(ctx).who(), action, site, object)
}

func (h *handler) auditOf(user, action, site, object string) {
	if h.Accounts == nil {
		return
	}
	if err := h.Accounts.Note(user, action, site, object); err != nil {
		h.Logger.Error("the audit log could not be written", "error", err)
	}
}

// from names who asks for the bound on wrong passwords: a shortened network, or this machine.
func (h *handler) from(r *http.Request) string {
	network, elsewhere := h.network(r)
	if !elsewhere {
		return "this machine"
	}
	return network.String()
}

// notDone answers why something with accounts was not done.
func (h *handler) notDone(w http.ResponseWriter, err error) {
	refused, tooMany := (*account.Refused)(nil), (*account.TooManyError)(nil)
	switch {
	case errors.As(err, &refused):
		writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": refused.Error(), "field": refused.Field})
	case errors.As(err, &tooMany):
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(tooMany.Wait.Seconds()))))
		writeError(w, http.StatusTooManyRequests, err.Error())
	case errors.Is(err, account.ErrUnknown):
		writeError(w, http.StatusNotFound, err.Error())
	case errors.Is(err, account.ErrFixed):
		writeError(w, http.StatusConflict, err.Error())
	case errors.Is(err, account.ErrWrong), errors.Is(err, account.ErrPassword):
		writeError(w, http.StatusForbidden, err.Error())
	default:
		h.Logger.Error("the accounts could not be read or written", "error", err)
		writeError(w, http.StatusInternalServerError, "the accounts could not be read or written; the log of klar says why")
	}
}

// done answers that something was done about which there is nothing to say.
func done(w http.ResponseWriter) { writeJSON(w, http.StatusOK, struct{}{}) }
