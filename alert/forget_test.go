package alert

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/report"
)

// TestNothingTellsTheSecond raises an alert at 12:03:07.5 and looks for any finer time than five minutes in what is kept and
// told of it.
func TestNothingTellsTheSecond(t *testing.T) {
	at := noon.Add(3*time.Minute + 7500*time.Millisecond)
	b, out := NewBoard(nil, nil), &outbox{}
	c := courier(t, b, out, func() time.Time { return at.Add(time.Second) })
	b.Raise(scan("192.0.2.0/24", at))
	c.step(t.Context())
	posts, sent := b.pending(at.Add(2*time.Second), "")
	sent()
	b.Raise(scan("192.0.2.0/24", at.Add(61*time.Second)))
	c.step(t.Context())
	if err := b.Save(c.File); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(c.File)
	if err != nil {
		t.Fatal(err)
	}
	told, err := json.Marshal(out.messages)
	if err != nil || len(out.messages) != 1 || len(posts) != 1 {
		t.Fatalf("%d messages, %d posts: %v", len(out.messages), len(posts), err)
	}
	payload, text := string(out.messages[0].Payload), out.messages[0].Text
	for where, said := range map[string]string{"the file": string(kept), "the message": string(told), "its data": payload, "its text": text} {
		if !strings.Contains(said, "192.0.2.0/24") {
			t.Errorf("%s does not name the network: %s", where, said)
		}
		for _, fine := range []string{"12:03", "12:04", ":07", ":08", ":09"} {
			if strings.Contains(said, fine) {
				t.Errorf("%s says when, to the minute or second: %s", where, said)
			}
		}
	}
	if !posts[0].StartsAt.Equal(noon) {
		t.Errorf("Alertmanager is told that it began at %s", posts[0].StartsAt)
	}
	exact, coarsely := scan("192.0.2.0/24", at), scan("192.0.2.0/24", noon)
	if a := b.Alerts("", noon)[0]; a.ID != id(coarsely) || a.ID == id(exact) || !a.Last.Equal(noon) {
		t.Errorf("the alert's name or last time confirms the second: %+v", a)
	}
	b.Tick(noon.Add(15 * time.Minute)) // 12:04:08 and ten minutes, rounded up
	if a := b.Alerts("", noon)[0]; a.Firing || !a.End.Equal(noon.Add(15*time.Minute)) {
		t.Errorf("it ends %+v", a)
	}
}

// boardOf has an alert of each of two sites that is over, two that fire, and one of figures.
func boardOf() *Board {
	b := NewBoard(nil, nil)
	other := func(e Event) Event { e.Site = "other.org"; return e }
	b.Raise(scan("192.0.2.0/24", noon))
	b.Raise(other(scan("192.0.2.0/24", noon)))
	b.Tick(noon.Add(time.Hour))
	late := noon.Add(2 * time.Hour)
	b.Raise(scan("198.51.100.0/24", late))
	b.Raise(other(scan("198.51.100.0/24", late)))
	b.Raise(Event{Rule: "klar/volume-high", Severity: "warning", Site: "example.org", Time: late, Figures: &report.Figures{Series: "requests"}})
	return b
}

func TestForgottenAlertsAreGone(t *testing.T) {
	for name, c := range map[string]struct {
		before   time.Time
		left, of int // alerts of the site, and of the other
	}{
		"all":            {time.Time{}, 0, 2},
		"the first hour": {noon.Add(time.Hour), 2, 2},
		"none":           {noon, 3, 2},
	} {
		b, file := boardOf(), filepath.Join(t.TempDir(), "alerts.json")
		b.Forget("example.org", c.before)
		if err := b.Save(file); err != nil {
			t.Fatal(err)
		}
		again := NewBoard(nil, nil)
		if err := again.Load(file); err != nil {
			t.Fatal(err)
		}
		for when, b := range map[string]*Board{"at once": b, "after a restart": again} {
			if left, of := len(b.Alerts("example.org", time.Time{})), len(b.Alerts("other.org", time.Time{})); left != c.left || of != c.of {
				t.Errorf("%s, %s: %d alerts of the site are left and %d of the other, want %d and %d", name, when, left, of, c.left, c.of)
			}
		}
		if kept, err := os.ReadFile(file); err != nil || strings.Contains(string(kept), "example.org") != (c.left > 0) {
			t.Errorf("%s: the site's name stands in the file, or not: %s, %v", name, kept, err)
		}
	}
}

// TestACourierForgetsWhatItIsAskedTo asks as klar delete does, beside a board that another process has.
func TestACourierForgetsWhatItIsAskedTo(t *testing.T) {
	b, now := boardOf(), noon.Add(2*time.Hour)
	c := courier(t, b, nil, func() time.Time { return now })
	c.step(t.Context())
	wish, err := AskToForget(c.File, "example.org", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	c.step(t.Context())
	if _, err := os.Stat(wish); !os.IsNotExist(err) {
		t.Errorf("the wish is still there: %v", err)
	}
	if kept, err := os.ReadFile(c.File); err != nil || strings.Contains(string(kept), "example.org") || !strings.Contains(string(kept), "other.org") {
		t.Errorf("kept is %s, %v", kept, err)
	}
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(c.File), "*")); len(files) != 1 {
		t.Errorf("beside the board there are %d files", len(files)-1)
	}
}
