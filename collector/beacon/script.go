package beacon

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// dist holds what make built of the tracker's source in dashboards/web/tracker. It is empty, but for .gitkeep, in a checkout
// that was not built.
//
//go:embed all:dist
var dist embed.FS

// Parts are what may be added to the tracker, by name: /js/script.outbound-links.404.js is the tracker with two of them.
var Parts = []string{"404", "file-downloads", "form-submissions", "outbound-links", "tagged-events"}

// Errors of [NewScript].
var (
	ErrPart     = errors.New("the tracker has no such part")
	ErrNotBuilt = errors.New("the tracker is not in this binary: it was built with go build alone; run make")
)

// Script is the tracker with some of its parts.
type Script struct {
	// Path is where the handler serves it.
	Path string
	// Text is the script, and Packed the same by gzip.
	Text, Packed []byte
	// Integrity is the attribute that lets a browser run this very script only (Subresource Integrity, W3C).
	Integrity string
}

// NewScript puts the tracker and some of [Parts] together. The order and repetitions do not matter.
func NewScript(parts ...string) (*Script, error) {
	text, err := dist.ReadFile("dist/script.js")
	if err != nil {
		return nil, ErrNotBuilt
	}
	path := "/js/script"
	for _, part := range chosen(parts) {
		if !slices.Contains(Parts, part) {
			return nil, ErrPart
		}
		more, err := dist.ReadFile("dist/" + part + ".js")
		if err != nil {
			return nil, ErrNotBuilt
		}
		path += "." + part
		text = append(text, more...)
	}
	sum := sha512.Sum384(text)
	return &Script{Path: path + ".js", Text: text, Packed: pack(text), Integrity: "sha384-" + base64.StdEncoding.EncodeToString(sum[:])}, nil
}

// chosen returns parts in order, each once.
func chosen(parts []string) []string {
	parts = slices.Clone(parts)
	slices.Sort(parts)
	return slices.Compact(parts)
}

// scripts serves the tracker in all its variants, of which there are 2 to the power of the number of parts.
type scripts struct {
	mu   sync.Mutex
	made map[string]*Script
}

// ServeHTTP answers GET /js/{name}. Caches keep a script for a day; after that they ask whether it is still the same.
func (s *scripts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	script, err := s.named(r.PathValue("name"))
	if err != nil {
		refuse(w, http.StatusNotFound, err.Error())
		return
	}
	sum := sha256.Sum256(script.Text)
	tag := base64.RawURLEncoding.EncodeToString(sum[:12])
	header := w.Header()
	header["Cross-Origin-Resource-Policy"] = crossOrigin
	header.Set("Content-Type", "text/javascript; charset=utf-8")
	header.Set("Cache-Control", "public, max-age=86400")
	header.Set("Vary", "Accept-Encoding")
	body := script.Text
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		body, tag = script.Packed, tag+"-gz"
	}
	header.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// named returns the script with a file name such as script.404.js.
func (s *scripts) named(name string) (*Script, error) {
	name, isScript := strings.CutSuffix(name, ".js")
	first, rest, _ := strings.Cut(name, ".")
	if !isScript || first != "script" {
		return nil, ErrPart
	}
	var parts []string
	if rest != "" {
		parts = chosen(strings.Split(rest, "."))
	}
	key := strings.Join(parts, ".")
	s.mu.Lock()
	defer s.mu.Unlock()
	if made := s.made[key]; made != nil {
		return made, nil
	}
	script, err := NewScript(parts...)
	if err == nil {
		s.made[key] = script
	}
	return script, err
}

func pack(b []byte) []byte {
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	_, _ = zip.Write(b) // a buffer takes everything
	_ = zip.Close()
	return packed.Bytes()
}
