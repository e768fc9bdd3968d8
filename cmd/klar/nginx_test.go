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
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// inDirectory is nginx's configuration around that of its servers: all that it writes stands in a directory.
const inDirectory = `
daemon off;
master_process off;
pid %[1]s/pid;
error_log %[1]s/error.log warn;
events {}
http {
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/fastcgi;
  uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
  %[2]s
}
`

// shipping has each request's line three times: combined in a file, and, as docs/syslog.md has it, combined over UDP and JSON
// over a unix socket. nginx counts its requests itself, as stub_status.
const shipping = `
  log_format klar escape=json '{"time_iso8601":"$time_iso8601","remote_addr":"$remote_addr","request":"$request",'
    '"status":"$status","body_bytes_sent":"$body_bytes_sent","http_referer":"$http_referer",'
    '"http_user_agent":"$http_user_agent","host":"$host","http_accept_language":"$http_accept_language",'
    '"http_sec_gpc":"$http_sec_gpc","http_dnt":"$http_dnt"}';
  access_log %[1]s/access.log combined buffer=16k flush=200ms;
  access_log syslog:server=%[2]s,tag=klar combined;
  access_log syslog:server=unix:%[3]s,nohostname klar;
  server {
    listen %[4]s;
    location / { return 200 "ok\n"; }
    location = /status { stub_status; access_log off; }
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

// webServerProcess is a real nginx.
type webServerProcess struct {
	cmd  *exec.Cmd
	dir  string // of its log and errors
	site string // its address
	end  func()
}

// startNginx starts nginx in a directory. servers returns the configuration of its servers, of which one listens on address.
func startNginx(t *testing.T, nginx, dir string, servers func(address string) string) *webServerProcess {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, inDirectory, dir, servers(address)), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &webServerProcess{dir: dir, site: "http://" + address}
	w.cmd = exec.Command(nginx, "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", file)
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.end = sync.OnceFunc(func() {
		_ = w.cmd.Process.Signal(syscall.SIGQUIT)
		_ = w.cmd.Wait()
	})
	t.Cleanup(w.end)
	for late := time.Now().Add(patience); ; runtime.Gosched() {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return w
		}
		if time.Now().After(late) {
			w.end()
			t.Fatalf("nginx does not start: %s", read(t, filepath.Join(dir, "error.log")))
		}
	}
}

// load sends requests, from several clients at the same time, each as fast as it is answered.
func (w *webServerProcess) load(t *testing.T, clients, each int) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}, Timeout: patience}
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for n := range each {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/page/%d?q=%%22%%5c", w.site, n%7), nil)
				if err != nil {
					t.Error(err)
					return
				}
				request.Header.Set("User-Agent", `Mozilla/5.0 (X11; Linux x86_64; rv:128.0) "quoted\" Gecko/20100101 Firefox/128.0`)
				response, err := client.Do(request)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
	}
	all.Wait()
}

// rotate renames the log as logrotate does, and tells nginx.
func (w *webServerProcess) rotate(t *testing.T) {
	t.Helper()
	name := filepath.Join(w.dir, "access.log")
	if err := os.Rename(name, name+".1"); err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Process.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
}

// requests is how many nginx says that it had, but for this question.
func (w *webServerProcess) requests(t *testing.T) int {
	t.Helper()
	fields := strings.Fields(answer(t, w.site+"/status", ""))
	if len(fields) < 10 {
		t.Fatalf("stub_status answers %q", fields)
	}
	return number(t, fields[9]) - 1
}

// unsent ends nginx, and returns how many messages it could not send because the system did not take them.
func (w *webServerProcess) unsent(t *testing.T) int {
	t.Helper()
	w.end()
	return bytes.Count(read(t, filepath.Join(w.dir, "error.log")), []byte("send() to syslog failed"))
}

// figure reads a line of /metrics.
func figure(t *testing.T, base, name string) int {
	t.Helper()
	_, after, found := strings.Cut(answer(t, base+"/metrics", ""), "\n"+name+" ")
	value, _, _ := strings.Cut(after, "\n")
	f, err := strconv.ParseFloat(value, 64)
	if !found || err != nil {
		t.Fatalf("/metrics has no %s", name)
	}
	return int(f)
}

// TestServeNginx loads a real nginx, which has each request's line in a file and sends it over UDP and to a unix socket. Its
// log is rotated, and Klar stopped for a moment, while that goes on; in the end wrk loads it as fast as it can. The file must
// be counted as nginx counts; of the datagrams, what is not stored must be in the metric of lost ones, or nginx says itself
// that it was not taken.
func TestServeNginx(t *testing.T) {
	t.Parallel()
	nginx := realNginx(t)
	data, dir, gram := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "s")
	log := filepath.Join(dir, "access.log")
	p, base, at := serveSources(t, data, "syslog: 'udp://127.0.0.1:0', format: combined",
		fmt.Sprintf("syslog: 'unixgram://%s', format: nginx-json", gram), "file: "+log)
	w := startNginx(t, nginx, dir, func(address string) string { return fmt.Sprintf(shipping, dir, at[0], at[1], address) })
	const clients, each = 8, 400
	w.load(t, clients, each)
	metric(t, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source=%q} %d`, log, clients*each)) // it is followed
	w.rotate(t)
	w.load(t, clients, each)
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	w.load(t, clients, each)
	if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	w.load(t, clients, each)
	sent := 4*clients*each + w.wrk(t)
	requests := w.requests(t)
	if requests < sent || requests > sent+wrkClients {
		t.Errorf("nginx counts %d requests, the clients %d", requests, sent)
	}
	unsent := w.unsent(t)
	stored := func(source string) int {
		return figure(t, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source=%q}`, source))
	}
	lost := func(source string) (sum int) {
		for _, reason := range []string{"full", "kernel"} {
			sum += figure(t, base, fmt.Sprintf(`klar_syslog_lost_total{reason=%q,source=%q}`, reason, source))
		}
		return sum
	}
	const udp = "udp://127.0.0.1:0"
	metric(t, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source=%q} %d`, log, requests))
	settled := func() bool {
		return stored(udp)+lost(udp) == requests && stored("unixgram://"+gram)+lost("unixgram://"+gram) == requests-unsent
	}
	for late := time.Now().Add(patience); !settled(); {
		if time.Now().After(late) {
			t.Fatalf("of %d requests, %d lost and %d stored by UDP; %d lost, %d stored and %d not taken by a unix socket",
				requests, lost(udp), stored(udp), lost("unixgram://"+gram), stored("unixgram://"+gram), unsent)
		}
	}
	t.Logf("%d requests; by UDP %d were lost, to the unix socket %d, and %d not taken", requests, lost(udp), lost("unixgram://"+gram), unsent)
	want := requests + stored(udp) + stored("unixgram://"+gram)
	if _, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if got := sums(t, data, "SELECT sum(requests) FROM minutes"); got != strconv.Itoa(want) {
		t.Errorf("%s requests are stored, want %d", got, want)
	}
}
