package useragent

import (
	"bytes"
	"unicode/utf8"

	"github.com/klar-analytics/klar/hit"
)

// botOf names the bot that an agent belongs to, zero for people. ua is the agent and t its folded form; known says
// whether t names a browser or an app. The words, then the list, then what no browser does decide.
func (p *Parser) botOf(ua, t []byte, known bool) hit.Bot {
	if len(ua) == 0 || string(ua) == "-" {
		return noAgent
	}
	if i, _ := botMatcher.lowest(t, nil); i >= 0 && !(known && isLibrary(botWords[i].word)) {
		return botNames[i]
	}
	if bot := p.list.find(ua); !bot.IsZero() {
		return bot
	}
	if soundsLikeBot(t) || impossible(ua, t) || !known && !browserLike(t) {
		return otherBot
	}
	return hit.Bot{}
}

// isLibrary reports whether a word is of a library that apps use too, so that an app's name counts for more.
func isLibrary(word string) bool { return word == "  dalvik/" }

// soundsLikeBot reports whether t holds a word that bots call themselves by. "bot" must end a word, and not that of a
// maker of phones.
func soundsLikeBot(t []byte) bool {
	if hasAny(t, "crawl", "spider", "slurp", "scrape", "archiver", "indexer", "link check", "linkcheck",
		"validator", "fetch", "feed parser", "feedparser", "monitor", "webmon", "uptime",
		"scanner", "harvest", "+http", "http://", "https://", "headless", "preview)", "search engine") {
		return true
	}
	for rest := after(t, "bot"); rest != nil; rest = after(rest, "bot") {
		before := t[:len(t)-len(rest)-len("bot")]
		if len(rest) > 0 && rest[0] == 's' {
			rest = rest[1:]
		}
		if (len(rest) == 0 || !letter(rest[0])) && !bytes.HasSuffix(before, []byte("cu")) {
			return true
		}
	}
	return false
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' }

// impossible reports whether no browser sends such an agent.
func impossible(ua, t []byte) bool {
	switch {
	case bytes.ContainsFunc(ua, func(r rune) bool { return r < ' ' || r == 0x7f }), !utf8.Valid(ua):
		return true
	case hasAny(t, "<script", "${", "%{", "' or ", "union select", "sleep(", "../", "() {", "<?php", "jndi:"):
		return true // an attack in the agent
	case bytes.HasPrefix(t, []byte("  mozilla/")) && bytes.IndexByte(t, '(') < 0:
		return true // every browser says its system
	case bytes.HasPrefix(t, []byte("  mozilla/5.0 (compatible;")):
		return !hasAny(t, "msie", "konqueror", "trident")
	case bytes.HasSuffix(t, []byte(" (compatible;)")):
		return true // proxies that hide who asks
	case hasAny(t, "windows 95", "windows 98", "win98", "win95", "windows nt 4") && has(t, "chrome/"):
		return true
	}
	return false
}

// browserLike reports whether t is built as a browser's agent is, or names one of the phones that did it their own
// way.
func browserLike(t []byte) bool {
	return hasAny(t, "mozilla/", " opera/", "midp", "wap", "j2me", " nokia", " samsung", " sonyericsson", " lg-", " mot-", "hbbtv", "symbian")
}
