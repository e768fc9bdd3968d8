package account

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Link lets whoever has it look at one site.
type Link struct {
	ID      string    `json:"id"`
	Site    string    `json:"site"`
	Name    string    `json:"name"`
	Sum     string    `json:"sum"`
	Hash    string    `json:"hash,omitempty"`   // of its password; empty: it needs none
	Expires time.Time `json:"expires,omitzero"` // zero: never
	Origins []string  `json:"origins,omitempty"`
	Made    string    `json:"made"` // day, in UTC
	By      string    `json:"by"`   // the user
}

// Rights are those of who has the link.
func (l Link) Rights() Rights { return Rights{Sites: map[string]Role{l.Site: Viewer}} }

// Public says that everybody may look at a site.
type Public struct {
	// Origins are those whose pages may show it in a frame.
	Origins []string `json:"origins,omitempty"`
}

const (
	// passFor is how long a page may use a link without being opened again.
	passFor = 12 * time.Hour
	// maxOrigins bounds the origins of one link.
	maxOrigins = 20
)

// Links lists the shared links of a site in the order they were made in.
func (s *Store) Links(site string) ([]Link, error) {
	known, err := s.current()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(known.Links), func(l Link) bool { return l.Site != site }), nil
}

// AddLink makes a link of what one says of its site, name, end and origins, and returns it and its secret. With an empty
// password it needs none.
func (s *Store) AddLink(one Link, password string) (Link, string, error) {
	var err error
	if one.Name, err = label(one.Name); err != nil {
		return Link{}, "", err
	}
	if one.Origins, err = CheckOrigins(one.Origins); err != nil {
		return Link{}, "", err
	}
	if !one.Expires.IsZero() && !one.Expires.After(s.now()) {
		return Link{}, "", refuse("expires", "is over")
	}
	if password != "" {
		if one.Hash, err = Hash(password); err != nil {
			return Link{}, "", err
		}
	}
	secret := b64(random(24))
	one.ID, one.Sum, one.Made = newID(), sum(secret), s.today()
	return one, secret, s.change(func(next *state) error {
		if len(next.Links) >= maxMade {
			return refuse("", "there are %d links: remove some that are not used", maxMade)
		}
		next.Links = append(next.Links, one)
		return nil
	})
}

// RemoveLink ends a link of a site, and returns what it was.
func (s *Store) RemoveLink(site, id string) (removed Link, err error) {
	return removed, s.change(func(next *state) error {
		i := slices.IndexFunc(next.Links, func(l Link) bool { return l.ID == id && l.Site == site })
		if i < 0 {
			return ErrUnknown
		}
		removed = next.Links[i]
		next.Links = slices.Delete(next.Links, i, i+1)
		return nil
	})
}

// Link returns the link of a secret that has not ended, whether or not it needs a password.
func (s *Store) Link(secret string) (Link, bool) {
	known, err := s.current()
	if err != nil || secret == "" {
		return Link{}, false
	}
	key := sum(secret)
	i := slices.IndexFunc(known.Links, func(l Link) bool { return l.Sum == key })
	if i < 0 || known.Links[i].over(s.now()) {
		return Link{}, false
	}
	return known.Links[i], true
}

func (l Link) over(now time.Time) bool { return !l.Expires.IsZero() && !now.Before(l.Expires) }

// pass is what the page of an opened link shows with its questions.
type pass struct {
	Link  string    `json:"link"`
	Until time.Time `json:"until"`
}

// OpenLink returns a pass for who has a link's secret and knows its password. It fails with ErrUnknown, ErrPassword,
// or as SignIn does with a *TooManyError. from names a shortened network, or this machine.
func (s *Store) OpenLink(secret, password, from string) (Link, string, error) {
	one, ok := s.Link(secret)
	if !ok {
		return Link{}, "", ErrUnknown
	}
	if one.Hash != "" {
		if password == "" { // the page asks first whether it needs one
			return Link{}, "", ErrPassword
		}
		taken, err := s.throttle.take(s.now(), "from "+from, "link "+one.ID)
		if err != nil {
			return Link{}, "", err
		}
		if !matches(one.Hash, password) {
			return Link{}, "", ErrPassword
		}
		taken.giveBack()
	}
	payload, err := json.Marshal(pass{one.ID, s.now().Add(passFor)})
	if err != nil {
		return Link{}, "", err
	}
	sealed, err := s.seal("pass", payload)
	return one, sealed, err
}

// Pass returns the link of a pass that OpenLink gave, unless either has ended.
func (s *Store) Pass(sealed string) (Link, bool) {
	known, err := s.current()
	if err != nil {
		return Link{}, false
	}
	payload, ok := known.unseal("pass", sealed)
	var p pass
	if !ok || json.Unmarshal(payload, &p) != nil || !s.now().Before(p.Until) {
		return Link{}, false
	}
	i := slices.IndexFunc(known.Links, func(l Link) bool { return l.ID == p.Link })
	if i < 0 || known.Links[i].over(s.now()) {
		return Link{}, false
	}
	return known.Links[i], true
}

// seal makes the key first where there is none.
func (s *Store) seal(purpose string, payload []byte) (string, error) {
	known, err := s.current()
	if err == nil && len(known.Key) == 0 {
		if err = s.change(func(*state) error { return nil }); err == nil {
			known, err = s.current()
		}
	}
	if err != nil {
		return "", err
	}
	return known.seal(purpose, payload), nil
}

// PublicSites returns the sites that everybody may look at.
func (s *Store) PublicSites() (map[string]Public, error) {
	known, err := s.current()
	if err != nil {
		return nil, err
	}
	return known.Public, nil
}

// SetPublic lets everybody look at a site, framed by pages of some origins, or with nil nobody any more.
func (s *Store) SetPublic(site string, to *Public) error {
	if to != nil {
		origins, err := CheckOrigins(to.Origins)
		if err != nil {
			return err
		}
		to = &Public{origins}
	}
	return s.change(func(next *state) error {
		if to == nil {
			delete(next.Public, site)
			return nil
		}
		if next.Public == nil {
			next.Public = map[string]Public{}
		}
		next.Public[site] = *to
		return nil
	})
}

// CheckOrigins returns origins as browsers write them, or why one can be none: https://example.org, with a port if it
// is not the usual one; http:// only of localhost.
func CheckOrigins(origins []string) ([]string, error) {
	if len(origins) > maxOrigins {
		return nil, refuse("origins", "are more than %d", maxOrigins)
	}
	var out []string
	for _, o := range origins {
		u, err := url.Parse(strings.ToLower(strings.TrimSuffix(strings.TrimSpace(o), "/")))
		if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != u.String() || strings.ContainsAny(u.Host, ";,'*") {
			return nil, refuse("origins", "are addresses such as https://example.org, without a path")
		}
		if u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1") {
			return nil, refuse("origins", "begin with https://")
		}
		out = append(out, u.String())
	}
	return out, nil
}
