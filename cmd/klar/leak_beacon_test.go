package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plantedBeacons sends beacons in which each secret stands in each place that it could come from, and kills klar right after
// the last one, so that the spool is left behind as well. It returns all that klar answered, showed and printed.
func plantedBeacons(t *testing.T, data string) []byte {
	t.Helper()
	config := filepath.Join(t.TempDir(), "klar.yaml")
	tokens := filepath.Join(filepath.Dir(config), "tokens")
	if err := os.WriteFile(tokens, []byte(plantedJWT), 0o600); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("sites: [{id: beacons.org}]\nhttp: {proxy_protocol: true}\nbeacons: {token_file: %q}\n", tokens)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	named, unnamed := proxyClient(t, proxyOfPlanted), proxyClient(t, proxyOfUnknown)
	p, base := startServe(t, data, "--config", config)
	var all bytes.Buffer
	counted := 0
	for _, secret := range []string{
		"anna.planted@example.org", plantedJWT, "203.0.113.201", "c0ffee00-1234-4bcd-8def-0123456789ab", "4111111111111111",
		"DE89370400440532013000", "+49-171-5550199", "198.51.100.77",
	} {
		for i, r := range beaconsWith(t, base, secret) {
			client := unnamed
			if i%4 == 3 {
				client = named
			}
			answer, err := client.Do(r)
			if err != nil {
				t.Fatalf("%s: no answer", r.URL.Path)
			}
			if answer.StatusCode < 300 && answer.Header.Get("X-Klar-Dropped") == "" {
				counted++
			}
			_ = answer.Header.Write(&all)
			_, _ = io.Copy(&all, answer.Body)
			_ = answer.Body.Close()
		}
	}
	if counted < 8*4 {
		t.Errorf("only %d beacons were counted: the search proves little", counted)
	}
	all.WriteString(answeredWith(t, unnamed, base+"/metrics"))
	_ = p.cmd.Process.Kill()
	<-p.ended
	said, _ := p.said.now()
	all.WriteString(said)
	return all.Bytes()
}

// beaconsWith returns requests with the secret in one place each, and with planted addresses and agents in all of them.
func beaconsWith(t *testing.T, base, secret string) []*http.Request {
	t.Helper()
	const page = "https://beacons.org/"
	var requests []*http.Request
	add := func(method, target, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, base+target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 PlantedAgent/9")
		r.Header.Set("Referer", page+"?plantedquery=secretvalue")
		switch len(requests) % 3 {
		case 0:
			r.Header.Set("X-Forwarded-For", "192.0.2.99, 198.51.100.77")
		case 1:
			r.Header.Set("Forwarded", `for="[2001:db8:aaaa:bbbb:1:2:3:4]:4711"`)
		default:
			r.Header.Set("X-Real-IP", "::ffff:198.51.100.78")
		}
		requests = append(requests, r)
	}
	event := func(name, address, domain, referrer, props string) {
		add(http.MethodPost, "/api/event", fmt.Sprintf(`{"n":%q,"u":%q,"d":%q,"r":%q,"p":{"a":%q}}`, name, address, domain, referrer, props))
	}
	event("pageview", page+"a/"+secret+"?plantedquery=secretvalue#"+secret, "beacons.org", "", "")
	event("pageview", page+"?utm_source="+secret+"&utm_campaign=spring", "beacons.org", "https://x.example/"+secret+"?q=plantedquery", secret)
	event("Call "+secret, page, "beacons.org", "https://"+secret+"/", secret)
	event("pageview", "https://"+secret+"/", "beacons.org", "", "")
	event("pageview", page, secret, "", "")
	server := fmt.Sprintf(`[{"n":"pageview","u":%q,"d":"beacons.org","ip":"198.51.100.77","user_agent":"Mozilla/5.0 PlantedAgent/7","language":%q}]`,
		page+secret, secret)
	for _, token := range []string{plantedJWT, secret} {
		add(http.MethodPost, "/api/event", server)
		requests[len(requests)-1].Header.Set("Authorization", "Bearer "+token)
	}
	add(http.MethodPost, "/api/event", server)
	add(http.MethodPost, "/api/event", `{"n":"pageview","u":`+secret)
	add(http.MethodPost, "/api/event", `{"n":"pageview","u":["`+secret+`"]}`)
	add(http.MethodGet, "/pixel.gif?r="+url.QueryEscape("https://x.example/"+secret), "")
	add(http.MethodGet, "/pixel.gif?url="+url.QueryEscape(secret), "")
	return requests
}
