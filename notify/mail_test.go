package notify

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"
)

// secret is what must stand in no error: a password, an address, what a server said.
const secret = "planted"

var told = Message{
	ID: "report/example.org/weekly/2026-11-16", About: "report", Title: "Wöchentlicher\r\nBcc: eve@example.org Bericht",
	Text: "Besucher 12\n.\nEnde\n", Footer: "Darum.", HTML: "<p>Besucher 12 ä</p>", Link: "https://stats.example/", Time: time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC),
}

// sendTo sends told to one receiver.
func sendTo(t *testing.T, o MailOptions) error {
	t.Helper()
	m, err := NewMail(o)
	if err != nil {
		t.Fatal(err)
	}
	return m.To(secret+"@example.org").Deliver(t.Context(), told)
}

// TestMailArrives sends by each kind of connection, and reads the mail as a mail program does.
func TestMailArrives(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scheme       string
		change       func(*mailServer)
		user         string
		secure, auth bool
	}{
		"loopback without TLS":               {"smtp", func(*mailServer) {}, "", false, false},
		"loopback without TLS, signed in":    {"smtp", func(s *mailServer) { s.auth = "klar " + secret }, "klar", false, true},
		"loopback with STARTTLS, signed in":  {"smtp", func(s *mailServer) { s.starttls, s.auth = true, "klar "+secret }, "klar", true, true},
		"plain":                              {"smtp+plain", func(s *mailServer) { s.starttls = true }, "", false, false},
		"TLS from the first byte, signed in": {"smtps", func(s *mailServer) { s.implicit, s.auth = true, "klar "+secret }, "klar", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startMailServer(t, c.change)
			o := MailOptions{Server: c.scheme + "://" + s.address, From: "Klar <klar@example.org>", Username: c.user}
			if c.scheme == "smtps" {
				o.Roots = s.roots
			}
			if c.user != "" {
				o.Password = secret
			}
			if err := sendTo(t, o); err != nil {
				t.Fatal(err)
			}
			if m, err := NewMail(o); err != nil || m.Try(t.Context()) != nil {
				t.Errorf("the server cannot be tried: %v", err)
			}
			mails := s.received()
			if len(mails) != 1 {
				t.Fatalf("%d mails came, want 1", len(mails))
			}
			if m := mails[0]; m.secure != c.secure || (m.signedIn != "") != c.auth || m.to != "TO:<"+secret+"@example.org>" || !strings.HasPrefix(m.from, "FROM:<klar@example.org>") || strings.Contains(m.from, "SMTPUTF8") {
				t.Errorf("it came with TLS %v, signed in %v, from %s to %s", m.secure, m.signedIn != "", m.from, m.to)
			}
			checkMail(t, mails[0].text)
		})
	}
}

// TestMailOfUnicode asks for SMTPUTF8 where an address needs it.
func TestMailOfUnicode(t *testing.T) {
	t.Parallel()
	s := startMailServer(t, func(*mailServer) {})
	m, err := NewMail(MailOptions{Server: "smtp://" + s.address, From: "klar@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.To("jürgen@example.org").Deliver(t.Context(), told); err != nil {
		t.Fatal(err)
	}
	if mails := s.received(); len(mails) != 1 || !strings.Contains(mails[0].from, "SMTPUTF8") {
		t.Errorf("it came as %+v", mails)
	}
}

// checkMail wants the mail of told, with its parts and without more headers than it should have.
func checkMail(t *testing.T, text string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Wöchentlicher Bcc: eve@example.org Bericht" || m.Header.Get("Bcc") != "" {
		t.Errorf("the subject is %q, %v, Bcc %q", subject, err, m.Header.Get("Bcc"))
	}
	for header, want := range map[string]string{
		"From": `"Klar" <klar@example.org>`, "Auto-Submitted": "auto-generated", "Date": "Mon, 23 Nov 2026 07:00:00 +0000", "X-Mailer": "", "User-Agent": "",
	} {
		if got := m.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if id := m.Header.Get("Message-Id"); !strings.HasSuffix(id, "@example.org>") || strings.Contains(id, "weekly") {
		t.Errorf("the message's id is %q", id)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("it is %s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"Besucher 12\n.\nEnde\n\nhttps://stats.example/\n\nDarum.\n", "<p>Besucher 12 ä</p>"} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil || strings.TrimSpace(strings.ReplaceAll(string(got), "\r\n", "\n")) != strings.TrimSpace(want) {
			t.Errorf("a part reads %q, %v, want %q", got, err, want)
		}
	}
}

// TestMailFails wants failures told apart, and nothing in their errors that must not be there.
func TestMailFails(t *testing.T) {
	t.Parallel()
	answer := func(verb, with string) func(*mailServer) {
		return func(s *mailServer) { s.answers[verb] = with }
	}
	for name, c := range map[string]struct {
		change  func(*mailServer)
		scheme  string
		user    string
		refused bool
		want    string
	}{
		"unknown receiver":   {answer("RCPT", "550 5.1.1 <planted@example.org> unknown"), "smtp", "", true, "550 to the receiver"},
		"greylisted":         {answer("RCPT", "451 4.7.1 <planted@example.org> later"), "smtp", "", false, "451 to the receiver"},
		"sender not allowed": {answer("MAIL", "553 5.7.1 planted"), "smtp", "", false, "553 to the sender"},
		"too large":          {answer("DATA", "552 planted"), "smtp", "", true, "552 to the message"},
		"wrong password":     {func(s *mailServer) { s.implicit, s.auth = true, "klar other" }, "smtps", "klar", false, "535"},
		"no sign-in":         {func(s *mailServer) { s.implicit = true }, "smtps", "klar", false, "no way to sign in"},
		"speaks no TLS":      {func(*mailServer) {}, "smtps", "", false, "mail server"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startMailServer(t, c.change)
			o := MailOptions{Server: c.scheme + "://" + s.address, From: "klar@example.org", Username: c.user, Roots: s.roots}
			if c.user != "" {
				o.Password = secret
			}
			err := sendTo(t, o)
			if err == nil || errors.Is(err, ErrRefused) != c.refused || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
				t.Errorf("the error is %v (refused: %v), want %q in it", err, errors.Is(err, ErrRefused), c.want)
			}
			if n := len(s.received()); n != 0 {
				t.Errorf("%d mails came", n)
			}
		})
	}
	m, err := NewMail(MailOptions{Server: "smtp://127.0.0.1:1", From: "klar@example.org"})
	if err != nil || m.Try(t.Context()) == nil {
		t.Errorf("where nobody listens the server is tried with success, %v", err)
	}
	err = sendTo(t, MailOptions{Server: "smtp://127.0.0.1:1", From: "klar@example.org"})
	if err == nil || !strings.Contains(err.Error(), "cannot be reached") || errors.Is(err, ErrRefused) {
		t.Errorf("where nobody listens the error is %v", err)
	}
	stranger := startMailServer(t, func(s *mailServer) { s.implicit = true })
	err = sendTo(t, MailOptions{Server: "smtps://" + stranger.address, From: "klar@example.org"}) // signed by nobody known
	if err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("with an unknown certificate the error is %v", err)
	}
}

