package account

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Token lets a program ask for statistics. Its secret was shown once.
type Token struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Sum   string   `json:"sum"`
	Sites []string `json:"sites,omitempty"` // ids; empty: all
	Made  string   `json:"made"`            // day, in UTC
	By    string   `json:"by"`              // the user
	Used  string   `json:"used,omitempty"`  // the last day, in UTC; empty: never
}

// Rights are those of who has the token: a viewer's.
func (t Token) Rights() Rights {
	if len(t.Sites) == 0 {
		return Rights{All: Viewer}
	}
	r := Rights{Sites: map[string]Role{}}
	for _, site := range t.Sites {
		r.Sites[site] = Viewer
	}
	return r
}

// maxMade is how many tokens and how many links there may be.
const maxMade = 1000

// Tokens lists the tokens in the order they were made in.
func (s *Store) Tokens() ([]Token, error) {
	known, err := s.current()
	if err != nil {
		return nil, err
	}
	return slices.Clone(known.Tokens), nil
}

// AddToken makes a token of a name for some sites, or for all if there are none, and returns its secret.
func (s *Store) AddToken(name string, sites []string, by string) (Token, string, error) {
	name, err := label(name)
	if err != nil {
		return Token{}, "", err
	}
	secret := "klar_" + b64(random(24))
	one := Token{ID: newID(), Name: name, Sum: sum(secret), Sites: sites, Made: s.today(), By: by}
	return one, secret, s.change(func(next *state) error {
		if len(next.Tokens) >= maxMade {
			return refuse("", "there are %d tokens: remove some that are not used", maxMade)
		}
		next.Tokens = append(next.Tokens, one)
		return nil
	})
}

// RemoveToken ends a token, and returns what it was.
func (s *Store) RemoveToken(id string) (removed Token, err error) {
	return removed, s.change(func(next *state) error {
		i := slices.IndexFunc(next.Tokens, func(t Token) bool { return t.ID == id })
		if i < 0 {
			return ErrUnknown
		}
		removed = next.Tokens[i]
		next.Tokens = slices.Delete(next.Tokens, i, i+1)
		return nil
	})
}

// Token returns the token of a secret, and notes that it was used today.
func (s *Store) Token(secret string) (Token, bool) {
	known, err := s.current()
	if err != nil {
		return Token{}, false
	}
	key := sum(secret)
	i := slices.IndexFunc(known.Tokens, func(t Token) bool { return t.Sum == key })
	if i < 0 {
		return Token{}, false
	}
	if today := s.today(); known.Tokens[i].Used != today {
		// Where it cannot be noted, as on a full disk, the token is as good.
		_ = s.change(func(next *state) error {
			for i := range next.Tokens {
				if next.Tokens[i].Sum == key {
					next.Tokens[i].Used = today
				}
			}
			return nil
		})
	}
	return known.Tokens[i], true
}

func (s *Store) today() string { return s.now().UTC().Format(time.DateOnly) }

func newID() string { return hex.EncodeToString(random(8)) }

// maxLabel is the length of names that people give to things, in characters.
const maxLabel = 80

// label returns a name that somebody gives to a token or link, or why it can be none.
func label(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", refuse("name", "is empty")
	case utf8.RuneCountInString(name) > maxLabel:
		return "", refuse("name", "is longer than %d characters", maxLabel)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", refuse("name", "has characters that cannot be shown")
	}
	return name, nil
}
