package tail

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// Scan looks once which files there are and what has become of them. It reports what has changed, and makes those ready
// that may have something to read.
func (s *Set) Scan() {
	s.round++
	s.watch()
	var fresh []*File
	for _, pattern := range s.options.Patterns {
		for _, name := range s.matches(pattern) {
			if f := s.meet(pattern, name); f != nil {
				fresh, s.files = append(fresh, f), append(s.files, f)
			}
		}
	}
	s.part()
	s.place(fresh)
	s.succeed(fresh)
	s.fill()
	s.letGo()
	slices.SortStableFunc(s.files, func(a, b *File) int {
		if a.away != b.away {
			if a.away {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.state.modified, b.state.modified)
	})
}

// watch looks at the files that are open.
func (s *Set) watch() {
	for _, f := range slices.Clone(s.files) {
		now, err := statFile(f.file)
		if err != nil {
			s.refuse(Unreadable, f.pattern, f.name, err)
			continue
		}
		if f.packed == nil && (f.changed || now.size < f.at) {
			s.restart(f, now)
			continue
		}
		f.ready = f.ready || now.size != f.state.size || now.modified != f.state.modified
		f.state = now
	}
}

// restart reads a file that was truncated from its beginning again, and looks for a copy of what it had.
func (s *Set) restart(f *File, now status) {
	next := &File{
		set: s, pattern: f.pattern, name: f.name, base: f.base, id: f.id, file: f.file, state: now, seen: f.seen,
		away: f.away, ready: true,
	}
	next.protect(nil)
	s.files = append(s.files, next)
	lost := max(0, f.state.size-f.offset)
	m := f.mark()
	if s.follow(f, m) {
		s.note(m, f.state.modified)
		s.report(Event{Kind: Truncated, Pattern: f.pattern, Name: next.name})
		s.report(Event{Kind: Copied, Pattern: f.pattern, Name: f.name})
		return
	}
	s.note(m, f.valid)
	s.drop(f)
	s.report(Event{Kind: Truncated, Pattern: f.pattern, Name: f.name, Bytes: lost})
}

// rotatedName is what rotated files are called after the file they were.
var rotatedName = regexp.MustCompile(`^(.+?)[.-](?:\d[\d._-]*|old|bak)(?:\.(?:gz|zst|bz2|xz))?$`)

// matches returns the names that a pattern matches, without those that were rotated away from another file: of those
// only is read what follows a mark, or what lies in a gap.
func (s *Set) matches(pattern string) []string {
	names, _ := filepath.Glob(pattern) // only a pattern that is none is an error, and that is known before
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		base := rotatedName.FindStringSubmatch(name)
		return base != nil && (slices.Contains(names, base[1]) ||
			slices.ContainsFunc(s.files, func(f *File) bool { return f.base == base[1] }) ||
			slices.ContainsFunc(s.marks, func(m Mark) bool { return m.Name == base[1] }))
	})
}

// meet looks at a name that a pattern matches, and opens the file if it is not followed yet.
func (s *Set) meet(pattern, name string) *File {
	state, err := statName(name)
	if err != nil {
		s.refuse(Unreadable, pattern, name, err)
		return nil
	}
	if !state.regular || s.known(state.id, name) {
		return nil
	}
	f, err := s.open(pattern, name)
	switch {
	case err != nil:
		s.refuse(Unreadable, pattern, name, err)
		return nil
	case f.packed != nil:
		s.refuse(Packed, pattern, name, nil)
		f.close()
		return nil
	case s.known(f.id, name): // the name was given to another file meanwhile
		f.close()
		return nil
	}
	delete(s.refused, name)
	f.seen, f.base = s.round, name
	return f
}

// known tells whether a file is followed, and notes its name.
func (s *Set) known(id ID, name string) bool {
	i := slices.IndexFunc(s.files, func(f *File) bool { return f.id == id })
	if i < 0 {
		return false
	}
	if f := s.files[i]; f.seen != s.round {
		f.seen, f.name, f.base, f.away = s.round, name, name, false
	}
	return true
}

// open opens a file to be read from its beginning.
func (s *Set) open(pattern, name string) (*File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	f := &File{set: s, pattern: pattern, name: name, file: file, ready: true}
	if f.state, err = statFile(file); err == nil && isPacked(file) {
		f.packed, err = newUnpacker(file)
	}
	if err != nil {
		_ = file.Close() // only read from
		return nil, err
	}
	f.id = f.state.id
	f.protect(nil)
	return f, nil
}

// part finds the files that no name leads to any more.
func (s *Set) part() {
	for _, f := range s.files {
		if f.seen == s.round || f.away {
			continue
		}
		f.away, f.ready = true, true
		if now, err := statFile(f.file); err == nil {
			f.state = now
		}
		s.note(f.mark(), f.state.modified)
		s.report(Event{Kind: Rotated, Pattern: f.pattern, Name: f.name})
	}
}

// succeed notes the gaps behind the last files that have lost their names: before the new ones that have got them, and as
// long as none has.
func (s *Set) succeed(fresh []*File) {
	last := map[string]*File{}
	for _, f := range s.files {
		if before := last[f.base]; f.away && (before == nil || f.state.modified > before.state.modified) {
			last[f.base] = f
		}
	}
	for _, f := range s.files {
		if !f.away && !slices.Contains(fresh, f) {
			delete(last, f.base)
		}
	}
	for _, f := range last {
		s.note(f.mark(), f.state.modified)
	}
}

// letGo closes the files that have lost their names and get nothing more, and remembers them for a while.
func (s *Set) letGo() {
	now := s.options.Now()
	for _, f := range slices.Clone(s.files) {
		if !f.away || f.ready || now.Sub(f.quiet) < s.options.Linger || !s.replaced(f) {
			continue
		}
		if left := f.Behind(); left > 0 {
			s.report(Event{Kind: Unfinished, Pattern: f.pattern, Name: f.name, Bytes: left})
		}
		m := f.mark()
		m.Gone = true
		s.marks = append(s.marks, m)
		s.drop(f)
		f.close()
	}
	s.marks = slices.Delete(s.marks, 0, max(0, len(s.marks)-maxGone))
}

// replaced tells whether a file that has lost its name will get nothing more: it is deleted, or has a successor.
func (s *Set) replaced(f *File) bool {
	return f.packed != nil || f.state.links == 0 ||
		slices.ContainsFunc(s.files, func(g *File) bool { return !g.away && g.base == f.base })
}

// drop takes a file out of the set.
func (s *Set) drop(f *File) {
	s.files = slices.DeleteFunc(s.files, func(g *File) bool { return g == f })
}

// refuse reports what is wrong with a name, once.
func (s *Set) refuse(kind Kind, pattern, name string, err error) {
	if errors.Is(err, fs.ErrNotExist) {
		return // it went meanwhile
	}
	if before, ok := s.refused[name]; ok && before == kind {
		return
	}
	s.refused[name] = kind
	s.report(Event{Kind: kind, Pattern: pattern, Name: name, Err: err})
}

func (s *Set) report(e Event) { s.options.Report(e) }
