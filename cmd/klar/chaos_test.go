package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klar-analytics/klar/storage/embedded"
)

// kills makes TestChaos longer: make chaos KILLS=200.
var kills = flag.Int("kills", 10, "how many processes TestChaos kills")

// chaos is a klar serve to which everything happens that may, while its sources write numbered requests.
type chaos struct {
	program program
	rnd     *rand.Rand
	data    string
	small   bool // data is a file system of its own, whose size can be changed
	file    string
	log     string // the pattern of the logs
	begun   time.Time

	web     *webServer
	beacons *beaconSender
	stream  *lineSender

	proxy *cuttingProxy // of the round, if it has one
	full  bool          // the disk was full in this round, so that klar may have ended by itself

	modes, faults, ends, damages *deck
	kills                        int
	tally                        map[string]int
	said                         strings.Builder // by every klar so far
	flipped                      map[string]bool // paths whose record was damaged after it was acknowledged
	loud                         []string        // what must be said about it
}

// deck draws kinds of things at random, but each as often as it is in it.
type deck struct {
	rnd   *rand.Rand
	cards []string
	left  []string
}

func (d *deck) draw() string {
	if len(d.left) == 0 {
		d.left = slices.Clone(d.cards)
		d.rnd.Shuffle(len(d.left), func(i, j int) { d.left[i], d.left[j] = d.left[j], d.left[i] })
	}
	last := len(d.left) - 1
	card := d.left[last]
	d.left = d.left[:last]
	return card
}

// TestChaos is the oracle of everything that klar serve promises about counting: each line of a log and each beacon that was
// answered with 202 is stored once, whatever was killed, stopped, cut off, full or damaged. Lines of syslog may be lost with
// the klar that took them, and only so; none is stored twice. Each request has a number, which is its path, so that one that
// is lost does not hide one that is doubled.
func TestChaos(t *testing.T) {
	t.Parallel()
	c := newChaos(t)
	turn := c.begin(t)
	for first := true; c.kills < *kills; first = false {
		c.round(t, first, turn)
	}
	c.settle(t)
	c.compare(t)
}

