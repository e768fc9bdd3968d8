package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// hostileTexts are what ends a string, a parameter or a statement, asks for more, or is no text, where one is part of SQL.
var hostileTexts = []string{
	"'", `"`, "`", `\`, "' OR 1=1 -- ", `") OR ("1"="1`, "'; DROP TABLE hits; --", "' UNION ALL SELECT path FROM hits FORMAT JSON SETTINGS max_threads=1 #",
	"x/**/OR/**/1=1;SELECT sleep(3)", "{site:String}{p0:String}", "%o%", "[(", "99999999999999999999", "-7777", "a\x00b", "\xff\xfe'",
	strings.Repeat("'", 10_000),
}

// storeWords would tell that a text came as far as the store's parser; no hostile text has one.
var storeWords = regexp.MustCompile(`(?i)DB::|clickhouse|chdb|syntax error|exception|code: \d|expected one of|goroutine|\.go:\d`)

// elsewherePath is a page of a site that the asker must not know of.
const elsewherePath = "/planted-elsewhere"

// asking asks a klar serve as somebody.
type asking struct {
	base   string
	client http.Client
	cookie map[string]string // by name
}

// do sends a request and returns its answer.
func (a *asking) do(t *testing.T, who string, q request) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), q.method, a.base+q.path+"?"+q.query.Encode(), bytes.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cookie", a.cookie[who])
	response, err := a.client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", q.method, q.path, err)
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(b)
}

// injectionPassword is not that of the description's examples, by which one could be changed.
const injectionPassword = "correct battery horse"

const injectionConfig = `http: {rate_limit: 0}
sites:
  - id: example.org
    goals: [{name: Order, event: Order}]
    segments: [{name: staff, id: 2, filters: [[is, "event:hostname", [intern.example.org]]]}]
  - id: other.example
`

// signIn keeps the cookie of a user.
func (a *asking) signIn(t *testing.T, name string) {
	t.Helper()
	response, err := a.client.Post(a.base+"/api/session", "application/json", strings.NewReader(fmt.Sprintf(`{"name": %q, "password": %q}`, name, injectionPassword)))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if len(response.Cookies()) != 1 {
		t.Fatalf("signing in: status %d", response.StatusCode)
	}
	a.cookie[name] = response.Cookies()[0].String()
}

// injectionServe starts a klar with a site of sue's and one that is not, and signs in sue and ada, who owns all.
func injectionServe(t *testing.T) (p *process, a *asking, data string) {
	t.Helper()
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "klar.yaml")
	write(t, file, injectionConfig, os.O_TRUNC)
	mustKlar(t, "import", "--config", file, "--data", data, "--site", "example.org", realLog(t))
	mustKlar(t, "import", "--config", file, "--data", data, "--site", "other.example", writeLines(t, []string{webLine(elsewherePath)}))
	for _, user := range [][]string{{"ada", "--role", "owner"}, {"sue", "--role", "owner", "--site", "example.org"}} {
		if err := run(t.Context(), append([]string{"user", "add", "--data", data}, user...), strings.NewReader(injectionPassword), io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	p, base := startServe(t, data, "--config", file)
	a = &asking{base: base, client: http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, cookie: map[string]string{}}
	for _, name := range []string{"ada", "sue"} {
		a.signIn(t, name)
	}
	return p, a, data
}

// TestInjection puts hostile texts into every input of the HTTP interface, as its description lists them, against the real
// engine. None may fail in the store, be told its words, get more than a harmless text gets, or see another site.
func TestInjection(t *testing.T) {
	t.Parallel()
	p, a, data := injectionServe(t)
	_, description := a.do(t, "sue", request{method: "GET", path: "/api/openapi.json"})
	const count = "SELECT count(), sum(pageviews) FROM hits"
	before := sums(t, data, count)
	for _, in := range inputsOf(t, description) {
		a.inject(t, in)
	}
	a.define(t)
	if after := sums(t, data, count); before != after {
		t.Errorf("the tables held %s, and now %s", before, after)
	}
	if said, err := p.stop(t, syscall.SIGINT); err != nil || strings.Contains(said, "level=ERROR") {
		t.Errorf("klar serve ended with %v: %s", err, said)
	}
}

// inject tries the texts in one input, as sue or, where she may not, as ada.
func (a *asking) inject(t *testing.T, in input) {
	t.Helper()
	who := "sue"
	status, body := a.do(t, who, in.with(harmlessText))
	if status == http.StatusForbidden {
		who = "ada"
		status, body = a.do(t, who, in.with(harmlessText))
	}
	if status == http.StatusUnauthorized || in.taken && status != http.StatusOK && !strings.Contains(body, "not counted apart") {
		t.Fatalf("%s: status %d as %s for a harmless text: %s", in, status, who, body)
	}
	harmless := figuresOf(body)
	texts := hostileTexts
	if in.texts != nil {
		texts = in.texts
	}
	for _, text := range texts {
		got, body := a.do(t, who, in.with(text))
		var wrong string
		switch has := figuresOf(body); {
		case got >= http.StatusInternalServerError && got != http.StatusNotImplemented:
			wrong = "fails"
		case got == http.StatusOK && status != http.StatusOK && (in.method == http.MethodGet || in.path == "/api/v2/query"):
			wrong = "is taken, a harmless text is not"
		case storeWords.MatchString(body):
			wrong = "tells of the store"
		case strings.Contains(body, elsewherePath):
			wrong = "shows another site"
		case has.exceed(harmless):
			wrong = fmt.Sprintf("has the figures %v, a harmless text %v", has, harmless)
		case got == http.StatusBadRequest && !namedPart.MatchString(body):
			wrong = "is refused without a word for what is meant"
		}
		if wrong != "" {
			t.Errorf("%s: %.40q %s: status %d, %.300s", in, text, wrong, got, body)
		}
	}
}

// define makes goals, groups, funnels and segments of the texts, and asks for them.
func (a *asking) define(t *testing.T) {
	t.Helper()
	site := url.Values{"site_id": {"example.org"}}
	held := 0
	for i, text := range hostileTexts {
		name, _ := json.Marshal(text) // a string can be
		page, _ := json.Marshal("/" + text)
		for kind, form := range map[string]string{
			"goals": `{"name": %[1]s, "event": %[1]s}`, "groups": `{"name": %[1]s, "pages": [%[2]s]}`, "funnels": `{"name": %[1]s, "steps": [%[2]s, "/"]}`,
			"segments": `{"name": %[1]s, "filters": [["is", "event:page", [%[1]s]]]}`,
		} {
			body := fmt.Appendf(nil, form, name, page)
			status, said := a.do(t, "sue", request{method: "PUT", path: "/api/settings/" + kind, query: site, header: map[string]string{"If-Match": "*"}, body: body})
			if status == http.StatusOK {
				held++
			} else if status != http.StatusUnprocessableEntity {
				t.Errorf("the text %d among %s: status %d, %.200s", i, kind, status, said)
			}
		}
		for _, part := range []string{
			`"filters": [["is", "event:goal", [%s]]]`, `"filters": [["is", "event:group", [%s]]]`, `"filters": [["is", "segment", [%s]]]`,
			`"dimensions": ["event:funnel_step"], "filters": [["is", "event:funnel", [%s]]]`, `"dimensions": ["event:goal"]`, `"dimensions": ["event:group"]`,
		} {
			if strings.Contains(part, "%s") {
				part = fmt.Sprintf(part, name)
			}
			body := `{"site_id": "example.org", "metrics": ["visitors"], "date_range": "all", ` + part + `}`
			if status, said := a.do(t, "sue", request{method: "POST", path: "/api/v2/query", body: []byte(body)}); status != http.StatusOK && status != http.StatusBadRequest || storeWords.MatchString(said) {
				t.Errorf("%.200s: status %d, %.200s", body, status, said)
			}
		}
	}
	if held < 30 {
		t.Errorf("only %d of the texts could be defined", held)
	}
}

// harmlessText is long enough for a password.
const harmlessText = "a harmless text"

// namedPart begins a refusal with the place that is meant, or says that all of it cannot be read.
var namedPart = regexp.MustCompile(`^\{"error":"([a-z_0-9.]+(\[\d+\])*)+: |is not UTF-8|that is not|cannot be read`)

// figures are how many rows an answer has, and what its numbers add up to.
type figures struct {
	rows int
	sum  float64
}

func (f figures) exceed(other figures) bool { return f.rows > other.rows || f.sum > other.sum }

// figuresOf reads an answer of the Stats API; others have none.
func figuresOf(body string) (f figures) {
	var answer struct{ Results any }
	if json.Unmarshal([]byte(body), &answer) != nil {
		return f
	}
	if rows, ok := answer.Results.([]any); ok {
		f.rows = len(rows)
	}
	var add func(v any)
	add = func(v any) {
		switch v := v.(type) {
		case float64:
			f.sum += v
		case []any:
			for _, e := range v {
				add(e)
			}
		case map[string]any:
			for _, e := range v {
				add(e)
			}
		}
	}
	add(answer.Results)
	return f
}

func (f figures) String() string { return fmt.Sprintf("%g in %d rows", f.sum, f.rows) }
