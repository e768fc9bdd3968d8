package threat

import "strings"

// The least number of words that make a text, and how many times as many other things than words it may have.
const (
	minWords  = 4
	maxOthers = 1
)

// talk reports whether v reads as a text: half or more of what stands between its spaces are words. SQL is made of words,
// too; those that are rather SQL's do not count. So are loops and conditions of Windows' command line, which are no texts.
func talk(v string) bool {
	words, others := 0, 0
	for rest := v; rest != ""; {
		var field string
		field, rest = cutField(rest)
		switch {
		case field == "", wordsOfCode[field]:
		case isWord(bare(field)):
			words++
		default:
			others++
		}
	}
	return words >= minWords && others <= maxOthers*words && !windows(v)
}

// wordsOfCode are SQL's, and the commands that are no words of English.
var wordsOfCode = func() map[string]bool {
	words := set("select from where union all insert into update delete drop table having group order by null like and or not limit values set exec")
	for _, c := range commands {
		if !c.english {
			words[c.word] = true
		}
	}
	return words
}()

// cutField cuts v at the first space or line break.
func cutField(v string) (field, rest string) {
	if i := strings.IndexAny(v, " \n"); i >= 0 {
		return v[:i], v[i+1:]
	}
	return v, ""
}

// bare returns a field of a text without the marks that stand around words.
func bare(field string) string {
	return strings.TrimRight(strings.TrimLeft(field, "([\"'*"), ".,:;!?)]\"'*")
}

// isWord reports whether v is a word of two letters or more, or several with marks within.
func isWord(v string) bool {
	for i := range len(v) {
		if !letters(v[i:i+1]) && (i == 0 || i+1 == len(v) || strings.IndexByte("'-/", v[i]) < 0) {
			return false
		}
	}
	return len(v) > 1
}

// spoken returns a text with the letter q in the place of the code that it names and of its words. What is left of it stands
// neither as words do nor beside them.
func spoken(v string) string {
	v = withoutElements(v)
	out := make([]byte, 0, len(v))
	before := true // whether a word does, or nothing
	for rest := v; rest != ""; {
		var field string
		field, rest = cutField(rest)
		next, _ := cutField(rest)
		word, after := isWord(bare(field)), next == "" || isWord(bare(next))
		if word && before && after || !word && (before || after) && nameOrCall(field) {
			field = "q"
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out, before = append(out, field...), word || field == "q"
	}
	return string(out)
}

// unquotedCode replaces what stands between backquotes, one or several, by the letter q.
func unquotedCode(v string) string {
	out := make([]byte, 0, len(v))
	for {
		i := strings.IndexByte(v, '`')
		if i < 0 {
			return string(append(out, v...))
		}
		n := len(v[i:]) - len(strings.TrimLeft(v[i:], "`"))
		end := strings.Index(v[i+n:], v[i:i+n])
		if end < 0 {
			return string(append(out, v...))
		}
		out, v = append(append(out, v[:i]...), 'q'), strings.TrimLeft(v[i+n+end:], "`")
	}
}

// withoutElements replaces the elements of pages that stand as words do, and load and run nothing, by the letter q.
func withoutElements(v string) string {
	out := make([]byte, 0, len(v))
	for {
		i := strings.IndexByte(v, '<')
		if i < 0 {
			return string(append(out, v...))
		}
		out, v = append(out, v[:i]...), v[i:]
		if end := idle(v); end > 0 {
			out, v = append(out, 'q'), v[end:]
		} else {
			out, v = append(out, '<'), v[1:]
		}
	}
}

// idle returns the length of the element that v begins with if it stands as a word does, and loads and runs nothing; else 0.
func idle(v string) int {
	end := 1 + strings.IndexAny(v[1:], "<>")
	if v[end] != '>' || end+1 < len(v) && strings.IndexByte(" .,:;!?)\"'", v[end+1]) < 0 {
		return 0
	}
	inside := v[1:end]
	if lookString(inside)&^(letter|dot|equals|slash|plus|quote) != 0 || handler(inside) || acting.in(inside) {
		return 0
	}
	return end + 1
}

// acting are parts of attributes by which an element loads or runs something.
var acting = newWords("script:", "expression(", "url(", "url=", "document.", "src", "href", "action", "data", "code", "style=", "&{", "-link", "behavio", "xmlns")

// nameOrCall reports whether a field of a text is a name, of parts with dots between them, or a call, as sentences have them:
// document.cookie, os.system('clear').
func nameOrCall(field string) bool {
	v := strings.TrimRight(strings.TrimLeft(field, "(['\"*"), ".,:!?'\"*")
	end := 0
	for end < len(v) && (alnum(v[end]) || strings.IndexByte("_.-", v[end]) >= 0) {
		end++
	}
	if end == 0 || !letters(v[:1]) && v[0] != '_' || has(v[:end], "..") {
		return false
	}
	return strings.Trim(v[end:], ")]") == "" || v[end] == '(' && strings.IndexByte(v, ')') >= len(strings.TrimRight(v, ")"))
}

// goesOn reports whether a letter follows a semicolon at once, as in no sentence.
func goesOn(v string) bool {
	for i := 0; i+1 < len(v); i++ {
		if v[i] == ';' && letters(v[i+1:i+2]) {
			return true
		}
	}
	return false
}
