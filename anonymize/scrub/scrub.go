// Package scrub owns what may be kept of a request's path and of free text that visitors or sites put into it: names of
// events, values of campaign parameters. Personal data becomes a placeholder such as ":email" or ":id", or the text is
// refused. It also says of what [hit.Kind] a request is.
package scrub

import (
	"bytes"
	"hash/maphash"
	"strings"
	"unicode/utf8"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/hit"
)

const (
	// maxTarget is how many bytes of a path are looked at. What follows is dropped, with the segment it falls into.
	maxTarget = 4096
	// maxPath is how many bytes of a path are kept, as [hit.Path] allows.
	maxPath = 1024
	// maxText and maxName bound what Text looks at and what it returns, in bytes.
	maxText = 1024
	maxName = 120
	// maxRun is the longest run of digits that a text may hold: the ids of advertising campaigns have up to 12.
	maxRun = 12
	// entries is how many paths are remembered: the distinct paths of all but the largest sites, in about 3 MB.
	entries = 1 << 16
)

// Scrubber scrubs paths and texts. It remembers a bounded number of results by the keyed hash of what it was asked, never
// the question itself. It is safe for concurrent use.
type Scrubber struct {
	seed  maphash.Seed
	paths memo.Cache[Inspected]
	look  Inspector
}

// Inspected is what the path of a request target says.
type Inspected struct {
	// Path is that of [Scrubber.Path]. Of one that holds a payload it is the segments before it, and "…" for the rest.
	Path hit.Path
	// Found is what attack the path is.
	Found hit.Finding
	name  hit.Kind
}

// Kind is that of the function [Kind]. The target must be the one whose path it is.
func (i Inspected) Kind(method hit.Method, target []byte, status int) hit.Kind {
	return kind(method, target, status, i.name)
}

// Inspector says whether a path is an attack. If a payload stands in it, only the first clean bytes may be kept; else clean
// is negative.
type Inspector func(path []byte) (found hit.Finding, clean int)

// New returns a scrubber that does not look for attacks.
func New() *Scrubber { return NewInspecting(nil) }

// NewInspecting returns a scrubber that asks look about each path that it does not remember.
func NewInspecting(look Inspector) *Scrubber {
	return &Scrubber{seed: maphash.MakeSeed(), paths: memo.New[Inspected](entries), look: look}
}

// Path returns the path of a request target without query, fragment and path parameters, at most 1,024 bytes, with
// personal data replaced by placeholders, segment by segment. An absolute URI is reduced to its path; a target that
// is neither (such as "*" or "host:443") has none, and the result is zero.
func (s *Scrubber) Path(target []byte) hit.Path {
	return s.Inspect(target).Path
}

// Inspect returns what a target's path says, at once if it is remembered.
func (s *Scrubber) Inspect(target []byte) Inspected {
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		target = target[:i]
	}
	if i := bytes.IndexByte(target, '#'); i >= 0 {
		target = target[:i]
	}
	key := maphash.Bytes(s.seed, target)
	if p, ok := s.paths.Get(key); ok {
		return p
	}
	p := s.inspect(pathOf(target))
	s.paths.Put(key, p)
	return p
}

func (s *Scrubber) inspect(path []byte) Inspected {
	p, clean := Inspected{name: byName(path)}, -1
	if s.look != nil {
		p.Found, clean = s.look(path)
	}
	if clean < 0 {
		p.Path = hit.NewPath(scrubPath(path))
		return p
	}
	kept := strings.TrimSuffix(scrubPath(path[:clean]), "/")
	p.Path = hit.NewPath(cut(kept, maxPath-len(removed)) + removed)
	return p
}

// removed stands for the rest of a path, from a payload on.
const removed = "/…"

// Text returns a short free text, cut to 120 bytes, and false if it holds what [Scrubber.Path] would replace, more than
// 12 digits in a row, or more than 1,024 bytes. The ids of campaigns are let through, for many visitors share them.
func (s *Scrubber) Text(b []byte) (string, bool) {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || len(b) > maxText {
		return "", false
	}
	folded, ok := fold(b)
	if !ok || detect(folded) || longRun(folded, maxRun) {
		return "", false
	}
	if len(b) > maxName {
		b = b[:maxName]
		for len(b) > 0 && !utf8.Valid(b) && len(b) > maxName-utf8.UTFMax {
			b = b[:len(b)-1]
		}
	}
	return string(b), true
}

// longRun reports whether s holds more than most digits in a row.
func longRun(s []byte, most int) bool {
	n := 0
	for _, c := range s {
		if !digit(c) {
			n = 0
		} else if n++; n > most {
			return true
		}
	}
	return false
}

// scrubPath does the work of [Scrubber.Path] for a path without query and fragment.
func scrubPath(target []byte) string {
	if len(target) == 0 {
		return ""
	}
	slash := target[len(target)-1] == '/'
	if len(target) > maxTarget {
		// A segment that was cut in two could hide what it holds.
		target = target[:bytes.LastIndexByte(target[:maxTarget+1], '/')+1]
		slash = true
	}
	var out strings.Builder
	var trail trail
	for raw := range bytes.SplitSeq(target, []byte{'/'}) {
		if len(raw) == 0 {
			continue
		}
		out.WriteByte('/')
		if plain(raw) {
			out.Write(raw)
			trail.add(raw)
			continue
		}
		if !segment(&out, raw, &trail) {
			slash = false
			break
		}
	}
	if slash || out.Len() == 0 {
		out.WriteByte('/')
	}
	return cut(out.String(), maxPath)
}

// pathOf returns the path of a target in origin or absolute form, nothing for the other forms.
func pathOf(target []byte) []byte {
	if len(target) == 0 || target[0] == '/' {
		return target
	}
	i := bytes.Index(target, []byte("://"))
	if i < 1 || i > 20 {
		return nil
	}
	if j := bytes.IndexByte(target[i+3:], '/'); j >= 0 {
		return target[i+3+j:]
	}
	return []byte{'/'}
}

// segment appends the scrubbed segment to out. It returns false if the path ends with it, for an encoded query follows.
func segment(out *strings.Builder, raw []byte, t *trail) bool {
	folded, ok := fold(raw)
	if !ok {
		out.WriteString(placeholders[token])
		t.add(nil)
		return true
	}
	whole := len(folded)
	folded, more := dropParameters(folded)
	found := detect(folded)
	found = identify(folded, t) || found
	if found || len(folded) != whole {
		encode(out, folded)
	} else {
		out.Write(raw)
	}
	return more
}

// dropParameters cuts a segment at its parameters (;jsessionid=…) and at a query whose question mark was encoded, after
// which the path does not go on.
func dropParameters(s []byte) (kept []byte, more bool) {
	more = true
	if i := bytes.IndexByte(s, '?'); i >= 0 && bytes.IndexByte(s[i:], '=') > 0 {
		s, more = s[:i], false
	}
	if i := bytes.IndexByte(s, ';'); i >= 0 && bytes.IndexByte(s[i:], '=') > 0 {
		s = s[:i]
	}
	return s, more
}

// cut returns at most most bytes of a path, without a rune or an escape cut in two.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[:most]
	for i := 1; i <= 2; i++ {
		if s[len(s)-i] == '%' {
			s = s[:len(s)-i]
			break
		}
	}
	for len(s) > 0 {
		if r, n := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || n != 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}
