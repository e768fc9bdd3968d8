package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// edited makes an edit of JSON, or one that removes if that is empty.
func edited(t *testing.T, kind Kind, name, body string) Edit {
	t.Helper()
	if body == "" {
		return Remove("a.example", kind, name)
	}
	e, err := Put("a.example", kind, name, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestStoreKeeps makes, renames and removes one of each kind, and reads the file again after each step.
func TestStoreKeeps(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		kind       Kind
		name, body string
		want       error
	}{
		{Sites, "", `{"hosts":["www.a.example"],"timezone":"Europe/Berlin","retention":"25 months"}`, nil},
		{Goals, "", `{"name":"A","page":"/a"}`, nil},
		{Goals, "A", `{"name":"B","event":"b","props":{"x":"y"}}`, nil},
		{Goals, "A", `{"name":"C","event":"c"}`, ErrUnknown},
		{Groups, "", `{"name":"A","pages":["/a"]}`, nil},
		{Funnels, "", `{"name":"A","steps":["/a","goal:B"]}`, nil},
		{Segments, "", `{"name":"A","filters":[["is","visit:country",["DE"]]]}`, nil},
		{Segments, "B", "", ErrUnknown},
		{Groups, "A", "", nil},
	} {
		before := s.Now()
		if err := s.Change(edited(t, step.kind, step.name, step.body).Apply, nil); !errors.Is(err, step.want) {
			t.Errorf("%+v gives %v", step, err)
		}
		if step.want != nil {
			if diff := cmp.Diff(before, s.Now()); diff != "" {
				t.Errorf("%+v changed something: %s", step, diff)
			}
		}
		read, err := Read(dir)
		if diff := cmp.Diff(s.Now(), read, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%+v is read as %v, %s", step, err, diff)
		}
	}
	want := []Site{{
		ID: "a.example", Definition: &Definition{[]string{"www.a.example"}, "Europe/Berlin", "25 months"},
		Goals:    []Goal{{Name: "B", Event: "b", Props: map[string]string{"x": "y"}}},
		Funnels:  []Funnel{{"A", []string{"/a", "goal:B"}}},
		Segments: []Segment{{Name: "A", Filters: []any{[]any{"is", "visit:country", []any{"DE"}}}}},
	}}
	if diff := cmp.Diff(want, s.Now().Sites, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if err := s.Change(edited(t, Sites, "", "").Apply, nil); err != nil || len(s.Now().Sites) > 0 {
		t.Errorf("removing the site: %v, %+v", err, s.Now())
	}
	info, err := os.Stat(filepath.Join(dir, FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

// TestStoreLeavesWhatIsRefused wants neither the file nor the settings touched by a change that cannot hold or be kept.
func TestStoreLeavesWhatIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Change(edited(t, Goals, "", `{"name":"A","page":"/a"}`).Apply, nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, FileName)
	before, _ := os.ReadFile(file)
	same := func(when string) {
		t.Helper()
		if after, err := os.ReadFile(file); err != nil || string(after) != string(before) || len(s.Now().Sites[0].Goals) != 1 {
			t.Errorf("%s: %v, %s", when, err, after)
		}
		if left, _ := filepath.Glob(file + ".*"); len(left) > 0 {
			t.Errorf("%s: left are %v", when, left)
		}
	}
	never := errors.New("never")
	more := edited(t, Goals, "", `{"name":"B","page":"/b"}`)
	if err := s.Change(more.Apply, func(Settings) error { return never }); !errors.Is(err, never) {
		t.Errorf("refused with %v", err)
	}
	same("a change that is not taken")
	if err := s.Change(edited(t, Goals, "", `{"name":"A","page":"/b"}`).Apply, nil); err == nil {
		t.Error("there are two of a name")
	}
	same("a name that is there")
	// The file cannot be replaced any more: a directory stands in its place.
	s.name = filepath.Join(dir, "sub")
	if err := os.MkdirAll(filepath.Join(s.name, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	var held []int
	err = s.Change(more.Apply, func(next Settings) error { held = append(held, len(next.Sites[0].Goals)); return nil })
	if err == nil || !cmp.Equal(held, []int{2, 1}) {
		t.Errorf("what cannot be kept gives %v; made to hold were %v goals, want 2 and then 1 again", err, held)
	}
	same("a file that cannot be replaced")
}

// TestReadRefuses wants a damaged file, and one of another Klar, to be said and left alone.
func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{"{": "damaged", `{"version":2}`: "version 2", `{"version":1,"sites":[{"goals":{}}]}`: "damaged"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, FileName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAnnotations(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range [][2]string{{"2026-11-31", "x"}, {"today", "x"}, {"2026-11-20", " "}, {"2026-11-20", "a\nb"}, {"2026-11-20", strings.Repeat("ä", 201)}} {
		if _, err := s.Annotate("a.example", a[0], a[1]); !errors.As(err, new(*Error)) {
			t.Errorf("%q is taken: %v", a, err)
		}
	}
	for _, a := range [][2]string{{"2026-11-21", " later "}, {"2026-11-20", strings.Repeat("ä", 200)}} {
		if _, err := s.Annotate("a.example", a[0], a[1]); err != nil {
			t.Errorf("%q: %v", a, err)
		}
	}
	list := s.Annotations("a.example")
	if len(list) != 2 || list[0].Day != "2026-11-20" || list[1].Text != "later" || len(s.Annotations("b.example")) > 0 {
		t.Fatalf("kept are %+v", list)
	}
	if err := s.Unannotate("b.example", list[0].ID); !errors.Is(err, ErrUnknown) {
		t.Errorf("another site's is removed: %v", err)
	}
	if err := s.Unannotate("a.example", list[0].ID); err != nil || len(s.Annotations("a.example")) != 1 {
		t.Errorf("removing gives %v, %+v", err, s.Annotations("a.example"))
	}
}

// TestTag differs when anything does.
func TestTag(t *testing.T) {
	a, b := NewView("a"), NewView("a")
	if a.Tag() != b.Tag() {
		t.Error("the same views have two tags")
	}
	b.Add(Site{ID: "a", Goals: []Goal{{Name: "A"}}}, func(Kind, string) Origin { return Origin{Source: FromInterface} })
	if a.Tag() == b.Tag() {
		t.Error("two views have one tag")
	}
}
