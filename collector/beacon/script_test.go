package beacon_test

import (
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/klar-analytics/klar/collector/beacon"
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

// TestTrackerWithParts wants parts to be added in any order, unknown ones to be refused, and the hash to be that of the script.
func TestTrackerWithParts(t *testing.T) {
	t.Parallel()
	script, err := beacon.NewScript("outbound-links", "404")
	if errors.Is(err, beacon.ErrNotBuilt) {
		t.Skip("the tracker is not built: make build does it")
	}
	if err != nil || script.Path != "/js/script.404.outbound-links.js" {
		t.Fatalf("made %q: %v", script.Path, err)
	}
	h := start(t, &fake{})
	for target, want := range map[string]int{
		script.Path: 200, "/js/script.outbound-links.404.404.js": 200, "/js/script.unknown.js": 404, "/js/other.js": 404, "/js/": 405,
	} {
		w := ask(h, "GET", target, "")
		if w.Code != want {
			t.Errorf("%s is answered with %d, want %d", target, w.Code, want)
		}
		sum := sha512.Sum384(w.Body.Bytes())
		if same := script.Integrity == "sha384-"+base64.StdEncoding.EncodeToString(sum[:]); same != (want == 200) {
			t.Errorf("%s: the hash fits: %v", target, same)
		}
	}
	all, err := beacon.NewScript(beacon.Parts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes packed, with all parts %d", len(must(t).Packed), len(all.Packed))
}

// must returns the tracker alone.
func must(t *testing.T) *beacon.Script {
	t.Helper()
	s, err := beacon.NewScript()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
