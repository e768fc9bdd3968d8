package dashboards

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// raw sends bytes as they are, which no client would, and returns the answer's status, 0 for none, and its body.
func raw(t *testing.T, address, text string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(conn, text) // the server may have answered and hung up before it has all
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	b, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(b)
}

// listening serves what is made of options as Klar does.
func listening(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = NewServer(h)
	server.Start()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// TestTraversal asks for a file by other paths than its own, and for some that are none of the interface's.
func TestTraversal(t *testing.T) {
	files := newAssets(fstest.MapFS{"index.html": {Data: []byte("<title>Klar</title>")}, "assets/app.js": {Data: []byte("let klar")}, "secret": {Data: []byte("planted")}})
	address := listening(t, files)
	whole := listening(t, New(Options{Reports: &reports{sites: twoSites()}}))
	for _, path := range []string{
		"/../secret", "/assets/../../secret", "/%2e%2e/secret", "/assets/%2e%2e/%2e%2e/secret", "/..%2fsecret", "/assets/..%2f..%2fetc%2fpasswd", "/..%5c..%5csecret",
		`/..\..\secret`, "/%252e%252e/secret", "/.%00./secret", "/secret%00.js", "/assets/app.js/../../secret", "//etc/passwd", "///secret", "/./secret", "/assets//app.js",
		"/%c0%ae%c0%ae/secret", "/assets/app.js%00", "/.gitkeep", "/index.html", "/assets/", "/accounts.json", "/../accounts.json", "/settings/../accounts.json",
	} {
		for _, at := range []string{address, whole} {
			status, body := raw(t, at, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
			if status != http.StatusNotFound && status != http.StatusBadRequest && !(at == whole && status/100 == 3) || strings.Contains(body, "planted") {
				t.Errorf("%s: status %d, %.100s", path, status, body)
			}
		}
	}
}

// TestMalformed sends what is no HTTP, or means two things at once. None may be answered as if it were a question.
func TestMalformed(t *testing.T) {
	address := listening(t, New(everything()))
	const line, host = "POST /api/v2/query HTTP/1.1\r\n", "Host: localhost\r\n"
	length := "Content-Length: " + strconv.Itoa(len(visitors)) + "\r\n"
	if status, _ := raw(t, address, line+host+length+"Connection: close\r\n\r\n"+visitors); status != http.StatusOK {
		t.Fatalf("a question: status %d", status)
	}
	for name, text := range map[string]string{
		"no HTTP":             "visitors, please\r\n\r\n",
		"no host":             line + length + "\r\n" + visitors,
		"two hosts":           line + host + "Host: evil.example\r\n" + length + "\r\n" + visitors,
		"two lengths":         line + host + length + "Content-Length: 3\r\n\r\n" + visitors,
		"a negative length":   line + host + "Content-Length: -1\r\n\r\n" + visitors,
		"an endless length":   line + host + "Content-Length: 99999999999999999999\r\n\r\n" + visitors,
		"another coding":      line + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"a length in chunks":  line + host + length + "Transfer-Encoding: xchunked\r\n\r\n" + visitors,
		"no chunks":           line + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + visitors,
		"a space in a name":   line + host + "Content-Length : 3\r\n\r\n" + visitors,
		"a NUL in a header":   line + host + "X: a\x00b\r\n" + length + "\r\n" + visitors,
		"folded headers":      line + host + "X: a\r\n b\x00\r\n" + length + "\r\n" + visitors,
		"headers without end": line + host + strings.Repeat("X: "+strings.Repeat("a", 1000)+"\r\n", 100) + "\r\n",
		"a long line":         "GET /" + strings.Repeat("a", 100_000) + " HTTP/1.1\r\n" + host + "\r\n",
		"another version":     "POST /api/v2/query HTTP/9.9\r\n" + host + length + "\r\n" + visitors,
		"half a body":         line + host + "Content-Length: 3\r\n\r\n" + visitors,
		"a body of 65 KiB":    line + host + "Content-Length: 66561\r\n\r\n" + strings.Repeat(" ", 66561),
	} {
		if status, body := raw(t, address, text); status != 0 && status < 400 || status == 500 || strings.Contains(body, "results") {
			t.Errorf("%s: status %d, %.200s", name, status, body)
		}
	}
}

// TestSlowRequests wants that who sends a header or a body without ever ending it is hung up on, and that the server is
// made so.
func TestSlowRequests(t *testing.T) {
	made := NewServer(nil)
	if made.ReadTimeout == 0 || made.ReadTimeout > time.Minute || made.WriteTimeout == 0 || made.IdleTimeout == 0 || made.MaxHeaderBytes > 1<<17 {
		t.Errorf("the server waits %v, %v and %v, for headers of %d bytes", made.ReadTimeout, made.WriteTimeout, made.IdleTimeout, made.MaxHeaderBytes)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = NewServer(New(everything()))
	server.Config.ReadTimeout = 20 * time.Millisecond
	server.Start()
	defer server.Close()
	for name, text := range map[string]string{
		"a header": "POST /api/v2/query HTTP/1.1\r\nHost: localhost\r\nX: ",
		"a body":   "POST /api/v2/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
	} {
		if status, body := raw(t, server.Listener.Addr().String(), text); status/100 == 2 {
			t.Errorf("%s that does not end: status %d, %s", name, status, body)
		}
	}
}

// TestEveryBody sends to each address that takes JSON what is none, too long, too deep, or not what it takes.
func TestEveryBody(t *testing.T) {
	d := described(t)
	options := everything()
	options.Accounts = someAccounts(t)
	h := New(options)
	taking := 0
	for _, e := range (&handler{Options: options}).endpoints() {
		method := strings.ToLower(e.method)
		operation := d.at("paths", e.path, method)
		if operation["requestBody"] == nil {
			continue
		}
		taking++
		for name, c := range map[string]struct {
			body     string
			statuses []int
		}{
			"nothing":         {"", []int{400}},
			"no JSON":         {"planted", []int{400}},
			"half":            {`{"name": "planted`, []int{400}},
			"twice":           {`{} {}`, []int{400, 422}},
			"a list":          {`["planted"]`, []int{400, 422}},
			"another field":   {`{"planted-field": true}`, []int{400, 422}},
			"deep lists":      {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), []int{400, 422}},
			"deep objects":    {strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000), []int{400, 422}},
			"too long":        {`{"name": "` + strings.Repeat("x", 1<<17) + `"}`, []int{413}},
			"a large number":  {`{"name": 1e999999999, "site_id": 1e999999999}`, []int{400, 422}},
			"half of Unicode": {`{"name": "\ud800", "site_id": "\udfff"}`, []int{400, 422, 404}},
		} {
			r := as("ada", d.example(method, e.path, operation))
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(c.body)), int64(len(c.body))
			w := answered(h, r)
			if !slices.Contains(c.statuses, w.Code) || strings.Contains(w.Body.String(), "goroutine") {
				t.Errorf("%s %s, %s: status %d, %.200s; want %v", e.method, e.path, name, w.Code, w.Body, c.statuses)
			}
		}
	}
	if taking < 12 {
		t.Errorf("only %d addresses take a body: the test does not see them", taking)
	}
}
