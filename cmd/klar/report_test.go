package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klar-analytics/klar/notify"
)

// webhookText is what a webhook is told.
type webhookText struct {
	ID, About, Title, Text, Link string
	Data                         struct {
		Figures []struct {
			Metric string
			Value  *float64
		}
	}
	signed bool
}

// startWebhook returns the URL of a webhook, and what it is told.
func startWebhook(t *testing.T, secret string) (url string, told <-chan webhookText) {
	t.Helper()
	all := make(chan webhookText, 100)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var m webhookText
		if err := json.Unmarshal(body, &m); err != nil {
			t.Errorf("%v: %s", err, body)
		}
		seconds, err := strconv.ParseInt(r.Header.Get(notify.TimestampHeader), 10, 64)
		m.signed = err == nil && r.Header.Get(notify.SignatureHeader) == notify.Sign(secret, time.Unix(seconds, 0), body)
		all <- m
	}))
	t.Cleanup(s.Close)
	return s.URL + "/planted", all
}

// wait returns the first thing told that begins so; others may come by themselves, as on a Monday.
func wait(t *testing.T, told <-chan webhookText, id string) webhookText {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case m := <-told:
			if !m.signed {
				t.Errorf("%s is not signed", m.ID)
			}
			if strings.HasPrefix(m.ID, id) {
				return m
			}
		case <-late:
			t.Fatalf("%s is not told", id)
		}
	}
}

// reportedSite makes a configuration whose site tells a webhook and a mailbox that nobody serves, and a store with the page
// views of twelve people yesterday.
func reportedSite(t *testing.T, url string) (config, data string) {
	t.Helper()
	dir := t.TempDir()
	config, data = filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "data")
	for name, text := range map[string]string{
		config: fmt.Sprintf(`
http: {url: "https://stats.example.org"}
mail: {smtp: "smtp://127.0.0.1:1", from: klar@example.org}
webhooks: [{name: ops, url_file: %q, secret_file: %q}]
sites:
  - id: example.org
    goals: [{name: Tariffs, page: "/tariffs"}]
    reports: {weekly: [ops, planted@example.net], notices: [ops], spike: 1, language: de}
`, filepath.Join(dir, "url"), filepath.Join(dir, "secret")),
		filepath.Join(dir, "url"): url + "\n", filepath.Join(dir, "secret"): "key\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	yesterday := time.Now().UTC().AddDate(0, 0, -1)
	var lines []string
	for i := range 12 {
		for _, page := range []string{"/", "/tariffs"}[:1+i%2] {
			lines = append(lines, fmt.Sprintf(`198.51.%d.7 - - [%s:12:%02d:00 +0000] "GET %s HTTP/1.1" 200 10 "-" %q`, i, yesterday.Format("02/Jan/2006"), i, page, person))
		}
	}
	mustKlar(t, "import", "--config", config, "--data", data, "--site", "example.org", writeLines(t, lines))
	return config, data
}

