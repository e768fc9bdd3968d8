package collector

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/klar-analytics/klar/collector/accesslog"
)

// Inspection is what [FileSource.Inspect] found of one file.
type Inspection struct {
	Name string
	// Format is the name of its format, empty when Err says why it cannot be read, or when nothing stands in it yet.
	Format string
	Err    error
}

// Inspect looks at the files of a source as they are now, and reads the beginning of each, but keeps nothing. The error is
// one of the pattern or the format.
func (s FileSource) Inspect() ([]Inspection, error) {
	source, err := newFileSource(s)
	if err != nil {
		return nil, err
	}
	names, err := filepath.Glob(s.Pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: not a valid pattern", s.Pattern)
	}
	var all []Inspection
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			continue
		}
		i := Inspection{Name: name}
		i.Format, i.Err = inspect(name, source.format)
		all = append(all, i)
	}
	return all, nil
}

// inspect reads the beginning of a file and finds out its format, unless that is known.
func inspect(name string, format *accesslog.Format) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err.(*os.PathError).Err
	}
	defer func() { _ = file.Close() }()
	s, err := readSample(file)
	defer clear(s.data)
	if err != nil {
		return "", err
	}
	if format != nil {
		return format.Name(), nil
	}
	lines, _ := s.lines()
	if blank(lines) {
		return "", nil
	}
	found, err := accesslog.Detect(lines)
	if err != nil {
		return "", err
	}
	return found.Name(), nil
}
