package dashboards

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// maxBody bounds what a change is asked with, in bytes.
const maxBody = 64 << 10

// jsonBody returns the body of a change, or answers why it cannot be one. Other types of content are refused: pages of
// other origins can send those without asking.
func jsonBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		writeError(w, http.StatusUnsupportedMediaType, "this address takes application/json")
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		writeError(w, http.StatusRequestEntityTooLarge, "that is longer than "+strconv.Itoa(maxBody)+" bytes")
		return nil, false
	}
	if err != nil || !json.Valid(body) {
		writeError(w, http.StatusBadRequest, "that is not JSON, or did not arrive whole")
		return nil, false
	}
	return body, true
}

// readBody reads a JSON object into v, or answers why it cannot.
func readBody(w http.ResponseWriter, r *http.Request, v any) bool {
	body, ok := jsonBody(w, r)
	if !ok {
		return false
	}
	in := json.NewDecoder(bytes.NewReader(body))
	in.DisallowUnknownFields()
	if err := in.Decode(v); err != nil {
		writeError(w, http.StatusBadRequest, "that is not what this address takes; docs/api.md describes it") // the decoder's words could be of a password
		return false
	}
	return true
}