// TestReportsAreTold delivers what waits in the outbox, a notice, and a report that is asked for, and keeps the receiver's
// address to itself.
func TestReportsAreTold(t *testing.T) {
	t.Parallel()
	url, told := startWebhook(t, "key")
	config, data := reportedSite(t, url)
	hook, err := notify.NewWebhook(notify.WebhookOptions{Name: "ops", URL: url, Format: notify.FormatJSON})
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := notify.OpenOutbox(notify.OutboxOptions{Dir: filepath.Join(data, "outbox"), Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		err = waiting.Put(notify.Message{ID: "of before"}, hook)
	}
	if err != nil {
		t.Fatal(err)
	}
	p, base := startServe(t, data, "--config", config)
	wait(t, told, "of before")
	if status, dropped := send(t, base, viewOf("/now")); status != http.StatusAccepted || dropped != "" {
		t.Fatal(status, dropped)
	}
	if m := wait(t, told, "spike/example.org/"); m.Title != "example.org: gerade 1 Besucher" {
		t.Errorf("the title is %q", m.Title)
	}

	printed := mustKlar(t, "report", "--config", config, "--data", data, "--period", "7d")
	for _, want := range []string{"Besucher                          12", "/tariffs  ", "Tariffs  "} {
		if !strings.Contains(printed, want) {
			t.Errorf("the report reads %s, without %q", printed, want)
		}
	}
	refused(t, `there is no site "example.com"`, "report", "--config", config, "--data", data, "--site", "example.com")
	out, errs, err := klar(t, "report", "--config", config, "--data", data, "--period", "7d", "--send")
	if err == nil || out != "sent to 1 of 2 receivers\n" || errs != "klar: receiver 2 (mail): the mail server cannot be reached: connect: connection refused\n" {
		t.Errorf("sent now: %v, %q, %q", err, out, errs)
	}
	m := wait(t, told, "asked/example.org/")
	if len(m.Data.Figures) == 0 || m.Data.Figures[0].Value == nil || *m.Data.Figures[0].Value != 12 || !strings.HasPrefix(m.Link, "https://stats.example.org/?") {
		t.Errorf("told is %+v", m)
	}
	if got := answer(t, base+"/metrics", ""); !strings.Contains(got, `klar_notify_deliveries_total{kind="webhook",result="delivered"} `) {
		t.Error("deliveries are not counted")
	}
	said, err := p.stop(t, syscall.SIGTERM)
	if err != nil || strings.Contains(said, "planted") {
		t.Errorf("ended with %v; the log: %s", err, said)
	}
	wantNoAddress(t, data)
}

// wantNoAddress looks for the mailbox and the URL in the data directory.
func wantNoAddress(t *testing.T, data string) {
	t.Helper()
	for _, pattern := range []string{"outbox/*", "reports.json"} {
		names, err := filepath.Glob(filepath.Join(data, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if b, err := os.ReadFile(name); err != nil || strings.Contains(string(b), "planted") {
				t.Errorf("%s holds what it should not, %v", filepath.Base(name), err)
			}
		}
	}
}

// TestReceiversOfTheConfiguration wants secrets read, refused without being shown, and receivers found by their keys.
func TestReceiversOfTheConfiguration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const site = "sites: [{id: a, reports: {weekly: [ada@example.org, ops], notices: [Bob@example.org], languages: {ops: de}, hour: 0}}]\n"
	mail := func(file string) string {
		return fmt.Sprintf("mail: {smtp: 'smtps://mail.example', from: k@example.org, username: k, password_file: %q}\n", file)
	}
	hook := func(keys string) string { return "webhooks: [{name: ops, " + keys + "}]\n" }
	for text, want := range map[string]string{
		site + mail(write("good", "planted\n")) + hook("url: 'http://h/'"):                                              "",
		site + mail(filepath.Join(dir, "none")) + hook("url: 'http://h/'"):                                              "line 2: mail.password_file: open ",
		site + mail(write("two", "planted\nplanted\n")) + hook("url: 'http://h/'"):                                      "mail.password_file: the file does not hold one line",
		site + mail(write("empty", "\n")) + hook("url: 'http://h/'"):                                                    "mail.password_file: the file does not hold one line",
		site + mail(write("fine", "p")) + hook(fmt.Sprintf("url_file: %q", write("url", "ftp://planted"))):              "line 3: webhooks.0: the URL must begin with http",
		site + mail(write("fine", "p")) + hook(fmt.Sprintf("url: 'http://h/', secret_file: %q", write("none-yet", ""))): "webhooks.0.secret_file: ",
	} {
		c, err := configured(t, text)
		if err == nil {
			c.receivers, err = c.openReceivers()
		}
		switch {
		case want == "" && err != nil:
			t.Error(err)
		case want == "":
			tell := telling{running: func() *config { return &c }}
			for _, name := range []string{"ada@example.org", "Bob@example.org", "ops"} {
				r, ok := c.receivers.find(name)
				if found, known := tell.receiver(r.Key()); !ok || !known || found.Key() != r.Key() {
					t.Errorf("receiver %s is found: %v, by its key: %v", name, ok, known)
				}
			}
			if _, known := tell.receiver("webhook-other"); known {
				t.Error("a receiver is known that is in no list")
			}
			d := c.digests()
			if len(d) != 1 || d[0].Hour != 0 || !d[0].Drop || len(d[0].Weekly) != 2 || d[0].Weekly[1].Language != "de" || d[0].Weekly[0].Language != "" || len(d[0].Notices) != 1 {
				t.Errorf("the site is told of as %+v", d)
			}
		case err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "planted"):
			t.Errorf("the error is %v, want %q", err, want)
		}
	}
}

// TestReportNeedsToKnow wants each refusal of klar report to say why.
func TestReportNeedsToKnow(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "klar.yaml")
	if err := os.WriteFile(config, []byte("sites: [{id: a}, {id: b}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"needs --site":             nil,
		"takes no argument":        {"a"},
		"neither week, month":      {"--site", "a", "--period", "year"},
		"neither en nor de":        {"--site", "a", "--language", "fr"},
		"neither text, html":       {"--site", "a", "--format", "pdf"},
		"nobody gets this report":  {"--site", "a", "--send"},
		"there is no Klar data in": {"--site", "a"},
	} {
		err := run(t.Context(), append([]string{"report", "--config", config, "--data", t.TempDir()}, args...), nil, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %q", err, want)
		}
	}
}
