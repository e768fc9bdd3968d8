package main

import (
	"errors"
	"flag"
	"io"
	"slices"
	"testing"
)

func TestFlagsStandAnywhere(t *testing.T) {
	for _, c := range []struct {
		line, args []string
		site       string
		again      bool
		fails      bool
	}{
		{line: nil},
		{line: []string{"a.log"}, args: []string{"a.log"}},
		{line: []string{"--site", "s", "a.log"}, args: []string{"a.log"}, site: "s"},
		{line: []string{"a.log", "--site", "s"}, args: []string{"a.log"}, site: "s"},
		{line: []string{"a.log", "--again", "b.log", "--site=s", "-"}, args: []string{"a.log", "b.log", "-"}, site: "s", again: true},
		{line: []string{"--", "--again", "a.log"}, args: []string{"--again", "a.log"}},
		{line: []string{"a.log", "--site", "s", "--", "b.log", "--again"}, args: []string{"a.log", "b.log", "--again"}, site: "s"},
		{line: []string{"a.log", "--"}, args: []string{"a.log"}},
		{line: []string{"a.log", "--bogus"}, fails: true},
		{line: []string{"a.log", "--site"}, fails: true},
	} {
		cl := &call{flags: flag.NewFlagSet("import", flag.ContinueOnError)}
		cl.flags.SetOutput(io.Discard)
		site, again := cl.flags.String("site", "", ""), cl.flags.Bool("again", false, "")
		err := cl.parse(c.line)
		if c.fails {
			if err == nil {
				t.Errorf("%q is taken", c.line)
			}
			continue
		}
		if err != nil || !slices.Equal(cl.args, c.args) || *site != c.site || *again != c.again {
			t.Errorf("%q: %v; arguments %q, site %q, again %v", c.line, err, cl.args, *site, *again)
		}
	}
	cl := &call{flags: flag.NewFlagSet("import", flag.ContinueOnError)}
	cl.flags.SetOutput(io.Discard)
	if err := cl.parse([]string{"a.log", "--help"}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("help behind an argument: %v", err)
	}
}
