package tail

import (
	"bytes"
	"compress/gzip"
	"os"
	"testing"
)

// once makes the rig do something the next time that it may be done while the files are looked through.
func (r *rig) once(do func()) {
	r.during = func() {
		r.during = func() {}
		do()
	}
}

// copyPart copies the first bytes of a file.
func (r *rig) copyPart(from, to string, size int) {
	r.t.Helper()
	b, err := os.ReadFile(r.path(from))
	r.must(err)
	r.must(os.WriteFile(r.path(to), b[:min(size, len(b))], 0o600))
}

// packPart begins to write a packed file and leaves the file that is packed, as gzip does until it has ended.
func (r *rig) packPart(name string, size int) {
	r.t.Helper()
	b, err := os.ReadFile(r.path(name))
	r.must(err)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(b)
	r.must(err)
	r.must(z.Close())
	r.must(os.WriteFile(r.path(name+".gz"), packed.Bytes()[:min(size, packed.Len())], 0o600))
}

// TestRotatedAgainBeforeItIsRead has a file opened, and rotated before any of it is read: its name is found as if nobody
// had seen it.
func TestRotatedAgainBeforeItIsRead(t *testing.T) {
	for name, again := range map[string]func(r *rig){
		"packed": func(r *rig) {
			r.rename("access.log", "access.log-2")
			r.pack("access.log-2")
			r.write("access.log", "c1\n")
		},
		"packed by half": func(r *rig) {
			r.rename("access.log", "access.log-2")
			r.packPart("access.log-2", 60)
			r.write("access.log", "c1\n")
			r.once(func() { r.pack("access.log-2") })
		},
		"copied":         func(r *rig) { r.copy("access.log", "access.log-2"); r.write("access.log", "c1\n") },
		"copied by half": func(r *rig) { r.copyPart("access.log", "access.log-2", 900); r.write("access.log", "c1\n") },
		"copied to": func(r *rig) {
			r.copyPart("access.log", "access.log-2", 0)
			r.write("access.log", "c1\n")
		},
		"truncated": func(r *rig) {
			r.copy("access.log", "access.log-2")
			r.truncate("access.log")
			r.write("access.log", "c1\n")
		},
		"truncated when it was compared": func(r *rig) {
			r.copy("access.log", "access.log-2")
			r.during = func() { // until it is read
				if r.happened(Opened) == 2 {
					r.truncate("access.log")
					r.write("access.log", "c1\n")
					r.during = func() {}
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "access.log")
			r.write("access.log", lines("a", 0, 20))
			r.step()
			r.rename("access.log", "access.log-1")
			r.write("access.log", lines("b", 0, 500))
			r.once(func() { again(r) }) // when access.log is open by its new name, or soon will be
			r.step()
			r.step()
			r.step()
			r.want(lines("a", 0, 20) + lines("b", 0, 500) + "c1")
			r.restart()
			r.step()
			r.want(lines("a", 0, 20) + lines("b", 0, 500) + "c1")
		})
	}
}

// TestStartedWhileItIsPackedOrCopied is killed soon after a rotation, and starts when the next is half done.
func TestStartedWhileItIsPackedOrCopied(t *testing.T) {
	for name, half := range map[string]func(r *rig){
		"copied from":  func(r *rig) { r.copyPart("access.log", "access.log-2", 900) },
		"copied in":    func(r *rig) { r.copyPart("access.log", "access.log-2", 0) },
		"packed":       func(r *rig) { r.packPart("access.log-1", 60) },
		"nearly":       func(r *rig) { r.packPart("access.log-1", 1<<20) },
		"packed empty": func(r *rig) { r.packPart("access.log-1", 0) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "access.log")
			r.write("access.log", lines("a", 0, 500))
			r.step()
			r.rename("access.log", "access.log-1")
			r.write("access.log", lines("b", 0, 500))
			r.step()
			r.restart()
			half(r)
			r.step()
			r.want(lines("a", 0, 500) + lines("b", 0, 500))
			if _, err := os.Stat(r.path("access.log-2")); err == nil {
				r.copy("access.log", "access.log-2")
				r.truncate("access.log")
			} else {
				r.pack("access.log-1")
			}
			r.write("access.log", lines("c", 0, 3))
			r.step()
			r.restart()
			r.step()
			r.want(lines("a", 0, 500) + lines("b", 0, 500) + lines("c", 0, 3))
		})
	}
}

// TestWrittenToWhileItIsCopied has lines read that were written behind what a copy has, whose last part is written later.
// They are in no file any more, and what is in the copy was read.
func TestWrittenToWhileItIsCopied(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", lines("a", 0, 500))
	r.step()
	r.copy("access.log", "access.log-1")
	r.write("access.log", lines("a", 500, 510))
	r.aged("access.log", 1)
	r.step()
	r.aged("access.log-1", 2)
	r.pack("access.log-1") // or has the whole copy be made by gzip
	r.truncate("access.log")
	r.write("access.log", "b1\n")
	r.step()
	r.step()
	r.want(lines("a", 0, 510) + "b1")
}
