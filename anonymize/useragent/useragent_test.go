package useragent

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
)

const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"

// agentsForTests are those of the golden file.
func agentsForTests(tb testing.TB) [][]byte {
	tb.Helper()
	file, err := os.ReadFile("testdata/agents.golden")
	if err != nil {
		tb.Fatal(err)
	}
	var out [][]byte
	for record := range bytes.SplitSeq(file, []byte("\n\n")) {
		agent, _, _ := bytes.Cut(record, []byte("\n"))
		out = append(out, agent)
	}
	return out
}

// TestNames holds that hit accepts every name in the tables: one that it refuses would be nobody's browser.
func TestNames(t *testing.T) {
	for n, b := range browserNames {
		if b.String() != n {
			t.Errorf("browser %q is %q", n, b)
		}
	}
	for n, s := range systemNames {
		if s.String() != n {
			t.Errorf("system %q is %q", n, s)
		}
	}
	for n, s := range baseSystems {
		if systemNames[s].IsZero() {
			t.Errorf("base's system %q has no name", n)
		}
	}
	for i, b := range botNames {
		if b.String() != botWords[i].name {
			t.Errorf("bot %q is %q", botWords[i].name, b)
		}
	}
}

// TestNothingOfTheAgentGetsOut plants words and long numbers wherever a name or a version is read.
func TestNothingOfTheAgentGetsOut(t *testing.T) {
	const planted = "zqsecret"
	p := New(Options{})
	for i, agent := range agentsForTests(t) {
		for _, part := range []string{"/", " ", ";", "(", "."} {
			ua := strings.ReplaceAll(string(agent), part, part+planted+part+"7261849")
			a := p.Parse([]byte(ua))
			for _, got := range []string{a.Browser.String(), a.BrowserVersion.String(), a.OS.String(), a.OSVersion.String(), a.Bot.String()} {
				if strings.Contains(strings.ToLower(got), planted) || strings.Contains(got, "72618") {
					t.Errorf("agent %d with %q: what was planted got into %q", i, part, got[:1]+"…")
				}
			}
		}
	}
}

func TestHostile(t *testing.T) {
	p := New(Options{})
	for what, ua := range map[string][]byte{
		"10 kB of one letter":    bytes.Repeat([]byte("A"), 10<<10),
		"10 kB of brackets":      bytes.Repeat([]byte("("), 10<<10),
		"10 kB of half patterns": bytes.Repeat([]byte("Current Spider "), 700),
		"NULs":                   []byte("Mozilla/5.0 (Windows NT 10.0\x00\x00) Chrome/138.0"),
		"invalid UTF-8":          []byte("Mozilla/5.0 (Windows NT 10.0; \xff\xfe) Chrome/138.0"),
		"a line break":           []byte("Mozilla/5.0 (X11)\r\nX: y"),
		"an attack":              []byte("Mozilla/5.0 (X11; Linux) ' or 1=1 union select"),
		"bare":                   []byte("Mozilla/5.0"),
		"no system":              []byte("Mozilla/5.0 (compatible; )"),
	} {
		if a := p.Parse(ua); a.Bot.IsZero() {
			t.Errorf("%s: not called a bot", what)
		}
	}
	padded := append([]byte(chrome), bytes.Repeat([]byte(" x"), 5<<10)...)
	if a := p.Parse(padded); a.Browser.String() != "Chrome" || !a.Bot.IsZero() {
		t.Errorf("padded: %v, want Chrome", a.Browser)
	}
}

func TestBotWord(t *testing.T) {
	for text, want := range map[string]bool{
		"somebot/1.0": true, "a bot": true, "bots": true, "cubot p60": false, "orangebotswana": false,
		"bottle": false, "cubot with a bot;": true, "spiderling": true, "robot.txt": true, "botsy": false,
	} {
		if got := soundsLikeBot([]byte("  " + text)); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestMoreAgentsThanAreRemembered has each of them answered, although most are parsed anew.
func TestMoreAgentsThanAreRemembered(t *testing.T) {
	p := New(Options{CacheSize: 64})
	for round := range 2 {
		for i := range 1000 {
			if a := p.Parse(fmt.Appendf(nil, "Mozilla/5.0 (X11; Linux x86_64; rv:1.0) Gecko/20100101 Firefox/%d.0", i)); a.BrowserVersion.String() != fmt.Sprint(i) {
				t.Fatalf("round %d: version %s, want %d", round, a.BrowserVersion, i)
			}
		}
	}
}

func TestCachedCostsNoAllocation(t *testing.T) {
	p := New(Options{})
	ua := []byte(chrome)
	p.Parse(ua)
	if n := testing.AllocsPerRun(100, func() { p.Parse(ua) }); n != 0 {
		t.Errorf("%v allocations for a cached agent, want 0", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	p := New(Options{CacheSize: 16})
	agents := agentsForTests(t)
	want := make([]Agent, len(agents))
	for i, ua := range agents {
		want[i] = p.Parse(ua)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				for i, ua := range agents {
					if got := p.Parse(ua); got != want[i] {
						t.Errorf("agent %d: a different answer under load", i)
						return
					}
				}
			}
		})
	}
	wg.Wait()
}

func FuzzParse(f *testing.F) {
	for _, ua := range agentsForTests(f) {
		f.Add(ua)
	}
	p := New(Options{CacheSize: 1})
	f.Fuzz(func(t *testing.T, ua []byte) {
		before := bytes.Clone(ua)
		a := p.Parse(ua)
		if !bytes.Equal(ua, before) {
			t.Fatal("the agent was changed")
		}
		if !a.Bot.IsZero() && (a != Agent{Bot: a.Bot, BotClass: a.BotClass}) {
			t.Fatal("a bot with a visitor's attributes")
		}
		if len(a.BrowserVersion.String()) > 4 {
			t.Fatal("a version of more than four digits")
		}
		if p.Parse(ua) != a || p.parse(ua[:min(len(ua), MaxLength)]) != a {
			t.Fatal("two answers to one agent")
		}
	})
}

func BenchmarkCached(b *testing.B) {
	p := New(Options{})
	ua := []byte(chrome)
	p.Parse(ua)
	b.ReportAllocs()
	for b.Loop() {
		p.Parse(ua)
	}
}

func BenchmarkCold(b *testing.B) {
	for name, ua := range map[string]string{
		"Chrome": chrome,
		"Safari": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
		"bot":    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
		"other":  "SomeNewReader/1.0",
	} {
		b.Run(name, func(b *testing.B) {
			p, ua := New(Options{}), []byte(ua)
			b.ReportAllocs()
			for b.Loop() {
				p.parse(ua)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			compileEmbedded()
		}
	})
}
