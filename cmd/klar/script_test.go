package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"
)

// writeLogs puts the logs of the scripts into dir: parts of the real log, plain and packed, and every kind of bad one.
// What must not count twice with the real log is moved to another year.
func writeLogs(dir, real string) error {
	b, err := os.ReadFile(real)
	if err != nil {
		return err
	}
	lines := bytes.SplitAfter(b, []byte("\n"))
	part := func(from, to int) []byte { return bytes.Join(lines[from:to], nil) }
	year := func(y string, b []byte) []byte { return bytes.ReplaceAll(b, []byte("/May/2015"), []byte("/May/"+y)) }
	long := append(bytes.Repeat([]byte("a"), 10_000_000), '\n')
	logs := map[string][]byte{
		"empty.log":    nil,
		"blank.log":    []byte("\n\n\r\n"),
		"binary.log":   bytes.Repeat([]byte("\x7fELF\x00\x01\n\xff"), 5000),
		"unknown.log":  []byte("\nhello world\nfoo\n"),
		"long.log":     long,
		"longest.log":  bytes.Repeat([]byte("a"), 20_000_000),
		"longline.log": slices.Concat(year("2010", part(0, 5)), long, year("2010", part(5, 10))),
		"open.log":     bytes.TrimSuffix(year("2011", part(0, 20)), []byte("\n")),
		"nul.log":      slices.Concat(year("2012", part(0, 3)), []byte("\x00\x00\x00"), bytes.Replace(year("2012", part(3, 6)), []byte("GET /"), []byte("GET /a\x00b"), 1)),
		"utf8.log":     bytes.ReplaceAll(year("2013", part(0, 7)), []byte("GET /"), []byte("GET /\xff\xfe\xc3")),
		"broken.log":   slices.Concat(year("2014", part(0, 4)), []byte("not a line of this log\n"), bytes.Replace(year("2014", part(4, 5)), []byte(" 200 "), []byte(" OK "), 1)),
		"1.log":        part(0, 3000),
		"2.log":        part(3000, 6000),
		"2.log.gz":     nil,
		"3.log.zst":    nil,
		"torn.log.gz":  nil,
	}
	z, err := zstd.NewWriter(nil)
	if err != nil {
		return err
	}
	logs["3.log.zst"] = z.EncodeAll(part(6000, 10000), nil)
	var packed bytes.Buffer
	g := gzip.NewWriter(&packed)
	if _, err := g.Write(logs["2.log"]); err != nil {
		return err
	}
	if err := g.Close(); err != nil {
		return err
	}
	logs["2.log.gz"] = packed.Bytes()
	logs["torn.log.gz"] = packed.Bytes()[:packed.Len()/2]
	for name, text := range logs {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return os.Mkdir(filepath.Join(dir, "directory"), 0o700)
}

// refuses runs klar and wants what every refusal is: a non-zero exit, nothing on stdout, one line on stderr that begins with
// "klar: " and matches the first argument. With -began the import had begun, and named its formats before.
func refuses(ts *testscript.TestScript, _ bool, args []string) {
	began := args[0] == "-began"
	if began {
		args = args[1:]
	}
	err := ts.Exec("klar", args[1:]...)
	lines := strings.SplitAfter(ts.ReadFile("stderr"), "\n")
	if began {
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.Contains(l, ": format ") && !strings.HasPrefix(l, "klar: ") })
	}
	text := strings.Join(lines, "")
	switch {
	case err == nil:
		ts.Fatalf("klar %s succeeds", args[1])
	case ts.ReadFile("stdout") != "":
		ts.Fatalf("klar %s is refused, but something is on stdout", args[1])
	case !strings.HasPrefix(text, "klar: ") || strings.Index(text, "\n") != len(text)-1:
		ts.Fatalf("klar %s says %q, want one line that begins with klar:", args[1], text)
	case !regexp.MustCompile(args[0]).MatchString(text):
		ts.Fatalf("klar %s says %q, want %q in it", args[1], text, args[0])
	}
}

// keys wants the last stdout to be a JSON object with at least the named keys.
func keys(ts *testscript.TestScript, _ bool, names []string) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(ts.ReadFile("stdout")), &object); err != nil {
		ts.Fatalf("stdout is no JSON object: %v", err)
	}
	for _, name := range names {
		if object[name] == nil {
			ts.Fatalf("the key %s is missing among %q", name, slices.Sorted(maps.Keys(object)))
		}
	}
}
