package tail

import (
	"cmp"
	"path/filepath"
	"slices"
)

// gap is the time between a file that was rotated away and the one that has its name now. When nobody looked for long,
// files lie in it that were begun and rotated away unseen.
type gap struct {
	mark  Mark  // of the file before the gap
	since int64 // when it was written last, in nanoseconds since 1970
}

// fill follows the files in the gaps that were noticed, from their beginnings.
func (s *Set) fill() {
	for i := range s.gaps {
		s.fillGap(&s.gaps[i])
	}
	s.gaps = s.gaps[:0]
}

func (s *Set) fillGap(g *gap) {
	m := &g.mark
	if m.Offset > 0 && m.Span == 0 {
		return // nothing would tell whether a file is a copy of what was read
	}
	names, _ := filepath.Glob(escape(m.Name) + "?*")
	var found []*File
	for _, name := range names {
		base := rotatedName.FindStringSubmatch(name)
		if base == nil || base[1] != m.Name {
			continue
		}
		state, err := statName(name)
		if err != nil || !state.regular || state.modified <= g.since || s.followed(state.id) || s.read(state.id) {
			continue
		}
		f, err := s.open(m.Pattern, name)
		if err != nil {
			s.refuse(Unreadable, m.Pattern, name, err)
			continue
		}
		if s.isCopy(m, f) {
			f.close()
			continue
		}
		f.base, f.away = m.Name, true
		found = append(found, f)
	}
	slices.SortFunc(found, func(a, b *File) int { return cmp.Compare(a.state.modified, b.state.modified) })
	for _, f := range found {
		s.files = append(s.files, f)
		s.report(Event{Kind: Opened, Pattern: f.pattern, Name: f.name})
	}
}

// read tells whether a file was let go of before.
func (s *Set) read(id ID) bool {
	return slices.ContainsFunc(s.marks, func(m Mark) bool { return m.ID.is(id) })
}

// isCopy tells whether a file is a copy of what was read under the same name before.
func (s *Set) isCopy(m *Mark, f *File) bool {
	marks := append([]Mark{*m}, s.marks...)
	for _, open := range s.files {
		marks = append(marks, open.mark())
	}
	for _, before := range marks {
		if before.Name != m.Name || before.Span == 0 {
			continue
		}
		if f.packed != nil { // it is read forwards only
			if f.rewind() != nil {
				return true
			}
		}
		if before.fits(f.reader()) {
			return true
		}
	}
	return f.packed != nil && f.rewind() != nil
}

// rewind makes a packed file be read from its beginning.
func (f *File) rewind() (err error) {
	f.packed.clear()
	f.packed, err = newUnpacker(f.file)
	return err
}

// escape makes a name a pattern that matches only itself.
func escape(name string) string {
	var b []byte
	for i := range len(name) {
		switch name[i] {
		case '*', '?', '[', '\\':
			b = append(b, '\\')
		}
		b = append(b, name[i])
	}
	return string(b)
}
