package digest

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/notify"
	"github.com/klar-analytics/klar/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with a file below testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s: %v, got\n%s", name, err, got)
	}
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// clock reads a time of Berlin.
func clock(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, berlin(t))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// store answers questions with made up figures.
type store struct {
	empty bool
	err   error
	hours map[string]int64 // by their labels
	asked []report.Query
}

// values are the rows of the dimensions, with their visitors and those of before.
var values = map[report.Dimension][]struct {
	name        string
	now, before int64
}{
	report.VisitSource:  {{"Google", 1893, 1650}, {report.DirectNone, 1204, 1300}, {"<b>evil</b>.example", 7, 0}},
	report.EventPage:    {{"/", 2100, 2100}, {"/blog/2026/how-we-count-visitors-without-cookies-and-why-it-took-us-so-long-to-say-so", 840, 300}, {"/a\nb\u202e", 12, 24}},
	report.VisitCountry: {{"DE", 3000, 2800}, {"FR", 402, 380}, {report.NotSet, 3, 3}},
	report.EventGoal:    {{"Newsletter", 61, 40}},
}

func (s *store) Query(_ context.Context, q report.Query) (report.Result, error) {
	s.asked = append(s.asked, q)
	result := report.Result{Query: q}
	if s.err != nil {
		return result, s.err
	}
	var dimension report.Dimension
	if len(q.Dimensions) > 0 {
		dimension = q.Dimensions[0]
	}
	row := func(name string, now, before []any) {
		r := report.Row{Metrics: now}
		if name != "" {
			r.Dimensions = []string{name}
		}
		if q.Compare != nil {
			r.Compared = &report.Compared{Metrics: before}
		}
		result.Rows = append(result.Rows, r)
	}
	switch {
	case dimension == report.TimeHour:
		for label, n := range s.hours {
			row(label, []any{n}, nil)
		}
	case s.empty && dimension == "":
		row("", []any{int64(0), int64(0), int64(0), nil, nil}, []any{int64(0), int64(0), int64(0), nil, nil})
	case s.empty:
	case dimension == "":
		row("", []any{int64(3412), int64(4020), int64(12345), int64(48), int64(125)}, []any{int64(3180), int64(4020), int64(14000), int64(45), int64(130)})
	case dimension == report.TimeDay:
		for i, n := 0, q.From; n.Before(q.To) && i < 40; i, n = i+1, n.AddDate(0, 0, 1) {
			if i != 3 { // a day without anybody has no row
				row(n.In(q.Location).Format(time.DateOnly), []any{int64(400 + 37*i%200)}, nil)
			}
		}
	default:
		for _, v := range values[dimension] {
			now, before := []any{v.now}, []any{v.before}
			if len(q.Metrics) > 1 {
				now, before = append(now, 1.79), append(before, 1.26)
			}
			row(v.name, now, before)
		}
	}
	return result, nil
}

// outbox keeps what it is given.
type outbox struct {
	err  error
	told []string // title and receivers
	last notify.Message
}

func (o *outbox) Put(m notify.Message, to ...notify.Receiver) error {
	if o.err != nil {
		return o.err
	}
	var keys []string
	for _, r := range to {
		keys = append(keys, r.Key())
	}
	o.told, o.last = append(o.told, m.ID+" to "+strings.Join(keys, " ")), m
	slices.Sort(o.told)
	return nil
}

// desk is a digest with everything that is around it.
type desk struct {
	*Digest
	store   *store
	outbox  *outbox
	site    Site
	current int
	now     time.Time
	state   string
}

// receiver is a webhook with a name, whom nobody tells anything.
func receiver(t *testing.T, name string, l Language) Receiver {
	t.Helper()
	r, err := notify.NewWebhook(notify.WebhookOptions{Name: name, URL: "http://127.0.0.1:1", Format: notify.FormatJSON})
	if err != nil {
		t.Fatal(err)
	}
	return Receiver{r, l}
}

func newDesk(t *testing.T, now string) *desk {
	t.Helper()
	d := &desk{store: &store{}, outbox: &outbox{}, now: clock(t, now), state: filepath.Join(t.TempDir(), "reports.json")}
	d.site = Site{
		ID: "example.org", Location: berlin(t), Hour: 7, Drop: true, Dashboard: "https://stats.example.org",
		Weekly: []Receiver{receiver(t, "ada", German)}, Monthly: []Receiver{receiver(t, "ada", German), receiver(t, "boss", English)},
		Notices: []Receiver{receiver(t, "ops", English)}, Definitions: report.Definitions{Goals: []report.Definition{{Name: "Newsletter"}}},
	}
	d.restart(t)
	return d
}

// restart is what the end and a new start of klar is to the digest.
func (d *desk) restart(t *testing.T) {
	t.Helper()
	var err error
	d.Digest, err = New(Options{
		Statistics: d.store, Sites: func() []Site { return []Site{d.site} }, Outbox: d.outbox, State: d.state,
		Current: func(string, time.Duration) int { return d.current },
		Now:     func() time.Time { return d.now }, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// at looks at a time, and returns what was handed on, separated by commas.
func (d *desk) at(t *testing.T, now string) string {
	t.Helper()
	d.now, d.outbox.told = clock(t, now), nil
	d.look(t.Context(), d.site)
	return strings.Join(d.outbox.told, ", ")
}

func (d *desk) want(t *testing.T, now, want string) {
	t.Helper()
	if got := d.at(t, now); got != want {
		t.Errorf("at %s %q is handed on, want %q", now, got, want)
	}
}

var errAway = errors.New("the store is away")
