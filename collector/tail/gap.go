package tail

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"path/filepath"
	"regexp"
	"slices"
)

// gap is the time between a file that was rotated away and the one that has its name now. When nobody looked for long,
// files lie in it that were begun and rotated away unseen.
type gap struct {
	mark  Mark  // of the file before the gap
	since int64 // when it was written last, in nanoseconds since 1970
}

// note makes a gap be looked through at the end of Scan.
func (s *Set) note(m Mark, since int64) {
	same := func(g gap) bool { return g.mark.Name == m.Name && g.since == since }
	if !slices.ContainsFunc(s.gaps, same) {
		s.gaps = append(s.gaps, gap{mark: m, since: since})
	}
}

// fill follows the files in the gaps that were noticed, from their beginnings. A gap in which something cannot be judged
// yet is looked through again.
func (s *Set) fill() {
	copies := map[string]bool{}
	s.gaps = slices.DeleteFunc(s.gaps, func(g gap) bool { return s.fillGap(&g, copies) })
	s.gaps = slices.Delete(s.gaps, 0, max(0, len(s.gaps)-maxGone))
}

// fillGap follows the files in a gap. It returns false if one cannot be judged yet. What is found to be a copy is noted in
// copies, for it lies in other gaps as well, and to judge it takes long where there are many files.
func (s *Set) fillGap(g *gap, copies map[string]bool) bool {
	m := &g.mark
	if m.Offset > 0 && m.Span == 0 {
		return true // nothing would tell whether a file is a copy of what was read
	}
	names, _ := filepath.Glob(escape(m.Name) + "?*")
	names = slices.DeleteFunc(names, func(name string) bool {
		base := rotatedName.FindStringSubmatch(name)
		return base == nil || base[1] != m.Name
	})
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(len(packedSuffix.FindString(a)), len(packedSuffix.FindString(b)))
	})
	judged := true
	for _, name := range names {
		if copies[name] {
			continue
		}
		state, err := statName(name)
		if err != nil { // it was packed meanwhile, under a name that the list may not have
			judged = false
			continue
		}
		if !state.regular || state.modified <= g.since || s.followed(state.id) || s.read(state.id) || unfinished(name) {
			continue
		}
		judged = s.join(m, name, copies) && judged
	}
	return judged
}

// join follows a file in the gap behind a mark, if it is no copy of what is read anyway. It returns false if that cannot
// be judged yet.
func (s *Set) join(m *Mark, name string, copies map[string]bool) bool {
	f, err := s.open(m.Pattern, name)
	if err != nil {
		s.refuse(Unreadable, m.Pattern, name, err)
		return false
	}
	copied, sure := s.isCopy(m, f)
	if f.state.size == 0 { // what is copied to begins so, but also what is soon written to
		sure = false
	}
	if copied || !sure {
		copies[name] = copied && sure
		f.close()
		return sure
	}
	f.base, f.away = m.Name, true
	s.files = append(s.files, f)
	s.report(Event{Kind: Opened, Pattern: f.pattern, Name: f.name})
	return true
}

// packedSuffix ends the names of compressed files.
var packedSuffix = regexp.MustCompile(`\.(?:gz|zst|bz2|xz)$`)

// unfinished tells whether a compressed file may not be whole: what compresses a file removes it when it has done so.
// Until then everything is in that one.
func unfinished(name string) bool {
	suffix := packedSuffix.FindString(name)
	if suffix == "" {
		return false
	}
	_, err := statName(name[:len(name)-len(suffix)])
	return err == nil
}

// read tells whether a file was let go of before. Where nobody knows when files were made, its inode may be another's by
// now, and its content must tell.
func (s *Set) read(id ID) bool {
	return slices.ContainsFunc(s.marks, func(m Mark) bool {
		return m.ID.is(id) && (m.Span == 0 || m.ID.Born != 0 && id.Born != 0)
	})
}

// isCopy tells whether a file is a copy of what is or was read under the same name, as far as it is made by now: such a
// copy is of interest only when its original is truncated, and then found by the original's mark. As long as nothing of
// the original was read, there is none, and it is not sure that the copy will not be needed.
func (s *Set) isCopy(m *Mark, f *File) (copied, sure bool) {
	marks := append([]Mark{*m}, s.marks...)
	start := s.startOf(f)
	defer start.clear()
	for _, open := range s.files {
		if open.base == m.Name && start.of(open) {
			return true, open.offset > 0
		}
		marks = append(marks, open.mark())
	}
	if start.like(marks, m.Name) {
		return true, true
	}
	// What is packed is read forwards only.
	slices.SortFunc(marks, func(a, b Mark) int { return cmp.Compare(a.Offset, b.Offset) })
	for _, before := range marks {
		if before.Name == m.Name && before.Span > 0 && before.fits(f.reader()) {
			return true, true
		}
	}
	if f.packed != nil && f.rewind() != nil {
		return true, false
	}
	return false, f.packed != nil || !packedSuffix.MatchString(f.name)
}

// compareSize is how much of two files must be the same for one to be a copy of the other, if there is so much of it.
const compareSize = 64 << 10

// start is what a file begins with, to be held against others.
type start struct {
	text  []byte
	head  guard  // of so much of it as tells which copies are made of a file, if there is so much
	other []byte // room for another file's
}

// startOf reads the beginning of a file.
func (s *Set) startOf(f *File) *start {
	own := &start{text: make([]byte, compareSize), other: make([]byte, compareSize)}
	n, _ := f.reader().ReadAt(own.text, 0)
	own.text = own.text[:n]
	if n >= headSize {
		own.head = guard{headSize, maphash.Bytes(s.seed, own.text[:headSize])}
	}
	return own
}

// clear overwrites what was read.
func (own *start) clear() {
	clear(own.text)
	clear(own.other)
}

// like tells whether a file has the beginning of one that a mark is of. If it does not also reach as far as the mark, more was
// written to that one while the copy was made, and it was truncated then.
func (own *start) like(marks []Mark, name string) bool {
	return own.head.n > 0 && slices.ContainsFunc(marks, func(m Mark) bool { return m.Name == name && m.head == own.head })
}

// of tells whether a file is the beginning of another, or all of it.
func (own *start) of(other *File) bool {
	if other.packed != nil || len(own.text) == 0 { // what was read of the packed one is gone
		return false
	}
	if own.head.n > 0 && other.head.n > 0 && own.head != other.head {
		return false
	}
	n, _ := other.file.ReadAt(own.other[:len(own.text)], 0)
	return n == len(own.text) && bytes.Equal(own.text, own.other[:n])
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
