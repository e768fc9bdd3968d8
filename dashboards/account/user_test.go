package account

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHash(t *testing.T) {
	hash, err := Hash(adas)
	must(t, err)
	again, err := Hash(adas)
	must(t, err)
	if hash == again {
		t.Error("the same password has the same hash twice: there is no salt")
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || CheckHash(hash) != nil {
		t.Errorf("the hash is %s", hash)
	}
	if !matches(hash, adas) || matches(hash, bobs) || matches(hash, "") || matches("", "") {
		t.Error("the password must match its hash, and nothing else")
	}
	// Of the command argon2 of Debian, with other costs: echo -n "the password of ada" | argon2 saltsaltsalt -id -t 3 -k 4096
	const others = "$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHRzYWx0$"
	if err := CheckHash(others + strings.Repeat("A", 43)); err != nil {
		t.Errorf("another hash: %v", err)
	}
	for _, bad := range []string{
		"", "secret", hash[1:], strings.Replace(hash, "argon2id", "argon2i", 1), strings.Replace(hash, "v=19", "v=16", 1),
		strings.Replace(hash, "m=19456", "m=1048576", 1), strings.Replace(hash, "t=2", "t=99", 1), strings.Replace(hash, "p=1", "p=0", 1),
		others, hash + "$", others + strings.Repeat("A", 200),
	} {
		if err := CheckHash(bad); err == nil || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v, want an error that does not show it", bad, err)
		}
	}
	for _, bad := range []string{"", "short", strings.Repeat("x", 1025)} {
		if _, err := Hash(bad); field(err) != "password" {
			t.Errorf("a password of %d bytes: %v", len(bad), err)
		}
	}
}

func TestUsers(t *testing.T) {
	s, c := opened(t)
	for name, want := range map[string]string{"": "name", "a b": "name", "../x": "name", "ADA": "name", "eve": "", "e@example.org": ""} {
		if got := field(s.AddUser(name, adas, Rights{All: Viewer})); got != want {
			t.Errorf("adding %q: %q, want %q", name, got, want)
		}
	}
	if got := field(s.AddUser("nothing", adas, Rights{})); got != "role" {
		t.Errorf("a user without a role: %q", got)
	}
	must(t, s.SetRights("eve", Rights{All: Editor}))
	must(t, s.RemoveUser("e@example.org"))
	for _, err := range []error{s.RemoveUser("nobody"), s.SetRights("nobody", Rights{All: Owner}), s.SetPassword("nobody", adas)} {
		if !errors.Is(err, ErrUnknown) {
			t.Errorf("changing nobody: %v", err)
		}
	}
	users, err := s.Users()
	must(t, err)
	got := map[string]Rights{}
	for _, u := range users {
		got[u.Name] = u.Rights
	}
	want := map[string]Rights{"ada": {All: Owner}, "bob": {Sites: map[string]Role{"example.org": Viewer}}, "eve": {All: Editor}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	again, err := reopened(t, s.dir, c).Users()
	must(t, err)
	if diff := cmp.Diff(users, again); diff != "" {
		t.Errorf("opened again (-before +after):\n%s", diff)
	}
}

// TestUsersOfTheConfiguration go before stored ones and stay as they are.
func TestUsersOfTheConfiguration(t *testing.T) {
	s, _ := opened(t)
	hash, err := Hash("the configured password")
	must(t, err)
	s.Fix([]User{{Name: "ada", Hash: hash, Rights: Rights{All: Viewer}}})
	if _, _, err := s.SignIn("ada", adas, here, ""); !errors.Is(err, ErrWrong) {
		t.Errorf("the stored password of a configured user: %v", err)
	}
	_, who, err := s.SignIn("ada", "the configured password", here, "")
	if err != nil || who.All != Viewer || !who.Fixed {
		t.Errorf("the configured user: %+v, %v", who, err)
	}
	for _, err := range []error{s.RemoveUser("ada"), s.SetRights("ada", Rights{All: Owner}), s.SetPassword("ada", adas)} {
		if !errors.Is(err, ErrFixed) {
			t.Errorf("changing a configured user: %v", err)
		}
	}
}

// TestTwoProcesses share one file: a command beside a running server.
func TestTwoProcesses(t *testing.T) {
	serve, c := opened(t)
	command := reopened(t, serve.dir, c)
	cookie, _, err := serve.SignIn("bob", bobs, here, "")
	must(t, err)
	must(t, command.AddUser("eve", adas, Rights{All: Viewer}))
	if _, _, err := serve.SignIn("eve", adas, here, ""); err != nil {
		t.Errorf("a user that a command added: %v", err)
	}
	if _, ok := serve.Session(cookie); !ok {
		t.Error("a command that added somebody ended a session")
	}
	must(t, command.RemoveUser("bob"))
	if _, ok := serve.Session(cookie); ok {
		t.Error("the session of a user that a command removed goes on")
	}
}

// TestFile holds no secret and is for its owner only.
func TestFile(t *testing.T) {
	s, _ := opened(t)
	cookie, _, err := s.SignIn("ada", adas, here, "")
	must(t, err)
	_, token, err := s.AddToken("script", nil, "ada")
	must(t, err)
	_, link, err := s.AddLink(Link{Site: "example.org", Name: "board"}, bobs)
	must(t, err)
	text, err := os.ReadFile(s.path())
	must(t, err)
	for _, secret := range []string{adas, bobs, cookie, cookie[:20], token, link, here} {
		if strings.Contains(string(text), secret) {
			t.Errorf("accounts.json holds a secret of %d bytes", len(secret))
		}
	}
	entries, err := os.ReadDir(s.dir)
	must(t, err)
	for _, e := range entries {
		info, err := e.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", e.Name(), info.Mode())
		}
	}
	must(t, os.WriteFile(filepath.Join(s.dir, "accounts.json"), []byte(`{"users": [{"hash": "planted"`), 0o600))
	if _, err := s.Users(); err == nil || strings.Contains(err.Error(), "planted") {
		t.Errorf("a broken file: %v", err)
	}
	if closed, err := s.Closed(); !closed || err == nil {
		t.Error("with a broken file everything is open")
	}
}
