package main

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/digest"
	"github.com/klar-analytics/klar/notify"
)

// passwordVariable is the variable of the environment that holds the password of the mail account.
const passwordVariable = "KLAR_MAIL_PASSWORD"

// reportHour is the hour of a site's day at which reports are sent if nothing else is said.
const reportHour = 7

// receivers are the mail account and the webhooks of the configuration.
type receivers struct {
	mail     *notify.Mail // nil: there is none
	webhooks map[string]notify.Receiver
}

// find returns the receiver that a mail address or the name of a webhook means.
func (r receivers) find(name string) (notify.Receiver, bool) {
	if hook, ok := r.webhooks[name]; ok {
		return hook, true
	}
	if r.mail == nil || notify.CheckAddress(name) != nil {
		return notify.Receiver{}, false
	}
	return r.mail.To(name), true
}

func (c *config) checkMail() error {
	m := c.Mail
	if m.SMTP == "" {
		if m.From != "" || m.Username != "" || m.PasswordFile != "" {
			return c.fail("mail", "has no smtp: the server that mails are given to, such as smtps://mail.example.org")
		}
		return nil
	}
	if m.Username == "" && m.PasswordFile != "" {
		return c.fail("mail.password_file", "stands without mail.username")
	}
	_, err := notify.NewMail(c.mailOptions(m.Username)) // any password
	if err != nil {
		return c.fail("mail", "%w", err)
	}
	return nil
}

func (c *config) mailOptions(password string) notify.MailOptions {
	return notify.MailOptions{Server: c.Mail.SMTP, From: c.Mail.From, Username: c.Mail.Username, Password: password}
}

// webhookName is what can stand in a list of receivers and in the log, and is no mail address.
var webhookName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (c *config) checkWebhooks() error {
	names := map[string]bool{}
	for i, w := range c.Webhooks {
		key := fmt.Sprintf("webhooks.%d", i)
		switch {
		case !webhookName.MatchString(w.Name):
			return c.fail(key+".name", "%q is not 1 to 64 letters, digits, - and _", w.Name)
		case names[w.Name]:
			return c.fail(key+".name", "there are two webhooks %q", w.Name)
		case (w.URL == "") == (w.URLFile == ""):
			return c.fail(key, "needs either url or url_file")
		case w.SecretFile != "" && w.format() == notify.FormatSlack:
			return c.fail(key+".secret_file", "stands beside the format slack, which is not signed")
		}
		names[w.Name] = true
		address := w.URL
		if address == "" {
			address = "https://in.the.file/"
		}
		if _, err := notify.NewWebhook(notify.WebhookOptions{Name: w.Name, URL: address, Format: w.format()}); err != nil {
			return c.fail(key, "%w", err)
		}
	}
	return nil
}

func (w webhookConfig) format() notify.Format {
	if w.Format == "" {
		return notify.FormatJSON
	}
	return notify.Format(w.Format)
}

// checkReports checks who is told of each site. Its errors show no address.
func (c *config) checkReports() error {
	for i, s := range c.Sites {
		r, key := s.Reports, fmt.Sprintf("sites.%d.reports", i)
		for n, name := range r.receivers() {
			if err := c.checkReceiver(name); err != nil {
				return c.fail(key+r.place(n), "%w", err)
			}
		}
		for name, language := range r.Languages {
			if !slices.Contains(r.receivers(), name) {
				return c.fail(key+".languages", "names a receiver that stands in none of the lists")
			}
			if !knownLanguage(language) || language == "" {
				return c.fail(key+".languages", "%q is neither en nor de", language)
			}
		}
		switch {
		case !knownLanguage(r.Language):
			return c.fail(key+".language", "%q is neither en nor de", r.Language)
		case r.Hour != nil && (*r.Hour < 0 || *r.Hour > 23):
			return c.fail(key+".hour", "%d is not an hour from 0 to 23", *r.Hour)
		case r.Spike < 0:
			return c.fail(key+".spike", "%d is not a number of visitors from 1, or 0 for none", r.Spike)
		case len(r.Notices) == 0 && (r.Spike > 0 || r.Drop != nil):
			return c.fail(key, "says when notices are sent, but not to whom: name receivers in notices")
		}
	}
	return nil
}

func knownLanguage(l string) bool {
	return l == "" || l == string(digest.English) || l == string(digest.German)
}

// checkReceiver tells whether somebody can be told under a name.
func (c *config) checkReceiver(name string) error {
	if slices.ContainsFunc(c.Webhooks, func(w webhookConfig) bool { return w.Name == name }) {
		return nil
	}
	if !strings.Contains(name, "@") {
		return fmt.Errorf("%q is neither a mail address nor the name of a webhook", name)
	}
	if err := notify.CheckAddress(name); err != nil {
		return err
	}
	if c.Mail.SMTP == "" {
		return fmt.Errorf("is a mail address, and there is no mail.smtp")
	}
	return nil
}

// zero reports whether nothing is said.
func (r reportsConfig) zero() bool { return reflect.DeepEqual(r, reportsConfig{}) }

// receivers lists all who are told, as place names their places.
func (r reportsConfig) receivers() []string { return slices.Concat(r.Weekly, r.Monthly, r.Notices) }

func (r reportsConfig) place(n int) string {
	for _, list := range []struct {
		key   string
		names []string
	}{{"weekly", r.Weekly}, {"monthly", r.Monthly}, {"notices", r.Notices}} {
		if n < len(list.names) {
			return fmt.Sprintf(".%s.%d", list.key, n)
		}
		n -= len(list.names)
	}
	return ""
}

// openReceivers reads the secrets of the mail account and the webhooks. Its errors never show one.
func (c *config) openReceivers() (receivers, error) {
	r := receivers{webhooks: map[string]notify.Receiver{}}
	if c.Mail.SMTP != "" {
		password := os.Getenv(passwordVariable)
		if c.Mail.PasswordFile != "" {
			var err error
			if password, err = c.secret("mail.password_file", c.Mail.PasswordFile); err != nil {
				return r, err
			}
		}
		if c.Mail.Username == "" {
			password = ""
		} else if password == "" {
			return r, c.fail("mail.username", "has no password: name its file in mail.password_file, or set %s", passwordVariable)
		}
		var err error
		if r.mail, err = notify.NewMail(c.mailOptions(password)); err != nil {
			return r, c.fail("mail", "%w", err)
		}
	}
	for i, w := range c.Webhooks {
		key := fmt.Sprintf("webhooks.%d", i)
		o := notify.WebhookOptions{Name: w.Name, URL: w.URL, Format: w.format(), Now: time.Now}
		var err error
		if w.URLFile != "" {
			if o.URL, err = c.secret(key+".url_file", w.URLFile); err != nil {
				return r, err
			}
		}
		if w.SecretFile != "" {
			if o.Secret, err = c.secret(key+".secret_file", w.SecretFile); err != nil {
				return r, err
			}
		}
		if r.webhooks[w.Name], err = notify.NewWebhook(o); err != nil {
			return r, c.fail(key, "%w", err)
		}
	}
	return r, nil
}

// secret reads a file of one line that a key names.
func (c *config) secret(key, file string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", c.fail(key, "%w", err)
	}
	s := strings.TrimSpace(string(b))
	if s == "" || strings.ContainsAny(s, "\r\n") {
		return "", c.fail(key, "the file does not hold one line")
	}
	return s, nil
}
