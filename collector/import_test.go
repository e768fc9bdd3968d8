package collector

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func fixedNow() time.Time { return time.Unix(0, 0) }

// gzipped packs each text as a member of its own.
func gzipped(t *testing.T, texts ...string) string {
	t.Helper()
	var b bytes.Buffer
	for _, text := range texts {
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestRealLog(t *testing.T) {
	log := sharedLog(t)
	var sums []string
	for _, batch := range []int64{0, 100} {
		var detected string
		s := newSink()
		sum, err := importInto(t, s, func(o *ImportOptions) {
			o.batch = batch
			o.Detected = func(_, format string, agents bool) { detected = fmt.Sprint(format, " ", agents) }
		}, log)
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, fmt.Sprintf("%s %d lines, %d stored, %d rejected, %d bytes", detected, sum.Lines, sum.Stored, sum.Rejected, sum.Bytes))
		if s.drained != 1 {
			t.Error("not drained")
		}
	}
	for _, got := range sums {
		if want := "combined true 10000 lines, 10000 stored, 0 rejected, 2747282740 bytes"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// sharedLog returns the 10,000-line log that lies beside the checkout.
func sharedLog(t testing.TB) string {
	t.Helper()
	log := filepath.Join("..", "..", "shared", "data", "logs", "apache-combined-10k.log")
	if _, err := os.Stat(log); err != nil {
		t.Fatalf("the shared test data is missing: put it at ../shared/data beside the checkout (%v)", err)
	}
	return log
}

func TestCompressed(t *testing.T) {
	text := logText(0, 20000)
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"plain":        text,
		"gz":           gzipped(t, text),
		"members.gz":   gzipped(t, text[:100000], text[100000:], ""),
		"zst":          string(z.EncodeAll([]byte(text), nil)),
		"frames.zst":   string(z.EncodeAll([]byte(text[:100000]), nil)) + string(z.EncodeAll([]byte(text[100000:]), nil)),
		"no-extension": gzipped(t, text),
	} {
		s := newSink()
		mustImport(t, s, write(t, t.TempDir(), name, content))
		s.once(t, 20000)
	}
	for name, content := range map[string]string{"gz": gzipped(t, text), "zst": string(z.EncodeAll([]byte(text), nil))} {
		s := newSink()
		if _, err := importInto(t, s, func(o *ImportOptions) { o.Stdin = strings.NewReader(content) }, "-"); err != nil {
			t.Errorf("%s from the standard input: %v", name, err)
		}
		s.once(t, 20000)
	}
}

// A file that breaks off keeps what it has, says where, and stores nothing twice when it is whole.
func TestCompressedBreaksOff(t *testing.T) {
	s, dir := newSink(), t.TempDir()
	packed := gzipped(t, logText(0, 20000))
	log := write(t, dir, "access.log.gz", packed[:len(packed)/2])
	sum, err := importInto(t, s, nil, log)
	if err == nil || !strings.Contains(err.Error(), "access.log.gz: the compressed data breaks off after line") || sum.Stored == 0 {
		t.Errorf("%d stored, %v", sum.Stored, err)
	}
	s.restart()
	write(t, dir, "access.log.gz", packed)
	mustImport(t, s, log)
	s.once(t, 20000)
	damaged := packed[:2000] + "damage" + packed[2006:]
	if _, err := importInto(t, newSink(), nil, write(t, dir, "damaged.gz", damaged)); err == nil {
		t.Error("damaged data went in")
	}
}

func TestBadInputs(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.log", logText(0, 10))
	write(t, dir, "empty.log", "")
	write(t, dir, "blank.log", "\n\r\n\n")
	write(t, dir, "binary", "\x7fELF\x00\x01\n\x00\x00\n")
	write(t, dir, "prose.txt", "Dear planted reader,\nthis is no log.\n")
	write(t, dir, "xz", "\xfd7zXZ\x00rest")
	write(t, dir, "short.gz", "\x1f\x8b")
	for _, c := range []struct {
		input, format, want string
	}{
		{"missing.log", "", "nothing to import: stat "},
		{"*.nothing", "", "nothing to import: stat "},
		{"[", "", "not a valid pattern"},
		{"", "", "is a directory: name the logs in it"},
		{"empty.log", "", "empty.log has no lines"},
		{"blank.log", "", "blank.log has no lines"},
		{"binary", "", "binary is a binary file, not a log"},
		{"xz", "", "xz is packed with xz: unpack it, as in 'xzcat FILE | klar import -'"},
		{"short.gz", "", "looks like gzip, but"},
		{"prose.txt", "", "prose.txt has an unknown format: line 1 is no combined, no common, no combined-vhost, no common-vhost: field"},
		{"good.log", "combinde", "unknown log format"},
	} {
		s := newSink()
		inputs := []string{filepath.Join(dir, c.input)}
		if !strings.HasSuffix(c.input, "empty.log") && !strings.HasSuffix(c.input, "blank.log") {
			inputs = append([]string{good}, inputs...)
		}
		_, err := importInto(t, s, func(o *ImportOptions) { o.Format = c.format }, inputs...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.input, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "planted") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%q: the error carries content, or is more than a line", c.input)
		}
		if s.order.Len() > 0 || len(s.positions) > 0 {
			t.Errorf("%q: something was stored", c.input)
		}
	}
	if _, err := importInto(t, newSink(), nil); err == nil {
		t.Error("no inputs are no error")
	}
	// An empty file among others is what a fresh rotation leaves.
	if sum := mustImport(t, newSink(), filepath.Join(dir, "*.log")); sum.Stored != 10 || sum.Files != 3 {
		t.Errorf("%+v", sum)
	}
}

func TestOddLines(t *testing.T) {
	dir := t.TempDir()
	text := "\x00\x00\x00" + logLine(0) + // truncated under the writer
		strings.ReplaceAll(logLine(1), "\n", "\r\n") +
		"\n\r\n" + // no lines
		strings.Repeat("x", 10<<20) + "\n" +
		strings.Replace(logLine(2), "UA", "U\x00\xff\xfeA", 1) + // NUL and invalid UTF-8 within a field
		"\x00\x01\x02\xff\n" +
		strings.Replace(logLine(3), " 200 ", " two ", 1) +
		strings.Replace(logLine(3), "203.0.113.3", "drop", 1) +
		strings.Replace(logLine(3), "UA", "bot", 1) +
		strings.TrimSuffix(logLine(4), "\n")
	log := write(t, dir, "odd.log", text)
	s := newSink()
	sum, err := importInto(t, s, func(o *ImportOptions) { o.Format = "combined" }, log)
	if err != nil {
		t.Fatal(err)
	}
	s.once(t, 5)
	var got []string
	for _, r := range sum.Rejects {
		got = append(got, fmt.Sprintf("%d: %s", r.Line, r.Reason))
	}
	list := "[5: the line is longer than 64 KiB 7: field $remote_user is missing 8: field $status is not a number 9: the address is not one]"
	if fmt.Sprint(got) != list || sum.Rejected != 4 || len(sum.RejectedBy) != 4 || sum.Bots != 1 || sum.Lines != 9 {
		t.Errorf("%v\n%+v", got, sum)
	}
	// All of it is known again.
	if sum := mustImport(t, s, log); sum.Stored != 0 || sum.Rejected != 0 || sum.Already != 9 {
		t.Errorf("%+v", sum)
	}
}

func TestStrict(t *testing.T) {
	s := newSink()
	log := write(t, t.TempDir(), "access.log", logText(0, 150)+"no log line\n"+logText(150, 200))
	_, err := importInto(t, s, func(o *ImportOptions) { o.Strict = true }, log)
	if err == nil || !strings.HasSuffix(err.Error(), "access.log:151: field $time_local is missing") {
		t.Errorf("got %v", err)
	}
	s.once(t, 100) // the first batch
}

func TestManyRejects(t *testing.T) {
	text := logText(0, 10) + strings.Repeat("no log line\n", 50)
	sum := mustImport(t, newSink(), write(t, t.TempDir(), "access.log", text))
	if len(sum.Rejects) != 20 || sum.Rejected != 50 || sum.Rejects[0].Line != 11 {
		t.Errorf("%d named, %d rejected", len(sum.Rejects), sum.Rejected)
	}
}

func TestProgress(t *testing.T) {
	log := write(t, t.TempDir(), "access.log.gz", gzipped(t, logText(0, 30000)))
	info, err := os.Stat(log)
	if err != nil {
		t.Fatal(err)
	}
	var last Progress
	_, err = importInto(t, newSink(), func(o *ImportOptions) {
		o.Progress = func(p Progress) {
			if p.Read < last.Read || p.Lines < last.Lines || p.Total != info.Size() || p.Checking {
				t.Errorf("%+v after %+v", p, last)
			}
			last = p
		}
	}, log)
	if err != nil || last.Read != info.Size() || last.Lines == 0 {
		t.Errorf("%+v of %d bytes: %v", last, info.Size(), err)
	}
}

// Nothing of a log stays in the buffers.
func TestBuffersAreCleared(t *testing.T) {
	o := ImportOptions{Site: "example.org", Inputs: []string{write(t, t.TempDir(), "a", logText(0, 100))}, Sink: newSink(), Now: fixedNow}
	im := newImporter(o)
	if err := im.run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(im.scanner.lines.buf, []byte("203.0.113")) {
		t.Fatal("the buffer was not used")
	}
	im.clear()
	if bytes.Contains(im.scanner.lines.buf, []byte("203.0.113")) {
		t.Error("an address is still in the buffer")
	}
}

// A pipe, as the shell's <(…) gives it, can be read only once.
func TestNamedPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	packed, written := gzipped(t, logText(0, 5000)), make(chan error)
	go func() { // ends when the import has opened and read the pipe
		written <- os.WriteFile(pipe, []byte(packed), 0o600)
	}()
	s := newSink()
	mustImport(t, s, pipe)
	if err := <-written; err != nil {
		t.Error(err)
	}
	s.once(t, 5000)
}
