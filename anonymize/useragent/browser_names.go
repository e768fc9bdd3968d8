package useragent

import "github.com/klar-analytics/klar/hit"

// naming is a word of a user agent, in lower case, and the browser it names. The earlier of two wins, so apps come
// before the browsers they embed and browsers before those they are built from or pretend to be. A word begins with a
// space where it could be the end of another.
type naming struct {
	word, name string
	// version is the word that the version stands behind, if it is another.
	version string
}

var namings = []naming{
	// Apps that show pages, usually what somebody posted there.
	{"instagram", "Instagram App", ""},
	{" barcelona ", "Threads App", ""},
	{"fban/messenger", "Messenger App", "fbav/"},
	{"fb_iab/messenger", "Messenger App", "fbav/"},
	{"fban/orca", "Messenger App", "fbav/"},
	{"fban/", "Facebook App", "fbav/"},
	{"fb_iab/", "Facebook App", "fbav/"},
	{"fbav/", "Facebook App", ""},
	{"metaiab facebook", "Facebook App", "fbav/"},
	{"micromessenger", "WeChat App", ""},
	{"musical_ly", "TikTok App", "app_version/"},
	{" trill_", "TikTok App", ""},
	{"bytedancewebview", "TikTok App", "app_version/"},
	{"tiktok", "TikTok App", "app_version/"},
	{"snapchat", "Snapchat App", ""},
	{"pinterest for android tablet", "Pinterest App", ""},
	{"pinterest for android", "Pinterest App", ""},
	{"pinterest for ios", "Pinterest App", ""},
	{"pinterest/", "Pinterest App", ""},
	{"[linkedinapp]", "LinkedIn App", ""},
	{"linkedinapp", "LinkedIn App", ""},
	{"twitter for iphone", "Twitter App", ""},
	{"twitter for ipad", "Twitter App", ""},
	{"twitter for android", "Twitter App", ""},
	{"twitterandroid", "Twitter App", ""},
	{"telegram-android/", "Telegram App", ""},
	{"kakaotalk", "KakaoTalk App", ""},
	{"__weibo__", "Weibo App", ""},
	{"weibo", "Weibo App", "weibo/"},
	{" line/", "LINE App", ""},
	{" gsa/", "Google App", ""},
	{"reddit/", "Reddit App", ""},
	{"naver(inapp", "Naver App", ""},
	{"daumapps/", "Daum App", ""},
	{"baiduboxapp/", "Baidu App", ""},
	{"alipayclient/", "Alipay App", ""},
	{"aliapp(", "Alibaba App", ""},
	{"dingtalk/", "DingTalk App", ""},
	{"zalo ", "Zalo App", ""},
	{"flipboard/", "Flipboard App", ""},
	{"applenews/", "Apple News", "version/"},
	{"microsoft outlook", "Microsoft Outlook", ""},
	{"outlook-ios", "Microsoft Outlook", ""},
	{"msoffice", "Microsoft Outlook", ""},
	{"ms-office", "Microsoft Outlook", ""},
	{"thunderbird/", "Thunderbird", ""},
	{" teams/", "Microsoft Teams", ""},
	{"slack_ssb/", "Slack App", ""},
	{" slack/", "Slack App", ""},
	{"discord/", "Discord App", ""},

	// Browsers of televisions, consoles and headsets.
	{"oculusbrowser/", "Meta Quest Browser", ""},
	{"nintendobrowser/", "Nintendo Browser", ""},
	{"(playstation", "PlayStation Browser", "version/"},
	{"qtcarbrowser", "Tesla Browser", ""},

	// Browsers built from Chromium, Gecko or WebKit, by name.
	{"edgios/", "Microsoft Edge", ""},
	{" edga/", "Microsoft Edge", ""},
	{" edg/", "Microsoft Edge", ""},
	{" edge/", "Microsoft Edge", ""},
	{" edgw/", "Microsoft Edge", ""},
	{"ucbrowser", "UC Browser", ""},
	{"uc browser", "UC Browser", ""},
	{"ucmobile/", "UC Browser", ""},
	{"ubrowser/", "UC Browser", ""},
	{"ucweb", "UC Browser", ""},
	{" opios/", "Opera Mini", ""},
	{"opera mini/att", "Opera Mini", ""},
	{"opera mini", "Opera Mini", ""},
	{" opt/", "Opera Touch", ""},
	{" opx/", "Opera GX", ""},
	{" oprgx/", "Opera GX", ""},
	{" coast/", "Opera Coast", ""},
	{" opr/", "Opera", ""},
	{"yabrowser/", "Yandex Browser", ""},
	{"yasearchbrowser/", "Yandex Browser", ""},
	{"vivaldi/", "Vivaldi", ""},
	{" brave chrome/", "Brave", ""}, // newer ones count with Chrome
	{" brave", "Brave", ""},
	{"(brave", "Brave", ""},
	{"samsungbrowser/", "Samsung Browser", ""},
	{" whale/", "Whale Browser", ""},
	{"huaweibrowser/", "Huawei Browser", ""},
	{"honorbrowser/", "Honor Browser", ""},
	{"miuibrowser/", "MIUI Browser", ""},
	{"mint browser/", "Mint Browser", ""},
	{"heytapbrowser/", "HeyTap Browser", ""},
	{"vivobrowser/", "vivo Browser", ""},
	{"mqqbrowser/mini", "QQ Browser", ""},
	{"qqbrowser", "QQ Browser", ""},
	{" silk/", "Amazon Silk", ""},
	{"duckduckgo/", "DuckDuckGo Browser", ""},
	{" ddg/", "DuckDuckGo Browser", ""},
	{"quark/", "Quark", ""},
	{"puffin/", "Puffin", ""},
	{"maxthon", "Maxthon", ""},
	{"mxbrowser/", "Maxthon", ""},
	{"coc_coc_browser/", "Coc Coc", ""},
	{"sogoumobilebrowser/", "Sogou Explorer", ""},
	{"metasr", "Sogou Explorer", ""},
	{"360se", "360 Secure Browser", ""},
	{"360ee", "360 Secure Browser", ""},
	{"2345explorer", "2345 Browser", ""},
	{"baidubrowser", "Baidu Browser", ""},
	{"ecosia ", "Ecosia", ""},
	{" avast/", "Avast Secure Browser", ""},
	{"avastsecurebrowser/", "Avast Secure Browser", ""},
	{" avg/", "AVG Secure Browser", ""},
	{"alohabrowser/", "Aloha Browser", ""},
	{"dolphin", "Dolphin", ""},
	{"sleipnir/", "Sleipnir", ""},
	{"phoenixbrowser", "Phoenix Browser", ""},
	{" iron/", "Iron", ""},
	{"electron/", "Desktop App", "electron/"},
	{" focus/", "Firefox Focus", ""},
	{" klar/", "Firefox Focus", ""},
	{"fxios/", "Firefox", ""},
	{"crios/", "Chrome", ""},
	{"fennec/", "Firefox", ""},
	{"minefield/", "Firefox", ""},
	{"shiretoko/", "Firefox", ""},
	{"namoroka/", "Firefox", ""},
	{"palemoon/", "Pale Moon", ""},
	{"waterfox", "Waterfox", ""},
	{"librewolf/", "LibreWolf", ""},
	{"seamonkey", "SeaMonkey", ""},
	{"iceweasel", "Iceweasel", ""},
	{"icecat/", "GNU IceCat", ""},
	{"k-meleon", "K-Meleon", ""},
	{"camino/", "Camino", ""},
	{"epiphany/", "GNOME Web", ""},
	{"falkon/", "Falkon", ""},
	{"konqueror", "Konqueror", ""},
	{"midori/", "Midori", ""},
	{"qutebrowser/", "qutebrowser", ""},
	{"otter/", "Otter Browser", ""},
	{"ladybird/", "Ladybird", ""},

	// Text browsers and those of phones with keys.
	{" elinks", "ELinks", ""},
	{" links (", "Links", ""},
	{" lynx/", "Lynx", ""},
	{" w3m/", "w3m", ""},
	{" dillo/", "Dillo", ""},
	{"nokiabrowser/", "Nokia Browser", ""},
	{"ovibrowser/", "Nokia Ovi Browser", ""},
	{"netfront", "NetFront", ""},
	{"obigo", "Obigo", ""},
	{"up.browser/", "Openwave Browser", ""},
	{"openwave/", "Openwave Browser", ""},
	{"dolfin/", "Dolfin", ""},
	{"blackberry", "BlackBerry Browser", "version/"},
	{"(bb10;", "BlackBerry Browser", "version/"},
	{"iemobile", "Internet Explorer", ""},
}

// browserNames are the names that are not in namings but found by rules, and the interned form of all.
var browserNames = func() map[string]hit.Browser {
	m := make(map[string]hit.Browser)
	for _, n := range namings {
		m[n.name] = hit.NewBrowser(n.name)
	}
	for _, n := range []string{"Chrome", "Chromium", "Firefox", "Safari", "Opera", "Internet Explorer", "Android Browser", "Mobile App"} {
		m[n] = hit.NewBrowser(n)
	}
	for _, n := range baseBrowsers {
		m[n] = hit.NewBrowser(n)
	}
	return m
}()

var namingWords = func() *matcher {
	m := newMatcher()
	for i, n := range namings {
		m.add(n.word, i)
	}
	return m
}()
