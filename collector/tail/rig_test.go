package tail

import (
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// rig follows the files of a directory by hand, and remembers every line that it got.
type rig struct {
	t       testing.TB
	dir     string
	options Options
	set     *Set
	now     time.Time
	got     []string
	long    int
	events  []Event
	// during is done while the files are looked through, whenever something is reported, and between looking and reading.
	during func()
}

// place is what the rig keeps with a file: where it is, and what stands before.
type place struct {
	offset int64
	before string
	at     time.Time // when it had been written last
}

func newRig(t testing.TB, patterns ...string) *rig {
	r := &rig{t: t, dir: t.TempDir(), now: time.Now()}
	for _, p := range patterns {
		r.options.Patterns = append(r.options.Patterns, filepath.Join(r.dir, p))
	}
	r.options.Now = func() time.Time { return r.now }
	r.during = func() {}
	r.options.Report = func(e Event) { r.events = append(r.events, e); r.during() }
	r.set = NewSet(r.options)
	t.Cleanup(func() { r.set.Close() })
	return r
}

// step looks at the files and reads all that they have.
func (r *rig) step() {
	r.t.Helper()
	r.set.Scan()
	for _, f := range r.set.Files() {
		r.during()
		for f.Ready() {
			p, ok := f.Data.(*place)
			if !ok {
				p = &place{}
				f.Data = p
			}
			f.Lines(func(l Line) {
				p.offset = l.End
				if l.Long {
					r.long++
					p.before = ""
					return
				}
				p.before += string(l.Text) + "\n"
				p.before = p.before[max(0, len(p.before)-100):]
				r.got = append(r.got, string(l.Text))
			})
			p.at = f.Modified()
		}
	}
}

// pass lets time go by, so that files without a name are let go.
func (r *rig) pass() {
	r.now = r.now.Add(2 * time.Minute)
	r.step()
}

// restart goes on from what a process that was killed would have written down.
func (r *rig) restart() {
	var marks []Mark
	add := func(id ID, pattern, name string, at time.Time, data any, gone bool) {
		p, ok := data.(*place)
		if !ok {
			p = &place{at: at} // nothing was read of it
		}
		before := p.before
		marks = append(marks, Mark{
			ID: id, Pattern: pattern, Name: name, Offset: p.offset, Span: int64(len(before)), At: p.at, Gone: gone, Data: p,
			Same: func(b []byte) bool { return string(b) == before },
		})
	}
	for _, m := range r.set.Marks() {
		add(m.ID, m.Pattern, m.Name, m.At, m.Data, m.Gone)
	}
	for _, f := range r.set.Files() {
		add(f.ID(), f.Pattern(), f.Base(), f.Modified(), f.Data, false)
	}
	r.set.Close()
	r.options.Marks = marks
	r.set = NewSet(r.options)
}

func (r *rig) path(name string) string { return filepath.Join(r.dir, name) }

// write appends to a file, as a server does that opens it anew.
func (r *rig) write(name, text string) {
	r.t.Helper()
	f, err := os.OpenFile(r.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	r.must(err)
	_, err = f.WriteString(text)
	r.must(err)
	r.must(f.Close())
}

func (r *rig) rename(from, to string) { r.t.Helper(); r.must(os.Rename(r.path(from), r.path(to))) }
func (r *rig) remove(name string)     { r.t.Helper(); r.must(os.Remove(r.path(name))) }

func (r *rig) copy(from, to string) {
	r.t.Helper()
	b, err := os.ReadFile(r.path(from))
	r.must(err)
	r.must(os.WriteFile(r.path(to), b, 0o600))
}

func (r *rig) truncate(name string) { r.t.Helper(); r.must(os.Truncate(r.path(name), 0)) }

// pack does what gzip does: the packed file has the old one's time, and the old one goes.
func (r *rig) pack(name string) {
	r.t.Helper()
	b, err := os.ReadFile(r.path(name))
	r.must(err)
	info, err := os.Stat(r.path(name))
	r.must(err)
	f, err := os.Create(r.path(name + ".gz"))
	r.must(err)
	z := gzip.NewWriter(f)
	_, err = z.Write(b)
	r.must(err)
	r.must(z.Close())
	r.must(f.Close())
	r.must(os.Chtimes(r.path(name+".gz"), info.ModTime(), info.ModTime()))
	r.remove(name)
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// want compares the lines got so far, in whatever order, with those that were written.
func (r *rig) want(lines string) {
	r.t.Helper()
	left := map[string]int{}
	for _, l := range strings.Fields(lines) {
		left[l]++
	}
	for _, l := range r.got {
		left[l]--
	}
	lost, doubled := "", ""
	for l, n := range left {
		if n > 0 {
			lost = l
		} else if n < 0 {
			doubled = l
		}
	}
	if lost != "" || doubled != "" {
		r.t.Errorf("%d lines came of %d; lost is for example %q, more than once came %q", len(r.got), len(strings.Fields(lines)), lost, doubled)
	}
}

// happened counts the events of a kind.
func (r *rig) happened(k Kind) (n int) {
	for _, e := range r.events {
		if e.Kind == k {
			n++
		}
	}
	return n
}

// lost sums up what was reported as lost.
func (r *rig) lost() (n int64) {
	for _, e := range r.events {
		n += e.Bytes
	}
	return n
}

// lines returns numbered lines, each on its own.
func lines(name string, from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "%s-%d\n", name, i)
	}
	return b.String()
}
