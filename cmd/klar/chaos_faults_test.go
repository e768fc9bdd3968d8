package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/klar-analytics/klar/storage/spool"
)

// roomy is the size of the file system that is made small from time to time.
const roomy = "2g"

// disturb lets one thing happen to a running klar.
func (c *chaos) disturb(t *testing.T, p *process, fault string) {
	t.Helper()
	klar := p.cmd.Process.Pid
	switch fault {
	case "engine killed":
		if !c.killEngine() {
			return
		}
	case "engine stopped":
		engine := engineOf(c.data)
		if engine == 0 {
			return
		}
		c.stop(engine)
	case "klar stopped":
		c.stop(klar)
	case "reload":
		c.configure(t, fmt.Sprintf("privacy: {crowd: %d}\n", 10+c.rnd.IntN(3)))
		_ = syscall.Kill(klar, syscall.SIGHUP)
	case "reload refused":
		c.configure(t, "sauces: []\n")
		_ = syscall.Kill(klar, syscall.SIGHUP)
		c.wait(50, 300)
		c.configure(t, "")
	case "disk full":
		if !c.small {
			fault = "file limit"
			c.limit(t, klar)
			break
		}
		c.fill(t)
	case "file limit":
		c.limit(t, klar)
	}
	c.tally[fault]++
	c.note(t, fault)
}

// stop holds a process for a while.
func (c *chaos) stop(pid int) {
	_ = syscall.Kill(pid, syscall.SIGSTOP)
	c.wait(100, 1200)
	_ = syscall.Kill(pid, syscall.SIGCONT)
}

// fill leaves the data directory no room for a while.
func (c *chaos) fill(t *testing.T) {
	t.Helper()
	c.full = true
	var room syscall.Statfs_t
	if err := syscall.Statfs(c.data, &room); err != nil {
		t.Fatal(err)
	}
	used := (room.Blocks-room.Bfree)*uint64(room.Bsize) + uint64(c.rnd.IntN(64<<10))
	// What is written meanwhile makes the size too small, which is refused.
	_ = syscall.Mount("none", c.data, "tmpfs", syscall.MS_REMOUNT, "size="+strconv.FormatUint(used, 10))
	c.wait(200, 1000)
	if err := syscall.Mount("none", c.data, "tmpfs", syscall.MS_REMOUNT, "size="+roomy); err != nil {
		t.Fatal(err)
	}
}

// limit lets klar, but not its engine, write no file of more than 8 KiB for a while, which needs no rights.
func (c *chaos) limit(t *testing.T, pid int) {
	t.Helper()
	c.full = true
	limit := syscall.Rlimit{}
	set := func(current uint64) {
		limit.Cur = current
		if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_FSIZE, uintptr(unsafe.Pointer(&limit)), 0, 0, 0); errno != 0 && errno != syscall.ESRCH {
			t.Errorf("the size of files cannot be limited: %v", errno)
		}
	}
	limit.Max = ^uint64(0)
	set(8 << 10)
	c.wait(200, 600)
	set(limit.Max)
}

// damage does to the spool of a klar that was killed what a failing machine may.
func (c *chaos) damage(t *testing.T, how string) {
	t.Helper()
	where := []string{"serve", "beacon"}[c.rnd.IntN(2)]
	if how == "record torn" { // a beacon's may have been acknowledged
		where = "serve"
	}
	segments := c.segments(where)
	if how == "none" || len(segments) == 0 {
		return
	}
	last := segments[len(segments)-1]
	switch how {
	case "torn":
		c.tear(t, last)
	case "record torn":
		if !c.tearRecord(t, last) {
			return
		}
	case "bit flipped":
		if !c.flip(t, where, segments) {
			return
		}
	}
	c.tally["spool: "+how]++
}

// tear adds what was being written when the power failed: the beginning of a record, or anything.
func (c *chaos) tear(t *testing.T, segment string) {
	t.Helper()
	data := read(t, segment)
	records := recordsOf(data)
	end := make([]byte, 1+c.rnd.IntN(300))
	for i := range end {
		end[i] = byte(c.rnd.Uint32())
	}
	if len(records) > 0 && c.rnd.IntN(2) == 0 {
		r := records[c.rnd.IntN(len(records))]
		end = bytes.Clone(data[r.start : r.start+1+c.rnd.IntN(r.end-r.start-1)])
	}
	write(t, segment, string(end), os.O_APPEND)
}

// tearRecord cuts the last record of a log's lines in two. The lines can be read again, for their position is in the record;
// so nobody was told that they are safe. A segment that is being sent is on the disk for certain.
func (c *chaos) tearRecord(t *testing.T, segment string) bool {
	t.Helper()
	records := recordsOf(read(t, segment))
	if len(records) == 0 || c.sending(t, "serve") >= segmentNumber(segment) {
		return false
	}
	r := records[len(records)-1]
	if err := os.Truncate(segment, int64(r.start+1+c.rnd.IntN(r.end-r.start-1))); err != nil {
		t.Fatal(err)
	}
	return true
}

// flip flips a bit of a record that was acknowledged. Its hits are lost, and no others; that must be said, unless the record is
// the last one of a segment that was still open, where it looks like one that was being written.
func (c *chaos) flip(t *testing.T, where string, segments []string) bool {
	t.Helper()
	at := c.rnd.IntN(len(segments))
	data := read(t, segments[at])
	records := recordsOf(data)
	if len(records) == 0 {
		return false
	}
	i := c.rnd.IntN(len(records))
	r := records[i]
	kept, err := spool.Decode(data[r.start+frameSize : r.end])
	if err != nil {
		return false // it was flipped before
	}
	for _, h := range kept.Hits {
		c.flipped[h.Path.String()] = true
	}
	number := segmentNumber(segments[at])
	if i < len(records)-1 || at < len(segments)-1 || c.sending(t, where) == number {
		c.loud = append(c.loud, fmt.Sprintf("segment=%d offset=%d ", number, r.start))
	}
	data[r.start+c.rnd.IntN(r.end-r.start)] ^= 1 << c.rnd.IntN(8)
	write(t, segments[at], string(data), os.O_TRUNC)
	return true
}

// The frame of a record, as the package spool describes it.
const (
	frameMagic = "\xa7KRc"
	frameSize  = 20
)

type span struct{ start, end int }

// recordsOf finds the records in a segment's bytes.
func recordsOf(data []byte) []span {
	var all []span
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte(frameMagic))
		if i < 0 || at+i+frameSize > len(data) {
			return all
		}
		start := at + i
		end := start + frameSize + int(binary.LittleEndian.Uint32(data[start+4:]))
		if end > len(data) {
			return all
		}
		all = append(all, span{start, end})
		at = end
	}
}

func segmentNumber(name string) int {
	n, _ := strconv.Atoi(strings.TrimSuffix(filepath.Base(name), ".segment"))
	return n
}

// sending is the number of the segment whose sending was begun last.
func (c *chaos) sending(t *testing.T, where string) int {
	t.Helper()
	_, body, _ := bytes.Cut(read(t, filepath.Join(c.data, "spool", where, "state")), []byte(" "))
	var state struct {
		Cut int `json:"cut"`
	}
	if err := json.Unmarshal(body, &state); err != nil {
		t.Fatal(err)
	}
	return state.Cut
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
