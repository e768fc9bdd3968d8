package useragent

import (
	"testing"

	"github.com/klar-analytics/klar/hit"
)

// TestClassesOfBots wants the bots that sites ask about to be told apart by what they are for.
func TestClassesOfBots(t *testing.T) {
	p := New(Options{})
	for agent, want := range map[string]struct {
		name  string
		class hit.BotClass
	}{
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)":                      {"GPTBot", hit.BotAICrawler},
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)":                     {"ClaudeBot", hit.BotAICrawler},
		"CCBot/2.0 (https://commoncrawl.org/faq/)":                                                                                    {"CCBot", hit.BotAICrawler},
		"Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)":                                                         {"Bytespider", hit.BotAICrawler},
		"Mozilla/5.0 (compatible; Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot)":                                    {"Amazonbot", hit.BotAICrawler},
		"meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)":                                   {"meta-externalagent", hit.BotAICrawler},
		"Mozilla/5.0 (compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot)":                                                  {"OAI-SearchBot", hit.BotAISearch},
		"Mozilla/5.0 (compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)":                                           {"PerplexityBot", hit.BotAISearch},
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot":                   {"ChatGPT-User", hit.BotAIAssistant},
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)":                 {"Claude-User", hit.BotAIAssistant},
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Perplexity-User/1.0; +https://perplexity.ai/perplexity-user)": {"Perplexity-User", hit.BotAIAssistant},
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)":                                                    {"Googlebot", hit.BotSearchEngine},
		"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)":                                                          {"AhrefsBot", hit.BotSEO},
		"curl/8.5.0": {"curl", hit.BotTool},
		"":           {"No agent", hit.BotOther},
		"Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0": {"", hit.BotUnknown},
	} {
		if a := p.Parse([]byte(agent)); a.Bot.String() != want.name || a.BotClass != want.class {
			t.Errorf("%q is %q of class %q, want %q of class %q", want.name, a.Bot, a.BotClass, want.name, want.class)
		}
	}
}

// TestEveryOwnBotHasAClass wants the names of botWords and those of classNames to be the same.
func TestEveryOwnBotHasAClass(t *testing.T) {
	named := map[hit.Bot]bool{noAgent: true, otherBot: true}
	for i, name := range botNames {
		named[name] = true
		if _, ok := ownClasses[name]; !ok {
			t.Errorf("%s has no class", botWords[i].name)
		}
	}
	for name := range ownClasses {
		if !named[name] {
			t.Errorf("%s has a class and is no bot's name", name)
		}
	}
}

// TestListTellsClasses wants most of what only the list names to have a class.
func TestListTellsClasses(t *testing.T) {
	l := embeddedBots()
	if l.size() == 0 {
		t.Skip("the list is not built in: make fetches it")
	}
	other := 0
	for _, r := range l.rules {
		if l.classOf(r.name) == hit.BotOther {
			other++
		}
	}
	if t.Logf("%d of %d patterns have no class", other, l.size()); other > l.size()/20 {
		t.Error("more than one in twenty")
	}
}
