package klar

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

const (
	maxFile     = 500 // lines
	maxFunction = 80  // lines
)

// source is one Go file of the repository.
type source struct {
	name  string // relative to the repository, with slashes
	lines int
	file  *ast.File
}

// notOurs are directories whose content is fetched or generated.
var notOurs = map[string]bool{".git": true, "bin": true, "build": true, "data": true, "dist": true, "node_modules": true, "test-results": true, "testdata": true}

// files returns the names of our files that end so.
func files(t *testing.T, suffix string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && notOurs[d.Name()]:
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, suffix):
			names = append(names, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s were found: %v", suffix, err)
	}
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sources parses all Go files, and returns the positions of what is in them.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	set := token.NewFileSet()
	var all []source
	for _, name := range files(t, ".go") {
		text := read(t, name)
		f, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{name, strings.Count(text, "\n"), f})
	}
	return set, all
}

func TestDocumentedPackagesHaveOneComment(t *testing.T) {
	_, all := sources(t)
	comments := map[string][]string{}
	for _, s := range all {
		// The comment of an external test package is not the package's.
		of := path.Dir(s.name)
		if _, ok := comments[of]; !ok {
			comments[of] = nil
		}
		if s.file.Doc != nil && !buildLinesOnly(s.file.Doc) {
			comments[of] = append(comments[of], s.name)
		}
	}
	for dir, in := range comments {
		if len(in) != 1 {
			t.Errorf("package %s has %d package comments (%s): want one that says what it owns", dir, len(in), strings.Join(in, ", "))
		}
	}
}

// buildLinesOnly reports whether a comment is made of directives such as //go:build.
func buildLinesOnly(c *ast.CommentGroup) bool { return strings.TrimSpace(c.Text()) == "" }

func TestDocumentedNames(t *testing.T) {
	set, all := sources(t)
	for _, s := range all {
		if strings.HasSuffix(s.name, "_test.go") {
			continue
		}
		for _, d := range s.file.Decls {
			for _, name := range undocumented(d) {
				t.Errorf("%s: %s has no comment", set.Position(name.Pos()), name.Name)
			}
		}
	}
}

// undocumented returns the exported names of a declaration that have no comment. One on a block stands for the names in
// it, as does one at the line's end.
func undocumented(d ast.Decl) (names []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || ast.IsExported(receiver(d))) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
					names = append(names, spec.Name)
				}
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					if n.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
						names = append(names, n)
					}
				}
			}
		}
	}
	return names
}

// receiver returns the name of a method's type.
func receiver(f *ast.FuncDecl) (name string) {
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

func TestDocumentedLengths(t *testing.T) {
	set, all := sources(t)
	for _, s := range all {
		if s.lines > maxFile {
			t.Errorf("%s has %d lines, more than %d", s.name, s.lines, maxFile)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			from, to := set.Position(f.Pos()), set.Position(f.End())
			if n := to.Line - from.Line + 1; n > maxFunction {
				t.Errorf("%s: %s has %d lines, more than %d", from, f.Name.Name, n, maxFunction)
			}
		}
	}
}
