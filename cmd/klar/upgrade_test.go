package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// traffic comes in by each way without a break: beacons in connections of their own, lines of a log, and datagrams.
type traffic struct {
	base, udp string
	log       *os.File

	end   chan struct{}
	group sync.WaitGroup

	mu                               sync.Mutex
	beacons, refused, lines, packets int
	reason                           error
}

// loop does something again and again until the end, and counts how often that went well.
func (c *traffic) loop(every time.Duration, count *int, one func(n int) error) {
	c.group.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-c.end:
				return
			case <-tick.C:
			}
			err := one(n)
			c.mu.Lock()
			if err != nil {
				c.refused++
				c.reason = err
			} else {
				*count++
			}
			c.mu.Unlock()
		}
	})
}

func (c *traffic) start(t *testing.T) {
	c.end = make(chan struct{})
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	for range 8 {
		c.loop(3*time.Millisecond, &c.beacons, func(n int) error { return c.beacon(&client, n) })
	}
	c.loop(2*time.Millisecond, &c.lines, func(int) error {
		_, err := io.WriteString(c.log, webLine("/log")+"\n")
		return err
	})
	packets, err := net.Dial("udp", c.udp)
	if err != nil {
		t.Fatal(err)
	}
	c.loop(5*time.Millisecond, &c.packets, func(int) error {
		_, err := io.WriteString(packets, "<190>Nov 23 12:00:00 web nginx: "+webLine("/udp"))
		return err
	})
}

// beacon wants a beacon to be counted.
func (c *traffic) beacon(client *http.Client, n int) error {
	r, err := http.NewRequest(http.MethodPost, c.base+"/api/event", strings.NewReader(viewOf(fmt.Sprintf("/%d", n%7))))
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", person)
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if dropped := answer.Header.Get("X-Klar-Dropped"); answer.StatusCode != http.StatusAccepted || dropped != "" {
		return fmt.Errorf("status %d, dropped as %q", answer.StatusCode, dropped)
	}
	return nil
}

func (c *traffic) stop() {
	close(c.end)
	c.group.Wait()
}

// ready waits until klar serve has said so often that it is ready.
func (p *process) ready(t *testing.T, times int) (said string) {
	t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); {
		said, more := p.said.now()
		if strings.Count(said, "Klar is ready: open ") == times {
			return said
		}
		select {
		case <-more:
		case <-p.ended:
			t.Fatalf("klar serve ended with %v: %s", p.result, said)
		case <-time.After(patience):
		}
	}
	t.Fatalf("klar serve is not ready %d times: %s", times, said)
	return ""
}

// TestUpgrade lets klar serve be replaced twice while traffic comes in: nobody is refused, and each line, datagram and
// beacon counts once. A program that refuses the configuration does not take over.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config, data, log := filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "data"), filepath.Join(dir, "access.log")
	text := fmt.Sprintf("sites: [{id: example.org}]\nbeacons: {rate: 0}\nsources:\n  - {file: %q, site: example.org, format: combined}\n"+
		"  - {syslog: 'udp://127.0.0.1:0', site: example.org, format: combined}\n", log)
	write := func(text string) {
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(text)
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	p, base := serveLogs(t, config, data)
	_, at, _ := strings.Cut(p.until(t, "messages of syslog are taken in"), " address=")
	at, _, _ = strings.Cut(at, "\n")
	at, _, _ = strings.Cut(at, " ")
	c := &traffic{base: base, udp: at, log: file}
	c.start(t)

	write("sites: [{id: a b}]\n")
	_ = p.cmd.Process.Signal(syscall.SIGUSR2)
	p.until(t, "the old one goes on")
	write(text)
	for n := range 2 {
		_ = p.cmd.Process.Signal(syscall.SIGUSR2)
		p.ready(t, n+2)
		answer(t, base+"/healthz", "")
	}
	c.stop()
	if c.refused > 0 || c.beacons == 0 {
		t.Errorf("%d of %d were refused: %v", c.refused, c.refused+c.beacons, c.reason)
	}
	want := fmt.Sprintf("%d\t%d", c.beacons, c.lines+c.packets)
	stored := func() string {
		return sums(t, data, "SELECT sumIf(requests, origin = 'beacon'), sumIf(requests, origin = 'log') FROM minutes")
	}
	for late := time.Now().Add(patience); stored() != want && time.Now().Before(late); {
		runtime.Gosched()
	}
	said, err := p.stop(t, syscall.SIGTERM)
	if err != nil || strings.Contains(said, "upgrade: the old program ended with an error") {
		t.Errorf("klar serve ended with %v: %s", err, said)
	}
	if got := stored(); got != want {
		t.Errorf("stored are %s beacons and lines, sent were %s, %d of them datagrams", got, want, c.packets)
	}
	t.Logf("%d beacons, %d lines, %d datagrams", c.beacons, c.lines, c.packets)
}

// TestInheritedFromSystemd gives klar serve its socket as systemd does, with a connection that waits in it already.
func TestInheritedFromSystemd(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	early, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = early.Close() }()
	if _, err := io.WriteString(early, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	// The shell's process becomes klar's, as LISTEN_PID wants it.
	cmd := exec.Command("sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=http exec klar serve --data "$0"`, t.TempDir())
	cmd.ExtraFiles = []*os.File{file}
	said := &transcript{more: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}()
	_ = early.SetReadDeadline(time.Now().Add(patience))
	if b, err := io.ReadAll(early); err != nil || !strings.HasPrefix(string(b), "HTTP/1.1 200 ") {
		text, _ := said.now()
		t.Fatalf("who came before klar is answered with %q, %v; klar says %s", b, err, text)
	}
}
