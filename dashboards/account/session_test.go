package account

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestSignIn(t *testing.T) {
	s, c := opened(t)
	for _, wrong := range [][2]string{{"ada", bobs}, {"nobody", adas}, {"", ""}, {"ada", ""}, {"bob'; --", adas}} {
		if cookie, _, err := s.SignIn(wrong[0], wrong[1], here, ""); !errors.Is(err, ErrWrong) || cookie != "" {
			t.Errorf("%q: cookie %q, %v", wrong[0], cookie, err)
		}
	}
	cookie, _, err := s.SignIn(" Ada ", adas, here, "")
	must(t, err)
	who, ok := s.Session(cookie)
	if !ok || who.Name != "ada" || who.All != Owner {
		t.Fatalf("signed in as %+v, %v", who, ok)
	}
	// Of another key, cut, or made up.
	other, _ := opened(t)
	foreign, _, err := other.SignIn("ada", adas, here, "")
	must(t, err)
	for _, forged := range []string{foreign, cookie[:len(cookie)-1], "x" + cookie, ".", "", "YQ.YQ"} {
		if _, ok := s.Session(forged); ok {
			t.Errorf("the cookie %q is taken", forged)
		}
	}
	c.pass(SessionFor - time.Second)
	if _, ok := s.Session(cookie); !ok {
		t.Error("the session ended before its time")
	}
	c.pass(time.Second)
	if _, ok := s.Session(cookie); ok {
		t.Error("the session goes on after its time")
	}
}

// TestFixation: a cookie that somebody planted is never the one of who signs in, and the one before is over.
func TestFixation(t *testing.T) {
	s, _ := opened(t)
	planted, _, err := s.SignIn("bob", bobs, here, "")
	must(t, err)
	cookie, _, err := s.SignIn("ada", adas, here, planted)
	must(t, err)
	if cookie == planted {
		t.Fatal("signing in kept the cookie")
	}
	if _, ok := s.Session(planted); ok {
		t.Error("the planted cookie is still somebody's")
	}
	must(t, s.SignOut(cookie))
	if _, ok := s.Session(cookie); ok {
		t.Error("the session goes on after signing out")
	}
	must(t, s.SignOut("nothing"))
}

func TestPasswordChangeEndsSessions(t *testing.T) {
	s, _ := opened(t)
	first, _, err := s.SignIn("ada", adas, here, "")
	must(t, err)
	if _, err := s.ChangePassword("ada", bobs, "another password", here); field(err) != "old" {
		t.Errorf("with a wrong old password: %v", err)
	}
	second, err := s.ChangePassword("ada", adas, "another password", here)
	must(t, err)
	if _, ok := s.Session(first); ok {
		t.Error("a session goes on after the password was changed")
	}
	if who, ok := s.Session(second); !ok || who.Name != "ada" {
		t.Error("who changed the password is signed out")
	}
	must(t, s.SetPassword("ada", adas))
	if _, ok := s.Session(second); ok {
		t.Error("a session goes on after a command changed the password")
	}
	must(t, s.SetRights("bob", Rights{All: Editor}))
	bob, _, err := s.SignIn("bob", bobs, here, "")
	must(t, err)
	must(t, s.SetRights("bob", Rights{All: Viewer}))
	if who, ok := s.Session(bob); !ok || who.All != Viewer {
		t.Errorf("taken rights: %+v, %v", who, ok)
	}
}

// TestConfiguredPasswordEndsSessions: nobody tells the store of it but the hash, which is another one.
func TestConfiguredPasswordEndsSessions(t *testing.T) {
	s, _ := opened(t)
	configure := func(password string) {
		hash, err := Hash(password)
		must(t, err)
		s.Fix([]User{{Name: "carl", Hash: hash, Rights: Rights{All: Viewer}}})
	}
	configure("the first password")
	cookie, _, err := s.SignIn("carl", "the first password", here, "")
	must(t, err)
	if _, ok := s.Session(cookie); !ok {
		t.Error("there is no session")
	}
	configure("the second password")
	if _, ok := s.Session(cookie); ok {
		t.Error("the session goes on")
	}
}

