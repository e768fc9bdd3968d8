package threat_test

import (
	"testing"

	"github.com/klar-analytics/klar/anonymize/threat"
)

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

func BenchmarkPath(b *testing.B) {
	list := requests(b, data+"logs/apache-combined-10k.log")
	for i := 0; b.Loop(); i++ {
		threat.Path(list[i%len(list)].path)
	}
}
