package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// post is an outbox with receivers that do what the test says.
type post struct {
	*Outbox
	reg *prometheus.Registry
	now time.Time
	log strings.Builder

	mu        sync.Mutex // guards the rest
	delivered []string   // receiver and title
	fails     map[string]error
}

func openPost(t *testing.T, dir string) *post {
	t.Helper()
	p := &post{now: noon, reg: prometheus.NewRegistry(), fails: map[string]error{}}
	var err error
	p.Outbox, err = OpenOutbox(OutboxOptions{
		Dir: dir, Now: func() time.Time { return p.now }, Logger: slog.New(slog.NewTextHandler(&p.log, nil)), Registerer: p.reg,
		Receiver: func(key string) (Receiver, bool) { return p.to(key), key != "gone" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// to returns a receiver.
func (p *post) to(key string) Receiver {
	return Receiver{key: key, kind: ByMail, deliver: func(_ context.Context, m Message) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if err := p.fails[key]; err != nil {
			return err
		}
		p.delivered = append(p.delivered, key+" "+m.Title)
		return nil
	}}
}

// step delivers what is due, and returns what was delivered and after what time more may be.
func (p *post) step(t *testing.T) (delivered string, next time.Duration) {
	t.Helper()
	var running sync.WaitGroup
	next = p.deliver(t.Context(), &running)
	running.Wait()
	delivered, p.delivered = strings.Join(p.delivered, ", "), nil
	return delivered, next
}

func (p *post) put(t *testing.T, id string, to ...string) {
	t.Helper()
	var list []Receiver
	for _, key := range to {
		list = append(list, p.to(key))
	}
	if err := p.Put(Message{ID: id, Title: id, About: "report", Payload: []byte(`{"a":1}`)}, list...); err != nil {
		t.Fatal(err)
	}
}

func (p *post) wantDelivered(t *testing.T, want string) {
	t.Helper()
	if got, _ := p.step(t); got != want {
		t.Errorf("delivered is %q, want %q", got, want)
	}
}

// wantCounted wants these results of mails, and no others.
func (p *post) wantCounted(t *testing.T, want map[string]float64) {
	t.Helper()
	families, err := p.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if len(m.GetLabel()) != 2 {
				continue // the gauge
			}
			kind, result := m.GetLabel()[0].GetValue(), m.GetLabel()[1].GetValue()
			if got := m.GetCounter().GetValue(); kind == "mail" && got != want[result] || kind != "mail" && got != 0 {
				t.Errorf("%s{%s, %s} is %v, want %v", f.GetName(), kind, result, got, want[result])
			}
		}
	}
}

// TestOutboxRetries has one receiver fail, which holds up nobody else, and is tried again after longer and longer times.
func TestOutboxRetries(t *testing.T) {
	t.Parallel()
	p := openPost(t, t.TempDir())
	p.fails["a"] = errors.New("busy")
	p.put(t, "1", "a", "b")
	p.put(t, "2", "a")
	p.put(t, "1", "a") // is waiting already
	p.wantDelivered(t, "b 1")
	for i, wait := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second} {
		p.now = p.now.Add(wait - time.Millisecond)
		if got, next := p.step(t); got != "" || next != time.Millisecond {
			t.Errorf("retry %d: delivered %q too early, and the next is in %v", i, got, next)
		}
		p.now = p.now.Add(time.Millisecond)
		p.wantDelivered(t, "")
	}
	delete(p.fails, "a")
	p.now = p.now.Add(time.Hour)
	p.wantDelivered(t, "a 1, a 2")
	p.put(t, "3", "a")
	p.wantDelivered(t, "a 3")
	p.wantCounted(t, map[string]float64{"delivered": 4, "failed": 4})
}

// TestOutboxOutlivesItsProcess opens the directory again, with what a crash may have left in it.
func TestOutboxOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "outbox")
	first := openPost(t, dir)
	first.put(t, "1", "a")
	first.now = first.now.Add(time.Second)
	first.put(t, "2", "a")
	for name, text := range map[string]string{"torn.json.new": "{", "foreign.json": "[]", "notes.txt": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	second := openPost(t, dir)
	if n := second.Waiting(); n != 2 {
		t.Errorf("%d deliveries wait, want 2", n)
	}
	second.put(t, "1", "a") // its process did not note that it was put
	second.wantDelivered(t, "a 1, a 2")
	if strings.Contains(second.log.String(), "receiver=a") {
		t.Error("the log names a mailbox")
	}
	if third := openPost(t, dir); third.Waiting() != 0 {
		t.Error("what is delivered waits again")
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != "notes.txt" {
		t.Errorf("left are %v, %v", left, err)
	}
}

// TestOutboxGivesUp throws away what is refused, too old, or of nobody.
func TestOutboxGivesUp(t *testing.T) {
	t.Parallel()
	p := openPost(t, t.TempDir())
	p.fails["a"] = fmt.Errorf("%w: 550", ErrRefused)
	p.fails["b"] = errors.New("away")
	p.put(t, "1", "a", "b", "gone")
	p.wantDelivered(t, "")
	if n := p.Waiting(); n != 1 {
		t.Errorf("%d deliveries wait, want that of b", n)
	}
	p.now = p.now.Add(MaxAge + time.Second)
	p.wantDelivered(t, "")
	if p.Waiting() != 0 {
		t.Error("after three days it is still tried")
	}
	p.wantCounted(t, map[string]float64{"refused": 1, "dropped": 1, "expired": 1, "failed": 1})
}

func TestOutboxIsBounded(t *testing.T) {
	t.Parallel()
	p := openPost(t, t.TempDir())
	if err := p.Put(Message{ID: "large", Text: strings.Repeat("x", MaxMessage)}, p.to("a")); err == nil {
		t.Error("a message beyond the bound is taken")
	}
	p.waiting = make([]letter, MaxLetters-1)
	p.put(t, "1", "a")
	if err := p.Put(Message{ID: "2"}, p.to("a")); !errors.Is(err, ErrFull) {
		t.Errorf("one more gives %v", err)
	}
}

// TestOutboxHoldsNoAddress looks into the files of a real mailbox.
func TestOutboxHoldsNoAddress(t *testing.T) {
	t.Parallel()
	m, err := NewMail(MailOptions{Server: "smtp://127.0.0.1:1", From: "klar@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	p := openPost(t, t.TempDir())
	if err := p.Put(told, m.To(secret+"@example.net")); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(p.Dir, "*.json"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	b, err := os.ReadFile(names[0])
	if err != nil || strings.Contains(string(b)+names[0], secret) {
		t.Errorf("the address is on the disk, %v", err)
	}
	if m.To("Ada@example.org").Key() != m.To("ada@example.org").Key() {
		t.Error("an address has two keys")
	}
}

// TestOutboxRuns delivers what was there and what is put while it runs, until its end.
func TestOutboxRuns(t *testing.T) {
	t.Parallel()
	p := openPost(t, t.TempDir())
	told := make(chan string, 10)
	r := Receiver{key: "a", kind: ByWebhook, deliver: func(_ context.Context, m Message) error { told <- m.ID; return nil }}
	p.Receiver = func(string) (Receiver, bool) { return r, true }
	if err := p.Put(Message{ID: "1"}, r); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); p.Run(ctx) }()
	if id := <-told; id != "1" {
		t.Errorf("told %s", id)
	}
	if err := p.Put(Message{ID: "2"}, r); err != nil {
		t.Fatal(err)
	}
	if id := <-told; id != "2" {
		t.Errorf("told %s", id)
	}
	cancel()
	<-ended
}
