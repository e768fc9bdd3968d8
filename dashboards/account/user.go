package account

import (
	"regexp"
	"slices"
	"strings"
)

// User is somebody who signs in with a password.
type User struct {
	Name string `json:"name"`
	Hash string `json:"hash"` // of the password, as Hash makes it
	Rights
	Fixed bool `json:"-"` // stands in the configuration file, and cannot be changed here
}

// names are what users can be called: addresses of e-mail, too.
var names = regexp.MustCompile(`^[a-z0-9][a-z0-9._+@-]{0,63}$`)

// CheckName returns the name as it is stored, in small letters, or why it can be none: it has up to 64 letters, digits,
// and ._+@- behind the first.
func CheckName(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if !names.MatchString(name) {
		return "", refuse("name", "is not of up to 64 letters, digits and ._+@-, beginning with a letter or digit")
	}
	return name, nil
}

// Fix replaces the users of the configuration, who go before stored ones of the same name. Their names and hashes were
// checked.
func (s *Store) Fix(users []User) {
	fixed := slices.Clone(users)
	for i := range fixed {
		fixed[i].Fixed = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fixed = fixed
}

// Users lists all users by name.
func (s *Store) Users() ([]User, error) {
	known, err := s.current()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	all := slices.Clone(s.fixed)
	s.mu.Unlock()
	for _, u := range known.Users {
		if find(all, u.Name) < 0 {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(a, b User) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Has reports whether there is a user of a name.
func (s *Store) Has(name string) bool {
	known, err := s.current()
	if err != nil {
		return false
	}
	_, ok := s.user(known, strings.ToLower(strings.TrimSpace(name)))
	return ok
}

// user returns the user of a name, who may be of the configuration.
func (s *Store) user(known *state, name string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := find(s.fixed, name); i >= 0 {
		return s.fixed[i], true
	}
	if i := find(known.Users, name); i >= 0 {
		return known.Users[i], true
	}
	return User{}, false
}

func find(users []User, name string) int {
	return slices.IndexFunc(users, func(u User) bool { return u.Name == name })
}

// Closed reports whether anybody can sign in, by a password or a provider: then who does not is nobody.
func (s *Store) Closed() (bool, error) {
	known, err := s.current()
	if err != nil {
		return true, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.fixed)+len(known.Users)+len(s.providers) > 0, nil
}

// AddUser adds a user. It refuses a name that is taken or none, a password that is too short and rights that are none.
func (s *Store) AddUser(name, password string, rights Rights) error {
	name, err := CheckName(name)
	if err != nil {
		return err
	}
	if rights.Most() == Everybody {
		return refuse("role", "is missing: name one of all sites or of single ones")
	}
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	return s.change(func(next *state) error {
		if _, taken := s.user(next, name); taken {
			return refuse("name", "is taken")
		}
		next.Users = append(next.Users, User{Name: name, Hash: hash, Rights: rights})
		return nil
	})
}

// RemoveUser removes a user and ends the sessions.
func (s *Store) RemoveUser(name string) error {
	return s.changeUser(name, func(next *state, i int) error {
		next.Users = slices.Delete(next.Users, i, i+1)
		next.end(name)
		return nil
	})
}

// SetRights replaces what a user may do, from the next request on.
func (s *Store) SetRights(name string, rights Rights) error {
	if rights.Most() == Everybody {
		return refuse("role", "is missing: name one of all sites or of single ones")
	}
	return s.changeUser(name, func(next *state, i int) error {
		next.Users[i].Rights = rights
		return nil
	})
}

// SetPassword replaces a user's password and ends the sessions.
func (s *Store) SetPassword(name, password string) error {
	hash, err := Hash(password)
	if err != nil {
		return err
	}
	return s.changeUser(name, func(next *state, i int) error {
		next.Users[i].Hash = hash
		next.end(name)
		return nil
	})
}

// changeUser lets a function change the user who is number i.
func (s *Store) changeUser(name string, do func(next *state, i int) error) error {
	return s.change(func(next *state) error {
		user, _ := s.user(next, name)
		i := find(next.Users, name)
		switch {
		case user.Fixed:
			return ErrFixed
		case i < 0:
			return ErrUnknown
		}
		return do(next, i)
	})
}
