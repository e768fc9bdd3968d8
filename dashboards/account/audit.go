package account

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Entry is what somebody did, as the audit log has it. No field is of an address.
type Entry struct {
	Time   time.Time `json:"time"` // in UTC, to the second
	User   string    `json:"user"`
	Action string    `json:"action"` // a fixed text, such as "users.add"
	Site   string    `json:"site,omitempty"`
	Object string    `json:"object,omitempty"` // the name of what it was done to
}

// The audit log is in a file and those that were full before it.
const (
	auditSize  = 1 << 20 // bytes of a file
	auditFiles = 5
	maxObject  = 200 // characters
)

// CommandLine is the user of what was done by commands.
const CommandLine = "command line"

// Note adds to the audit log. Time is set; objects are cut at 200 characters.
func (s *Store) Note(user, action, site, object string) error {
	object = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, object)
	if runes := []rune(object); len(runes) > maxObject {
		object = string(runes[:maxObject]) + "…"
	}
	line, err := json.Marshal(Entry{Time: s.now().UTC().Truncate(time.Second), User: user, Action: action, Site: site, Object: object})
	if err != nil {
		return err
	}
	unlock, err := s.lock()
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	defer unlock()
	if err := s.rotateAudit(); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	f, err := os.OpenFile(s.auditPath(0), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// auditPath returns the name of the file that was begun n files ago.
func (s *Store) auditPath(n int) string {
	if n == 0 {
		return filepath.Join(s.dir, "audit.jsonl")
	}
	return filepath.Join(s.dir, fmt.Sprintf("audit.%d.jsonl", n))
}

// rotateAudit begins a new file when the last one is full. The oldest goes.
func (s *Store) rotateAudit() error {
	info, err := os.Stat(s.auditPath(0))
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() < auditSize {
		return nil
	}
	for n := auditFiles - 1; n > 0 && err == nil; n-- {
		if err = os.Rename(s.auditPath(n-1), s.auditPath(n)); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	return err
}

// Audit returns up to so many entries, the latest first, without the latest skip ones. Lines that are none are left out.
func (s *Store) Audit(skip, most int) ([]Entry, error) {
	var list []Entry
	for n := 0; n < auditFiles && len(list) < most; n++ {
		some, err := readAudit(s.auditPath(n))
		if err != nil {
			return nil, fmt.Errorf("audit log: %w", err)
		}
		slices.Reverse(some)
		take := some[min(skip, len(some)):]
		skip -= len(some) - len(take)
		list = append(list, take[:min(most-len(list), len(take))]...)
	}
	return list, nil
}

func readAudit(path string) ([]Entry, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []Entry
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var e Entry
		if json.Unmarshal(lines.Bytes(), &e) == nil && !e.Time.IsZero() {
			list = append(list, e)
		}
	}
	return list, lines.Err()
}
