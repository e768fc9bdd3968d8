package dashboards

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/klar-analytics/klar/report"
)

// rowed answers with so many rows, by which an answer is short or long.
func rowed(rows int) Options {
	return Options{Reports: &reports{sites: twoSites(), answer: func(_ context.Context, q report.Query) (report.Result, error) {
		r := report.Result{Query: q, Table: "hits"}
		for i := range rows {
			r.Rows = append(r.Rows, report.Row{Dimensions: []string{"/page/" + strconv.Itoa(i)}, Metrics: []any{int64(i)}})
		}
		return r, nil
	}}}
}

// TestCompressed has long answers compressed as the asker takes them, and the same in all ways.
func TestCompressed(t *testing.T) {
	const pages = `{"site_id":"example.org","metrics":["visitors"],"dimensions":["event:page"],"date_range":["2015-05-17","2015-05-20"]}`
	for _, c := range []struct{ name, query, accept, coding string }{
		{"gzip", "", "gzip, deflate, br", "gzip"},
		{"zstd", "", "gzip, deflate, br, zstd", "zstd"},
		{"as a file", "?format=json", "gzip", "gzip"},
		{"none", "", "", ""},
		{"refused", "", "gzip;q=0, br", ""},
	} {
		plain := ask(New(rowed(300)), "POST", "/api/v2/query"+c.query, pages)
		r := httptest.NewRequest("POST", "/api/v2/query"+c.query, strings.NewReader(pages))
		r.Header.Set("Accept-Encoding", c.accept)
		w := answered(New(rowed(300)), r)
		body, sent := unpacked(t, w), w.Result().ContentLength
		if got := w.Header().Get("Content-Encoding"); w.Code != http.StatusOK || got != c.coding || body != plain.Body.String() {
			t.Errorf("%s: status %d, coding %q with %d bytes; want %q with the %d bytes of the plain answer", c.name, w.Code, got, len(body), c.coding, plain.Body.Len())
		}
		if got := w.Header().Get("Vary"); got != "Accept-Encoding" || sent >= 0 && c.coding != "" {
			t.Errorf("%s: Vary is %q and the length is said to be %d", c.name, got, sent)
		}
	}
}

// unpacked returns an answer's body without its coding, and requires that a coding made it shorter.
func unpacked(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var in io.Reader = w.Body
	var err error
	length := w.Body.Len()
	switch w.Header().Get("Content-Encoding") {
	case "gzip":
		in, err = gzip.NewReader(in)
	case "zstd":
		in, err = zstd.NewReader(in)
	default:
		length = -1
	}
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(in)
	if err != nil || length >= len(body) {
		t.Fatalf("%d bytes became %d, %v", len(body), length, err)
	}
	return string(body)
}

// TestNotCompressed is what is short, a stream, packed already, or tells a secret.
func TestNotCompressed(t *testing.T) {
	d := described(t)
	options := everything()
	secrets := 0
	for _, e := range (&handler{Options: options}).endpoints() {
		method := strings.ToLower(e.method)
		r := as("ada", d.example(method, e.path, d.at("paths", e.path, method)))
		r.Header.Set("Accept-Encoding", "gzip, zstd")
		options.Accounts = someAccounts(t)
		w := answered(New(options), r)
		body := unpacked(t, w)
		if coding := w.Header().Get("Content-Encoding"); coding != "" && (len(body) < 1000 || e.route == "tail") {
			t.Errorf("%s %s: %d bytes are compressed", e.method, e.path, len(body))
		}
		if strings.Contains(body, `"secret":"`) || strings.Contains(body, `"pass":"`) {
			secrets++
			if w.Header().Get("Vary") != "" {
				t.Errorf("%s %s tells a secret, and would be compressed if it were longer", e.method, e.path)
			}
		}
	}
	if secrets < 3 {
		t.Errorf("only %d answers with secrets were seen", secrets)
	}
	r := httptest.NewRequest("POST", "/api/v2/query?format=parquet", strings.NewReader(visitors))
	r.Header.Set("Accept-Encoding", "gzip")
	if w := answered(New(Options{Reports: parquet{&reports{sites: twoSites()}}}), r); w.Header().Get("Content-Encoding") != "" || w.Body.Len() != 5000 {
		t.Errorf("a file of Parquet has the coding %q and %d bytes", w.Header().Get("Content-Encoding"), w.Body.Len())
	}
}

// parquet is a store whose files are long.
type parquet struct{ *reports }

func (parquet) Export(_ context.Context, w io.Writer, _ report.Query, _ report.Format) error {
	_, err := io.WriteString(w, strings.Repeat("PAR1 ", 1000))
	return err
}
