package useragent

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The floors are what was reached, rounded down, in percent. They only go up.
const (
	floorBrowsers = 94 // family and major version of the browsers people use
	floorOthers   = 93 // the same for what other browsers uap-core knows and Klar names
	floorSystems  = 93 // family and version of the systems people use
	floorBots     = 99 // agents of bots that are recognised as such
)

// sharedBrowsers are uap-core's names for the browsers people use, and Klar's.
var sharedBrowsers = map[string]string{
	"Chrome": "Chrome", "Chrome Mobile": "Chrome", "Chrome Mobile iOS": "Chrome", "Chrome Mobile WebView": "Mobile App",
	"Chromium": "Chromium", "Firefox": "Firefox", "Firefox Beta": "Firefox", "Firefox Mobile": "Firefox",
	"Firefox iOS": "Firefox", "Firefox (Shiretoko)": "Firefox", "Safari": "Safari", "Mobile Safari": "Safari",
	"Mobile Safari UI/WKWebView": "Mobile App", "Edge": "Microsoft Edge", "Edge Mobile": "Microsoft Edge",
	"Opera": "Opera", "Opera Mobile": "Opera", "Opera Tablet": "Opera", "Opera Mini": "Opera Mini",
	"Opera Touch": "Opera Touch", "Opera GX": "Opera GX", "Samsung Internet": "Samsung Browser",
	"IE": "Internet Explorer", "IE Mobile": "Internet Explorer", "IE Large Screen": "Internet Explorer",
	"Facebook": "Facebook App", "Facebook Messenger": "Messenger App", "Instagram": "Instagram App",
	"WeChat Browser": "WeChat App", "LINE": "LINE App", "TikTok": "TikTok App", "Snapchat": "Snapchat App",
	"Pinterest": "Pinterest App", "Twitter": "Twitter App", "Google": "Google App", "Telegram": "Telegram App",
	"KakaoTalk": "KakaoTalk App", "Weibo": "Weibo App",
}

// otherBrowsers are the browsers that fewer people use.
var otherBrowsers = map[string]string{
	"Amazon Silk": "Amazon Silk", "Android": "Android Browser", "Brave": "Brave", "Vivaldi": "Vivaldi",
	"Yandex Browser": "Yandex Browser", "UC Browser": "UC Browser", "DuckDuckGo": "DuckDuckGo Browser",
	"DuckDuckGo Mobile": "DuckDuckGo Browser", "QQ Browser": "QQ Browser", "QQ Browser Mobile": "QQ Browser",
	"QQ Browser Mini": "QQ Browser", "MiuiBrowser": "MIUI Browser", "Mint Browser": "Mint Browser",
	"Huawei Browser": "Huawei Browser", "Honor Browser": "Honor Browser", "Whale": "Whale Browser",
	"Puffin": "Puffin", "Maxthon": "Maxthon", "Coc Coc": "Coc Coc", "Iron": "Iron", "Pale Moon": "Pale Moon",
	"Waterfox": "Waterfox", "Konqueror": "Konqueror", "Midori": "Midori", "Opera Coast": "Opera Coast",
	"HeyTap Browser": "HeyTap Browser", "VivoBrowser": "vivo Browser", "Dolphin": "Dolphin", "Quark": "Quark",
	"Avast Secure Browser": "Avast Secure Browser", "Oculus Browser": "Meta Quest Browser",
	"Nokia Browser": "Nokia Browser", "Ovi Browser": "Nokia Ovi Browser", "Sleipnir": "Sleipnir",
}

// sharedSystems are uap-core's names for the systems people use, and Klar's; it counts iPadOS as iOS.
var sharedSystems = map[string]string{
	"Windows": nameWindows, "Windows Phone": nameWindowsPhone, "Mac OS X": nameMac, "iOS": nameIOS, "Android": nameAndroid,
	"Linux": nameLinux, "Ubuntu": "Ubuntu", "Debian": "Debian", "Fedora": "Fedora", "Chrome OS": nameChromeOS,
	"Tizen": "Tizen", "KaiOS": "KaiOS", "HarmonyOS": "HarmonyOS", "webOS": "webOS", "Web0S": "webOS",
	"Firefox OS": "Firefox OS", "FreeBSD": "FreeBSD", "BlackBerry OS": "BlackBerry OS", "tvOS": nameTVOS,
	"WatchOS": "watchOS",
}

type testCase struct {
	Agent  string `yaml:"user_agent_string"`
	Family string
	Major  string
	Minor  string
}

func testCases(t *testing.T, name string) []testCase {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the package")
		}
	}
	file, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", "useragents", name))
	if err != nil {
		t.Fatalf("the shared test data is missing: useragents/%s belongs in ../shared/data beside the checkout", name)
	}
	var doc struct {
		Cases []testCase `yaml:"test_cases"`
	}
	if err := yaml.Unmarshal(file, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Cases
}

// misses counts what was expected and what came instead, by family and never by agent.
type misses map[string]int

func (m misses) log(t *testing.T) {
	t.Helper()
	lines := make([]string, 0, len(m))
	for line, n := range m {
		lines = append(lines, fmt.Sprintf("%3d  %s", n, line))
	}
	slices.Sort(lines)
	for _, line := range slices.Backward(lines) {
		t.Log(line)
	}
}

