package tail

import (
	"math"
	"path/filepath"
	"slices"
	"time"
)

// place finds out where the files that have turned up are to be read from, and where the marks went whose files have not.
func (s *Set) place(fresh []*File) {
	resumed := map[*File]bool{}
	var astray []Mark
	for _, f := range fresh {
		for _, m := range s.take(f.id) {
			switch {
			case !resumed[f] && m.fits(f.reader()) && f.resume(&m):
				resumed[f] = true
			case !m.Gone: // else its inode was given to another file
				s.report(Event{Kind: Truncated, Pattern: f.pattern, Name: f.name})
				if !s.orphanOf(&m) {
					s.miss(m)
				}
			}
		}
	}
	s.marks = slices.DeleteFunc(s.marks, func(m Mark) bool {
		if !m.Gone {
			astray = append(astray, m)
		}
		return !m.Gone
	})
	for i := range astray {
		m := &astray[i]
		if !s.renamed(m) && !s.replacedBy(fresh, resumed, m) && !s.orphanOf(m) {
			s.miss(*m)
		}
	}
	for _, f := range slices.Clone(s.files) {
		if f.away && f.state.links == 0 && f.packed == nil {
			if m := f.mark(); s.replacedBy(fresh, resumed, &m) {
				s.drop(f)
				f.close()
			}
		}
	}
	for _, f := range fresh {
		kind := Opened
		if resumed[f] {
			kind = Resumed
		}
		s.report(Event{Kind: kind, Pattern: f.pattern, Name: f.name})
	}
}

// take takes the marks of a file.
func (s *Set) take(id ID) (own []Mark) {
	s.marks = slices.DeleteFunc(s.marks, func(m Mark) bool {
		if m.ID.is(id) {
			own = append(own, m)
			return true
		}
		return false
	})
	return own
}

// resume makes the file go on at a mark.
func (f *File) resume(m *Mark) bool {
	if !f.seek(m.Offset) {
		return false
	}
	f.Data = m.Data
	return true
}

// renamed looks for the file of a mark under other names in the directory: it was rotated before the start.
func (s *Set) renamed(m *Mark) bool {
	names, _ := filepath.Glob(filepath.Join(filepath.Dir(m.Pattern), "*"))
	for _, name := range names {
		state, err := statName(name)
		if err != nil || !state.regular || !m.ID.is(state.id) || s.followed(state.id) {
			continue
		}
		if f := s.orphan(m, name); f != nil {
			s.report(Event{Kind: Resumed, Pattern: m.Pattern, Name: name})
			return true
		}
	}
	return false
}

// replacedBy looks for a new file that goes on where the mark is: the old one was replaced by a copy, as editors and
// restored backups do.
func (s *Set) replacedBy(fresh []*File, resumed map[*File]bool, m *Mark) bool {
	for _, f := range fresh {
		if !resumed[f] && m.Span > 0 && f.pattern == m.Pattern && m.fits(f.reader()) && f.resume(m) {
			resumed[f] = true
			return true
		}
	}
	return false
}

// orphanOf follows a copy of what the mark's file had, if there is one.
func (s *Set) orphanOf(m *Mark) bool {
	for _, name := range s.copies(m) {
		if f := s.orphan(m, name); f != nil {
			s.report(Event{Kind: Copied, Pattern: m.Pattern, Name: name})
			return true
		}
	}
	return false
}

// orphan follows a file that no pattern matches from a mark on, if it fits.
func (s *Set) orphan(m *Mark, name string) *File {
	f, err := s.open(m.Pattern, name)
	if err != nil {
		s.refuse(Unreadable, m.Pattern, name, err)
		return nil
	}
	if !m.fits(f.reader()) || !f.resume(m) {
		f.close()
		return nil
	}
	f.base, f.away = m.Name, true
	s.files = append(s.files, f)
	s.note(*m, f.state.modified)
	return f
}

// miss reports that nothing is found of a file that was followed, and remembers it like one that was let go.
func (s *Set) miss(m Mark) {
	s.report(Event{Kind: Missing, Pattern: m.Pattern, Name: m.Name})
	if since := m.At.UnixNano(); !m.At.IsZero() {
		if m.Offset == 0 { // it may itself be found as a copy, with its time
			since--
		}
		s.note(m, since)
	}
	m.Gone = true
	s.marks = append(s.marks, m)
}

// follow makes a file go on in a copy of what it had, if there is one.
func (s *Set) follow(f *File, m Mark) bool {
	for _, name := range s.copies(&m) {
		c, err := s.open(f.pattern, name)
		if err != nil {
			continue
		}
		if !m.fits(c.reader()) {
			c.close()
			continue
		}
		f.name, f.id, f.file, f.packed, f.state = c.name, c.id, c.file, c.packed, c.state
		f.away, f.ready, f.changed = true, true, false
		return true
	}
	return false
}

// slack is what clocks of file systems may differ by.
const slack = 2 * time.Second

// copies returns the names that a copy of a mark's file may have: those that extend the pattern, were written since, and
// are not followed.
func (s *Set) copies(m *Mark) []string {
	if m.Span == 0 { // nothing tells a copy from another file
		return nil
	}
	from := int64(math.MinInt64)
	if !m.At.IsZero() {
		from = m.At.Add(-slack).UnixNano()
	}
	names, _ := filepath.Glob(m.Pattern + "*")
	return slices.DeleteFunc(names, func(name string) bool {
		state, err := statName(name)
		return err != nil || !state.regular || s.followed(state.id) || state.modified < from || unfinished(name)
	})
}

// followed tells whether a file is followed.
func (s *Set) followed(id ID) bool {
	return slices.ContainsFunc(s.files, func(f *File) bool { return f.id == id })
}
