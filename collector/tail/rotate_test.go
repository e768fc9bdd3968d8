package tail

import (
	"os"
	"strings"
	"testing"
)

func TestGrowingFilesAndNewOnes(t *testing.T) {
	r := newRig(t, "*access.log")
	r.step()
	r.want("")
	r.write("access.log", "a1\na2\n")
	r.step()
	r.write("access.log", "a3\n")
	r.write("b.access.log", "b1\n")
	r.write("error.log", "no\n")
	r.step()
	r.want("a1 a2 a3 b1")
}

func TestALineCountsWithItsLineFeed(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "one\ntw")
	r.step()
	r.want("one")
	r.step()
	r.restart()
	r.step()
	r.write("access.log", "o\r\nthree")
	r.step()
	r.want("one two")
	r.write("access.log", "\n")
	r.step()
	r.want("one two three")
}

func TestRotationByRename(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "a1\n")
	r.step()
	r.rename("access.log", "access.log.1")
	r.write("access.log.1", "a2\n") // the server has not reopened it yet
	r.step()
	r.write("access.log", "b1\n")
	r.write("access.log.1", "a3\n")
	r.step()
	r.want("a1 a2 a3 b1")
	r.pass()
	if n := len(r.set.Files()); n != 1 {
		t.Errorf("%d files are open, want only the new one", n)
	}
}

func TestRotatedWithoutSuccessorIsKept(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "a1\n")
	r.step()
	r.rename("access.log", "access.log.1")
	r.pass()
	r.pass()
	r.write("access.log.1", "a2\n")
	r.step()
	r.want("a1 a2")
}

func TestRotatedNamesThatThePatternMatches(t *testing.T) {
	r := newRig(t, "access.log*")
	r.write("access.log.2.gz", "old\n")
	r.write("access.log.1", "old\n")
	r.write("access.log", "a1\n")
	r.step()
	r.rename("access.log", "access.log.1")
	r.write("access.log", "b1\n")
	r.write("access.log.1", "a2\n")
	r.step()
	r.restart()
	r.write("access.log.1", "a3\n")
	r.step()
	r.want("a1 a2 a3 b1")
}

func TestDeletedWhileItIsWritten(t *testing.T) {
	r := newRig(t, "access.log")
	w, err := os.Create(r.path("access.log"))
	r.must(err)
	defer w.Close()
	_, _ = w.WriteString("a1\n")
	r.step()
	r.remove("access.log")
	_, _ = w.WriteString("a2\nhalf")
	r.step()
	r.pass()
	r.write("access.log", "b1\n")
	r.step()
	r.want("a1 a2 b1")
	if r.happened(Unfinished) != 1 || r.lost() != 4 {
		t.Errorf("events are %v, want one unfinished line of 4 bytes", r.events)
	}
}

func TestVanishedAndBack(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "a1\n")
	r.step()
	r.rename("access.log", "elsewhere")
	r.step()
	r.rename("elsewhere", "access.log")
	r.write("access.log", "a2\n")
	r.step()
	r.want("a1 a2")
	r.rename("access.log", "elsewhere")
	r.write("access.log", "b1\n")
	r.step()
	r.pass() // let go of
	r.rename("access.log", "access.log.1")
	r.rename("elsewhere", "access.log")
	r.write("access.log", "a3\n")
	r.step()
	r.want("a1 a2 a3 b1")
}

func TestInodeReuse(t *testing.T) {
	r := newRig(t, "access.log")
	reused := false
	want := ""
	for i := range 20 {
		text := lines("f", 10*i, 10*i+10-i%3)
		r.write("access.log", text)
		want += text
		r.step()
		before := r.set.Files()[len(r.set.Files())-1].ID()
		r.remove("access.log")
		r.step()
		r.pass() // lets go of it, so that its inode is free
		if i%2 == 0 {
			r.restart()
		}
		r.write("access.log", "")
		now, err := statName(r.path("access.log"))
		r.must(err)
		reused = reused || now.id.Inode == before.Inode
	}
	r.want(want)
	if !reused {
		t.Log("the file system gave no inode twice")
	}
}

func TestIdenticalBeginnings(t *testing.T) {
	r := newRig(t, "*access.log")
	same := lines("same", 0, 40)
	r.write("a.access.log", same)
	r.step()
	r.write("b.access.log", same+"b\n")
	r.step()
	r.restart()
	r.write("c.access.log", same+"b\n")
	r.step()
	r.want(same + same + same + "b b")
}

func TestSymlinkThatMoves(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("day1", "a1\n")
	r.write("day2", "b1\n")
	r.must(os.Symlink(r.path("day1"), r.path("access.log")))
	r.step()
	r.must(os.Symlink(r.path("day2"), r.path("next")))
	r.rename("next", "access.log")
	r.write("day1", "a2\n")
	r.step()
	r.write("day2", "b2\n")
	r.write("day1", "a3\n")
	r.step()
	r.want("a1 a2 a3 b1 b2")
}

func TestTwoNamesOfOneFile(t *testing.T) {
	r := newRig(t, "*access.log", "hard", "a*")
	r.write("access.log", "a1\n")
	r.must(os.Link(r.path("access.log"), r.path("hard")))
	r.must(os.Symlink(r.path("access.log"), r.path("soft.access.log")))
	r.step()
	r.write("hard", "a2\n")
	r.step()
	r.want("a1 a2")
}

func TestLongLines(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "a1\n"+strings.Repeat("x", MaxLine+1)+"\na2\n"+strings.Repeat("y", 900<<10))
	r.step()
	r.want("a1 a2")
	r.write("access.log", strings.Repeat("y", 10))
	r.step()
	r.restart() // within the long line, which is read again from its beginning
	r.step()
	r.write("access.log", "\n"+strings.Repeat("z", MaxLine)+"\n")
	r.step()
	if r.long != 2 || len(r.got) != 3 || len(r.got[2]) != MaxLine {
		t.Errorf("%d lines are too long, want 2; %d others, want 3", r.long, len(r.got))
	}
}

func TestUnreadableFilesAreReportedOnce(t *testing.T) {
	r := newRig(t, "*")
	r.must(os.Mkdir(r.path("directory"), 0o700))
	r.write("a", "a1\n")
	r.write("b", "a1\n")
	r.pack("b")
	r.must(os.Symlink(r.path("nowhere"), r.path("dangling")))
	r.step()
	r.step()
	r.want("a1")
	if r.happened(Packed) != 1 || r.happened(Unreadable) != 0 {
		t.Errorf("events are %v, want one packed file", r.events)
	}
}
