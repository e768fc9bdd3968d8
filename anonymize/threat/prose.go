package threat

import "strings"

// People write about what attackers send: they quote words, name files and commands, and put SQL's words into sentences.
// What is here tells the one from the other by where marks stand, for in a text they stand as in a text.

// unquoted replaces each quotation, as texts have them, by the letter q, and apostrophes within words by nothing: the
// "first" and 'second', O'Brien. A quote that closes what was never opened stays.
func unquoted(v string) string {
	if !strings.ContainsAny(v, "'\"`") {
		return v
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c != '\'' && c != '"' && c != '`' {
			out = append(out, c)
			continue
		}
		if c == '\'' && i > 0 && i+1 < len(v) && letters(v[i-1:i]) && letters(v[i+1:i+2]) && apostrophe(v, i) {
			continue
		}
		if end := quotation(v, i); end > 0 {
			out, i = append(out, 'q'), end
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

// apostrophe reports whether the word around the apostrophe v[i] is one of a text: O'Brien, don't, l'avion.
func apostrophe(v string, i int) bool {
	start, end := i, i+1
	for start > 0 && letters(v[start-1:start]) {
		start--
	}
	for end < len(v) && letters(v[end:end+1]) {
		end++
	}
	switch v[i+1 : end] {
	case "or", "and", "union", "select", "having", "group", "order", "like", "where", "limit", "collate", "glob", "exec", "xor", "div", "not":
		return false
	}
	return (start == 0 || v[start-1] == ' ') && (end == len(v) || strings.IndexByte(" .,;:!?)", v[end]) >= 0)
}

// quotation returns where the quotation ends that begins at v[i], 0 if none does.
func quotation(v string, i int) int {
	if i > 0 && strings.IndexByte(" ([{\n/:-", v[i-1]) < 0 || i+1 >= len(v) || v[i+1] == ' ' {
		return 0
	}
	n := strings.IndexByte(v[i+1:], v[i])
	if n < 1 && v[i] == '`' { // `so'
		n = strings.IndexByte(v[i+1:], '\'')
	}
	if n < 1 {
		return 0
	}
	end := i + 1 + n
	if v[end-1] == ' ' || n > 1 && lookString(v[i+1:end])&^(letter|dot|plus|slash|colon|mark|high) != 0 {
		return 0
	}
	if end+1 < len(v) && strings.IndexByte(" .,:!?)]}\n-", v[end+1]) < 0 {
		return 0
	}
	if strings.HasPrefix(v[end+1:], "--") {
		return 0
	}
	return end
}

// letters reports whether v has nothing but letters, those beyond ASCII among them.
func letters(v string) bool {
	for i := range len(v) {
		if (v[i] < 'a' || v[i] > 'z') && v[i] < 0x80 {
			return false
		}
	}
	return true
}

// prose reports whether v has nothing but words and the marks of sentences, as they stand in sentences. A number at its
// beginning is what many injections begin with.
func prose(v string) bool {
	for i := range len(v) {
		if !punctuates(v, i) {
			return false
		}
	}
	return v == "" || !digit(v[0])
}

// punctuates reports whether v[i] is part of a word, or stands where it does in a sentence.
func punctuates(v string, i int) bool {
	before, after := at(v, i-1), at(v, i+1)
	switch c := v[i]; c {
	case ' ', '/', '_':
		return true
	case '&': // black & white
		return before == ' ' && after == ' '
	case '@':
		return alnum(before)
	case '%':
		return digit(before)
	case '#': // C# as the next word, or issue #12
		return i > 0 && alnum(after)
	case '+': // C++
		return alnum(before) || before == '+'
	case '(': // a call without arguments is one that is named
		return i == 0 || before == ' ' || after == ')'
	case '.': // .NET
		return i == 0 || before != ' ' || after != 0 && letters(v[i+1:i+2])
	case ':':
		return before != ' '
	case ')', ',', ';', '!', '?':
		if after == 0 {
			return before != ' ' && c != ';'
		}
		return before != ' ' && strings.IndexByte(" .,:!?)", after) >= 0
	case '-': // several are a dash only between spaces
		if after == '-' {
			return before == ' ' && at(v, i+2) == ' '
		}
		return before != '-' || at(v, i-2) == ' '
	default:
		return letters(v[i:i+1]) || digit(c)
	}
}

// mentioned reports whether what stands at v[i] is named in a sentence: a word and a space are in front of it.
func mentioned(v string, i int) bool {
	return i > 1 && v[i-1] == ' ' && (letters(v[i-2:i-1]) || v[i-2] == '.' || v[i-2] == ',' || v[i-2] == ':') &&
		(strings.Count(v[:i], " ") > 1 || prose(strings.ReplaceAll(v, "`", "")))
}
