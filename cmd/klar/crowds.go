package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/klar-analytics/klar/atomicfile"
)

func (s *sink) loadCrowds() error {
	b, err := os.ReadFile(s.crowds)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = s.Load(b)
	}
	if err != nil {
		return fmt.Errorf("%s: %w; without the file, Klar starts counting anew which combinations are common", s.crowds, err)
	}
	return nil
}

func (s *sink) saveCrowds() error {
	b, err := s.Names()
	if err == nil && !s.shared { // an import knows only the sites that it is for
		b, err = withOthers(b, s.crowds)
	}
	if err != nil {
		return err
	}
	return atomicfile.Write(s.crowds, b)
}

// withOthers adds to the names of some sites those that a file holds of others.
func withOthers(names []byte, file string) ([]byte, error) {
	all := map[string]json.RawMessage{}
	before, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return names, nil
	}
	for _, b := range [][]byte{before, names} {
		if err == nil {
			err = json.Unmarshal(b, &all) // the later replaces the earlier
		}
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(all)
}
