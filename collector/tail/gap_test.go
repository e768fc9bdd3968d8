package tail

import (
	"os"
	"testing"
	"time"
)

// rotateDaily shifts the rotated files as logrotate does with delaycompress, and begins a new one.
func (r *rig) rotateDaily(name string, keep int) {
	r.t.Helper()
	for i := keep; i > 0; i-- {
		from, to := rotated(name, i), rotated(name, i+1)
		if _, err := os.Stat(r.path(from)); err != nil {
			continue
		}
		if i == 1 {
			r.pack(from)
			from += ".gz"
		}
		r.rename(from, to)
	}
	r.rename(name, name+".1")
	r.write(name, "")
}

func rotated(name string, i int) string {
	if i == 1 {
		return name + ".1"
	}
	return name + "." + string(rune('0'+i)) + ".gz"
}

// aged gives a file the time of its last line, which a test is too fast for.
func (r *rig) aged(name string, day int) {
	r.t.Helper()
	at := r.now.Add(time.Duration(day) * 24 * time.Hour)
	r.must(os.Chtimes(r.path(name), at, at))
}

func TestDaysOfRotationsWhileAway(t *testing.T) {
	for _, restart := range []bool{true, false} {
		r := newRig(t, "access.log")
		r.write("access.log.1", "long ago\n")
		r.aged("access.log.1", -20)
		r.write("access.log", lines("day0", 0, 20))
		r.step()
		r.write("access.log", lines("day0", 20, 30))
		want := lines("day0", 0, 30)
		for day := 1; day <= 4; day++ {
			r.aged("access.log", day)
			r.rotateDaily("access.log", 6)
			text := lines("day"+string(rune('0'+day)), 0, 5000*day)
			r.write("access.log", text)
			want += text
		}
		if restart {
			r.restart()
		}
		r.step()
		r.step()
		r.want(want)
		r.restart()
		r.step()
		r.pass()
		r.restart()
		r.step()
		r.want(want)
	}
}

// TestPackedByAnotherProgram has a packed copy of a file that is still open, with a time of its own.
func TestPackedByAnotherProgram(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", lines("a", 0, 20))
	r.step()
	r.write("access.log", lines("a", 20, 30))
	r.rename("access.log", "access.log.1")
	r.pack("access.log.1")
	r.aged("access.log.1.gz", 1)
	r.write("access.log", "b1\n")
	r.step()
	r.step()
	r.want(lines("a", 0, 30) + "b1")
}

// TestInodeOfAFileLetGoOf has a file rotated unseen that got the inode of one that was read long ago, where nobody knows
// when files were made.
func TestInodeOfAFileLetGoOf(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", lines("a", 0, 20))
	r.step()
	r.rename("access.log", "access.log-1")
	r.write("access.log", lines("b", 0, 20))
	r.step()
	r.pass()
	r.rename("access.log", "access.log-2")
	r.write("access.log-3", lines("c", 0, 20))
	r.aged("access.log-3", 1)
	state, err := statName(r.path("access.log-3"))
	r.must(err)
	r.set.marks[0].ID = ID{Device: state.id.Device, Inode: state.id.Inode}
	r.write("access.log", "d1\n")
	r.step()
	r.step()
	r.want(lines("a", 0, 20) + lines("b", 0, 20) + lines("c", 0, 20) + "d1")
}
