package tail

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"time"
)

// server writes a log as a web server does: through an open file, until it is told to open the name anew.
type server struct {
	*rig
	name    string
	out     *os.File
	clock   *time.Time
	written *[]string
	n       int
	half    bool // the last line is not whole
	lines   int  // in the file since it began
	files   int  // begun so far
	seen    int  // the last of them that lines were read of; before, nothing tells a copy from the file
	renamed bool // the name is no longer the open file's
	copied  *int // how many bytes of the file its copy .1 has, while copytruncate is at work
	packing bool // .1.gz is being written
	actions []string
}

func (s *server) open() {
	var err error
	s.out, err = os.OpenFile(s.path(s.name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	s.must(err)
	s.files++
	s.lines, s.renamed = 0, false
	s.touch()
}

// touch gives the open file the time of the test's clock, which is finer than the system's.
func (s *server) touch() {
	*s.clock = s.clock.Add(time.Second)
	s.must(os.Chtimes(fmt.Sprintf("/dev/fd/%d", s.out.Fd()), *s.clock, *s.clock))
}

func (s *server) append(n int) {
	s.finish()
	for range n {
		line := fmt.Sprintf("%s-%d", s.name, s.n)
		s.n++
		s.lines++
		*s.written = append(*s.written, line)
		_, err := s.out.WriteString(line + "\n")
		s.must(err)
	}
	s.touch()
}

// begin writes the first half of a line, finish its second.
func (s *server) begin() {
	s.finish()
	_, err := fmt.Fprintf(s.out, "%s-", s.name)
	s.must(err)
	s.half = true
	s.touch()
}

func (s *server) finish() {
	if s.half {
		_, err := fmt.Fprintf(s.out, "%d\n", s.n)
		s.must(err)
		*s.written = append(*s.written, fmt.Sprintf("%s-%d", s.name, s.n))
		s.n++
		s.lines++
		s.half = false
	}
}

// shift makes room for the name .1.
func (s *server) shift() {
	old, err := filepath.Glob(s.path(s.name) + ".*")
	s.must(err)
	number := func(path string) (n int, rest string) {
		_, _ = fmt.Sscanf(path[len(s.path(s.name)):], ".%d%s", &n, &rest)
		return n, rest
	}
	sort.Slice(old, func(i, j int) bool { a, _ := number(old[i]); b, _ := number(old[j]); return a > b })
	for _, path := range old {
		n, rest := number(path)
		s.must(os.Rename(path, fmt.Sprintf("%s.%d%s", s.path(s.name), n+1, rest)))
	}
}

func (s *server) act(rnd *rand.Rand) {
	first := s.name + ".1"
	switch rnd.IntN(12) {
	default:
		s.append(rnd.IntN(40))
		s.actions = append(s.actions, fmt.Sprint("append to ", s.n))
	case 0:
		s.begin()
		s.actions = append(s.actions, "begin")
	case 1, 2:
		if !s.renamed && !s.busy() {
			s.shift()
			s.rename(s.name, first)
			s.renamed = true
			s.actions = append(s.actions, "rename")
		}
	case 3, 4:
		if s.renamed {
			s.finish()
			s.touch()
			s.must(s.out.Close())
			s.open()
			s.actions = append(s.actions, "reopen")
		}
	case 5:
		if !s.renamed && !s.packing && (s.seen == s.files || s.copied != nil) {
			s.copyTruncate(rnd.IntN(3))
		}
	case 6:
		if _, err := os.Stat(s.path(first)); err == nil && !s.renamed && s.copied == nil {
			s.packOn(rnd.IntN(3))
		}
	}
}

// busy tells whether names must stay: another program is copying or packing.
func (s *server) busy() bool { return s.copied != nil || s.packing }

// copyTruncate begins to copy the file, copies a part more, or copies the rest and truncates the file.
func (s *server) copyTruncate(how int) {
	first := s.name + ".1"
	if s.copied == nil {
		s.shift()
		s.write(first, "")
		s.copied = new(int)
	}
	s.finish()
	all, err := os.ReadFile(s.path(s.name))
	s.must(err)
	till := len(all)
	if how > 0 {
		till = *s.copied + (len(all)-*s.copied)*(how-1)/2
	}
	s.write(first, string(all[*s.copied:till]))
	*s.copied = till
	s.touch()
	s.must(os.Chtimes(s.path(first), *s.clock, *s.clock))
	s.actions = append(s.actions, fmt.Sprintf("copy to %d of %d", till, len(all)))
	if how == 0 {
		s.truncate(s.name)
		s.files++
		s.copied, s.lines = nil, 0
		s.touch()
		s.actions = append(s.actions, "truncate")
	}
}

// packOn writes nothing of .1.gz, half of it, or all and removes .1, as gzip does.
func (s *server) packOn(how int) {
	first := s.name + ".1"
	s.packing = how > 0
	if how == 0 {
		s.pack(first)
		s.actions = append(s.actions, "pack")
		return
	}
	b, err := os.ReadFile(s.path(first))
	s.must(err)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(b)
	s.must(err)
	s.must(z.Close())
	s.must(os.WriteFile(s.path(first+".gz"), packed.Bytes()[:(how-1)*packed.Len()/2], 0o600))
	*s.clock = s.clock.Add(time.Second)
	s.must(os.Chtimes(s.path(first+".gz"), *s.clock, *s.clock))
	s.actions = append(s.actions, fmt.Sprintf("pack %d/2", how-1))
}
