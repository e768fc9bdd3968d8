// Package account owns who may use the dashboard and what for: users and their roles, sessions, tokens, shared links,
// public sites and the audit log. It knows nothing of statistics.
package account

import (
	"fmt"
	"maps"
)

// Role is what somebody may do with a site. A higher one includes the lower ones.
type Role uint8

// The roles, from the lowest.
const (
	Everybody Role = iota // what everybody may
	Viewer                // read the statistics
	Editor                // and change what is counted and shared
	Owner                 // and change the site; of all sites, also who may what
)

var roleNames = [...]string{"everybody", "viewer", "editor", "owner"}

// String returns the role's name, as configurations and the API have it.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "unknown"
}

// MarshalText returns the role's name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a role's name, as ParseRole does; everybody is one, too.
func (r *Role) UnmarshalText(name []byte) error {
	if string(name) == roleNames[Everybody] {
		*r = Everybody
		return nil
	}
	var err error
	*r, err = ParseRole(string(name))
	return err
}

// ParseRole returns the role of a name: viewer, editor or owner.
func ParseRole(name string) (Role, error) {
	for r := Viewer; r <= Owner; r++ {
		if roleNames[r] == name {
			return r, nil
		}
	}
	return Everybody, fmt.Errorf("%q is no role: viewer, editor and owner are", name)
}

// Rights are somebody's roles. The zero value has none.
type Rights struct {
	All   Role            `json:"role,omitzero"`   // on every site
	Sites map[string]Role `json:"sites,omitempty"` // on single ones, by their id, where that is more
}

// On returns the role on a site.
func (r Rights) On(site string) Role { return max(r.All, r.Sites[site]) }

// Most returns the highest role on any site.
func (r Rights) Most() Role {
	most := r.All
	for _, role := range r.Sites {
		most = max(most, role)
	}
	return most
}

// With returns the rights of who has these and those.
func (r Rights) With(those Rights) Rights {
	sum := Rights{All: max(r.All, those.All), Sites: maps.Clone(r.Sites)}
	for site, role := range those.Sites {
		if sum.Sites == nil {
			sum.Sites = map[string]Role{}
		}
		sum.Sites[site] = max(sum.Sites[site], role)
	}
	return sum
}
