package useragent

import (
	"embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/klar-analytics/klar/hit"
)

// The list comes from the npm package crawler-user-agents when make builds Klar; .gitkeep keeps the directory.
//
//go:embed all:lists
var lists embed.FS

// notBots are patterns of the list that agents of people match as well: apps that show pages, and the build number of
// a phone's system.
var notBots = []string{
	"AP3A\\.240617\\.008", "MetaIAB Facebook", "WhatsApp", "Viber", "mail\\.ru", "Fluid", "Sogou", "Daum\\/", "Hatena",
	"Genieo", "Notion\\/", "Tumblr\\/", "Grammarly\\/", "Instapaper\\/", "Disqus", "NING\\/", "Butterfly", "Charlotte",
	"Sonic", "Yeti", "Current[\\s\\S]*RSS Reader", "speedy", "Trove", "Synapse", "Blackboard",
}

// listFile is where make puts the list.
const listFile = "lists/crawler-user-agents.json"

// embeddedBots is the list, compiled once.
var embeddedBots = sync.OnceValue(compileEmbedded)

// compileEmbedded returns the embedded list, an empty one if Klar was built without make or the file is none.
func compileEmbedded() *botList {
	file, err := lists.ReadFile(listFile)
	if err != nil {
		return newBotList(nil)
	}
	var entries []struct {
		Pattern string
		Tags    []string
	}
	if json.Unmarshal(file, &entries) != nil {
		return newBotList(nil)
	}
	patterns, tags := make([]string, len(entries)), make([][]string, len(entries))
	for i, e := range entries {
		patterns[i], tags[i] = e.Pattern, e.Tags
	}
	return newBotList(patterns, tags...)
}

// botList finds the bots that a list of regular expressions describes. Of each expression it looks for a word that
// every match contains, and runs the expression only where that word stands and is not all of it.
type botList struct {
	words *matcher
	rules []listed
	// always holds the rules without such a word.
	always  []int
	classes map[hit.Bot]hit.BotClass
}

type listed struct {
	name hit.Bot
	re   *regexp.Regexp // nil if the word is the whole expression
	// short says that the word is so short that it must not stand in the middle of another.
	short bool
}

// longestShort is the most bytes of a word that other words may contain by chance.
const longestShort = 5

func alnum(c byte) bool { return '0' <= c && c <= '9' || letter(c|0x20) }

// newBotList compiles the patterns, in the order in which they win. One that is no regular expression, or one of
// notBots, is left out. tags are those of each, if there are any.
func newBotList(patterns []string, tags ...[]string) *botList {
	l := &botList{words: newMatcher(), classes: map[hit.Bot]hit.BotClass{}}
	for i, p := range patterns {
		re, err := regexp.Compile(p)
		if err != nil || slices.Contains(notBots, p) {
			continue
		}
		words, whole := required(p)
		rule := listed{name: listName(words), re: re}
		if whole {
			rule.re, rule.short = nil, len(words[0]) <= longestShort
		}
		if i < len(tags) {
			l.note(rule.name, tags[i])
		}
		l.rules = append(l.rules, rule)
		n := len(l.rules) - 1
		if len(words) == 0 {
			l.always = append(l.always, n)
		}
		for _, w := range words {
			l.words.add(w, n)
		}
	}
	return l
}

func (l *botList) size() int { return len(l.rules) }

// find names the bot of the first pattern that ua matches, zero if none does.
func (l *botList) find(ua []byte) hit.Bot {
	best, _ := l.words.lowest(ua, func(rule, at int) bool {
		r := l.rules[rule]
		if r.short && at > 0 && alnum(ua[at]) && alnum(ua[at-1]) {
			return false
		}
		return r.re == nil || r.re.Match(ua)
	})
	for _, rule := range l.always {
		if (best < 0 || rule < best) && l.rules[rule].re.Match(ua) {
			best = rule
			break
		}
	}
	if best < 0 {
		return hit.Bot{}
	}
	return l.rules[best].name
}

// listName makes a bot's name of the word it is found by, up to a slash or bracket.
func listName(words []string) hit.Bot {
	if len(words) == 0 {
		return otherBot
	}
	name := words[0]
	if i := strings.IndexAny(name[1:], "/("); i >= 0 {
		name = name[:i+1]
	}
	if b := hit.NewBot(strings.Trim(name, " ();,-")); !b.IsZero() {
		return b
	}
	return otherBot
}
