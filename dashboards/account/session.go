package account

import (
	"slices"
	"time"
)

const (
	// SessionFor is how long somebody stays signed in by a password.
	SessionFor = 7 * 24 * time.Hour
	// providedFor is how long somebody stays signed in by a provider, who may have other plans by then.
	providedFor = 12 * time.Hour
	// maxSessions is how many sessions one user has at most; the oldest ends.
	maxSessions = 20
)

// session is somebody's being signed in.
type session struct {
	Sum     string    `json:"sum"` // of the secret in the cookie
	User    string    `json:"user"`
	Stamp   string    `json:"stamp,omitempty"` // of the user's password: with another one, the session has ended
	Expires time.Time `json:"expires"`
	// Of who came by a provider: its id, and what it said that the user may do.
	Provider string  `json:"provider,omitempty"`
	Rights   *Rights `json:"rights,omitempty"`
}

// Session is who is signed in.
type Session struct {
	Name     string
	Provider string // its id; empty of who signed in by a password
	Fixed    bool   // the password stands in the configuration file
	Rights
}

// Who names the user as the audit log does.
func (s Session) Who() string {
	if s.Provider != "" {
		return s.Provider + "/" + s.Name
	}
	return s.Name
}

// SignIn begins a session of who knows a user's password, and returns the value of its cookie. from names a shortened
// network, or this machine. The session of the cookie that the browser had, if any, ends. Wrong names and wrong
// passwords are told apart neither by the error, ErrWrong, nor by the time. After ten of them from a network or for a
// name there is one every 90 s, else a *TooManyError.
func (s *Store) SignIn(name, password, from, old string) (cookie string, who Session, err error) {
	name, badName := CheckName(name)
	taken, err := s.throttle.take(s.now(), "from "+from, "name "+name)
	if err != nil {
		return "", Session{}, err
	}
	known, err := s.current()
	if err != nil {
		return "", Session{}, err
	}
	user, ok := s.user(known, name)
	hash := user.Hash
	if !ok || badName != nil {
		hash = nobodysHash
	}
	if !matches(hash, password) || !ok {
		return "", Session{}, ErrWrong
	}
	taken.giveBack()
	cookie, err = s.begin(old, session{User: name, Stamp: stamp(user.Hash), Expires: s.now().Add(SessionFor)})
	return cookie, Session{Name: name, Rights: user.Rights, Fixed: user.Fixed}, err
}

// begin stores a session under a new secret, and ends that of an old cookie.
func (s *Store) begin(old string, one session) (cookie string, err error) {
	secret := random(32)
	one.Sum = sum(string(secret))
	err = s.change(func(next *state) error {
		next.drop(old)
		mine := 0
		for i := len(next.Sessions) - 1; i >= 0; i-- { // the newest stand at the end
			if of := next.Sessions[i]; of.User == one.User && of.Provider == one.Provider {
				if mine++; mine >= maxSessions {
					next.Sessions = slices.Delete(next.Sessions, i, i+1)
				}
			}
		}
		next.Sessions = append(next.Sessions, one)
		cookie = next.seal("session", secret)
		return nil
	})
	return cookie, err
}

// Session returns who is signed in by a cookie, and false if nobody is.
func (s *Store) Session(cookie string) (Session, bool) {
	if cookie == "" {
		return Session{}, false
	}
	known, err := s.current()
	if err != nil {
		return Session{}, false
	}
	i := known.session(cookie)
	if i < 0 || !s.now().Before(known.Sessions[i].Expires) {
		return Session{}, false
	}
	one := known.Sessions[i]
	if one.Provider != "" {
		if s.Provider(one.Provider) == nil || one.Rights == nil {
			return Session{}, false
		}
		return Session{Name: one.User, Provider: one.Provider, Rights: *one.Rights}, true
	}
	user, ok := s.user(known, one.User)
	if !ok || stamp(user.Hash) != one.Stamp {
		return Session{}, false
	}
	return Session{Name: user.Name, Rights: user.Rights, Fixed: user.Fixed}, true
}

// SignOut ends the session of a cookie.
func (s *Store) SignOut(cookie string) error {
	if known, err := s.current(); err != nil || known.session(cookie) < 0 {
		return err
	}
	return s.change(func(next *state) error {
		next.drop(cookie)
		return nil
	})
}

// ChangePassword gives a user another password who knows the old one, ends all sessions and begins a new one, whose
// cookie it returns.
func (s *Store) ChangePassword(name, old, password, from string) (cookie string, err error) {
	taken, err := s.throttle.take(s.now(), "from "+from, "name "+name)
	if err != nil {
		return "", err
	}
	known, err := s.current()
	if err != nil {
		return "", err
	}
	user, ok := s.user(known, name)
	switch {
	case !ok:
		return "", ErrUnknown
	case user.Fixed:
		return "", ErrFixed
	case !matches(user.Hash, old):
		return "", refuse("old", "is not the password")
	}
	taken.giveBack()
	if err := s.SetPassword(name, password); err != nil {
		return "", err
	}
	if known, err = s.current(); err != nil {
		return "", err
	}
	user, _ = s.user(known, name)
	return s.begin("", session{User: name, Stamp: stamp(user.Hash), Expires: s.now().Add(SessionFor)})
}

// session returns the number of a cookie's session, or -1.
func (s *state) session(cookie string) int {
	secret, ok := s.unseal("session", cookie)
	if !ok {
		return -1
	}
	key := sum(string(secret))
	return slices.IndexFunc(s.Sessions, func(one session) bool { return one.Sum == key })
}

// drop ends the session of a cookie.
func (s *state) drop(cookie string) {
	if i := s.session(cookie); i >= 0 {
		s.Sessions = slices.Delete(s.Sessions, i, i+1)
	}
}

// end ends all sessions of a user by a password.
func (s *state) end(user string) {
	s.Sessions = slices.DeleteFunc(s.Sessions, func(one session) bool { return one.User == user && one.Provider == "" })
}

// forget drops sessions that are over.
func (s *state) forget(now time.Time) {
	s.Sessions = slices.DeleteFunc(s.Sessions, func(one session) bool { return !now.Before(one.Expires) })
}
