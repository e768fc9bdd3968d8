package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// forgetCrowds takes a site out of the files with the names of combinations. A klar serve that measures the site writes it
// down again.
func (c *call) forgetCrowds(site string) error {
	names, _ := filepath.Glob(filepath.Join(c.config.Data, "crowds*.json")) // the pattern is good
	for _, name := range names {
		b, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return err
		}
		var all map[string]json.RawMessage
		if err := json.Unmarshal(b, &all); err != nil {
			return fmt.Errorf("%s: %w; without the file, Klar starts counting anew which combinations are common", name, err)
		}
		if _, ok := all[site]; !ok {
			continue
		}
		delete(all, site)
		if b, err = json.Marshal(all); err != nil {
			return err
		}
		// Not the name that saveCrowds of a klar serve may be writing at the same time.
		next := name + ".deleted"
		if err := os.WriteFile(next, b, 0o600); err != nil {
			return err
		}
		if err := os.Rename(next, name); err != nil {
			return err
		}
	}
	return nil
}
