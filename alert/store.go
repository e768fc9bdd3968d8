package alert

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/klar-analytics/klar/atomicfile"
	"github.com/klar-analytics/klar/report"
)

// kept is a board as it stands on the disk: shortened networks at most, and nothing of what was sent.
type kept struct {
	Groups  []keptGroup `json:"groups"`
	History []*entry    `json:"history"`
}

type keptGroup struct {
	Named  []*entry `json:"named"`
	Others *entry   `json:"others,omitempty"`
	Told   told     `json:"told"`
	Rule   string   `json:"rule"`
	Site   string   `json:"site"`
	Series string   `json:"series,omitempty"`
}

// maxKept bounds the file, in bytes; a board at its bounds takes far less.
const maxKept = 64 << 20

// Load takes in what Save kept in a file. One that does not exist is no error.
func (b *Board) Load(name string) error {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the alerts cannot be read: %w", err)
	}
	if info.Size() > maxKept {
		return fmt.Errorf("the alerts cannot be read: %s is larger than it can be", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("the alerts cannot be read: %w", err)
	}
	var k kept
	if err := json.Unmarshal(text, &k); err != nil {
		return fmt.Errorf("the alerts cannot be read: %s: %w; remove it to begin without", name, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.history = k.History
	for _, g := range k.Groups {
		b.groups[groupKey{g.Rule, g.Site, g.Series}] = &group{g.Named, g.Others, g.Told}
	}
	return nil
}

// Save keeps the board in a file, whole or not at all, if it changed since it was kept.
func (b *Board) Save(name string) error {
	text, err := b.encode()
	if text == nil || err != nil {
		return err
	}
	if err := atomicfile.Write(name, text); err != nil {
		return fmt.Errorf("the alerts cannot be kept: %w", err)
	}
	return nil
}

// encode returns the board as it is kept, nil if it is kept already.
func (b *Board) encode() ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.changed {
		return nil, nil
	}
	k := kept{History: b.history, Groups: []keptGroup{}}
	for _, key := range b.order() {
		g := b.groups[key]
		of := g.told
		of.At = of.At.Truncate(coarse) // whoever is told is told at once
		k.Groups = append(k.Groups, keptGroup{g.named, g.others, of, key.rule, key.site, key.series})
	}
	text, err := json.Marshal(k)
	b.changed = err != nil
	return text, err
}

// Firing counts what is firing by rule, site and severity.
func (b *Board) Firing(each func(a report.Alert)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, a := range b.firing() {
		each(a.Alert)
	}
}
