package useragent

import (
	"regexp/syntax"
	"unicode"
)

// mostWords bounds the words that one expression is spelled out to.
const mostWords = 32

// required returns words of which every match of a regular expression contains one, the longest it can find, and
// whether to find one is to match. It returns none if there are none of at least [shortest] bytes.
func required(pattern string) (words []string, whole bool) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, false
	}
	re = re.Simplify()
	if all := spell(re); usable(all) {
		return all, true
	}
	if re.Op != syntax.OpConcat {
		return nil, false
	}
	// Spell out each run of parts that can be, and keep the run whose shortest word is the longest.
	run := []string{""}
	for _, part := range append(re.Sub, &syntax.Regexp{Op: syntax.OpAnyChar}) {
		next := join(run, spell(part))
		if next == nil {
			if usable(run) && shortestOf(run) > shortestOf(words) {
				words = run
			}
			next = []string{""}
		}
		run = next
	}
	return words, false
}

// spell returns all the strings that re matches, nil if they are too many or not only strings.
func spell(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return spellFolded(re.Rune)
		}
		return []string{string(re.Rune)}
	case syntax.OpCharClass:
		var out []string
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				if out = append(out, string(r)); len(out) > mostWords {
					return nil
				}
			}
		}
		return out
	case syntax.OpCapture:
		return spell(re.Sub[0])
	case syntax.OpConcat:
		out := []string{""}
		for _, sub := range re.Sub {
			if out = join(out, spell(sub)); out == nil {
				return nil
			}
		}
		return out
	case syntax.OpAlternate:
		var out []string
		for _, sub := range re.Sub {
			words := spell(sub)
			if words == nil || len(out)+len(words) > mostWords {
				return nil
			}
			out = append(out, words...)
		}
		return out
	}
	return nil
}

// spellFolded returns all that runes match where case does not count, capitals first.
func spellFolded(runes []rune) []string {
	out := []string{""}
	for _, r := range runes {
		cases := []string{string(unicode.ToUpper(r))}
		for f := unicode.SimpleFold(unicode.ToUpper(r)); f != unicode.ToUpper(r); f = unicode.SimpleFold(f) {
			cases = append(cases, string(f))
		}
		if out = join(out, cases); out == nil {
			return nil
		}
	}
	return out
}

// join returns each of a before each of b, nil if either is or there are too many.
func join(a, b []string) []string {
	if a == nil || b == nil || len(a)*len(b) > mostWords {
		return nil
	}
	out := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, x+y)
		}
	}
	return out
}

func usable(words []string) bool { return len(words) > 0 && shortestOf(words) >= shortest }

func shortestOf(words []string) int {
	n := 0
	for i, w := range words {
		if i == 0 || len(w) < n {
			n = len(w)
		}
	}
	return n
}
