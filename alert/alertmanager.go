package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/klar-analytics/klar/report"
)

const (
	// alertmanagerTimeout bounds one delivery.
	alertmanagerTimeout = 5 * time.Second
	// renew is after what time Alertmanager is told again of what is firing, and lease how long it believes that.
	renew = time.Minute
	lease = 5 * time.Minute
)

// sending is what Alertmanager knows of an alert.
type sending uint8

const (
	unsent sending = iota
	sentFiring
	sentResolved
)

// Alertmanager is one that speaks the API v2.
type Alertmanager struct {
	at, url string
	client  http.Client
}

// NewAlertmanager returns the Alertmanager at an address such as http://127.0.0.1:9093. Its errors never show the address.
func NewAlertmanager(address string) (*Alertmanager, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, errors.New("the address must begin with http:// or https:// and name a host")
	}
	return &Alertmanager{address, strings.TrimSuffix(u.String(), "/") + "/api/v2/alerts", http.Client{
		Timeout:       alertmanagerTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// posted is an alert as Alertmanager's API v2 takes it.
type posted struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

// send delivers alerts.
func (a *Alertmanager) send(ctx context.Context, alerts []posted) error {
	body, err := json.Marshal(alerts)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(body))
	if err != nil {
		return errors.New("the Alertmanager's address cannot be used")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Klar")
	answer, err := a.client.Do(r)
	if err != nil {
		return errors.New("the Alertmanager cannot be reached")
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
	_ = answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("the Alertmanager answers with status %d", answer.StatusCode)
	}
	return nil
}

// post writes an alert for Alertmanager, which believes until ends that it fires.
func post(a *report.Alert, base string, ends time.Time) posted {
	p := posted{
		Labels: map[string]string{"alertname": a.Rule, "site": a.Site, "severity": a.Severity, "source": "klar"},
		Annotations: map[string]string{
			"summary": fmt.Sprintf("%s: %s on %s", a.Rule, inEnglish.subject(a), a.Site), "description": a.Description, "times": strconv.Itoa(a.Times),
		},
		StartsAt: a.Start, EndsAt: ends, GeneratorURL: base + a.Link,
	}
	maps.Copy(p.Labels, a.Labels)
	if a.Net != "" {
		p.Labels["net"] = a.Net
	}
	if a.Finding != "" {
		p.Annotations["finding"] = a.Finding
	}
	if f := a.Figures; f != nil {
		p.Labels["series"] = f.Series
		p.Annotations["value"], p.Annotations["expected"] = figure(f.Value), figure(f.Low)+" to "+figure(f.High)
	}
	return p
}

// pending returns what Alertmanager is to be told now: all that fires, and what is over and was not told yet. What was over
// before Alertmanager knew of it is told as firing first, for of what never fired it tells nobody. sent notes that it was
// told.
func (b *Board) pending(now time.Time, base string) (alerts []posted, sent func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.know(now)
	b.news = false
	next := map[*entry]sending{}
	for _, a := range b.firing() {
		if !a.Late && !a.Silenced {
			alerts = append(alerts, post(&a.Alert, base, now.Add(lease)))
			next[a] = sentFiring
		}
	}
	for _, a := range b.history {
		switch {
		case a.Late || a.Silenced || a.Sent == sentResolved:
		case a.Sent == unsent, now.Sub(a.SentAt) < lease/2:
			alerts = append(alerts, post(&a.Alert, base, now.Add(lease)))
			next[a] = sentFiring
		default:
			alerts = append(alerts, post(&a.Alert, base, now))
			next[a] = sentResolved
		}
	}
	return alerts, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for a, s := range next {
			if a.Sent == unsent {
				a.SentAt = now
			}
			a.Sent = s
		}
		b.changed = true
	}
}
