package beacon

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// FuzzParseEvent wants every event that is accepted to have what is needed, and every error to say nothing of the event.
func FuzzParseEvent(f *testing.F) {
	for _, seed := range []string{
		`{"n":"pageview","u":"https://x.org/a?b#c","d":"x.org","h":1}`, `{"name":"a","url":"app://h","domain":"d","interactive":false}`,
		`{"n":1}`, `[]`, ``, `{"N":"a","n":null,"U":"://","d":"\ud800"}`, `{"n":"a","u":"https://u@:1/@","d":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var p page
		if err := parseEvent(body, len(body)%2 == 0, &p); err != nil {
			if len(err.Error()) > 80 {
				t.Error("an error is longer than any of ours")
			}
			return
		}
		if p.site == "" || p.host == "" || strings.ContainsAny(p.host, "/?#@") || strings.ContainsAny(p.path, "?#") || len(p.event) > maxName {
			t.Error("an event was accepted with parts that it cannot have")
		}
		b := buffers.Get().(*buffer)
		defer b.release()
		if target := b.target(&p); len(target) == 0 || target[0] != '/' {
			t.Error("a target is no path")
		}
	})
}

// FuzzQuick wants what is read quickly to be what the decoder of all JSON reads.
func FuzzQuick(f *testing.F) {
	for _, seed := range []string{
		`{"n":"pageview","v":32,"u":"https://x.org/","d":"x.org","r":null,"i":false,"h":1}`, `{"name":"a","n":"b"}`, `{"h":true,"v":12}`, `{"i":null}`, `{"n":"engagement","sd":80,"e":3000}`, `{"e":0,"sd":101}`, `{"n":""}`, `{}`, `{"w":1440,"v":1}`, `{"w":-1}`, `{"w":"9"}`,
	} {
		f.Add([]byte(seed))
	}
	if _, ok := quick([]byte(`{"n":"pageview","v":30,"u":"https://x.org/","d":"x.org","r":null}`)); !ok {
		f.Error("an event as trackers send it is not read quickly")
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, ok := quick(body)
		if !ok {
			return
		}
		if want, err := decode(body); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("read quickly otherwise than by the decoder, which says: %v", err)
		}
	})
}

// FuzzForwarded wants no header to be taken for less than the addresses in it.
func FuzzForwarded(f *testing.F) {
	f.Add("1.1.1.1", `for="[2001:db8::1]:1";proto=http,for=2`, "3")
	f.Add("", `For;for=;;,="`, "")
	f.Fuzz(func(t *testing.T, list, forwarded, single string) {
		b := buffers.Get().(*buffer)
		defer b.release()
		h := http.Header{}
		if list != "" {
			h.Set("X-Forwarded-For", list)
			if string(b.forwarded(h)) != list {
				t.Error("X-Forwarded-For does not come through as it is")
			}
			return
		}
		h.Set("Forwarded", forwarded)
		h.Set("X-Real-IP", single)
		if strings.Count(string(b.forwarded(h)), ",") < strings.Count(forwarded, ",") {
			t.Error("a hop is lost")
		}
	})
}