// TestMailIsBrokenOff ends the context while the server is silent, before and after the connection is there.
func TestMailIsBrokenOff(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"EHLO", "DATA"} {
		s := startMailServer(t, func(s *mailServer) { s.silent = verb })
		m, err := NewMail(MailOptions{Server: "smtp://" + s.address, From: "klar@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-s.asked; cancel() }()
		begun := time.Now()
		err = m.To(secret+"@example.org").Deliver(ctx, told)
		if took := time.Since(begun); err == nil || errors.Is(err, ErrRefused) || strings.Contains(err.Error(), secret) || took > mailTimeout/2 {
			t.Errorf("silent after %s: %v after %v", verb, err, took)
		}
	}
}

// TestMailMustBeSecret wants STARTTLS of servers that are not on this machine, and no password without it.
func TestMailMustBeSecret(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		starttls bool
		want     string // of the error; empty: the mail arrives
	}{
		"offered": {true, ""}, "not offered": {false, "does not offer STARTTLS"},
	} {
		s := startMailServer(t, func(s *mailServer) { s.starttls, s.auth = c.starttls, "klar "+secret })
		m, err := NewMail(MailOptions{Server: "smtp://mail.example", From: "klar@example.org", Username: "klar", Password: secret, Roots: s.roots})
		if err != nil {
			t.Fatal(err)
		}
		m.dial = dialling(s.address)
		err = m.To("ada@example.org").Deliver(t.Context(), told)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) || len(s.received()) > 0 {
				t.Errorf("%s: %v, %d mails", name, err, len(s.received()))
			}
			continue
		}
		if mails := s.received(); err != nil || len(mails) != 1 || !mails[0].secure || mails[0].signedIn != "klar "+secret {
			t.Errorf("%s: %v, %d mails", name, err, len(mails))
		}
	}
	for text, o := range map[string]MailOptions{
		"without TLS":           {Server: "smtp+plain://mail.example", From: "klar@example.org", Username: "klar", Password: secret},
		"go together":           {Server: "smtps://mail.example", From: "klar@example.org", Username: "klar"},
		"no mail address":       {Server: "smtps://mail.example", From: "klar"},
		"without a name":        {Server: "smtps://klar:" + secret + "@mail.example", From: "klar@example.org"},
		"neither smtps, smtp":   {Server: "http://mail.example", From: "klar@example.org"},
		"is no URL such as smt": {Server: "mail.example:25", From: "klar@example.org"},
	} {
		if _, err := NewMail(o); err == nil || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), secret) {
			t.Errorf("the error is %v, want %q", err, text)
		}
	}
	for address, ok := range map[string]bool{"ada@example.org": true, "Ada <ada@example.org>": false, "ada": false, "": false, "a@b, c@d": false} {
		if got := CheckAddress(address) == nil; got != ok {
			t.Errorf("%q is taken for an address: %v", address, got)
		}
	}
}
