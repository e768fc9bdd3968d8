package syslog

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// cut cuts a stream and returns its messages, how many were too long, and whether the last broke off.
func cut(r io.Reader) (all []string, long int, torn bool) {
	f := newFrames()
	for {
		err := f.read(r)
		for {
			message, tooLong := f.next()
			if tooLong {
				long++
				continue
			}
			if message == nil {
				break
			}
			all = append(all, string(message))
		}
		if err != nil {
			message, torn := f.last()
			if message != nil {
				all = append(all, string(message))
			}
			f.clear()
			return all, long, torn
		}
	}
}

func TestFrames(t *testing.T) {
	most, more := strings.Repeat("x", MaxMessage), strings.Repeat("y", 3*MaxMessage)
	for name, c := range map[string]struct {
		stream string
		want   []string
		long   int
		torn   bool
	}{
		"nothing":                    {"", nil, 0, false},
		"lines":                      {"<1>a\n<1>b\n", []string{"<1>a", "<1>b"}, 0, false},
		"octets":                     {"4 <1>a5 <1>\nb", []string{"<1>a", "<1>\nb"}, 0, false},
		"both":                       {"4 <1>a<1>b\n4 <1>c", []string{"<1>a", "<1>b", "<1>c"}, 0, false},
		"a line feed behind octets":  {"4 <1>a\n4 <1>b\n", []string{"<1>a", "", "<1>b", ""}, 0, false},
		"no header":                  {"192.0.2.7 - -\n{\"a\":1}\n", []string{"192.0.2.7 - -", "{\"a\":1}"}, 0, false},
		"a number that is no length": {"12 a\n007 <1>\n", []string{"12 a", "007 <1>"}, 0, false},
		"an endless number":          {"99999999999999999999 <1>\n", []string{"99999999999999999999 <1>"}, 0, false},
		"no last line feed":          {"<1>a\n<1>b", []string{"<1>a", "<1>b"}, 0, false},
		"octets broken off":          {"4 <1>a9 <1>b", []string{"<1>a"}, 0, true},
		"a length broken off":        {"4 <1>a9", []string{"<1>a"}, 0, true},
		"the longest line":           {most + "\n<1>a\n", []string{most, "<1>a"}, 0, false},
		"the longest octets":         {"65536 <1>" + most[3:] + "<1>a\n", []string{"<1>" + most[3:], "<1>a"}, 0, false},
		"a line one longer":          {most + "x\n<1>a\n", []string{"<1>a"}, 1, false},
		"a line much longer":         {more + "\n<1>a\n" + more, []string{"<1>a"}, 2, false},
		"octets one longer":          {"65537 <1>" + most[2:] + "4 <1>a", []string{"<1>a"}, 1, false},
		"octets much longer":         {fmt.Sprintf("%d <1>%s<1>a\n", len(more)+3, more), []string{"<1>a"}, 1, false},
		"too long and broken off":    {"9999999 <1>" + most, nil, 1, false},
	} {
		for way, r := range map[string]io.Reader{"whole": strings.NewReader(c.stream), "by the byte": iotest.OneByteReader(strings.NewReader(c.stream))} {
			got, long, torn := cut(r)
			if !slices.Equal(got, c.want) || long != c.long || torn != c.torn {
				t.Errorf("%s, %s: %d messages, %d too long, torn %v; want %d, %d, %v", name, way, len(got), long, torn, len(c.want), c.long, c.torn)
			}
		}
	}
}

// FuzzFrames wants the same messages however a stream is torn into reads, none of them too long.
func FuzzFrames(f *testing.F) {
	for _, s := range []string{"<1>a\n4 <1>b", "9 <1>", "1 <", "\n\n", "7777777 <1>x", "12 a\n3 <1>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, long, torn := cut(bytes.NewReader(b))
		again, longAgain, tornAgain := cut(iotest.HalfReader(iotest.OneByteReader(bytes.NewReader(b))))
		if !slices.Equal(all, again) || long != longAgain || torn != tornAgain {
			t.Errorf("%q is %q, %d, %v at once and %q, %d, %v by the byte", b, all, long, torn, again, longAgain, tornAgain)
		}
		for _, m := range all {
			if len(m) > MaxMessage {
				t.Errorf("a message of %d bytes", len(m))
			}
		}
	})
}
