package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// nginxConfiguration sends each request's line twice, as docs/syslog.md has it: combined over UDP, JSON over a unix socket.
const nginxConfiguration = `
daemon off;
master_process off;
pid %[1]s/pid;
error_log %[1]s/error.log warn;
events {}
http {
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
  log_format klar escape=json '{"time_iso8601":"$time_iso8601","remote_addr":"$remote_addr","request":"$request",'
    '"status":"$status","body_bytes_sent":"$body_bytes_sent","http_referer":"$http_referer",'
    '"http_user_agent":"$http_user_agent","host":"$host","http_accept_language":"$http_accept_language",'
    '"http_sec_gpc":"$http_sec_gpc","http_dnt":"$http_dnt"}';
  access_log syslog:server=%[2]s,tag=klar combined;
  access_log syslog:server=unix:%[3]s,nohostname klar;
  server { listen %[4]s; return 200 "ok\n"; }
}
`

// realNginx returns where nginx is. Where make runs the tests, it has seen to it that there is one (install-nginx).
func realNginx(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("KLAR_NGINX"); named != "" {
		if _, err := os.Stat(named); err != nil {
			t.Fatal("there is no nginx where KLAR_NGINX says: run cmd/klar/install-nginx")
		}
		return named
	}
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not installed, so that klar is not tried behind a real one: apt-get install nginx, or make test-go")
	}
	return nginx
}

// startNginx starts nginx, which ships to Klar, and returns the address of its site. The function ends it, and returns how
// many lines it could not send because the system did not take them.
func startNginx(t *testing.T, nginx, udp, gram string) (site string, stop func() int) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, nginxConfiguration, dir, udp, gram, address), 0o600); err != nil {
		t.Fatal(err)
	}
	errors := filepath.Join(dir, "error.log")
	cmd := exec.Command(nginx, "-p", dir, "-e", errors, "-c", file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGQUIT)
		_ = cmd.Wait()
	})
	t.Cleanup(end)
	for late := time.Now().Add(patience); ; runtime.Gosched() {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			break
		}
		if time.Now().After(late) {
			end()
			said, _ := os.ReadFile(errors)
			t.Fatalf("nginx does not start: %s", said)
		}
	}
	return "http://" + address, func() int {
		end()
		said, err := os.ReadFile(errors)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(said, []byte("send() to syslog failed"))
	}
}

// TestServeNginx has a real nginx ship its requests over UDP and over a unix socket at the same time. All that it sent must
// be counted; what it could not send, because the queue of a unix socket is short, it says itself.
func TestServeNginx(t *testing.T) {
	t.Parallel()
	nginx := realNginx(t)
	data, gram := t.TempDir(), filepath.Join(t.TempDir(), "s")
	p, base, at := serveSources(t, data,
		"syslog: 'udp://127.0.0.1:0', format: combined", fmt.Sprintf("syslog: 'unixgram://%s', format: nginx-json", gram))
	site, stop := startNginx(t, nginx, at[0], at[1])
	const requests = 300
	for n := range requests {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/page/%d?q=%%22%%5c", site, n%7), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("User-Agent", `Mozilla/5.0 (X11; Linux x86_64; rv:128.0) "quoted\" Gecko/20100101 Firefox/128.0`)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	sent := requests - stop()
	metric(t, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source="udp://127.0.0.1:0"} %d`, requests))
	metric(t, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source="unixgram://%s"} %d`, gram, sent))
	if _, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if got := sums(t, data, "SELECT sum(requests) FROM minutes"); got != fmt.Sprint(requests+sent) {
		t.Errorf("%s requests are stored, want %d and %d", got, requests, sent)
	}
}
