package accesslog

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/klar-analytics/klar/collector/raw"
)

// BenchmarkCombined reads the lines of the shared log, 237 bytes long on average.
func BenchmarkCombined(b *testing.B) {
	log, err := os.ReadFile(filepath.Join(sharedLogs(b), "apache-combined-10k.log"))
	if err != nil {
		b.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(log, []byte("\n")), []byte("\n"))
	p, h := compile(b, "combined").NewParser(), raw.New()
	b.SetBytes(int64(len(log) / len(lines)))
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if err := p.Parse(lines[i%len(lines)], h); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNginxJSON reads an object of eleven keys.
func BenchmarkNginxJSON(b *testing.B) {
	l := []byte(`{"time_iso8601":"2015-05-17T10:05:03+02:00","remote_addr":"203.0.113.7","request_method":"GET","request_uri":"/a/page?with=query","server_protocol":"HTTP/1.1","status":200,"body_bytes_sent":5120,"request_time":0.003,"http_referer":"https://example.org/some/page","http_user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36","host":"example.org"}`)
	p, h := compile(b, "nginx-json").NewParser(), raw.New()
	b.SetBytes(int64(len(l)))
	b.ReportAllocs()
	for range b.N {
		if err := p.Parse(l, h); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFormats reads the whole lines of each format's sample.
func BenchmarkFormats(b *testing.B) {
	for name, lines := range samples(b) {
		b.Run(name, func(b *testing.B) {
			f, h := formatOf(b, name), raw.New()
			p := f.NewParser()
			var whole [][]byte
			size := 0
			for _, l := range lines {
				if err := p.Parse(l, h); err == nil {
					whole = append(whole, l)
					size += len(l)
				}
			}
			if f.columns != nil && f.columns.known == nil { // the rows that fit the first columns
				p = f.NewParser()
				for _, l := range lines[:6] {
					_ = p.Parse(l, h)
				}
				whole, size = lines[5:6], len(lines[5])
			}
			b.SetBytes(int64(size / len(whole)))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := p.Parse(whole[i%len(whole)], h); err != nil && f.columns == nil {
					b.Fatal(err)
				}
			}
		})
	}
}
