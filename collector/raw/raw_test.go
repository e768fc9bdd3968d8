package raw

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// secret stands in every field that could name a person.
const secret = "203.0.113.77"

func planted() Hit {
	h := New()
	f := h.Fields()
	b := []byte(secret)
	f.Addr, f.Forwarded, f.Host, f.Target, f.Referrer, f.UserAgent, f.Language = b, b, b, b, b, b, b
	return h
}

// TestPrintingShowsNothing nests a hit where Format and LogValue are not called, as a careless log line would.
func TestPrintingShowsNothing(t *testing.T) {
	h := planted()
	type inner struct{ h Hit }
	type outer struct {
		in  inner
		ptr *inner
		any any
	}
	o := outer{in: inner{h}, ptr: &inner{h}, any: h}
	for _, v := range []any{h, &h, o, &o, []Hit{h}, map[string]Hit{"x": h}, *h.Fields(), []any{o}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			hides(t, verb, fmt.Sprintf(verb, v))
		}
		j, err := json.Marshal(v)
		if err != nil {
			continue // a type that does not encode shows nothing
		}
		hides(t, "json", string(j))
		for _, handler := range []func(*bytes.Buffer) slog.Handler{
			func(w *bytes.Buffer) slog.Handler { return slog.NewTextHandler(w, nil) },
			func(w *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(w, nil) },
		} {
			var w bytes.Buffer
			slog.New(handler(&w)).Info("x", "v", v)
			hides(t, "slog", w.String())
		}
	}
}

func hides(t *testing.T, how, printed string) {
	t.Helper()
	numbers := strings.Trim(fmt.Sprint([]byte(secret)), "[]")
	for _, form := range []string{secret, fmt.Sprintf("%x", secret), numbers, fmt.Sprintf("%#v", []byte(secret))[7:30]} {
		if strings.Contains(printed, form) {
			t.Errorf("printing with %s shows the hit", how)
		}
	}
}

func TestClearKeepsTheSiteOnly(t *testing.T) {
	h := planted()
	h.Fields().Site = "example.org"
	h.Clear()
	if f := h.Fields(); f.Addr != nil || f.UserAgent != nil || f.Site != "example.org" {
		t.Error("Clear left parts of the hit, or forgot its site")
	}
}
