package account

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	s, c := opened(t)
	made, secret, err := s.AddToken("nightly report", []string{"example.org"}, "ada")
	must(t, err)
	if _, ok := s.Token(secret + "x"); ok {
		t.Error("a wrong token is taken")
	}
	got, ok := s.Token(secret)
	if !ok || got.Rights().On("example.org") != Viewer || got.Rights().On("example.net") != Everybody {
		t.Errorf("the token is %+v, %v", got, ok)
	}
	c.pass(48 * time.Hour)
	_, _ = s.Token(secret)
	list, err := s.Tokens()
	must(t, err)
	want := []Token{{ID: made.ID, Name: "nightly report", Sum: sum(secret), Sites: []string{"example.org"}, Made: "2026-11-23", By: "ada", Used: "2026-11-25"}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if _, err := s.RemoveToken(made.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Token(secret); ok {
		t.Error("a removed token is taken")
	}
	if _, err := s.RemoveToken(made.ID); !errors.Is(err, ErrUnknown) {
		t.Errorf("removed twice: %v", err)
	}
	for _, bad := range []string{"", " ", strings.Repeat("x", 81), "a\nb", "\xff"} {
		if _, _, err := s.AddToken(bad, nil, "ada"); field(err) != "name" {
			t.Errorf("the name %q: %v", bad, err)
		}
	}
}

func TestLinks(t *testing.T) {
	s, c := opened(t)
	end := c.now().Add(24 * time.Hour)
	open, openSecret, err := s.AddLink(Link{Site: "example.org", Name: "board", Expires: end}, "")
	must(t, err)
	locked, lockedSecret, err := s.AddLink(Link{Site: "example.org", Name: "press", Origins: []string{"https://Press.example/"}}, bobs)
	must(t, err)
	if diff := cmp.Diff([]string{"https://press.example"}, locked.Origins); diff != "" {
		t.Error(diff)
	}
	if _, _, err := s.OpenLink(lockedSecret, adas, here); !errors.Is(err, ErrPassword) {
		t.Errorf("with a wrong password: %v", err)
	}
	if _, _, err := s.OpenLink("none", "", here); !errors.Is(err, ErrUnknown) {
		t.Errorf("a link that is none: %v", err)
	}
	_, openPass, err := s.OpenLink(openSecret, "", here)
	must(t, err)
	_, lockedPass, err := s.OpenLink(lockedSecret, bobs, here)
	must(t, err)
	got, ok := s.Pass(openPass)
	if !ok || got.ID != open.ID || got.Rights().On("example.org") != Viewer || got.Rights().Most() != Viewer || got.Rights().All != Everybody {
		t.Errorf("the pass is of %+v, %v", got, ok)
	}
	cookie, _, err := s.SignIn("ada", adas, here, "")
	must(t, err)
	for _, forged := range []string{"", ".", openSecret, cookie, openPass[1:]} {
		if _, ok := s.Pass(forged); ok {
			t.Errorf("%q is taken for a pass", forged)
		}
	}
	if _, ok := s.Session(openPass); ok {
		t.Error("a pass is taken for a session")
	}
	if _, err := s.RemoveLink("example.net", locked.ID); !errors.Is(err, ErrUnknown) {
		t.Errorf("a link of another site was removed: %v", err)
	}
	if _, err := s.RemoveLink("example.org", locked.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Pass(lockedPass); ok {
		t.Error("the pass of a removed link is taken")
	}
	c.pass(passFor)
	if _, ok := s.Pass(openPass); ok {
		t.Error("a pass is taken after its time")
	}
	c.pass(24 * time.Hour)
	if _, _, err := s.OpenLink(openSecret, "", here); !errors.Is(err, ErrUnknown) {
		t.Errorf("a link that has ended: %v", err)
	}
	if _, _, err := s.AddLink(Link{Site: "example.org", Name: "late", Expires: end}, ""); field(err) != "expires" {
		t.Errorf("a link that ended before: %v", err)
	}
}

func TestLinkPasswordsAreThrottled(t *testing.T) {
	s, _ := opened(t)
	_, secret, err := s.AddLink(Link{Site: "example.org", Name: "board"}, bobs)
	must(t, err)
	for range failures {
		_, _, err = s.OpenLink(secret, "wrong", here)
		if !errors.Is(err, ErrPassword) {
			t.Fatal(err)
		}
	}
	tooMany := (*TooManyError)(nil)
	if _, _, err := s.OpenLink(secret, bobs, "198.51.100.0"); !errors.As(err, &tooMany) {
		t.Errorf("after %d wrong passwords: %v", failures, err)
	}
}

func TestOrigins(t *testing.T) {
	for origin, want := range map[string]string{
		"https://example.org": "https://example.org", "https://EXAMPLE.org:8443/": "https://example.org:8443", "http://localhost:3000": "http://localhost:3000",
		"http://example.org": "", "*": "", "https://*.example.org": "", "https://a.example; script-src *": "", "https://a.example https://b.example": "",
		"'self'": "", "https://example.org/path": "", "https://user@example.org": "", "javascript:x": "", "": "", "https://": "", "https://a,b": "",
		"https://example.org?x": "", "https://example.org#x": "", "https://a.example\nX: y": "",
	} {
		got, err := CheckOrigins([]string{origin})
		if want == "" && err == nil || want != "" && (err != nil || got[0] != want) {
			t.Errorf("%q: %q, %v", origin, got, err)
		}
	}
}

func TestPublic(t *testing.T) {
	s, _ := opened(t)
	must(t, s.SetPublic("example.org", &Public{Origins: []string{"https://press.example"}}))
	sites, err := s.PublicSites()
	must(t, err)
	if diff := cmp.Diff(map[string]Public{"example.org": {Origins: []string{"https://press.example"}}}, sites); diff != "" {
		t.Error(diff)
	}
	must(t, s.SetPublic("example.org", nil))
	if sites, err := s.PublicSites(); err != nil || len(sites) > 0 {
		t.Errorf("public afterwards: %v, %v", sites, err)
	}
}

func TestAudit(t *testing.T) {
	s, c := opened(t)
	for i := range 250 {
		c.pass(time.Second)
		must(t, s.Note("ada", "goal added", "example.org", fmt.Sprint("goal ", i)))
	}
	must(t, s.Note("ada", "goal added", "example.org", "two\nlines "+strings.Repeat("x", 500)))
	latest, err := s.Audit(0, 2)
	must(t, err)
	if len(latest) != 2 || latest[1].Object != "goal 249" || strings.Contains(latest[0].Object, "\n") || len(latest[0].Object) > 210 {
		t.Errorf("the latest are %+v", latest)
	}
	want := Entry{Time: time.Date(2026, 11, 23, 12, 0, 1, 0, time.UTC), User: "ada", Action: "goal added", Site: "example.org", Object: "goal 0"}
	first, err := s.Audit(250, 5)
	must(t, err)
	if diff := cmp.Diff([]Entry{want}, first); diff != "" {
		t.Errorf("the first (-want +got):\n%s", diff)
	}
}

// TestAuditIsBounded fills the file a few times over.
func TestAuditIsBounded(t *testing.T) {
	s, _ := opened(t)
	for n := range auditFiles + 2 {
		must(t, s.Note("ada", "round", "", fmt.Sprint(n)))
		f, err := os.OpenFile(s.auditPath(0), os.O_APPEND|os.O_WRONLY, 0)
		must(t, err)
		_, err = f.WriteString(strings.Repeat(strings.Repeat("x", 1000)+"\n", auditSize/1000))
		must(t, err)
		must(t, f.Close())
	}
	files, err := filepath.Glob(filepath.Join(s.dir, "audit*.jsonl"))
	must(t, err)
	all, err := s.Audit(0, 100)
	must(t, err)
	if len(files) != auditFiles || len(all) != auditFiles || all[0].Object != fmt.Sprint(auditFiles+1) {
		t.Errorf("%d files with %d entries, the last %+v", len(files), len(all), all[0])
	}
}
