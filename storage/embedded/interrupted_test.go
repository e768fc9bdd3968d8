package embedded_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"testing"
)

// broken gives some bytes and then fails, as a client that dies in the middle of its rows.
type broken struct{ start io.Reader }

func (b broken) Read(p []byte) (int, error) {
	if n, err := b.start.Read(p); err == nil {
		return n, nil
	}
	return 0, errors.New("the client dies")
}

// TestInterruptedInsert holds that a block which did not come whole is not stored, and that sending it again with
// its token stores it.
func TestInterruptedInsert(t *testing.T) {
	e := open(t, options(t, t.TempDir()))
	conn := client(t, e)
	execute(t, conn, createHits)
	whole := block(0, 5000)
	target := "http://engine/?insert_deduplication_token=cut&query=" + url.QueryEscape("INSERT INTO hits FORMAT Native")
	for _, size := range []int{0, 1, len(whole) / 2, len(whole) - 1} {
		if response, err := httpClient(t, e).Post(target, "", broken{bytes.NewReader(whole[:size])}); err == nil {
			_ = response.Body.Close()
			t.Fatalf("a client that died after %d bytes got an answer", size)
		}
	}
	until(t, "the interrupted inserts end", func() bool { return count(t, conn, "SELECT count() FROM system.processes") == 1 })
	if n := count(t, conn, "SELECT count() FROM hits"); n != 0 {
		t.Errorf("%d rows of an interrupted block are stored", n)
	}
	response, err := httpClient(t, e).Post(target, "", bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if n := count(t, conn, "SELECT count() FROM hits"); response.StatusCode != http.StatusOK || n != 5000 {
		t.Errorf("sent again: status %d, %d rows, want 5000", response.StatusCode, n)
	}
}

// TestCloseDrains holds that Close lets a running statement end.
func TestCloseDrains(t *testing.T) {
	e := open(t, options(t, t.TempDir()))
	conn := client(t, e)
	answer := make(chan error)
	go func() {
		var slept uint8
		answer <- conn.QueryRow(t.Context(), "SELECT sleep(0.7)").Scan(&slept)
	}()
	until(t, "the statement runs", func() bool {
		return count(t, conn, "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep%'") == 1
	})
	e.Close()
	if err := <-answer; err != nil {
		t.Errorf("the running statement was cut off: %v", err)
	}
}