func newChaos(t *testing.T) *chaos {
	t.Helper()
	dir := t.TempDir()
	logs := filepath.Join(dir, "logs")
	c := &chaos{
		program: plainKlar(t), rnd: rand.New(rand.NewPCG(*seed, 1)), data: filepath.Join(dir, "data"), file: filepath.Join(dir, "klar.yaml"),
		begun: time.Now(),
		log:   filepath.Join(logs, "*access.log"), tally: map[string]int{}, flipped: map[string]bool{},
	}
	for _, name := range []string{logs, c.data} {
		if err := os.Mkdir(name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	c.small = syscall.Mount("none", c.data, "tmpfs", 0, "size="+roomy) == nil
	if c.small {
		t.Cleanup(func() { _ = syscall.Unmount(c.data, syscall.MNT_DETACH) })
	}
	c.web = &webServer{dir: logs, rnd: rand.New(rand.NewPCG(*seed, 2)), most: 10}
	c.beacons, c.stream = &beaconSender{}, &lineSender{}
	c.modes = c.deck("its own engine", "its own engine", "through the proxy")
	c.faults = c.deck("engine killed", "engine stopped", "klar stopped", "reload", "reload refused", "nothing", "disk full", "file limit")
	c.ends = c.deck("klar killed", "klar killed", "both killed", "killed while it starts", "terminated")
	c.damages = c.deck("none", "torn", "record torn", "bit flipped")
	c.configure(t, "")
	return c
}

func (c *chaos) deck(cards ...string) *deck { return &deck{rnd: c.rnd, cards: cards} }

// configure writes the configuration, with another line.
func (c *chaos) configure(t *testing.T, more string) {
	t.Helper()
	write(t, c.file, fmt.Sprintf("sites: [{id: z.org}]\nbeacons: {rate: 0}\nsources:\n  - {file: %q, site: z.org}\n"+
		"  - {syslog: %q, format: combined, site: z.org}\n%s", c.log, streamSource, more), os.O_TRUNC)
}

// begin starts the senders, which end with the test. The function makes the logs rotate: what was rotated away before klar was
// there for the first time is not to be read.
func (c *chaos) begin(t *testing.T) (turn func()) {
	t.Helper()
	rotate := make(chan struct{})
	c.web.rotate = rotate
	c.web.open()
	c.web.start(t)
	c.beacons.start(t, 3)
	c.stream.start(t)
	return func() { close(rotate) }
}

// start starts klar serve; ready or not, it returns.
func (c *chaos) start(t *testing.T, mode string) *process {
	t.Helper()
	args := []string{"serve", "--config", c.file, "--data", c.data, "--listen", "127.0.0.1:0"}
	if mode == "through the proxy" {
		c.proxy = newCuttingProxy(t, embedded.Options{Dir: filepath.Join(c.data, "engine"), Command: []string{string(c.program), "engine"}}, c.rnd.Uint64())
		args = append(args, "--dsn", c.proxy.dsn)
	}
	c.tally["started with "+mode]++
	c.note(t, fmt.Sprintf("started with %s, after %d kills", mode, c.kills))
	return c.program.begin(t, args...)
}

// connect lets the senders send to a klar that is ready.
func (c *chaos) connect(t *testing.T, p *process) (base string) {
	t.Helper()
	_, after, _ := strings.Cut(p.until(t, "Klar is ready: open "), "Klar is ready: open ")
	base, _, _ = strings.Cut(after, "\n")
	c.beacons.sendTo(base)
	c.stream.sendTo(listensAt(t, p, 1)[0])
	return base
}

// note says when what happened.
func (c *chaos) note(t *testing.T, what string) {
	t.Logf("%6.1f s: %s", time.Since(c.begun).Seconds(), what)
}

// round is the life of one klar serve.
func (c *chaos) round(t *testing.T, first bool, turn func()) {
	t.Helper()
	end := c.ends.draw()
	if first {
		end = "terminated"
	}
	p := c.start(t, c.modes.draw())
	if end == "killed while it starts" {
		c.wait(0, 900)
		c.kill(t, p, false, end)
		return
	}
	base := c.connect(t, p)
	if first {
		c.waitForFirst(t)
		turn()
	}
	c.wait(100, 700)
	for range 1 + c.rnd.IntN(2) {
		c.disturb(t, p, c.faults.draw())
		if hasEnded(p) {
			c.endedByItself(t, p)
			return
		}
		c.wait(50, 500)
	}
	if end != "terminated" {
		c.kill(t, p, end == "both killed", end)
		return
	}
	c.terminate(t, p, base)
}

// wait lets some milliseconds pass.
func (c *chaos) wait(least, more int) {
	<-time.After(time.Duration(least+c.rnd.IntN(more)) * time.Millisecond)
}

func hasEnded(p *process) bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// waitForFirst waits until the first lines of a log are in the spool.
func (c *chaos) waitForFirst(t *testing.T) {
	t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); <-time.After(20 * time.Millisecond) {
		for _, name := range c.segments("serve") {
			if info, err := os.Stat(name); err == nil && info.Size() > 100 {
				return
			}
		}
	}
	t.Fatal("nothing comes into the spool")
}

// segments are the files of a spool that hold hits, oldest first.
func (c *chaos) segments(spool string) []string {
	names, _ := filepath.Glob(filepath.Join(c.data, "spool", spool, "*.segment"))
	return names
}

// over is the end of a round: klar has ended. What syslog was on its way then may be lost, unless sure.
func (c *chaos) over(t *testing.T, p *process, sure bool) {
	t.Helper()
	c.stream.over(sure)
	c.beacons.sendTo("")
	said, _ := p.said.now()
	c.said.WriteString(said)
	if c.proxy != nil {
		for what, n := range c.proxy.end() {
			c.tally[what] += n
		}
		c.proxy = nil
	}
	c.full = false
}

// kill ends a round.
func (c *chaos) kill(t *testing.T, p *process, engine bool, how string) {
	t.Helper()
	if engine {
		c.killEngine()
	}
	if hasEnded(p) && !c.full {
		c.endedByItself(t, p)
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.ended
	c.kills++
	c.tally[how]++
	c.over(t, p, false)
	c.damage(t, c.damages.draw())
}

func (c *chaos) killEngine() bool {
	engine := engineOf(c.data)
	if engine == 0 || syscall.Kill(engine, syscall.SIGKILL) != nil {
		return false
	}
	c.kills++
	return true
}

// endedByItself is the end of a round in which klar had no room, which is the only thing that may end it.
func (c *chaos) endedByItself(t *testing.T, p *process) {
	t.Helper()
	said, err := p.end(t)
	if !c.full || err == nil {
		t.Errorf("klar serve ended by itself: %v: %s", err, said)
	}
	c.tally["ended for want of room"]++
	c.over(t, p, false)
}

// says waits until a line of /metrics reads so. It returns false if klar ends first, as it may for want of room.
func (c *chaos) says(t *testing.T, p *process, base, line string) bool {
	t.Helper()
	client := http.Client{Timeout: patience}
	last := ""
	for late := time.Now().Add(patience); time.Now().Before(late); <-time.After(10 * time.Millisecond) {
		if hasEnded(p) {
			return false
		}
		answer, err := client.Get(base + "/metrics")
		if err != nil {
			continue // it has ended, or is about to
		}
		text, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if last = string(text); err == nil && strings.Contains(last, "\n"+line+"\n") {
			return true
		}
	}
	name, _, _ := strings.Cut(line, " ")
	_, is, _ := strings.Cut(last, name)
	is, _, _ = strings.Cut(is, "\n")
	said, _ := p.stop(t, syscall.SIGQUIT) // with what each goroutine does
	t.Fatalf("/metrics has no %s, but %s; klar says %s", line, is, said)
	return false
}

// terminate ends a round at whose end every line of syslog that was sent is stored, for klar was not killed.
func (c *chaos) terminate(t *testing.T, p *process, base string) {
	t.Helper()
	if c.proxy != nil {
		c.proxy.soothe()
	}
	sent := c.stream.pause()
	if !c.says(t, p, base, fmt.Sprintf(`klar_source_lines_total{result="stored",source=%q} %d`, streamSource, sent)) {
		c.endedByItself(t, p)
		return
	}
	if said, err := p.stop(t, syscall.SIGTERM); err != nil && !c.full {
		t.Errorf("klar serve ended with %v: %s", err, said)
	}
	c.tally["terminated"]++
	c.over(t, p, true)
}

// settle ends the writing, and lets one klar more, or several, deliver all that is left.
func (c *chaos) settle(t *testing.T) {
	t.Helper()
	c.web.stop(t)
	for range 5 {
		p := c.start(t, "its own engine")
		base := c.connect(t, p)
		c.beacons.stop()
		if c.waitForLines(t) {
			c.says(t, p, base, fmt.Sprintf("klar_source_lag_bytes{source=%q} 0", c.log))
		}
		c.terminate(t, p, base)
		if len(c.segments("serve"))+len(c.segments("beacon")) == 0 {
			return
		}
	}
	t.Error("the spool does not get empty")
}

// waitForLines waits until the store has as many lines as were written, and reports whether it does.
func (c *chaos) waitForLines(t *testing.T) bool {
	t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); <-time.After(200 * time.Millisecond) {
		want := c.web.lines
		for path := range c.flipped {
			if strings.HasPrefix(path, linePath(0)[:3]) {
				want--
			}
		}
		if stored := c.program.sums(t, c.data, "SELECT sum(requests) FROM paths WHERE path LIKE '/f/%'"); number(t, stored) >= want {
			return true
		}
	}
	return false
}

// summary says what has happened, kind by kind.
func (c *chaos) summary() string {
	var b strings.Builder
	for _, what := range slices.Sorted(maps.Keys(c.tally)) {
		fmt.Fprintf(&b, "\n%6d  %s", c.tally[what], what)
	}
	return b.String()
}
