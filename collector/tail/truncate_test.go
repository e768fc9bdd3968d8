package tail

import (
	"os"
	"strings"
	"testing"
)

func TestCopyTruncate(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", lines("a", 0, 30))
	r.step()
	r.write("access.log", "unread1\nunread2\n")
	r.copy("access.log", "access.log.1")
	r.truncate("access.log")
	r.write("access.log", "b1\n")
	r.step()
	r.step()
	r.want(lines("a", 0, 30) + "unread1 unread2 b1")
	if r.lost() != 0 || r.happened(Truncated) != 1 || r.happened(Copied) != 1 {
		t.Errorf("events are %v, want one truncation, one copy, and nothing lost", r.events)
	}
}

// TestTruncatedAndGrown has the file longer than before when it is looked at next.
func TestTruncatedAndGrown(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", lines("a", 0, 3))
	r.step()
	r.write("access.log", "unread\n")
	r.copy("access.log", "access.log-20261123")
	r.truncate("access.log")
	r.write("access.log", lines("b", 0, 300))
	r.step()
	r.step()
	r.want(lines("a", 0, 3) + "unread\n" + lines("b", 0, 300))
}

func TestTruncatedWithoutCopyIsReported(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "a1\n")
	r.step()
	r.write("access.log", strings.Repeat("x", 99)+"\n")
	r.set.Scan() // sees it, but it is not read
	r.truncate("access.log")
	r.step()
	r.write("access.log", "b1\n")
	r.step()
	r.want("a1 b1")
	if r.happened(Truncated) != 1 || r.lost() != 100 {
		t.Errorf("events are %v, want one truncation that lost 100 bytes", r.events)
	}
}

func TestOverwrittenInTheSameLength(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "a1\na2\n")
	r.step()
	r.truncate("access.log")
	r.write("access.log", "b1\nb2\n")
	r.step()
	r.step()
	r.want("a1 a2 b1 b2")
}

// TestHolesAfterTruncation has a writer that does not append: it goes on where it was, behind a hole.
func TestHolesAfterTruncation(t *testing.T) {
	r := newRig(t, "access.log")
	w, err := os.Create(r.path("access.log"))
	r.must(err)
	defer w.Close()
	_, _ = w.WriteString(lines("a", 0, 100000))
	r.step()
	r.truncate("access.log")
	_, _ = w.WriteString("b1\n")
	r.step()
	r.step()
	r.want(lines("a", 0, 100000) + "b1")
}

func TestReplacedByACopy(t *testing.T) {
	r := newRig(t, "access.log")
	r.write("access.log", "a1\na2\n")
	r.step()
	r.copy("access.log", "new")
	r.rename("new", "access.log")
	r.write("access.log", "a3\n")
	r.step()
	r.want("a1 a2 a3")
	r.restart()
	r.copy("access.log", "new")
	r.rename("new", "access.log")
	r.write("access.log", "a4\n")
	r.step()
	r.want("a1 a2 a3 a4")
}
