package tail

import (
	"path/filepath"
	"slices"
)

// Repattern changes which files are followed, from the next Scan on. A file whose pattern is not among the new ones
// belongs to the first of them that matches its name, and is let go without a mark if none does; the rest goes on where
// it was, those included that have lost their names. marks say how far files were read that were not followed until now.
// All files are ready afterwards, because they may be read in another way.
func (s *Set) Repattern(patterns []string, marks []Mark) {
	s.options.Patterns = slices.Clone(patterns)
	clear(s.refused)
	s.files = slices.DeleteFunc(s.files, func(f *File) bool {
		var ok bool
		if f.pattern, ok = s.patternOf(f.pattern, f.base); ok {
			f.ready = true
		} else {
			f.close()
		}
		return !ok
	})
	s.marks = slices.DeleteFunc(s.marks, func(m Mark) bool {
		_, ok := s.patternOf(m.Pattern, m.Name)
		return !ok
	})
	for i := range s.marks {
		s.marks[i].Pattern, _ = s.patternOf(s.marks[i].Pattern, s.marks[i].Name)
	}
	s.marks = append(s.marks, marks...)
}

// patternOf returns the pattern that a name belongs to: the one it belonged to before, if there still is that.
func (s *Set) patternOf(before, name string) (string, bool) {
	if slices.Contains(s.options.Patterns, before) {
		return before, true
	}
	for _, pattern := range s.options.Patterns {
		if ok, err := filepath.Match(pattern, name); ok && err == nil {
			return pattern, true
		}
	}
	return "", false
}
