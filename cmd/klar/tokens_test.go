package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/dashboards"
)

// TestReaders reads files of tokens, good and bad. No error may show a token.
func TestReaders(t *testing.T) {
	const other = "another-token-that-is-long-enough"
	for name, c := range map[string]struct {
		text, wrong string
		want        []dashboards.Token
	}{
		"two": {
			text: "\n" + testToken + "\r\n  " + other + " example.org\tshop \n",
			want: []dashboards.Token{{Secret: testToken, Sites: []string{}}, {Secret: other, Sites: []string{"example.org", "shop"}}},
		},
		"short":       {text: testToken + "\nsecret", wrong: "line 2 of the file: a token has at least 16"},
		"twice":       {text: testToken + " a\n" + testToken + " b", wrong: "line 2 of the file: the token stands twice"},
		"no site":     {text: testToken + " se<ret", wrong: "line 1 of the file: what stands behind"},
		"nothing":     {text: " \n\n", wrong: "holds no token"},
		"not a token": {text: testToken + "s\u00e9cret", wrong: "line 1 of the file: a token consists"},
	} {
		t.Run(name, func(t *testing.T) {
			var c2 config
			c2.HTTP.TokenFile = filepath.Join(t.TempDir(), "tokens")
			write(t, c2.HTTP.TokenFile, c.text, os.O_TRUNC)
			got, err := c2.readers()
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), "cret") || strings.Contains(err.Error(), testToken) {
					t.Errorf("read with the error %v, want %q", err, c.wrong)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	var none, needed config
	if got, err := none.readers(); err != nil || got != nil {
		t.Errorf("without a file there are %d tokens, %v", len(got), err)
	}
	needed = defaults()
	needed.HTTP.RequireToken = true
	if err := needed.complete(); err == nil || !strings.Contains(err.Error(), "http.require_token: nobody could ask") {
		t.Errorf("tokens are needed and there is no file: %v", err)
	}
}
