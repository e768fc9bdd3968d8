package alert

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/notify"
	"github.com/klar-analytics/klar/report"
)

// noon is when the tests begin.
var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

func scan(net string, at time.Time) Event {
	return Event{Rule: "klar/http-scan", Description: Text{English: "one network scans"}, Severity: "warning", Site: "example.org", Net: net, Time: at, Silent: 5 * time.Minute}
}

func TestAnAlertFiresUntilNothingComes(t *testing.T) {
	b := NewBoard(nil, nil)
	b.Raise(scan("192.0.2.0/24", noon))
	b.Raise(scan("192.0.2.0/24", noon.Add(10*time.Minute)))
	b.Tick(noon.Add(19 * time.Minute))
	list := b.Alerts("example.org", noon)
	if len(list) != 1 || !list[0].Firing || list[0].Times != 2 || !list[0].Start.Equal(noon) {
		t.Fatalf("after two trips: %+v", list)
	}
	b.Tick(noon.Add(20 * time.Minute))
	list = b.Alerts("", noon)
	if len(list) != 1 || list[0].Firing || !list[0].End.Equal(noon.Add(20*time.Minute)) {
		t.Fatalf("ten minutes after the last: %+v", list)
	}
	if others := b.Alerts("other.org", noon); len(others) != 0 {
		t.Errorf("another site has them, too: %+v", others)
	}
	if later := b.Alerts("", noon.Add(time.Hour)); len(later) != 0 {
		t.Errorf("what ended before is shown: %+v", later)
	}
}

// TestAHundredThousandNetworksAreAFewAlerts is the attack of 100,000 networks within ten minutes: what is remembered and what
// is told are bounded.
func TestAHundredThousandNetworksAreAFewAlerts(t *testing.T) {
	b := NewBoard(nil, nil)
	w := builtinWindows(t, func(trip Trip) { b.Raise(trip.Event()) })
	out := &outbox{}
	now := noon
	c := courier(t, b, out, func() time.Time { return now })
	for n := range 100_000 {
		now = noon.Add(time.Duration(n) * 6 * time.Millisecond)
		for file := range 12 {
			w.Observe(missing(netOf(n), file, now.Unix()))
		}
		if n%200 == 0 { // as each second
			c.step(t.Context())
		}
	}
	list := b.Alerts("", noon)
	if len(list) != maxNamed+1 {
		t.Errorf("%d alerts, want %d with a name and one for all others", len(list), maxNamed)
	}
	others := 0
	for _, a := range list {
		others += a.Others
	}
	if others != 100_000-maxNamed {
		t.Errorf("the others are %d, want %d", others, 100_000-maxNamed)
	}
	if len(w.sources) > maxSources || w.buckets > maxBuckets+maxOwn || w.values > maxValues+maxOwn*16 {
		t.Errorf("%d networks, %d buckets, %d values are remembered", len(w.sources), w.buckets, w.values)
	}
	if len(out.messages) < 1 || len(out.messages) > 3 {
		t.Errorf("%d messages in ten minutes, want one each five", len(out.messages))
	}
	text, err := b.encode()
	if err != nil || len(text) > 100_000 {
		t.Errorf("%d bytes are kept: %v", len(text), err)
	}
}

// outbox collects messages.
type outbox struct{ messages []notify.Message }

func (o *outbox) Put(m notify.Message, _ ...notify.Receiver) error {
	o.messages = append(o.messages, m)
	return nil
}

