package threat

import "strings"

// direct looks for a command that stands by itself, as where a value is run whole: cat /etc/x, time curl x, {cat,/etc/x}.
// A command that is a word of a language needs an option and a path.
func direct(v string) level {
	if rest, ok := strings.CutPrefix(v, "{"); ok {
		return braceExpansion(rest)
	}
	if bomb(v) {
		return certain
	}
	for _, dir := range []string{"/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/"} {
		if name, ok := strings.CutPrefix(v, dir); ok && name != "" {
			return suspicious
		}
	}
	first, rest, spaced := strings.Cut(v, " ")
	if !spaced || first == "" {
		return nothing
	}
	if verb, noun, ok := strings.Cut(first, "-"); ok && (verb == "invoke" || verbs[verb] && nouns[noun]) {
		return suspicious
	}
	if runsOther[first] {
		word := strings.TrimLeft(rest, " ")
		for _, c := range commandsBy[at(word, 0)] {
			if !c.english && strings.HasPrefix(word, c.word) && endsWord(word, len(c.word)) && !strings.HasPrefix(word[len(c.word):], "-") {
				return suspicious
			}
		}
	}
	for _, c := range commandsBy[at(first, 0)] {
		if c.word != first {
			continue
		}
		argument := strings.TrimLeft(rest, " ")
		path := strings.HasPrefix(argument, "/") && len(argument) > 1 && alnum(argument[1]) || strings.HasPrefix(argument, "./") || strings.HasPrefix(argument, "../")
		option := strings.HasPrefix(argument, "-") && len(argument) > 1 && argument[1] != ' '
		switch {
		case !c.english && path:
			return suspicious
		case option && has(argument, " /"), option && !c.english && strings.Count(argument, " ") == 0:
			return suspicious
		}
	}
	return nothing
}

// unknown reports whether v begins with a word that is followed by an option, as any command may be: perf --version.
func unknown(v string) bool {
	word, option, ok := strings.Cut(v, " -")
	if !ok || len(word) < 2 || len(word) > 24 || lookString(word)&^letter != 0 || has(word, ",") {
		return false
	}
	option = strings.TrimPrefix(option, "-")
	return option != "" && letters(option[:1]) && (len(option) == 1 || option[1] == ' ' || v[len(word)+2] == '-')
}

// bomb reports whether v defines a function of a shell that calls itself, in the background or twice.
func bomb(v string) bool {
	i := strings.Index(v, "()")
	if i < 0 {
		return false
	}
	rest := strings.TrimLeft(v[i+2:], " ")
	name := v[strings.LastIndexAny(v[:i], " ;|&")+1 : i]
	body, after, ok := strings.Cut(rest, "}")
	return ok && name != "" && strings.HasPrefix(body, "{") && strings.ContainsAny(body, "|&") && strings.Count(body, name) > 1 && has(after, name)
}

// at returns v[i], 0 beyond its ends.
func at(v string, i int) byte {
	if i >= 0 && i < len(v) {
		return v[i]
	}
	return 0
}

// verbs and nouns are those of commands of PowerShell, put together with a hyphen.
var (
	verbs = set("get set new start stop remove add out import export enable disable convertto convertfrom copy rename clear restart suspend resume " +
		"register unregister test write read select where foreach")
	nouns = set("process service item childitem content wmiobject ciminstance eventlog winevent computerinfo acl command alias variable host history location " +
		"member object string file csv clixml securestring scheduledtask localuser localgroup localgroupmember netadapter netipaddress nettcpconnection " +
		"netfirewallrule smbshare aduser adcomputer adgroup admember module psdrive pssession psprovider executionpolicy mppreference mpcomputerstatus job " +
		"itemproperty printer disk volume partition vm hotfix clipboard credential path connection")
)

// runsOther are commands that run the command that they are given.
var runsOther = set("time nohup env sudo doas strace ltrace timeout exec command nice ionice stdbuf setarch taskset watch xargs busybox unshare chroot flock cpulimit eval")

func set(words string) map[string]bool {
	list := map[string]bool{}
	for _, w := range strings.Fields(words) {
		list[w] = true
	}
	return list
}

