package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// plantedAddress is in lines that are stored and in lines that are rejected, and must not turn up.
const plantedAddress = "203.0.113.177"

// webLine is a line of nginx's combined format, of a request at this moment.
func webLine(path string) string {
	return fmt.Sprintf(`%s - - [%s] "GET %s HTTP/1.1" 200 100 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"`,
		plantedAddress, time.Now().Format("02/Jan/2006:15:04:05 -0700"), path)
}

// writeCertificate makes a certificate for this machine and returns the names of its two files.
func writeCertificate(t testing.TB) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, b []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", secret)
}

// serveSources starts klar serve with sources, one a line, and returns where those of syslog listen.
func serveSources(t testing.TB, data string, sources ...string) (p *process, base string, at []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "klar.yaml")
	text := "http: {listen: '127.0.0.1:0'}\nsites: [{id: s.org}]\nsources:\n"
	listening := 0
	for _, s := range sources {
		if strings.Contains(s, "syslog:") {
			listening++
		}
		text += "  - {site: s.org, " + s + "}\n"
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p = begin(t, "serve", "--config", file, "--data", data)
	said := p.until(t, "Klar is ready: open ")
	_, base, _ = strings.Cut(said, "Klar is ready: open ")
	base, _, _ = strings.Cut(base, "\n")
	return p, base, listensAt(t, p, listening)
}

var takenIn = regexp.MustCompile(`messages of syslog are taken in.* address=(\S+)`)

// listensAt returns where a klar listens for syslog, when it says so of all its sources.
func listensAt(t testing.TB, p *process, sources int) (at []string) {
	t.Helper()
	for late := time.Now().Add(patience); len(at) < sources; runtime.Gosched() {
		said, _ := p.said.now()
		at = nil
		for _, m := range takenIn.FindAllStringSubmatch(said, -1) {
			at = append(at, m[1])
		}
		if time.Now().After(late) {
			t.Fatalf("only %d of %d sources listen: %s", len(at), sources, said)
		}
	}
	return at
}

// metric waits until a line of /metrics reads so.
func metric(t testing.TB, base, line string) {
	t.Helper()
	for late := time.Now().Add(patience); ; {
		all := answer(t, base+"/metrics", "")
		if strings.Contains(all, "\n"+line+"\n") {
			return
		}
		if time.Now().After(late) {
			name, _, _ := strings.Cut(line, "{")
			for have := range strings.Lines(all) {
				if strings.HasPrefix(have, name) {
					t.Log(have)
				}
			}
			t.Fatalf("/metrics has no %s", line)
		}
	}
}

// TestServeSyslog sends lines over each transport to klar serve, and wants each once in the tables after its end, those
// of the last moment too.
func TestServeSyslog(t *testing.T) {
	t.Parallel()
	data, dir := t.TempDir(), t.TempDir()
	cert, key := writeCertificate(t)
	p, base, at := serveSources(t, data,
		"syslog: 'udp://127.0.0.1:0', format: combined",
		"syslog: 'tcp://127.0.0.1:0', format: nginx-json",
		fmt.Sprintf("syslog: 'tls://localhost:0', format: combined, tls_cert: %s, tls_key: %s", cert, key),
		fmt.Sprintf("syslog: 'unixgram://%s/gram', format: combined", dir),
		fmt.Sprintf("syslog: 'unix://%s/stream', format: combined", dir),
	)
	const each = 200
	old := time.Now().Format(time.Stamp)
	pem, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	for i, c := range []struct{ network, head, feed string }{
		{"udp", "<190>" + old + " web1 nginx: ", ""}, {"tcp", "", "\n"}, {"tls", "<190>1 - web1 nginx - - - ", "octets"},
		{"unixgram", "<190>" + old + " nginx: ", ""}, {"unix", "<190>" + old + " web1 nginx: ", "\n"},
	} {
		var conn net.Conn
		var err error
		if c.network == "tls" {
			conn, err = tls.Dial("tcp", at[i], &tls.Config{RootCAs: roots})
		} else {
			conn, err = net.Dial(c.network, at[i])
		}
		if err != nil {
			t.Fatal(err)
		}
		for n := range each {
			text := webLine(fmt.Sprintf("/%s/%d?token=planted", c.network, n%3))
			if c.network == "tcp" {
				text = fmt.Sprintf(`{"remote_addr":%q,"time_iso8601":%q,"request":"GET /tcp HTTP/1.1","status":"200"}`, plantedAddress, time.Now().Format(time.RFC3339))
			}
			message := c.head + text + c.feed
			if c.feed == "octets" {
				message = fmt.Sprintf("%d %s", len(c.head+text), c.head+text)
			}
			if _, err := io.WriteString(conn, message); err != nil {
				t.Fatal(err)
			}
		}
		_, _ = io.WriteString(conn, "<190>"+old+" web1 nginx: "+plantedAddress+" is no line\n")
		_ = conn.Close()
	}
	for _, source := range []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0", "tls://localhost:0", "unixgram://" + dir + "/gram", "unix://" + dir + "/stream"} {
		metric(t, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source=%q} %d`, source, each))
		metric(t, base, fmt.Sprintf(`klar_source_lines_total{result="rejected",source=%q} 1`, source))
	}
	if all := answer(t, base+"/metrics", ""); strings.Contains(all, plantedAddress) {
		t.Error("the planted address is in /metrics")
	}
	last, err := net.Dial("unixgram", at[3])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(last, webLine("/last")); err != nil {
		t.Fatal(err)
	}
	said, err := p.stop(t, syscall.SIGTERM)
	if err != nil || strings.Contains(said, plantedAddress) || strings.Contains(said, "token") {
		t.Errorf("klar serve ended with %v, and may have said what it must not", err)
	}
	if got := sums(t, data, "SELECT sum(requests) FROM minutes"); got != fmt.Sprint(5*each+1) {
		t.Errorf("%s requests are stored, want %d", got, 5*each+1)
	}
	if got := sums(t, data, "SELECT count() FROM paths WHERE path = '/last'"); got != "1" {
		t.Error("the line of the last moment is not stored")
	}
}

// TestServeSyslogAddressTaken wants a clear end when an address is taken.
func TestServeSyslogAddressTaken(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	file := filepath.Join(t.TempDir(), "klar.yaml")
	text := fmt.Sprintf("sites: [{id: s.org}]\nsources: [{syslog: 'tcp://%s', format: combined, site: s.org}]\n", taken.Addr())
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, err := klar(t, "serve", "--config", file, "--data", t.TempDir(), "--listen", "127.0.0.1:0")
	if err == nil || !strings.Contains(errs, "klar: source tcp://"+taken.Addr().String()+": ") || !strings.Contains(errs, "address already in use") {
		t.Errorf("err %v, stdout %q, stderr %q", err, out, errs)
	}
}
