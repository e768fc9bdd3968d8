package dashboards

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/klar-analytics/klar/dashboards/account"
)

type userJSON struct {
	Name  string                  `json:"name"`
	Role  account.Role            `json:"role"`
	Sites map[string]account.Role `json:"sites"`
	// Fixed says that the configuration file has the user.
	Fixed bool `json:"fixed"`
}

// listUsers answers the users and what they may do.
func (h *handler) listUsers(w http.ResponseWriter, _ *http.Request) {
	users, err := h.Accounts.Users()
	if err != nil {
		h.notDone(w, err)
		return
	}
	list := []userJSON{}
	for _, u := range users {
		one := userJSON{u.Name, u.All, u.Sites, u.Fixed}
		if one.Sites == nil {
			one.Sites = map[string]account.Role{}
		}
		list = append(list, one)
	}
	writeJSON(w, http.StatusOK, map[string]any{"users": list})
}

// userIn is what is said of a user.
type userIn struct {
	Name     string                  `json:"name"`
	Password string                  `json:"password"`
	Role     account.Role            `json:"role"`
	Sites    map[string]account.Role `json:"sites"`
}

func (u userIn) rights() account.Rights { return account.Rights{All: u.Role, Sites: u.Sites} }

// addUser adds a user.
func (h *handler) addUser(w http.ResponseWriter, r *http.Request) {
	var in userIn
	if !readBody(w, r, &in) {
		return
	}
	if err := h.Accounts.AddUser(in.Name, in.Password, in.rights()); err != nil {
		h.notDone(w, err)
		return
	}
	name, _ := account.CheckName(in.Name) // as it was stored
	h.audit(r.Context(), "users.add", "", name)
	done(w)
}

// changeUser replaces what the named user may do, and the password if there is one.
func (h *handler) changeUser(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	var in userIn
	if !readBody(w, r, &in) {
		return
	}
	if in.Role < owner && h.lastOwner(w, name) {
		return
	}
	err := h.Accounts.SetRights(name, in.rights())
	if err == nil {
		h.audit(r.Context(), "users.change", "", name)
		if in.Password != "" {
			if err = h.Accounts.SetPassword(name, in.Password); err == nil {
				h.audit(r.Context(), "password.change", "", name)
			}
		}
	}
	if err != nil {
		h.notDone(w, err)
		return
	}
	done(w)
}

// removeUser removes the named user.
func (h *handler) removeUser(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	if h.lastOwner(w, name) {
		return
	}
	if err := h.Accounts.RemoveUser(name); err != nil {
		h.notDone(w, err)
		return
	}
	h.audit(r.Context(), "users.remove", "", name)
	done(w)
}

// lastOwner refuses what would leave nobody who may hand out rights.
func (h *handler) lastOwner(w http.ResponseWriter, name string) bool {
	users, err := h.Accounts.Users()
	if err != nil {
		h.notDone(w, err)
		return true
	}
	is, others := false, false
	for _, u := range users {
		if u.All == owner {
			is = is || u.Name == name
			others = others || u.Name != name
		}
	}
	if is && !others {
		writeError(w, http.StatusConflict, "this is the only owner of all sites; make another one first")
		return true
	}
	return false
}

type tokenJSON struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Sites []string `json:"sites"` // empty: all
	Made  string   `json:"made"`
	By    string   `json:"by"`
	Used  string   `json:"used"` // day; empty: never
	// Secret is told once, when it is made.
	Secret string `json:"secret,omitempty"`
}

func shownToken(t account.Token) tokenJSON {
	return tokenJSON{ID: t.ID, Name: t.Name, Sites: append([]string{}, t.Sites...), Made: t.Made, By: t.By, Used: t.Used}
}

// listTokens answers the tokens without their secrets.
func (h *handler) listTokens(w http.ResponseWriter, _ *http.Request) {
	tokens, err := h.Accounts.Tokens()
	if err != nil {
		h.notDone(w, err)
		return
	}
	list := []tokenJSON{}
	for _, t := range tokens {
		list = append(list, shownToken(t))
	}
	writeJSON(w, http.StatusOK, map[string]any{"tokens": list})
}

// addToken makes a token and answers its secret.
func (h *handler) addToken(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name  string   `json:"name"`
		Sites []string `json:"sites"`
	}
	if !readBody(w, r, &in) {
		return
	}
	token, secret, err := h.Accounts.AddToken(in.Name, in.Sites, callerOf(r.Context()).who())
	if err != nil {
		h.notDone(w, err)
		return
	}
	h.audit(r.Context(), "tokens.add", "", token.Name)
	out := shownToken(token)
	out.Secret = secret
	writeJSON(w, http.StatusOK, out)
}

// removeToken ends the token of an id.
func (h *handler) removeToken(w http.ResponseWriter, r *http.Request) {
	token, err := h.Accounts.RemoveToken(r.URL.Query().Get("id"))
	if err != nil {
		h.notDone(w, err)
		return
	}
	h.audit(r.Context(), "tokens.remove", "", token.Name)
	done(w)
}

// auditPage is how many entries of the audit log an answer has.
const auditPage = 100

// listAudit answers the latest entries of the audit log, from a number on.
func (h *handler) listAudit(w http.ResponseWriter, r *http.Request) {
	skip := 0
	if text := r.URL.Query().Get("offset"); text != "" {
		var err error
		if skip, err = strconv.Atoi(text); err != nil || skip < 0 {
			h.notDone(w, errors.Join(err, &account.Refused{Field: "offset", Reason: "is not a number of entries"}))
			return
		}
	}
	entries, err := h.Accounts.Audit(skip, auditPage)
	if err != nil {
		h.notDone(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"entries": append([]account.Entry{}, entries...)})
}
