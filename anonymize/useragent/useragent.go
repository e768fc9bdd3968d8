// Package useragent answers one question: which browser, system and class of device, or which bot, a user agent
// names. The answers are closed values; no part of the agent itself gets into them but a version's number.
package useragent

import (
	"bytes"
	"hash/maphash"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/hit"
)

// MaxLength is how many bytes of a user agent are looked at. Browsers stay far below; what comes after is padding.
const MaxLength = 1024

// Agent is what a user agent says. A bot has a name and nothing else: it is no visitor. What is unknown is zero.
type Agent struct {
	// Browser by the name that users of Plausible know; apps that show pages are called "… App".
	Browser hit.Browser
	// BrowserVersion is the major version.
	BrowserVersion hit.Version
	OS             hit.OS
	// OSVersion is as exact as it is counted: "10", "XP", "10.15"; the major version of iOS, iPadOS and Android.
	OSVersion hit.Version
	Device    hit.Device
	// Bot is the bot's short name: one from the lists, "No agent" or "Other bot"; zero for people.
	Bot hit.Bot
	// BotClass says what the bot is for; zero for people.
	BotClass hit.BotClass
	// Found is what Options.Inspect said of the agent.
	Found hit.Finding
}

// Options configure a [Parser].
type Options struct {
	// CacheSize is how many answers are remembered, rounded up to a power of two; 65,536 if zero or less. One takes
	// about 90 bytes.
	CacheSize int
	// Inspect says whether an agent is an attack; nil asks nobody. It is asked once for each agent that is not remembered.
	Inspect func(agent []byte) hit.Finding
}

// Parser parses user agents. It remembers answers by a keyed hash of the agent, whose key dies with the Parser, and
// never the agent. It is safe for concurrent use.
type Parser struct {
	seed  maphash.Seed
	cache memo.Cache[Agent]
	list  *botList
	look  func([]byte) hit.Finding
}

// New returns a Parser.
func New(opts Options) *Parser {
	if opts.CacheSize <= 0 {
		opts.CacheSize = 1 << 16
	}
	return &Parser{seed: maphash.MakeSeed(), cache: memo.New[Agent](opts.CacheSize), list: embeddedBots(), look: opts.Inspect}
}

// BotListed returns the number of bot patterns that were built in; 0 means that the list was not there at build time
// and bots are found by Klar's own names and signals only.
func (p *Parser) BotListed() int { return p.list.size() }

// Parse returns what the user agent says. It keeps nothing of ua.
func (p *Parser) Parse(ua []byte) Agent {
	ua = ua[:min(len(ua), MaxLength)]
	key := maphash.Bytes(p.seed, ua)
	if a, ok := p.cache.Get(key); ok {
		return a
	}
	a := p.parse(ua)
	if p.look != nil {
		a.Found = p.look(ua)
	}
	p.cache.Put(key, a)
	return a
}

func (p *Parser) parse(ua []byte) Agent {
	var buf [MaxLength + margin]byte
	defer clear(buf[:]) // the stack outlives the call
	ua = bytes.TrimSpace(ua)
	t := fold(&buf, ua)
	b, known := browserOf(t)
	if bot := p.botOf(ua, t, known); !bot.IsZero() {
		return Agent{Bot: bot, BotClass: p.list.classOf(bot)}
	}
	a := Agent{Browser: b.name, BrowserVersion: b.version}
	a.OS, a.OSVersion = systemOf(t)
	if !known || a.OS.IsZero() {
		a = withBase(a, ua)
	}
	a.Device = deviceOf(t, a.OS)
	return a
}

// margin is the number of spaces before a folded agent: a word is found behind one, and two mark the start.
const margin = 2

// fold copies ua into buf in lower case behind the margin. Logs of IIS write "+" for a space.
func fold(buf *[MaxLength + margin]byte, ua []byte) []byte {
	buf[0], buf[1] = ' ', ' '
	plus := bytes.IndexByte(ua, ' ') < 0 && bytes.IndexByte(ua, '+') >= 0
	for i, c := range ua {
		switch {
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case c == '+' && plus:
			c = ' '
		}
		buf[margin+i] = c
	}
	return buf[:margin+len(ua)]
}

func has(t []byte, word string) bool { return bytes.Contains(t, []byte(word)) }

func hasAny(t []byte, words ...string) bool {
	for _, w := range words {
		if has(t, w) {
			return true
		}
	}
	return false
}

// after returns what follows the first occurrence of word, nil if there is none.
func after(t []byte, word string) []byte {
	i := bytes.Index(t, []byte(word))
	if i < 0 {
		return nil
	}
	return t[i+len(word):]
}
