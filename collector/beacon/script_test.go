package beacon_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"testing"
)

// TestTrackerIsSmall wants the script that make built to be served, under 1,000 bytes packed, and not again to who has it.
func TestTrackerIsSmall(t *testing.T) {
	t.Parallel()
	h := start(t, &fake{})
	w := ask(h, "GET", "/js/script.js", "", "Accept-Encoding: gzip, br")
	if w.Code == http.StatusNotFound {
		t.Skip("the tracker is not built: make build does it")
	}
	if n := w.Body.Len(); n >= 1000 || w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Cache-Control") == "" {
		t.Errorf("answered %d with %d bytes and %v", w.Code, n, w.Header())
	}
	tag := w.Header().Get("ETag")
	unpacked, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	script, err := io.ReadAll(unpacked)
	if plain := ask(h, "GET", "/js/script.js", ""); err != nil || plain.Body.String() != string(script) || plain.Header().Get("ETag") == tag {
		t.Errorf("packed it is another script, or has the same tag: %v", err)
	}
	if w := ask(h, "GET", "/js/script.js", "", "Accept-Encoding: gzip", "If-None-Match: "+tag); w.Code != http.StatusNotModified {
		t.Errorf("who has it is answered with %d", w.Code)
	}
}
