package main

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk imports onto a disk that is too small, once for the spool and once for the store, and then makes room.
func TestFullDisk(t *testing.T) {
	log := bigLog(t, 8)
	want := calmSums(t, log)
	for name, room := range map[string]int64{"for the spool": 100 << 10, "for the store": 1100 << 10} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			err := syscall.Mount("none", data, "tmpfs", 0, "size=64m")
			if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
				t.Skip("a small file system can only be mounted by root; TestFileSizeLimit tests the same of the spool without")
			} else if err != nil {
				t.Fatalf("a small file system cannot be mounted: %v", err)
			}
			t.Cleanup(func() { _ = syscall.Unmount(data, syscall.MNT_DETACH) })
			resize := func(size string) {
				if err := syscall.Mount("none", data, "tmpfs", syscall.MS_REMOUNT, "size="+size); err != nil {
					t.Fatal(err)
				}
			}
			mustKlar(t, "import", "--data", data, "--site", "s.org", realLog(t))
			before := sums(t, data, tablesOf("s.org"))
			var used syscall.Statfs_t
			if err := syscall.Statfs(data, &used); err != nil {
				t.Fatal(err)
			}
			resize(fmt.Sprint(int64(used.Blocks-used.Bfree)*used.Bsize + room))
			out, errs, err := klar(t, "import", "--data", data, "--site", "t.org", log)
			checkFull(t, "is full; make room and start again, nothing stored is lost", out, errs, err)
			if got := sums(t, data, tablesOf("s.org")); got != before {
				t.Errorf("on the full disk what was stored before sums up to\n%s, before to\n%s", got, before)
			}
			resize("64m")
			mustKlar(t, "import", "--data", data, "--site", "t.org", log)
			if got := sums(t, data, tablesOf("s.org")); got != before {
				t.Errorf("with room again what was stored before sums up to\n%s, before to\n%s", got, before)
			}
			if got := sums(t, data, tablesOf("t.org")); got != want {
				t.Errorf("with room again the sums are\n%s, on an empty disk\n%s", got, want)
			}
		})
	}
}

// TestFileSizeLimit needs no rights to make the writing of the spool fail in the middle.
func TestFileSizeLimit(t *testing.T) {
	log := bigLog(t, 8)
	want := calmSums(t, log)
	data := t.TempDir()
	args := []string{"import", "--data", data, "--site", "s.org", log}
	cmd := exec.Command("sh", append([]string{"-c", `ulimit -f 150; exec klar "$@"`, "klar"}, args...)...) // in half KiB
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	checkFull(t, "file too large", out.String(), errs.String(), err)
	mustKlar(t, args...)
	if got := sums(t, data, tables); got != want {
		t.Errorf("without the limit the sums are\n%s, never limited they are\n%s", got, want)
	}
}

// checkFull wants the one line that says what is full, after the one that names the format.
func checkFull(t *testing.T, text, out, errs string, err error) {
	t.Helper()
	_, reason, _ := strings.Cut(errs, ": format combined\n")
	if err == nil || out != "" || !strings.HasPrefix(reason, "klar: import: ") || !strings.Contains(reason, text) || strings.Count(reason, "\n") != 1 {
		t.Errorf("without room: %v, stdout %q, stderr %q", err, out, errs)
	}
}

var aTable = regexp.MustCompile(`FROM (\w+)\)`)

// tablesOf is the question of tables for one site.
func tablesOf(site string) string {
	return aTable.ReplaceAllString(tables, "FROM $1 WHERE site = '"+site+"')")
}
