package account

import (
	"errors"
	"sync"
	"testing"
	"time"
)

// clock is a time that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// opened returns the accounts of a new directory, with ada, owner of all, and bob, viewer of one site.
func opened(t *testing.T) (*Store, *clock) {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	s := reopened(t, t.TempDir(), c)
	must(t, s.AddUser("ada", adas, Rights{All: Owner}))
	must(t, s.AddUser("bob", bobs, Rights{Sites: map[string]Role{"example.org": Viewer}}))
	return s, c
}

const (
	adas = "the password of ada"
	bobs = "the password of bob"
	here = "203.0.113.0"
)

func reopened(t *testing.T, dir string, c *clock) *Store {
	t.Helper()
	s, err := Open(dir, c.now)
	must(t, err)
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// field returns the field that an error refuses, or what else the error is.
func field(err error) string {
	if refused := (*Refused)(nil); errors.As(err, &refused) {
		return refused.Field
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
