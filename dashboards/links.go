package dashboards

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/klar-analytics/klar/dashboards/account"
)

type linkJSON struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Password bool     `json:"password"` // it needs one
	Expires  *string  `json:"expires"`  // time; null: never
	Over     bool     `json:"over"`
	Origins  []string `json:"origins"`
	Made     string   `json:"made"`
	By       string   `json:"by"`
	// Secret is told once, when it is made.
	Secret string `json:"secret,omitempty"`
}

func (h *handler) shownLink(l account.Link) linkJSON {
	out := linkJSON{ID: l.ID, Name: l.Name, Password: l.Hash != "", Origins: append([]string{}, l.Origins...), Made: l.Made, By: l.By}
	if !l.Expires.IsZero() {
		expires := l.Expires.UTC().Format(time.RFC3339)
		out.Expires, out.Over = &expires, !h.Now().Before(l.Expires)
	}
	return out
}

// listLinks answers the shared links of a site, and whether it is public.
func (h *handler) listLinks(w http.ResponseWriter, r *http.Request) {
	site := r.URL.Query().Get("site_id")
	links, err := h.Accounts.Links(site)
	public, badPublic := h.Accounts.PublicSites()
	if err = errors.Join(err, badPublic); err != nil {
		h.notDone(w, err)
		return
	}
	list := []linkJSON{}
	for _, l := range links {
		list = append(list, h.shownLink(l))
	}
	entry, is := public[site]
	writeJSON(w, http.StatusOK, map[string]any{"links": list, "public": is, "origins": append([]string{}, entry.Origins...)})
}

// addLink makes a shared link of a site and answers its secret.
func (h *handler) addLink(w http.ResponseWriter, r *http.Request) {
	site, ok := h.siteOf(w, r)
	if !ok {
		return
	}
	var in struct {
		Name     string     `json:"name"`
		Password string     `json:"password"`
		Expires  *time.Time `json:"expires"`
		Origins  []string   `json:"origins"`
	}
	if !readBody(w, r, &in) {
		return
	}
	one := account.Link{Site: site, Name: in.Name, Origins: in.Origins, By: callerOf(r.Context()).who()}
	if in.Expires != nil {
		one.Expires = *in.Expires
	}
	link, secret, err := h.Accounts.AddLink(one, in.Password)
	if err != nil {
		h.notDone(w, err)
		return
	}
	h.audit(r.Context(), "links.add", site, link.Name)
	out := h.shownLink(link)
	out.Secret = secret
	writeJSON(w, http.StatusOK, out)
}

// removeLink ends the shared link of an id.
func (h *handler) removeLink(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	link, err := h.Accounts.RemoveLink(asked.Get("site_id"), asked.Get("id"))
	if err != nil {
		h.notDone(w, err)
		return
	}
	h.audit(r.Context(), "links.remove", link.Site, link.Name)
	done(w)
}

// setPublic lets everybody look at a site, or nobody any more.
func (h *handler) setPublic(w http.ResponseWriter, r *http.Request) {
	site, ok := h.siteOf(w, r)
	if !ok {
		return
	}
	var in struct {
		Public  bool     `json:"public"`
		Origins []string `json:"origins"`
	}
	if !readBody(w, r, &in) {
		return
	}
	action, to := "site.public", &account.Public{Origins: in.Origins}
	if !in.Public {
		action, to = "site.private", nil
	}
	if err := h.Accounts.SetPublic(site, to); err != nil {
		h.notDone(w, err)
		return
	}
	h.audit(r.Context(), action, site, "")
	done(w)
}

// openLink answers a pass for who has a shared link, and its password if it needs one.
func (h *handler) openLink(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Link     string `json:"link"`
		Password string `json:"password"`
	}
	if !readBody(w, r, &in) {
		return
	}
	link, pass, err := h.Accounts.OpenLink(in.Link, in.Password, h.from(r))
	switch {
	case errors.Is(err, account.ErrUnknown):
		writeError(w, http.StatusNotFound, "this link does not exist, or has ended")
	case errors.Is(err, account.ErrPassword) && in.Password == "":
		writeJSON(w, http.StatusForbidden, map[string]string{"error": "the link needs a password", "field": "password"})
	case err != nil:
		h.notDone(w, err)
	default:
		writeJSON(w, http.StatusOK, map[string]string{"pass": pass, "site": link.Site})
	}
}

// framed lets pages of the origins that a shared link or a public site names show the page in a frame.
func (h *handler) framed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if origins := h.framers(r); len(origins) > 0 {
			header := w.Header()
			header.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(origins, " "), 1))
			header.Del("X-Frame-Options") // it can name no origins, and the policy goes before it
		}
		next.ServeHTTP(w, r)
	})
}

// framers returns the origins that may frame what is asked for: only of /shared, which shows what the link or the public
// site allows whoever is signed in.
func (h *handler) framers(r *http.Request) []string {
	if h.Accounts == nil || r.URL.Path != "/shared" {
		return nil
	}
	asked := r.URL.Query()
	if secret := asked.Get("link"); secret != "" {
		link, _ := h.Accounts.Link(secret)
		return link.Origins
	}
	public, err := h.Accounts.PublicSites()
	if err != nil {
		return nil
	}
	return public[asked.Get("site")].Origins
}