// TestSeals are good for one purpose only.
func TestSeals(t *testing.T) {
	s := &state{Key: random(32)}
	sealed := s.seal("pass", []byte("payload"))
	if got, ok := s.unseal("pass", sealed); !ok || string(got) != "payload" {
		t.Errorf("%q, %v", got, ok)
	}
	if _, ok := s.unseal("sign-in", sealed); ok {
		t.Error("a seal for another purpose is taken")
	}
	if _, ok := (&state{}).unseal("pass", (&state{}).seal("pass", nil)); ok {
		t.Error("without a key a seal is taken")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	s, _ := opened(t)
	var cookies []string
	for range maxSessions + 2 {
		cookie, err := s.begin("", session{User: "ada", Stamp: stamp(userOf(t, s, "ada").Hash), Expires: s.now().Add(time.Hour)})
		must(t, err)
		cookies = append(cookies, cookie)
	}
	for i, cookie := range cookies {
		if _, ok := s.Session(cookie); ok != (i >= 2) {
			t.Errorf("session %d goes on: %v", i, ok)
		}
	}
}

func userOf(t *testing.T, s *Store, name string) User {
	t.Helper()
	known, err := s.current()
	must(t, err)
	u, ok := s.user(known, name)
	if !ok {
		t.Fatalf("no %s", name)
	}
	return u
}

func TestThrottle(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	var th throttle
	for range failures {
		if _, err := th.take(now, "from a", "name ada"); err != nil {
			t.Fatal(err)
		}
	}
	var tooMany *TooManyError
	if _, err := th.take(now, "from a", "name bob"); !errors.As(err, &tooMany) || tooMany.Wait != failureLasts {
		t.Errorf("another name from there: %v, %v", err, tooMany)
	}
	if _, err := th.take(now, "from b", "name ada"); err == nil {
		t.Error("the name is tried from elsewhere without a bound")
	}
	right, err := th.take(now, "from b", "name bob")
	if err != nil {
		t.Fatalf("somebody else from elsewhere: %v", err)
	}
	right.giveBack()
	if th.until["from b"].After(now) {
		t.Error("a right password counts as wrong")
	}
	if _, err := th.take(now.Add(failureLasts), "from a", "name eve"); err != nil {
		t.Errorf("after a while: %v", err)
	}
	if _, err := th.take(now.Add(failureLasts), "from a", "name eve"); err == nil {
		t.Error("after a while there is more than one more")
	}
	for i := range 2 * maxFailing {
		_, _ = th.take(now, fmt.Sprint("name ", i))
	}
	if len(th.until) > maxFailing+1 {
		t.Errorf("%d keys are remembered", len(th.until))
	}
	if _, err := th.take(now, "name of somebody else"); err == nil {
		t.Error("what is beyond the bound has none")
	}
	if _, err := th.take(now.Add(time.Hour), "name of somebody else"); err != nil || len(th.until) > 1 {
		t.Errorf("an hour later %d keys are remembered, %v", len(th.until), err)
	}
}

func TestLocalPath(t *testing.T) {
	for text, want := range map[string]string{
		"/": "/", "/settings?tab=users": "/settings?tab=users", "/?site=a&filters=%5B%5D": "/?site=a&filters=%5B%5D", "/a#b": "/a",
		"": "/", "settings": "/", "//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/",
		"https://evil.example/": "/", "HTTPS:evil.example": "/", "javascript:alert(1)": "/", "/\t/evil.example": "/", "/\n/evil.example": "/",
		"/x\r\nLocation: //evil.example": "/", "http:///evil.example": "/", "//user@evil.example": "/", "/a/b\\c": "/", " //evil.example": "/",
	} {
		if got := LocalPath(text); got != want {
			t.Errorf("%q leads to %q, want %q", text, got, want)
		}
	}
}
