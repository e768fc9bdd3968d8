package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

// hook serves one answer and returns a webhook to it, and what it was sent.
func hook(t *testing.T, format Format, answer http.HandlerFunc) (r Receiver, header *http.Header, body *string) {
	t.Helper()
	header, body = new(http.Header), new(string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*header, *body = r.Header, string(b)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	r, err := NewWebhook(WebhookOptions{Name: "ops", URL: s.URL + "/" + secret + "?token=" + secret, Secret: "key", Format: format, Now: at(noon)})
	if err != nil {
		t.Fatal(err)
	}
	return r, header, body
}

func TestWebhookSigns(t *testing.T) {
	t.Parallel()
	r, header, body := hook(t, FormatJSON, func(http.ResponseWriter, *http.Request) {})
	m := Message{ID: "alert/ä\n1", About: "alert", Title: "T", Text: "x <b>", Link: "https://k/", HTML: "<p>", Time: noon, Payload: json.RawMessage(`{"visitors":3}`)}
	if err := r.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	const want = `{"id":"alert/ä\n1","about":"alert","title":"T","text":"x \u003cb\u003e","link":"https://k/","time":"2026-11-23T12:00:00Z","data":{"visitors":3}}`
	if *body != want {
		t.Errorf("the body is %s", *body)
	}
	// printf '1795435200.%s' "$body" | openssl dgst -sha256 -hmac key
	const signature = "v1=f015097560556f4730cd8e8b13e5e7da91d16837b24ea34a87dc6ee57e087542"
	if got := header.Get(SignatureHeader); got != signature {
		t.Errorf("the signature is %s", got)
	}
	for name, want := range map[string]string{TimestampHeader: "1795435200", IDHeader: "alert/??1", "Content-Type": "application/json"} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestWebhookOfSlackCallsNobody(t *testing.T) {
	t.Parallel()
	r, header, body := hook(t, FormatSlack, func(http.ResponseWriter, *http.Request) {})
	if err := r.Deliver(t.Context(), Message{ID: "1", Title: "<!channel>", Text: "a & b\n", Link: "https://k/"}); err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal([]byte(*body), &got); err != nil || len(got) != 1 || got["text"] != "*&lt;!channel&gt;*\na &amp; b\nhttps://k/" {
		t.Errorf("the body is %s, %v", *body, err)
	}
	if header.Get(SignatureHeader) != "" {
		t.Error("Slack is sent a signature")
	}
}

// TestWebhookFails wants failures told apart, no redirect followed, and no part of the URL or the answer in an error.
func TestWebhookFails(t *testing.T) {
	t.Parallel()
	for code, refused := range map[int]bool{301: true, 307: true, 400: true, 404: true, 410: true, 408: false, 429: false, 500: false, 503: false} {
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Errorf("the redirect %d is followed", code) }))
		r, _, _ := hook(t, FormatJSON, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", other.URL)
			w.WriteHeader(code)
			_, _ = io.WriteString(w, secret)
		})
		err := r.Deliver(t.Context(), told)
		if err == nil || errors.Is(err, ErrRefused) != refused || strings.Contains(err.Error(), secret) {
			t.Errorf("status %d gives %v, refused for good: %v", code, err, errors.Is(err, ErrRefused))
		}
		other.Close()
	}
	// An answer without end is not read to its end.
	r, _, _ := hook(t, FormatJSON, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 4096)); err != nil {
				return
			}
		}
	})
	if err := r.Deliver(t.Context(), told); err != nil {
		t.Error(err)
	}
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if err := r.Deliver(late, told); err == nil || err.Error() != "the webhook does not answer in time" {
		t.Errorf("too late the error is %v", err)
	}
	for url, want := range map[string]string{
		"http://127.0.0.1:1/" + secret: "cannot be reached", "http://" + secret + ".invalid/": "the webhook",
	} {
		r, err := NewWebhook(WebhookOptions{Name: "ops", URL: url, Format: FormatJSON, Now: at(noon)})
		if err != nil {
			t.Fatal(err)
		}
		if err = r.Deliver(t.Context(), told); err == nil || errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Errorf("the error is %v, want %q in it", err, want)
		}
	}
	for _, url := range []string{"", "ftp://" + secret, "file:///" + secret, "http://", "https://%zz" + secret} {
		if _, err := NewWebhook(WebhookOptions{URL: url, Format: FormatJSON}); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("a URL that cannot be used gives %v", err)
		}
	}
}