// braceExpansion reports whether what stands behind a brace is a command to a shell that fills in braces: {cat,/etc/x},
// {,ifconfig}.
func braceExpansion(v string) level {
	inside, _, ok := strings.Cut(v, "}")
	if !ok || !has(inside, ",") || lookString(inside)&^(letter|dot|slash|back|shell|mark) != 0 {
		return nothing
	}
	for part := range strings.SplitSeq(inside, ",") {
		for _, c := range commandsBy[at(part, 0)] {
			if c.word == part && !c.english {
				return suspicious
			}
		}
	}
	return nothing
}

// maxConditions is how many commands are looked at whether they are loops or conditions.
const maxConditions = 16

// windows looks for loops and conditions of the command line of Windows, behind the end of another command or by
// themselves: for %i in (a) do b, if /i not %a% equ b, if exist x (.
func windows(v string) bool {
	for i, tries := 0, 0; i < len(v) && tries < maxConditions; i++ {
		if i > 0 && strings.IndexByte(";|&\n\"'(", v[i-1]) < 0 {
			continue
		}
		tries++
		rest := strings.TrimLeft(v[i:], " ;|&")
		switch {
		case strings.HasPrefix(rest, "for") && has(rest, "%") && has(rest, " in"):
			if _, do, ok := strings.Cut(rest, ")"); ok && strings.HasPrefix(strings.TrimLeft(do, " "), "do ") {
				return true
			}
		case strings.HasPrefix(rest, "if") && condition(rest[len("if"):]):
			return true
		}
	}
	return false
}

// condition reports whether v is the condition of an if of Windows' command line.
func condition(v string) bool {
	if v == "" || v[0] != ' ' && v[0] != '/' {
		return false
	}
	v = strings.TrimLeft(v, " ")
	ignoring, not := false, false
	v, ignoring = cut(v, "/i")
	v, not = cut(v, "not ")
	for _, word := range []string{"exist ", "defined ", "errorlevel ", "cmdextversion "} {
		if rest, ok := strings.CutPrefix(v, word); ok {
			_, then, more := strings.Cut(strings.TrimLeft(rest, " "), " ")
			then = strings.TrimLeft(then, " ")
			return word == "errorlevel " || word == "cmdextversion " || more && (ignoring || strings.HasPrefix(then, "(") || hasAny(then, "echo", "goto", "cmd", "del ", "call ", "set ", "exit"))
		}
	}
	for _, op := range []string{" equ ", " neq ", " lss ", " leq ", " gtr ", " geq "} {
		if has(v, op) {
			return true
		}
	}
	compares := has(v, "==") && !has(v, "===")
	return compares && (ignoring || not || has(v, "%") || hasAny(v, " echo", " goto", "(echo", " cmd"))
}

// cut removes what v may begin with, and the spaces behind it.
func cut(v, prefix string) (rest string, found bool) {
	rest, found = strings.CutPrefix(v, prefix)
	return strings.TrimLeft(rest, " "), found
}

// unexpanded removes what a shell puts nothing in the place of: $@, $!, ${x}, $u before a slash. Attackers tear names apart
// with it.
func unexpanded(v string) string {
	if !has(v, "$") {
		return v
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		if v[i] != '$' || i+1 == len(v) {
			out = append(out, v[i])
			continue
		}
		if strings.IndexByte("!$-@*#?_0123456789", v[i+1]) >= 0 {
			i++
			continue
		}
		end := i + 1
		for end < len(v) && alnum(v[end]) {
			end++
		}
		if end > i+1 && end < len(v) && (v[end] == '/' || v[end] == '+' || v[end] == ' ') || end > i+1 && end == len(v) {
			i = end - 1
			continue
		}
		out = append(out, v[i])
	}
	return string(out)
}

// maxVariables is how many variables are looked at whether they were set before.
const maxVariables = 16

// assembles reports whether v sets a variable of a shell and uses it in a command behind that: a=ca;b=t;$a$b x.
func assembles(v string) bool {
	for i, tries := 0, 0; tries < maxVariables; tries++ {
		next := strings.IndexByte(v[i:], '$')
		if next < 0 {
			return false
		}
		i += next + 1
		name := strings.TrimPrefix(v[i:], "{")
		end := 0
		for end < len(name) && (alnum(name[end]) || name[end] == '_') {
			end++
		}
		if end == 0 || digit(name[0]) {
			continue
		}
		first := strings.Index(v[:i], name[:end]+"=")
		if first >= 0 && (first == 0 || atWord(v, first) && v[first-1] != '$') && strings.ContainsAny(v[first:i], ";&|\n") {
			return true
		}
	}
	return false
}