func courier(t *testing.T, b *Board, out Outbox, now func() time.Time) *Courier {
	t.Helper()
	return NewCourier(CourierOptions{
		Board: b, File: filepath.Join(t.TempDir(), "alerts.json"), Outbox: out, Now: now,
		Told: func() Telling {
			return Telling{Base: "https://klar.example.org", Receivers: make([]notify.Receiver, 1)}
		},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

func TestMessagesTellOnceAndThatItIsOver(t *testing.T) {
	b := NewBoard(nil, nil)
	out := &outbox{}
	now := noon
	c := courier(t, b, out, func() time.Time { return now })
	at := func(minutes int, want ...string) {
		t.Helper()
		now = noon.Add(time.Duration(minutes) * time.Minute)
		out.messages = nil
		c.step(t.Context())
		var titles []string
		for _, m := range out.messages {
			titles = append(titles, m.Title)
			if strings.Contains(m.Text, "%!") || !strings.HasPrefix(m.Link, "https://klar.example.org/security?") {
				t.Errorf("minute %d: text %q, link %q", minutes, m.Text, m.Link)
			}
		}
		if fmt.Sprint(titles) != fmt.Sprint(want) {
			t.Errorf("minute %d: %q, want %q", minutes, titles, want)
		}
	}
	b.Raise(scan("192.0.2.0/24", noon))
	at(0, "[warning] klar/http-scan: 192.0.2.0/24 on example.org")
	b.Raise(scan("198.51.100.0/24", noon.Add(time.Minute)))
	b.Raise(scan("203.0.113.0/24", noon.Add(time.Minute)))
	at(1) // the group was just told of
	at(5, "[warning] klar/http-scan: 2 networks on example.org")
	at(6)
	at(14)
	at(15, "[resolved] klar/http-scan on example.org")
	at(16)
	if len(b.groups) != 0 {
		t.Errorf("%d groups are remembered that are over", len(b.groups))
	}
	b.Raise(scan("192.0.2.0/24", noon.Add(20*time.Minute)))
	at(100) // read late: history only
}

func TestTooManyMessagesWait(t *testing.T) {
	b := NewBoard(nil, nil)
	out := &outbox{}
	now := noon
	c := courier(t, b, out, func() time.Time { return now })
	for n := range 25 {
		e := scan("192.0.2.0/24", noon)
		e.Site = fmt.Sprintf("site-%02d.example", n)
		b.Raise(e)
	}
	var told []int
	for minute := range 4 {
		now, out.messages = noon.Add(time.Duration(minute)*time.Minute), nil
		c.step(t.Context())
		told = append(told, len(out.messages))
	}
	if fmt.Sprint(told) != "[10 10 5 0]" {
		t.Errorf("messages by the minute: %d", told)
	}
}

func TestSilencedAlertsAreShownAndNotTold(t *testing.T) {
	for _, c := range []struct {
		name    string
		silence Silence
		want    bool
	}{
		{"its rule", Silence{Rule: "klar/http-scan"}, true},
		{"a pattern", Silence{Rule: "klar/http-*"}, true},
		{"all rules", Silence{Rule: "*", Site: "example.org"}, true},
		{"another rule", Silence{Rule: "klar/login-*"}, false},
		{"another site", Silence{Rule: "klar/http-scan", Site: "example.com"}, false},
		{"a network around it", Silence{Net: netip.MustParsePrefix("192.0.0.0/16")}, true},
		{"another network", Silence{Net: netip.MustParsePrefix("198.51.100.0/24")}, false},
		{"until later", Silence{Site: "example.org", Until: noon.Add(time.Hour)}, true},
		{"until before", Silence{Site: "example.org", Until: noon}, false},
	} {
		b := NewBoard([]Silence{c.silence}, nil)
		b.Raise(scan("192.0.2.0/24", noon))
		messages := b.messages(noon, Telling{})
		posts, _ := b.pending(noon, "")
		if list := b.Alerts("", noon); len(list) != 1 || list[0].Silenced != c.want || (len(messages) == 0) != c.want || (len(posts) == 0) != c.want {
			t.Errorf("%s: silenced %v, %d messages, %d posts; want silenced %v", c.name, list[0].Silenced, len(messages), len(posts), c.want)
		}
	}
	if (Silence{Until: noon}).Check() == nil || (Silence{Rule: "["}).Check() == nil || (Silence{Rule: "klar/*"}).Check() != nil {
		t.Error("a silence of everything, or with a broken pattern, is taken, or a good one refused")
	}
}

func TestABoardOutlivesARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "alerts.json")
	b := NewBoard(nil, nil)
	b.Raise(scan("192.0.2.0/24", noon))
	b.Raise(Event{Rule: "klar/volume", Severity: "warning", Site: "example.org", Time: noon.Add(time.Hour), Figures: &report.Figures{Series: "requests", Value: 9, High: 3}})
	b.messages(noon.Add(time.Minute), Telling{})
	b.Tick(noon.Add(30 * time.Minute))
	if err := b.Save(file); err != nil {
		t.Fatal(err)
	}
	again := NewBoard(nil, nil)
	if err := again.Load(file); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%+v", again.Alerts("", noon)[1]), fmt.Sprintf("%+v", b.Alerts("", noon)[1]); got != want || len(again.Alerts("", noon)) != 2 {
		t.Errorf("after a restart %s, before %s", got, want)
	}
	// What was told is not told again.
	for _, m := range again.messages(noon.Add(31*time.Minute), Telling{}) {
		if strings.HasPrefix(m.Title, "[warning] klar/http-scan") {
			t.Errorf("%q is told again", m.Title)
		}
	}
	if err := again.Load(filepath.Join(t.TempDir(), "none")); err != nil {
		t.Errorf("without a file: %v", err)
	}
}
