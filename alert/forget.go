package alert

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Forget drops the alerts of a site that began before a time, those that are firing, too; zero: all of the site. Nobody is
// told that they are over.
func (b *Board) Forget(site string, before time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	had := len(b.history)
	goes := func(a *entry) bool { return a.Site == site && (before.IsZero() || a.Start.Before(before)) }
	b.history = slices.DeleteFunc(b.history, goes)
	b.changed = b.changed || len(b.history) < had
	for key, g := range b.groups {
		if key.site != site {
			continue
		}
		firing := len(g.named)
		g.named = slices.DeleteFunc(g.named, goes)
		gone := len(g.named) < firing
		if g.others != nil && goes(g.others) {
			g.others, gone = nil, true
		}
		if g.empty() && (gone || before.IsZero()) {
			delete(b.groups, key)
		}
		b.changed = b.changed || gone || before.IsZero()
	}
}

// empty reports whether nothing fires.
func (g *group) empty() bool { return len(g.named) == 0 && g.others == nil }

// wish is that alerts are forgotten (see [Board.Forget]), in a file beside the board's.
type wish struct {
	Site   string    `json:"site"`
	Before time.Time `json:"before"`
}

// wished is how the names of wishes end, after that of the board.
const wished = ".forget"

// AskToForget asks whoever has the board that is kept in a file to forget as [Board.Forget] does. The file that is
// returned is gone when that is done.
func AskToForget(board, site string, before time.Time) (string, error) {
	text, err := json.Marshal(wish{site, before})
	if err != nil {
		return "", err
	}
	staged, err := os.CreateTemp(filepath.Dir(board), filepath.Base(board)+".*.new")
	if err != nil {
		return "", fmt.Errorf("the alerts cannot be deleted: %w", err)
	}
	_, err = staged.Write(text)
	name := strings.TrimSuffix(staged.Name(), ".new") + wished
	if err = errors.Join(err, staged.Close()); err == nil {
		err = os.Rename(staged.Name(), name)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("the alerts cannot be deleted: %w", err), os.Remove(staged.Name()))
	}
	return name, nil
}

// ForgetWished forgets what others asked to have forgotten, and keeps the board without it in its file.
func (b *Board) ForgetWished(board string) error {
	names, _ := filepath.Glob(board + ".*" + wished) // fails on a bad pattern only
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var w wish
		if err := json.Unmarshal(text, &w); err != nil || w.Site == "" {
			return fmt.Errorf("%s says not what alerts are to be forgotten; remove it", name)
		}
		b.Forget(w.Site, w.Before)
		if err := b.Save(board); err != nil {
			return err
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return nil
}
