package accesslog

import (
	"strings"
	"testing"

	"github.com/klar-analytics/klar/collector/raw"
)

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct{ format, want string }{
		{"", `unknown log format ""`},
		{"combinde", `unknown log format "combinde": known are nginx-json, combined, common,`},
		{`[$time_local] "$request"`, "$remote_addr is missing"},
		{`$remote_addr "$request"`, "$time_local is missing"},
		{`$remote_addr [$time_local]`, "$request is missing"},
		{`{"a":"$remote_addr","t":"$msec"}`, "$request is missing"},
		{`$remote_addr$time_local "$request"`, "nothing separates $remote_addr from $time_local"},
		{`$remote_addr $ $request`, "a $ without a variable's name"},
		{`${remote_addr $request`, "a ${ without its }"},
		{`log_format main '$remote_addr`, "is not closed"},
		{`log_format main '$remote_addr' oops`, "something other than a quoted string"},
	} {
		_, err := Compile(c.format)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Compile(%q): got %v, want %s", c.format, err, c.want)
		}
	}
}

func TestJSON(t *testing.T) {
	const nested = `log_format j escape=json '{"http":{"m":"$request_method","u":"$request_uri"},"at":$msec,"ip":"$remote_addr","s":$status}';`
	const flat = `log_format j escape=json '{' '"client":"$remote_addr", "when":"$time_iso8601", "line":"$request", "code":$status, "v":1, "up":"$upstream_addr"' '}';`
	for _, c := range []struct{ name, format, line, want string }{
		{"variables", "nginx-json", `{"time_local":"` + stamp + `","remote_addr":"203.0.113.7","request":"GET /a HTTP/1.1","status":"200","body_bytes_sent":"5","bytes_sent":"300","http_referer":"","http_user_agent":"U\"A","server_name":"_","host":"example.org"}`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/a" status=200 bytes=5 ref="" ua="U\"A" host="example.org"`},
		{"other names", "nginx-json", ` { "@timestamp" : "2015-05-17T08:05:03.123Z" , "client_ip":"203.0.113.7", "method":"POST", "url":"\/a?b", "status_code":404, "size":17, "user_agent":"\u00e4\ud83d\ude00", "nested":{"uri":"/no","l":["}",{}]}, "n":null, "dnt":true } `,
			`time=1431849903 addr=203.0.113.7 method="POST" target="/a?b" status=404 bytes=17 ref="" ua="ä😀" dnt`},
		{"milliseconds", "nginx-json", `{"ts":1431849903123,"remote_addr":"203.0.113.7","uri":"/a","args":"b=1","http_sec_gpc":"1","http_accept_language":"de"}`,
			`time=1431849903 addr=203.0.113.7 method="" target="/a?b=1" status=0 bytes=0 ref="" ua="" lang="de" gpc`},
		{"own keys, other order", flat, `{"line":"GET / HTTP/1.1","code":200,"v":1,"up":"","when":"2015-05-17T10:05:03+02:00","client":"203.0.113.7"}`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/" status=200 bytes=0 ref="" ua=""`},
		{"nested", nested, `{"http":{"m":"GET","u":"/\"x"},"at":1431849903.5,"ip":"203.0.113.7","s":200}`,
			`time=1431849903 addr=203.0.113.7 method="GET" target="/\"x" status=200 bytes=0 ref="" ua=""`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := raw.New()
			if err := compile(t, c.format).NewParser().Parse([]byte(c.line), h); err != nil {
				t.Fatal(err)
			}
			if got := show(h); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestMoments(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int64
	}{
		{"17/May/2015:10:05:03 +0000", 1431857103},
		{"17/May/2015:10:05:59 +0000", 1431857159},
		{"17/May/2015:10:05:59 -0130", 1431857159 + 5400},
		{"29/Feb/2000:00:00:00 +0000", 951782400},
		{"01/Mar/2100:00:00:00 +0000", 4107542400},
		{"2015-05-17T10:05:03Z", 1431857103},
		{"2015-05-17 10:05:03.999999 +02:00", 1431857103 - 7200},
		{"2015-05-17T10:05:03", 1431857103},
		{"1431857103", 1431857103},
		{"1431857103.123", 1431857103},
		{"1431857103123", 1431857103},
		{"1431857103123456", 1431857103},
		{"29/Feb/2100:00:00:00 +0000", -1},
		{"17/May/2015:24:05:03 +0000", -1},
		{"17/May/2015:10:05:61 +0000", -1},
		{"17/May/2015:10-05:03 +0000", -1},
		{"17/May/2015:10:05:03 0000+", -1},
		{"01/Jan/1970:00:00:00 +0100", -1},
		{"2015-13-17T10:05:03Z", -1},
		{"2015-05-17T10:05:03+2", -1},
		{"2015-05-17T10:05", -1},
		{"12:34", -1},
		{"99999999999999999999", -1},
		{"", -1},
	} {
		var m minute
		for range 2 { // the second time from memory
			got, ok := m.parse([]byte(c.in))
			if !ok {
				got = -1
			}
			if got != c.want {
				t.Errorf("%q: got %d, want %d", c.in, got, c.want)
			}
		}
	}
}

func TestDetect(t *testing.T) {
	rest := `"GET / HTTP/1.1" 200 1`
	for _, c := range []struct {
		want  string
		lines []string
	}{
		{"combined", []string{head + rest + ` "-" "-"`}},
		{"common", []string{head + rest}},
		{"combined-vhost", []string{"example.org:80 " + head + rest + ` "-" "-"`}},
		{"common-vhost", []string{"example.org " + head + rest}},
		{"combined", []string{"", "\x00\x01garbage", head + rest, head + rest + ` "-" "-"`, head + rest + ` "-" "-"`}},
		{"combined", []string{"example.org " + head + rest + ` "-" "-"`, "example.org " + head + rest + ` "-" "-"`, head + rest + ` "-" "-"`, head + rest + ` "-" "-"`, head + rest}},
		{"nginx-json", []string{`{"remote_addr":"2001:db8::1","time_iso8601":"2015-05-17T10:05:03Z"}`}},
	} {
		var lines [][]byte
		for _, l := range c.lines {
			lines = append(lines, []byte(l))
		}
		f, err := Detect(lines)
		if err != nil || f.Name() != c.want {
			t.Errorf("got %v, %v, want %s", f, err, c.want)
		}
	}
}

func TestDetectSaysWhy(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{head + `"GET / HTTP/1.1" fine 1 "-" "-"`, "line 2 is no combined, no common, no combined-vhost, no common-vhost: field $status is not a number"},
		{`{"remote_addr":"203.0.113.7"}`, "line 2 is no nginx-json: field $time_local is missing"},
		{"planted.example planted", "line 2 is no combined, no common: field $time_local is missing; no combined-vhost, no common-vhost: field $remote_user is missing"},
	} {
		_, err := Detect([][]byte{nil, []byte(c.line)})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "203.0.113") || strings.Contains(err.Error(), "planted")) {
			t.Error("the error carries what the line says")
		}
	}
	if _, err := Detect(nil); err == nil {
		t.Error("no lines have a format")
	}
}
