package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/klar-analytics/klar/atomicfile"
)

// FileName is the file of the data directory that holds the settings.
const FileName = "settings.json"

// format is the version of the file's form.
const format = 1

// content is the file.
type content struct {
	Version int `json:"version"`
	Settings
}

// Read reads the settings of a data directory; without a file there are none.
func Read(dir string) (Settings, error) {
	name := filepath.Join(dir, FileName)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // who needs the directory says what is wrong with it
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, fmt.Errorf("the settings made in the interface: %w", err)
	}
	var c content
	if err := json.Unmarshal(b, &c); err != nil {
		return Settings{}, fmt.Errorf("%s is damaged: %w; mend it, or put it aside to begin with the configuration file alone", name, err)
	}
	if c.Version != format {
		return Settings{}, fmt.Errorf("%s has the version %d and this Klar knows %d: it was written by another one", name, c.Version, format)
	}
	return c.Settings, nil
}

// Store holds the settings of a data directory, of which one process may have one. Any goroutine may use it.
type Store struct {
	name string
	now  atomic.Pointer[Settings]

	mu sync.Mutex // of changes
}

// Open reads the settings of a data directory.
func Open(dir string) (*Store, error) {
	now, err := Read(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{name: filepath.Join(dir, FileName)}
	s.now.Store(&now)
	return s, nil
}

// Now returns the settings. They belong to all who ask, and are not to be changed.
func (s *Store) Now() Settings { return *s.now.Load() }

// Change replaces the settings by what edit makes of them, which must not change what it is given. Before the file is
// replaced, take makes them hold; it may be nil, and it is called once more with those before should the file not be
// replaceable then. After an error everything is as it was.
func (s *Store) Change(edit func(Settings) (Settings, error), take func(Settings) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.Now()
	next, err := edit(before)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(content{format, next}, "", "  ")
	if err == nil {
		err = atomicfile.Stage(s.name, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("the settings cannot be kept: %w", err)
	}
	if take != nil {
		if err := take(next); err != nil {
			return errors.Join(err, atomicfile.Discard(s.name))
		}
	}
	if err := atomicfile.Commit(s.name); err != nil {
		if take != nil {
			err = errors.Join(err, take(before))
		}
		return fmt.Errorf("the settings cannot be kept: %w", err)
	}
	s.now.Store(&next)
	return nil
}
