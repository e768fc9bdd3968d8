package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/klar-analytics/klar/atomicfile"
)

// state is what accounts.json holds. What it says of secrets is sums and hashes; its key signs what browsers bring back.
type state struct {
	Key      []byte            `json:"key"`
	Users    []User            `json:"users,omitempty"`
	Sessions []session         `json:"sessions,omitempty"`
	Tokens   []Token           `json:"tokens,omitempty"`
	Links    []Link            `json:"links,omitempty"`
	Public   map[string]Public `json:"public,omitempty"` // by site
}

// Store keeps the accounts of a data directory in its accounts.json, which other processes may change at the same time.
// Any goroutine may use it.
type Store struct {
	dir string
	now func() time.Time

	throttle throttle

	mu        sync.Mutex
	fixed     []User // of the configuration
	providers []*Provider
	known     *state // never changed, only replaced
	read      mark   // of the file that it was read from
}

// mark tells one version of the file from another.
type mark struct {
	inode uint64
	size  int64
	time  time.Time
}

// Open returns the accounts of a data directory, which is made with the first of them.
func Open(dir string, now func() time.Time) (*Store, error) {
	s := &Store{dir: dir, now: now, known: &state{}}
	_, err := s.current()
	return s, err
}

func (s *Store) path() string { return filepath.Join(s.dir, "accounts.json") }

// current returns the accounts as the file has them now. They must not be changed.
func (s *Store) current() (*state, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.path())
	if errors.Is(err, fs.ErrNotExist) {
		s.known, s.read = &state{}, mark{}
		return s.known, nil
	}
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	at := mark{size: info.Size(), time: info.ModTime()}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		at.inode = sys.Ino
	}
	if at == s.read {
		return s.known, nil
	}
	text, err := os.ReadFile(s.path())
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	next := &state{}
	if err := json.Unmarshal(text, next); err != nil {
		return nil, fmt.Errorf("accounts: %s cannot be read as JSON", s.path()) // its words could be of a secret
	}
	s.known, s.read = next, at
	return next, nil
}

// change lets a function change the accounts, with nobody else doing so, and writes them. After an error of the function
// nothing was changed.
func (s *Store) change(do func(*state) error) error {
	unlock, err := s.lock()
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	defer unlock()
	old, err := s.current()
	if err != nil {
		return err
	}
	text, err := json.Marshal(old)
	next := &state{}
	if err = errors.Join(err, json.Unmarshal(text, next)); err != nil {
		return err
	}
	if len(next.Key) == 0 {
		next.Key = random(32)
	}
	if err := do(next); err != nil {
		return err
	}
	next.forget(s.now())
	if err := s.write(next); err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	return nil
}

// lock takes the lock of what this package writes, and waits for it: it is held for moments.
func (s *Store) lock() (unlock func(), err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(s.dir, "accounts.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}

func (s *Store) write(next *state) error {
	text, err := json.MarshalIndent(next, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(s.path(), append(text, '\n'))
}
