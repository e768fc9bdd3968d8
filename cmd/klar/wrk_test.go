package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// wrkClients is on how many connections wrk loads a server.
const wrkClients = 16

// wrkCount is how many answers wrk says that it got.
var wrkCount = regexp.MustCompile(`(?m)^\s*(\d+) requests in `)

// wrk loads nginx for a second as fast as it answers, and returns how many answers there were: up to wrkClients more may have
// been on their way at the end. 0 is when there is no wrk; make fetches it where it can (install-wrk).
func (w *webServerProcess) wrk(t *testing.T) int {
	t.Helper()
	program := os.Getenv("KLAR_WRK")
	if program == "" {
		var err error
		if program, err = exec.LookPath("wrk"); err != nil {
			t.Log("wrk is not installed, so that nginx is loaded by the test alone: apt-get install wrk, or make test-go")
			return 0
		}
	}
	cmd := exec.CommandContext(t.Context(), program, "-t1", "-c16", "-d1s", "--timeout", "30s",
		"-H", "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", w.site+"/wrk?q=1")
	// One that was unpacked and not installed has its library beside it.
	libraries, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(program)), "lib", "*-linux-gnu"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+strings.Join(libraries, ":"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("wrk: %v: %s", err, out)
	}
	said := wrkCount.FindSubmatch(out)
	if said == nil {
		t.Fatalf("wrk does not say how many requests it made: %s", out)
	}
	return number(t, string(said[1]))
}
