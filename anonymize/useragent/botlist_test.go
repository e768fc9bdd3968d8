package useragent

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
)

func TestRequired(t *testing.T) {
	for _, c := range []struct {
		pattern string
		words   []string
		whole   bool
	}{
		{`Googlebot\/`, []string{"Googlebot/"}, true},
		{`^curl`, []string{"curl"}, false},
		{`[wW]get`, []string{"Wget", "wget"}, true},
		{`Ahrefs(Bot|SiteAudit)`, []string{"AhrefsBot", "AhrefsSiteAudit"}, true},
		{`AdsBot-Google([^-]|$)`, []string{"AdsBot-Google"}, false},
		{`(^| )sentry\/`, []string{"sentry/"}, false},
		{`Current[\s\S]*RSS Reader`, []string{"RSS Reader"}, false},
		{`a+b`, nil, false},
		{`(?i)bot`, []string{"BOT", "BOt", "BoT", "Bot", "bOT", "bOt", "boT", "bot"}, true},
	} {
		words, whole := required(c.pattern)
		slices.Sort(words)
		if !slices.Equal(words, c.words) || whole != c.whole {
			t.Errorf("%s: %q %v, want %q %v", c.pattern, words, whole, c.words, c.whole)
		}
	}
}

// TestListFindsWhatItsPatternsMatch holds the matcher against the plain regular expressions.
func TestListFindsWhatItsPatternsMatch(t *testing.T) {
	patterns := []string{`^Alpha`, `[bB]eta[cC]`, `Gam(ma|mb)a\/`, `x+y`, `De[\s\S]*lta`, `Epsilon($|;)`, `(^| )zeta\/`, `not a ( pattern`}
	texts := []string{"Alpha/1", "not Alpha", "BetaC", "betac", "beta d", "Gammba/2", "Gamma 2", "xxy", "De a lta", "lta De",
		"Epsilon;", "Epsilons", "zeta/1", "a zeta/1", "azeta/1", ""}
	l := newBotList(patterns)
	if l.size() != len(patterns)-1 {
		t.Errorf("%d patterns in, want all but the broken one of %d", l.size(), len(patterns))
	}
	for _, text := range texts {
		want := slices.ContainsFunc(patterns[:len(patterns)-1], func(p string) bool { return regexp.MustCompile(p).MatchString(text) })
		if got := !l.find([]byte(text)).IsZero(); got != want {
			t.Errorf("%q: found %v, want %v", text, got, want)
		}
	}
}

func TestShortWordsStandAlone(t *testing.T) {
	l := newBotList([]string{`008\/`})
	for text, want := range map[string]bool{"008/1.0": true, "a (008/2)": true, "Opera Mini/4.4.39008/37": false} {
		if got := !l.find([]byte(text)).IsZero(); got != want {
			t.Errorf("%q: found %v, want %v", text, got, want)
		}
	}
}

func TestListNames(t *testing.T) {
	for pattern, want := range map[string]string{
		`Googlebot\/`: "Googlebot", `[wW]get`: "Wget", `yandex\.com\/bots`: "yandex.com", `^BW\/`: "BW",
		`SSL Labs \(https:\/\/www\.ssllabs\.com`: "SSL Labs", `x+y`: "Other bot",
	} {
		words, _ := required(pattern)
		if got := listName(words).String(); got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
}

// TestInstancesOfTheList holds that the agents which the list gives as examples are bots. It needs the list that make
// fetches.
func TestInstancesOfTheList(t *testing.T) {
	file, err := lists.ReadFile(listFile)
	if err != nil {
		t.Skip("crawler-user-agents.json is not there: make fetches it")
	}
	var entries []struct {
		Pattern   string
		Instances []string
	}
	if err := json.Unmarshal(file, &entries); err != nil {
		t.Fatal(err)
	}
	p := New(Options{})
	if p.BotListed() < 1000 {
		t.Errorf("%d patterns built in, want more than 1000", p.BotListed())
	}
	all, missed := 0, 0
	for _, e := range entries {
		if slices.Contains(notBots, e.Pattern) {
			continue
		}
		for _, ua := range e.Instances {
			all++
			if p.Parse([]byte(ua)).Bot.IsZero() {
				missed++
				t.Logf("an agent of %s", e.Pattern)
			}
		}
	}
	t.Logf("%d of %d examples missed", missed, all)
	if missed > 0 {
		t.Errorf("%d of %d examples are not called bots", missed, all)
	}
}
