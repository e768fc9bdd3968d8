package threat_test

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/anonymize/threat"
	"github.com/klar-analytics/klar/hit"
)

// TestFirstLooks holds that the first looks, which are cheap, call nothing harmless in which the long looks find an attack:
// in all attacks and ordinary values of the tests, as they are, in capitals and encoded.
func TestFirstLooks(t *testing.T) {
	found := 0
	for _, p := range slices.Concat(httpParams(t), own(t), ordinary(t)) {
		for _, value := range []string{p.value, strings.ToUpper(p.value), url.QueryEscape(p.value), url.PathEscape(p.value)} {
			for part := range strings.SplitSeq(value, "&") {
				for _, query := range []string{part, "a=" + part} {
					if f := threat.LongParameter([]byte(query)); f.Threat != hit.ThreatNone {
						if found++; !threat.OddQuery([]byte(query)) {
							t.Errorf("%s in %.100s", f.Threat, query)
						}
					}
				}
			}
			if f := threat.LongHeader([]byte("https://example.org/?q=" + value)); f.Certain && !threat.OddHeader([]byte("https://example.org/?q="+value)) {
				t.Errorf("%s in the referrer %.100s", f.Threat, value)
			}
			path := []byte("/" + value)
			if f := threat.LongPath(path); f.Threat != hit.ThreatNone && !threat.OddPath(path) {
				t.Errorf("%s in the path %.100s", f.Threat, path)
			}
		}
	}
	if found < 10_000 {
		t.Errorf("%d attacks were found", found)
	}
	t.Logf("%d attacks", found)
}

// TestFirstLookAtPaths holds the same of all paths of the logs, and of all that are known.
func TestFirstLookAtPaths(t *testing.T) {
	logs, err := filepath.Glob(data + "logs/crowdsec/*.log")
	if err != nil || len(logs) == 0 {
		t.Fatalf("%d logs, %v", len(logs), err)
	}
	var paths [][]byte
	for _, log := range append(logs, data+"logs/apache-combined-10k.log") {
		for _, r := range requests(t, log) {
			paths = append(paths, r.path)
		}
	}
	for _, known := range []string{"known.go", "exploit.go"} { // all words of the tables
		text, err := os.ReadFile(known)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range bytes.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" \t\n\"`,()", c) }) {
			word = bytes.TrimLeft(word, "*/")
			for _, path := range []string{"/" + string(word), "/a/" + string(word), "/" + string(word) + "/b", "/name" + string(word)} {
				paths = append(paths, []byte(path), []byte(strings.ToUpper(path)))
			}
		}
	}
	found := 0
	for _, path := range paths {
		if len(path) < 3 || len(path) > 512 {
			continue
		}
		if f := threat.LongPath(path); f.Threat != hit.ThreatNone {
			if found++; !threat.OddPath(path) {
				t.Errorf("%s: %s", f.Threat, path)
			}
		}
	}
	if found < 1000 {
		t.Errorf("%d paths of %d are known", found, len(paths))
	}
	t.Logf("%d paths of %d", found, len(paths))
}
