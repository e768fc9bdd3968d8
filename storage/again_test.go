package storage

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

// breaking breaks the first connections, and notes what it was asked.
type breaking struct {
	times int
	err   error
	asked []string
}

func (b *breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if b.asked = append(b.asked, string(body)); len(b.asked) <= b.times {
		return nil, b.err
	}
	return &http.Response{StatusCode: http.StatusOK}, nil
}

func TestAskAgain(t *testing.T) {
	for _, c := range []struct {
		name, address string
		err           error
		times, asked  int
	}{
		{"a connection that breaks twice", "http://engine/", io.EOF, 2, 3},
		{"one that breaks for ever", "http://engine/", syscall.ECONNRESET, 9, attempts},
		{"another error", "http://engine/", errors.New("refused"), 1, 1},
		{"a block of rows", "http://engine/?query=INSERT", syscall.EPIPE, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &breaking{times: c.times, err: c.err}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.address, strings.NewReader("SELECT 1"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = askAgain{b}.RoundTrip(r)
			if len(b.asked) != c.asked || (err == nil) != (c.times < c.asked) {
				t.Errorf("asked %d times with the result %v, want %d times", len(b.asked), err, c.asked)
			}
			for _, body := range b.asked {
				if body != "SELECT 1" {
					t.Errorf("asked %q", body)
				}
			}
		})
	}
}
