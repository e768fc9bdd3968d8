package klar

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// maxText is how many characters a line of the documentation may have, but for tables and what programs printed.
const maxText = 120

var (
	link = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	code = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

func TestDocumentedLinksLeadSomewhere(t *testing.T) {
	links := 0
	for _, name := range files(t, ".md") {
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(read(t, name), ""), -1) {
			to, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(to, "://") {
				continue
			}
			links++
			file := path.Join(path.Dir(name), to)
			if to == "" {
				file = name
			}
			if _, err := os.Stat(filepath.FromSlash(file)); err != nil {
				t.Errorf("%s links to %s, which does not exist", name, m[1])
			} else if anchor != "" && !strings.Contains(headings(read(t, file)), "\n"+anchor+"\n") {
				t.Errorf("%s links to %s, which has no such heading", name, m[1])
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links were found: the test does not see them", links)
	}
}

// headings returns the anchors of a page's headings, a line each.
func headings(text string) string {
	anchors := "\n"
	for line := range strings.Lines(text) {
		if rest := strings.TrimLeft(line, "#"); rest != line {
			rest = regexp.MustCompile(`[^a-z0-9_ -]`).ReplaceAllString(strings.ToLower(strings.TrimSpace(rest)), "")
			anchors += strings.ReplaceAll(rest, " ", "-") + "\n"
		}
	}
	return anchors
}

func TestDocumentedLinesFitTheScreen(t *testing.T) {
	for _, name := range files(t, ".md") {
		for i, line := range strings.Split(code.ReplaceAllStringFunc(read(t, name), blank), "\n") {
			if n := len([]rune(line)); n > maxText && !strings.HasPrefix(line, "|") {
				t.Errorf("%s:%d has %d characters, more than %d", name, i+1, n, maxText)
			}
		}
	}
}

// blank empties the lines of a fenced block, whose length is the program's, and leaves everything else.
func blank(s string) string {
	if strings.HasPrefix(s, "```") {
		return strings.Repeat("\n", strings.Count(s, "\n"))
	}
	return s
}

// flagMethods are the methods of flag.FlagSet that make a flag, with the place of its name among their arguments.
var flagMethods = map[string]int{"String": 0, "Bool": 0, "Int": 0, "Duration": 0, "StringVar": 1, "BoolVar": 1, "IntVar": 1, "DurationVar": 1}

func TestDocumentedFlags(t *testing.T) {
	pages := read(t, "README.md")
	for _, name := range files(t, ".md") {
		if strings.HasPrefix(name, "docs/") {
			pages += read(t, name)
		}
	}
	_, all := sources(t)
	flags := 0
	for _, s := range all {
		if path.Dir(s.name) != "cmd/klar" || strings.HasSuffix(s.name, "_test.go") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if name := flagOf(n); name != "" {
				flags++
				if !regexp.MustCompile("--" + regexp.QuoteMeta(name) + `\b`).MatchString(pages) {
					t.Errorf("the flag --%s of %s is in no page of docs", name, s.name)
				}
			}
			return true
		})
	}
	if flags < 10 {
		t.Errorf("only %d flags were found: the test does not see them", flags)
	}
}

// flagOf returns the name of the flag that a call such as c.flags.String makes.
func flagOf(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	on, ok := method.X.(*ast.SelectorExpr)
	place, known := flagMethods[method.Sel.Name]
	if !ok || !known || on.Sel.Name != "flags" || len(call.Args) <= place {
		return ""
	}
	text, ok := call.Args[place].(*ast.BasicLit)
	if !ok {
		return ""
	}
	name, err := strconv.Unquote(text.Value)
	if err != nil {
		return ""
	}
	return name
}

func TestDocumentedKeysOfTheConfiguration(t *testing.T) {
	_, all := sources(t)
	page := read(t, "docs/configuration.md")
	keys := 0
	for _, s := range all {
		if s.name != "cmd/klar/config.go" {
			continue
		}
		for _, key := range configKeys(s.file, "config", "") {
			keys++
			if !strings.Contains(page, "`"+key+"`") {
				t.Errorf("the key %s of the configuration is not in docs/configuration.md", key)
			}
		}
	}
	if keys < 15 {
		t.Errorf("only %d keys were found: the test does not see them", keys)
	}
}

// configKeys returns the keys of a named struct type, those of structs in it after a point, and of lists after "[].".
func configKeys(f *ast.File, name, prefix string) (keys []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.Name == name {
			if s, ok := spec.Type.(*ast.StructType); ok {
				keys = fieldKeys(f, s, prefix)
			}
		}
		return keys == nil
	})
	return keys
}

func fieldKeys(f *ast.File, s *ast.StructType, prefix string) (keys []string) {
	for _, field := range s.Fields.List {
		if field.Tag == nil {
			continue
		}
		tag, err := strconv.Unquote(field.Tag.Value)
		if err != nil {
			continue
		}
		key := prefix + reflect.StructTag(tag).Get("yaml")
		switch kind := field.Type.(type) {
		case *ast.StructType:
			keys = append(keys, fieldKeys(f, kind, key+".")...)
			continue
		case *ast.ArrayType:
			if of, ok := kind.Elt.(*ast.Ident); ok {
				keys = append(keys, configKeys(f, of.Name, key+"[].")...)
			}
		}
		keys = append(keys, key)
	}
	return keys
}

// TestDocumentedColumns holds the pages for users against the names that the program knows.
func TestDocumentedColumns(t *testing.T) {
	pages := map[string]string{"docs/schema.md": read(t, "docs/schema.md"), "docs/api.md": read(t, "docs/api.md")}
	column := regexp.MustCompile(`(?m)^    (\w+) +(?:LowCardinality|String|DateTime|UInt)`)
	want := map[string][]string{}
	for _, name := range files(t, ".sql") {
		if strings.HasPrefix(name, "storage/schema/") {
			for _, m := range column.FindAllStringSubmatch(read(t, name), -1) {
				want["docs/schema.md"] = append(want["docs/schema.md"], m[1])
			}
		}
	}
	named := regexp.MustCompile(`(?:Metric|Dimension)? += "([a-z_]+|(?:event|visit|time):[a-z_]+)"`)
	for _, name := range []string{"report/report.go", "report/names.go"} {
		for line := range strings.Lines(read(t, name)) {
			if m := named.FindStringSubmatch(line); m != nil {
				want["docs/api.md"] = append(want["docs/api.md"], m[1])
			}
		}
	}
	for page, names := range want {
		if len(names) < 30 {
			t.Errorf("only %d names for %s were found: the test does not see them", len(names), page)
		}
		for _, n := range names {
			if !strings.Contains(pages[page], "`"+n+"`") {
				t.Errorf("%s is not in %s", n, page)
			}
		}
	}
}
