package alert

import (
	"embed"
	"fmt"
	"path"
	"slices"
)

//go:embed rules/*.yaml
var builtin embed.FS

// Builtin returns the rules that Klar comes with.
func Builtin() ([]Rule, error) {
	files, err := builtin.ReadDir("rules")
	if err != nil {
		return nil, err
	}
	var all []Rule
	for _, f := range files {
		b, err := builtin.ReadFile(path.Join("rules", f.Name()))
		if err != nil {
			return nil, err
		}
		rules, err := ParseRules(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		all = append(all, rules...)
	}
	return all, nil
}

// Override returns rules with others added, in place of those with the same name.
func Override(rules, others []Rule) []Rule {
	all := slices.Clone(rules)
	for _, r := range others {
		i := slices.IndexFunc(all, func(known Rule) bool { return known.Name == r.Name })
		if i < 0 {
			all = append(all, r)
		} else {
			all[i] = r
		}
	}
	return all
}
