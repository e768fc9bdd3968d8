package useragent

import (
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// classNames are the names of botWords by their class. Of a bot that is named by the list, the list's tag says it.
var classNames = map[hit.BotClass]string{
	hit.BotSearchEngine: `Googlebot-Image|Googlebot-Video|Googlebot-News|Google-InspectionTool|Storebot-Google|APIs-Google|Google Favicon|` +
		`Googlebot|BingPreview|Bingbot|MSNBot|DuckDuckBot|Yahoo! Slurp|Baiduspider|YandexBot|Sogou Spider|PetalBot|SeznamBot|` +
		`Qwantbot|MojeekBot|Yeti|Mail.RU_Bot|Coc Coc Bot|Exabot|Applebot`,
	hit.BotAICrawler: `Google-Extended|GoogleOther|GPTBot|ClaudeBot|Claude-Web|anthropic-ai|CCBot|Bytespider|TikTokSpider|Amazonbot|` +
		`cohere-ai|DeepSeekBot|Diffbot|omgili|webzio|AI2Bot|Timpibot|ImagesiftBot|meta-externalagent|FacebookBot`,
	hit.BotAISearch:    `OAI-SearchBot|Claude-SearchBot|PerplexityBot|Amzn-SearchBot|DuckAssistBot|YouBot|meta-webindexer`,
	hit.BotAIAssistant: `ChatGPT-User|Claude-User|Perplexity-User|MistralAI-User|Gemini-Deep-Research|meta-externalfetcher`,
	hit.BotSEO: `AhrefsBot|SemrushBot|MJ12bot|DotBot|BLEXBot|Barkrowler|DataForSeoBot|serpstatbot|rogerbot|SEOkicks|` +
		`Screaming Frog|SISTRIX`,
	hit.BotMonitoring: `Lighthouse|UptimeRobot|Pingdom|StatusCake|Site24x7|Uptime-Kuma|GTmetrix`,
	hit.BotFeedReader: `FeedFetcher-Google|Feedly|Inoreader|Tiny Tiny RSS|UniversalFeedParser|SimplePie`,
	hit.BotSocialPreview: `Google Web Preview|facebookexternalhit|facebookcatalog|Twitterbot|LinkedInBot|Pinterestbot|Slackbot|` +
		`Slack-ImgProxy|Discordbot|TelegramBot|WhatsApp|SkypeUriPreview|redditbot|Mastodon|Bluesky`,
	hit.BotScanner: `Google-Safety|Nikto|sqlmap|Nmap|zgrab|masscan|CensysInspect|InternetMeasurement|Expanse|Nessus|OpenVAS|WPScan|` +
		`Acunetix|Nuclei|gobuster|DirBuster|feroxbuster|ffuf|Wfuzz|WhatWeb|ZmEu|l9explore`,
	hit.BotTool: `AppEngine-Google|HeadlessChrome|PhantomJS|Puppeteer|Playwright|Selenium|HTTrack|Scrapy|curl|Wget|python-requests|` +
		`Python-urllib|python-httpx|Python|aiohttp|Go-http-client|Java|Apache-HttpClient|okhttp|Dalvik|Google-HTTP-Java-Client|` +
		`libwww-perl|Ruby|PHP|GuzzleHttp|axios|node-fetch|Node.js|got|Deno|Bun|Dart|reqwest|hyper|HTTPie|Postman|Insomnia|` +
		`WordPress|Microsoft-CryptoAPI|AWS SDK|WinHTTP|PowerShell|libfetch|lua-resty-http|rest-client`,
	hit.BotArchive:     `archive.org_bot|ia_archiver`,
	hit.BotAdvertising: `AdsBot-Google|Mediapartners-Google|AdIdxBot`,
	hit.BotOther:       `Google-Read-Aloud|No agent|Other bot`,
}

// tagClasses are the classes of the list's tags.
var tagClasses = map[string]hit.BotClass{
	"search-engine": hit.BotSearchEngine, "ai-crawler": hit.BotAICrawler, "seo": hit.BotSEO, "monitoring": hit.BotMonitoring,
	"feed-reader": hit.BotFeedReader, "social-preview": hit.BotSocialPreview, "scanner": hit.BotScanner,
	"http-library": hit.BotTool, "browser-automation": hit.BotTool, "archiver": hit.BotArchive,
	"advertising": hit.BotAdvertising, "academic": hit.BotResearch,
}

// ownClasses are classNames by name.
var ownClasses = func() map[hit.Bot]hit.BotClass {
	classes := map[hit.Bot]hit.BotClass{}
	for class, names := range classNames {
		for name := range strings.SplitSeq(names, "|") {
			classes[hit.NewBot(name)] = class
		}
	}
	return classes
}()

// classOf returns the class of a bot's name.
func (l *botList) classOf(b hit.Bot) hit.BotClass {
	if class, ok := ownClasses[b]; ok {
		return class
	}
	if class, ok := l.classes[b]; ok {
		return class
	}
	return hit.BotOther
}

// note remembers the class of a name that the list gives. The first of several decides, as it does of the name.
func (l *botList) note(b hit.Bot, tags []string) {
	if _, ok := l.classes[b]; ok {
		return
	}
	for _, tag := range tags {
		if class, ok := tagClasses[tag]; ok {
			l.classes[b] = class
			return
		}
	}
}
