package alert

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// manager is an Alertmanager that notes what it is told.
type manager struct {
	away  bool
	posts [][]posted
}

func (m *manager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var alerts []posted
	if err := json.NewDecoder(r.Body).Decode(&alerts); err != nil || r.URL.Path != "/am/api/v2/alerts" || m.away {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	m.posts = append(m.posts, alerts)
}

func TestAlertmanagerIsToldUntilItKnows(t *testing.T) {
	m := &manager{}
	server := httptest.NewServer(m)
	defer server.Close()
	b := NewBoard(nil, nil)
	now := noon
	c := courier(t, b, nil, func() time.Time { return now })
	told := server.URL + "/am/"
	c.Alertmanager = func() string { return told }
	at := func(seconds int, want ...string) {
		t.Helper()
		now, m.posts = noon.Add(time.Duration(seconds)*time.Second), nil
		c.step(t.Context())
		c.tell(t.Context())
		var got []string
		for _, post := range m.posts {
			for _, a := range post {
				state := "firing"
				if !a.EndsAt.After(now) {
					state = "resolved"
				}
				got = append(got, a.Labels["net"]+" "+state)
				if a.Labels["alertname"] != "klar/http-scan" || a.Labels["site"] != "example.org" || !a.StartsAt.Before(a.EndsAt) || !strings.HasPrefix(a.GeneratorURL, "https://klar.example.org/") {
					t.Errorf("second %d: %+v", seconds, a)
				}
			}
		}
		slices.Sort(got)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("second %d: %q, want %q", seconds, got, want)
		}
	}
	at(0)
	b.Raise(scan("192.0.2.0/24", noon))
	if alerts, _ := b.pending(noon, ""); len(alerts) != 1 { // also before step has looked at it
		t.Errorf("%d alerts are to be told, want 1", len(alerts))
	}
	b.news = true
	at(3, "192.0.2.0/24 firing")
	at(30)
	at(63, "192.0.2.0/24 firing") // renewed
	m.away = true
	b.Raise(scan("198.51.100.0/24", noon.Add(70*time.Second)))
	at(71)
	at(75) // it waits before it tries again
	at(1000)
	at(7200) // both are over by now
	m.away = false
	at(7300, "192.0.2.0/24 resolved", "198.51.100.0/24 firing")
	at(7360, "198.51.100.0/24 firing")
	at(7500, "198.51.100.0/24 resolved")
	at(7600)
	b.Raise(scan("203.0.113.0/24", noon.Add(7601*time.Second)))
	at(7602, "203.0.113.0/24 firing")
	other := httptest.NewServer(m)
	defer other.Close()
	told = other.URL + "/am"
	at(7603, "203.0.113.0/24 firing") // the new one at once
	told = ""
	at(7700)
}

func TestAnAddressOfAlertmanagerIsChecked(t *testing.T) {
	for _, bad := range []string{"", "127.0.0.1:9093", "ftp://x", "http://", "http://user:secret@host:port"} {
		if _, err := NewAlertmanager(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
