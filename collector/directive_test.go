package collector

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The directives of a W3C log are neither lines nor rejected, and hold for the lines behind them also when reading goes on
// behind what is known.
func TestDirectives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "u_ex150517.log")
	first := "#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem sc-status\n" +
		"2015-05-17 08:05:03 203.0.113.7 GET /a 200\n2015-05-17 08:05:04 203.0.113.7 GET /broken\n"
	second := "#Fields: c-ip date time cs-method cs-uri-stem sc-status sc-bytes\n203.0.113.7 2015-05-17 08:06:03 GET /b 200 5\n"
	s := newSink()
	for _, c := range []struct{ log, want string }{
		{first, "2 lines, 1 stored, 1 rejected, 0 already"},
		{first, "2 lines, 0 stored, 0 rejected, 2 already"},
		{first + second, "3 lines, 1 stored, 0 rejected, 2 already"},
		{first + second + strings.Repeat(second, 2), "5 lines, 2 stored, 0 rejected, 3 already"},
	} {
		if err := os.WriteFile(file, []byte(c.log), 0o600); err != nil {
			t.Fatal(err)
		}
		sum, err := importInto(t, s, nil, file)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%d lines, %d stored, %d rejected, %d already", sum.Lines, sum.Stored, sum.Rejected, sum.Already)
		if got != c.want || sum.Inputs[0].Format != "w3c" {
			t.Errorf("%s: got %s, want %s", sum.Inputs[0].Format, got, c.want)
		}
	}
}

// A log that has nothing but directives yet is no error, and no line of it is stored.
func TestOnlyDirectives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "u_ex150517.log")
	if err := os.WriteFile(file, []byte("#Version: 1.0\n#Fields: date time c-ip cs-method cs-uri-stem sc-status\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"auto", "w3c"} {
		sum, err := importInto(t, newSink(), func(o *ImportOptions) { o.Format = format }, file)
		if err != nil || sum.Lines != 0 || sum.Rejected != 0 {
			t.Errorf("%s: %d lines, %d rejected, %v", format, sum.Lines, sum.Rejected, err)
		}
	}
}