func atLeast(t *testing.T, what string, right, all, floor int) {
	t.Helper()
	if all == 0 {
		t.Fatalf("%s: no cases", what)
	}
	t.Logf("%s: %d of %d right, %.1f %%", what, right, all, 100*float64(right)/float64(all))
	if right*100 < floor*all {
		t.Errorf("%s: %d of %d right is less than %d %%", what, right, all, floor)
	}
}

func TestBrowsersOfUapCore(t *testing.T) {
	cases := testCases(t, "test_ua.yaml")
	for _, set := range []struct {
		what  string
		names map[string]string
		floor int
	}{{"browsers people use", sharedBrowsers, floorBrowsers}, {"other browsers", otherBrowsers, floorOthers}} {
		t.Run(set.what, func(t *testing.T) {
			p := New(Options{})
			missed, right, all := misses{}, 0, 0
			for _, c := range cases {
				want, ok := set.names[c.Family]
				if !ok {
					continue
				}
				all++
				a := p.Parse([]byte(c.Agent))
				if a.Browser.String() == want && a.BrowserVersion.String() == c.Major {
					right++
					continue
				}
				got := a.Browser.String()
				if !a.Bot.IsZero() {
					got = "bot " + a.Bot.String()
				}
				missed[fmt.Sprintf("%s %s: got %q %s", c.Family, c.Major, got, a.BrowserVersion)]++
			}
			missed.log(t)
			atLeast(t, "family and major version of "+set.what, right, all, set.floor)
		})
	}
}

func TestSystemsOfUapCore(t *testing.T) {
	p := New(Options{})
	missed, right, all, bots := misses{}, 0, 0, 0
	for _, c := range testCases(t, "test_os.yaml") {
		want, ok := sharedSystems[c.Family]
		if !ok {
			continue
		}
		a := p.Parse([]byte(c.Agent))
		if !a.Bot.IsZero() {
			bots++
			continue
		}
		all++
		got := a.OS.String()
		if got == nameIPadOS {
			got = nameIOS
		}
		if got == want && sameVersion(a.OSVersion.String(), c) {
			right++
			continue
		}
		missed[fmt.Sprintf("%s %s.%s: got %q %s", c.Family, c.Major, c.Minor, got, a.OSVersion)]++
	}
	missed.log(t)
	t.Logf("%d agents of bots and programs left out: they have no system", bots)
	atLeast(t, "family and version of systems people use", right, all, floorSystems)
}

// sameVersion reports whether got is the version of c as far as Klar counts it.
func sameVersion(got string, c testCase) bool {
	switch {
	case got == c.Major, got == c.Major+"."+c.Minor:
		return true
	case c.Family == "Linux" || c.Family == "Firefox OS" || c.Family == "Chrome OS":
		return got == "" // the kernel's or the build's
	case c.Family == "Windows":
		return c.Major == "RT" && got == "8" || c.Major == "RT" && c.Minor == "1" && got == "8.1"
	}
	return false
}

func TestPeopleAreNoBots(t *testing.T) {
	p := New(Options{})
	missed, bots, all := misses{}, 0, 0
	for _, c := range testCases(t, "test_ua.yaml") {
		if sharedBrowsers[c.Family] == "" && otherBrowsers[c.Family] == "" || isProgram(c.Agent) {
			continue
		}
		all++
		if a := p.Parse([]byte(c.Agent)); !a.Bot.IsZero() {
			bots++
			missed[c.Family+": bot "+a.Bot.String()]++
		}
	}
	missed.log(t)
	t.Logf("%d of %d agents of people called bots, %.1f %%", bots, all, 100*float64(bots)/float64(all))
	if bots > 0 {
		t.Errorf("%d agents of people called bots", bots)
	}
}

// isProgram reports whether an agent that uap-core files under a browser's or an app's name is its maker's crawler,
// previewer or client library, by its own words.
func isProgram(agent string) bool {
	for _, w := range []string{"(+http", "Web Preview", "Client/"} {
		if strings.Contains(agent, w) {
			return true
		}
	}
	return false
}

// botFamily matches uap-core's names for bots; it has no list of them.
var botFamily = regexp.MustCompile(`(?i)bot\b|bot[-/]|crawl|spider|slurp|nutch|scraper|scrapy|archiver|heritrix|^curl|wget|` +
	`^python|^java$|go-http|okhttp|libwww|phantomjs|headlesschrome|masscan|whatweb|openvas|pingdom|feedfetcher|axios|guzzle|` +
	`postman|httpie|apache-httpclient|urlgrabber|pycurl|bingpreview|mediapartners|aws-sdk|reqwest`)

func TestBotsOfUapCore(t *testing.T) {
	p := New(Options{})
	missed, right, all := misses{}, 0, 0
	for _, c := range testCases(t, "test_ua.yaml") {
		if !botFamily.MatchString(c.Family) {
			continue
		}
		all++
		if p.Parse([]byte(c.Agent)).Bot.IsZero() {
			missed[c.Family]++
			continue
		}
		right++
	}
	missed.log(t)
	t.Logf("%d patterns built in", p.BotListed())
	atLeast(t, "bots recognised", right, all, floorBots)
}
