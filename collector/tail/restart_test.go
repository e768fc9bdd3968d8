package tail

import (
	"strings"
	"testing"
)

func TestRestartGoesOn(t *testing.T) {
	r := newRig(t, "*access.log")
	r.write("access.log", "a1\n")
	r.write("b.access.log", "b1\n")
	r.step()
	r.restart()
	r.write("access.log", "a2\n")
	r.step()
	r.restart()
	r.step()
	r.want("a1 a2 b1")
	if r.happened(Resumed) != 4 {
		t.Errorf("%d files were resumed, want 2 twice", r.happened(Resumed))
	}
}

func TestRotatedWhileAway(t *testing.T) {
	for name, rotate := range map[string]func(r *rig){
		"renamed":           func(r *rig) { r.rename("access.log", "access.log.1") },
		"renamed twice":     func(r *rig) { r.rename("access.log", "access.log.1"); r.rename("access.log.1", "access.log.2") },
		"another extension": func(r *rig) { r.rename("access.log", "access.1.log") },
		"packed":            func(r *rig) { r.rename("access.log", "access.log.1"); r.pack("access.log.1") },
		"copied":            func(r *rig) { r.copy("access.log", "access.log.1"); r.truncate("access.log") },
		"copied and packed": func(r *rig) { r.copy("access.log", "access.log.1"); r.pack("access.log.1"); r.truncate("access.log") },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "access.log")
			r.write("access.log", lines("a", 0, 9))
			r.step()
			r.write("access.log", lines("unread", 0, 20000))
			rotate(r)
			r.write("access.log", lines("b", 0, 50))
			r.restart()
			r.step()
			r.want(lines("a", 0, 9) + lines("unread", 0, 20000) + lines("b", 0, 50))
			r.restart() // nothing may be read again
			r.write("access.log", "b-50\n")
			r.step()
			r.pass()
			r.restart()
			r.step()
			r.want(lines("a", 0, 9) + lines("unread", 0, 20000) + lines("b", 0, 51))
			if r.lost() != 0 || r.happened(Missing) != 0 {
				t.Errorf("events are %v, want nothing lost or missing", r.events)
			}
		})
	}
}

// TestKilledWithinAPackedFile stops after the first part of a packed file, and goes on there.
func TestKilledWithinAPackedFile(t *testing.T) {
	long := strings.Repeat("unread", 12) // so that more is packed than is kept of it in memory
	r := newRig(t, "access.log")
	r.write("access.log", "a\n")
	r.step()
	r.write("access.log", lines(long, 0, 100000))
	r.rename("access.log", "access.log.1")
	r.pack("access.log.1")
	r.restart()
	r.set.Scan()
	f := r.set.Files()[0]
	p := f.Data.(*place)
	for range 20 {
		f.Lines(func(l Line) {
			p.offset, p.before = l.End, string(l.Text)+"\n"
			r.got = append(r.got, string(l.Text))
		})
	}
	if len(r.got) < 10 || len(r.got) > 90000 {
		t.Fatalf("%d lines were read, want some of them", len(r.got))
	}
	r.restart()
	r.step()
	r.want("a\n" + lines(long, 0, 100000))
}

func TestTruncatedWhileAwayIsReported(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", lines("a", 0, 9))
	r.step()
	r.truncate("access.log")
	r.write("access.log", lines("b", 0, 30))
	r.restart()
	r.step()
	r.want(lines("a", 0, 9) + lines("b", 0, 30))
	if r.happened(Truncated) != 1 || r.happened(Missing) != 1 {
		t.Errorf("events are %v, want a truncation and what was in the file missing", r.events)
	}
}

func TestDeletedWhileAwayIsReported(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", lines("a", 0, 9))
	r.step()
	r.remove("access.log")
	r.write("access.log", lines("b", 0, 30))
	r.restart()
	r.step()
	r.want(lines("a", 0, 9) + lines("b", 0, 30))
	if r.happened(Missing) != 1 {
		t.Errorf("events are %v, want a missing file", r.events)
	}
}

// TestAnotherDevice has the device's number change, as it may when the machine is started anew.
func TestAnotherDevice(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "a1\n")
	r.step()
	if r.set.Files()[0].ID().Born == 0 {
		t.Skip("this file system does not know when files were made")
	}
	r.restart()
	r.options.Marks[0].ID.Device++
	r.set = NewSet(r.options)
	r.write("access.log", "a2\n")
	r.step()
	r.want("a1 a2")
}

// TestNothingReadYet is killed when it has opened a file and read nothing of it, as there was nothing or no time, and the
// file before it is long let go of. What is rotated away before the next start must be found nevertheless.
func TestNothingReadYet(t *testing.T) {
	for _, empty := range []bool{true, false} {
		for name, rotate := range map[string]func(r *rig){
			"renamed": func(r *rig) {},
			"packed":  func(r *rig) { r.pack("access.log-2") },
		} {
			t.Run(name, func(t *testing.T) {
				r := newRig(t, "access.log")
				r.write("access.log", lines("a", 0, 9))
				r.step()
				r.rename("access.log", "access.log-1")
				r.write("access.log", "")
				r.step()
				r.pass()
				r.pass()
				if n := len(r.set.Files()); n != 1 {
					t.Fatalf("%d files are open, want only the empty one", n)
				}
				if !empty {
					r.write("access.log", lines("b", 0, 30))
					r.aged("access.log", 1)
					r.set.Scan()
				}
				r.restart()
				if empty {
					r.write("access.log", lines("b", 0, 30))
					r.aged("access.log", 1)
				}
				r.rename("access.log", "access.log-2")
				rotate(r)
				r.write("access.log", "c1\n")
				r.step()
				r.restart()
				r.step()
				r.want(lines("a", 0, 9) + lines("b", 0, 30) + "c1")
			})
		}
	}
}

// TestPackedBeforeAnythingIsRead is killed right after it has opened its first file.
func TestPackedBeforeAnythingIsRead(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", lines("a", 0, 30))
	r.set.Scan()
	r.restart()
	r.rename("access.log", "access.log-1")
	r.pack("access.log-1")
	r.write("access.log", "b1\n")
	r.step()
	r.want(lines("a", 0, 30) + "b1")
}
