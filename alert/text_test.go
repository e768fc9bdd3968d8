package alert

import (
	"strings"
	"testing"
)

func TestARuleSpeaksOneOrTwoLanguages(t *testing.T) {
	const rest = "\nname: mine/one\nfilter: status == 502\ntype: trigger\n"
	for _, test := range []struct {
		yaml string
		want Text
	}{
		{"description: it fails", Text{English: "it fails"}},
		{"description: {en: it fails, de: es scheitert}", Text{"it fails", "es scheitert"}},
	} {
		rules, err := ParseRules([]byte(test.yaml + rest))
		if err != nil || rules[0].Description != test.want {
			t.Errorf("%s: %+v, %v", test.yaml, rules, err)
		}
	}
	for yaml, want := range map[string]string{
		"description: {fr: ça échoue}":    `line 1: "fr" is neither en nor de`,
		"description: {de: es scheitert}": "line 1: has no en",
		"description: {en: [it, fails]}":  "cannot unmarshal",
		"description: [it, fails]":        "cannot unmarshal",
	} {
		if _, err := ParseRules([]byte(yaml + rest)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", yaml, err, want)
		}
	}
}

func TestKlarsOwnRulesSpeakBothLanguages(t *testing.T) {
	rules, err := Builtin()
	if err != nil || len(rules) < 10 {
		t.Fatal(len(rules), err)
	}
	for _, r := range rules {
		if r.Description.English == "" || r.Description.German == "" {
			t.Errorf("%s: %+v", r.Name, r.Description)
		}
	}
}
