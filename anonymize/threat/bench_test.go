package threat_test

import (
	"bytes"
	"os"
	"strconv"
	"testing"

	"github.com/klar-analytics/klar/anonymize/threat"
)

// request is the parts of a line of a log that are looked at.
type request struct {
	method, path, query, referrer, agent []byte
	status                               int
}

// requests reads a log.
func requests(tb testing.TB, name string) (list []request) {
	text, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	for l := range bytes.Lines(text) {
		m := line.FindSubmatch(bytes.TrimSpace(l))
		if m == nil {
			continue
		}
		method, target, _ := bytes.Cut(m[1], []byte(" "))
		if i := bytes.LastIndex(target, []byte(" HTTP/")); i >= 0 {
			target = target[:i]
		}
		r := request{method: method, referrer: m[3], agent: m[4]}
		r.path, r.query, _ = bytes.Cut(target, []byte("?"))
		r.status, _ = strconv.Atoi(string(m[2]))
		list = append(list, r)
	}
	return list
}

// BenchmarkOrdinary classifies the requests of a real site, with nothing remembered of paths and agents: ns/op is for one
// request, whose path, query and referrer are looked at.
func BenchmarkOrdinary(b *testing.B) {
	list := requests(b, data+"logs/apache-combined-10k.log")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r := &list[i%len(list)]
		threat.Path(r.path)
		threat.Query(r.query)
		threat.Header(r.referrer)
		threat.Form(r.method, r.path, r.status, nil)
	}
}

func BenchmarkAgent(b *testing.B) {
	list := requests(b, data+"logs/apache-combined-10k.log")
	for i := 0; b.Loop(); i++ {
		threat.Agent(list[i%len(list)].agent)
	}
}

func BenchmarkQuery(b *testing.B) {
	list := requests(b, data+"logs/apache-combined-10k.log")
	for i := 0; b.Loop(); i++ {
		threat.Query(list[i%len(list)].query)
	}
}

func BenchmarkHeader(b *testing.B) {
	list := requests(b, data+"logs/apache-combined-10k.log")
	for i := 0; b.Loop(); i++ {
		threat.Header(list[i%len(list)].referrer)
	}
}
