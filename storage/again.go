package storage

import (
	"errors"
	"io"
	"net/http"
	"syscall"
)

// askAgain sends a statement again whose connection broke before the answer came, as all do when the embedded engine dies.
// Dial then waits for the next engine. That is safe because every statement of this package either only reads or does
// nothing the second time. Blocks of rows are left to the shipper.
type askAgain struct{ next http.RoundTripper }

// attempts bound how often a statement is sent: one that kills the engine must not do so for ever.
const attempts = 3

// RoundTrip sends the statement.
func (a askAgain) RoundTrip(r *http.Request) (*http.Response, error) {
	for n := 1; ; n++ {
		response, err := a.next.RoundTrip(r)
		if err == nil || n == attempts || !broken(err) || r.Context().Err() != nil {
			return response, err
		}
		if r.GetBody == nil || r.URL.Query().Has("query") { // the body is rows, not the statement
			return nil, err
		}
		body, again := r.GetBody()
		if again != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = body
	}
}

// broken reports whether the other side went away in the middle.
func broken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
