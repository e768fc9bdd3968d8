package threat

import "strings"

// template looks for expressions that template engines and the like evaluate: {{7*7}}, ${7*7}, <%= %>, #{…}, {%…%}.
func template(v string, f feature) level {
	if f&(brace|angle) == 0 && !hasAny(v, "@(", "#set") {
		return nothing
	}
	if statementOfTemplate(v) {
		return certain
	}
	most := nothing
	for _, e := range expressions {
		rest := v
		for range maxExpressions {
			i := strings.Index(rest, e.open)
			if i < 0 {
				break
			}
			rest = rest[i+len(e.open):]
			j := strings.Index(rest, e.close)
			if j < 0 {
				j = len(rest)
			}
			j = min(j, maxExpression)
			most = max(most, expression(e.open, rest[:j]))
		}
	}
	return most
}

// maxExpressions is how many expressions of a kind are looked at, and maxExpression how many bytes of each, so that nobody
// can send what takes long.
const (
	maxExpressions = 8
	maxExpression  = 256
)

var expressions = []struct{ open, close string }{
	{"{{", "}}"}, {"${", "}"}, {"#{", "}"}, {"*{", "}"}, {"@{", "}"}, {"~{", "}"}, {"<%", "%>"}, {"{%", "%}"}, {"%{", "}"}, {"[[", "]]"}, {"{#", "#}"},
	{"{php}", "{/php}"}, {"#set(", ")"}, {"@(", ")"}, {"{", "}"},
}

// expression says how much what stands between an expression's marks, of which open is the first, is one: calculations,
// calls, names of objects that lead out of a template.
func expression(open, v string) level {
	switch {
	case escapes.in(v):
		return certain
	case calculation(v):
		return certain
	}
	if open == "{{" && (insights[strings.TrimSpace(v)] || strings.ContainsAny(v, "'\"[") && has(v, ".") && strings.ContainsAny(v, "(")) {
		return suspicious
	}
	return nothing
}

// insights are what a template knows of its program.
var insights = set("request self config settings app this _self env session g application globals locals() debug()")

// statementOfTemplate reports whether v has a statement of a template engine: {% if …, <% for …, @{[ … of Perl.
func statementOfTemplate(v string) bool {
	for _, open := range []string{"{%", "<%", "{%-", "<%="} {
		i := strings.Index(v, open)
		if i < 0 {
			continue
		}
		rest := strings.TrimLeft(v[i+len(open):], " -=")
		for _, word := range []string{"if ", "for ", "set ", "import ", "include ", "extends ", "block ", "raw", "with ", "print ", "debug", "filter ", "macro "} {
			if strings.HasPrefix(rest, word) {
				return true
			}
		}
	}
	if hasAny(v, "#set(", "#set (", "{{#with ", "{{#each ", "{{#if ") {
		return true
	}
	i := strings.Index(v, "@{")
	return i >= 0 && strings.HasPrefix(strings.TrimLeft(v[i+2:], " "), "[")
}

// calculation reports whether v is nothing but a product or sum of numbers or of texts, as probes use it: 7*7, 7*'7'.
func calculation(v string) bool {
	v = strings.TrimLeft(strings.TrimSpace(v), "=-(")
	v = strings.TrimRight(v, "-) ")
	a, b, ok := strings.Cut(v, "*")
	if !ok {
		if a, b, ok = strings.Cut(v, "+"); !ok {
			return false
		}
	}
	return number(a) && number(b)
}

func number(v string) bool {
	v = strings.Trim(v, ` '"()`)
	for i := range len(v) {
		if !digit(v[i]) {
			return false
		}
	}
	return len(v) > 0
}

// escapes are names that lead out of a template.
var escapes = newWords(
	"request[", "request|", "config[", "self|", "url_for.", "get_flashed_messages", "|attr(", "__init__", "__base__", "dump(app)", "{system", "[system", "[exec ", "[qx", "core::",
	".class.", "__class__", "__globals__", "__mro__", "__subclasses__", "__import__", "__builtins__", "self.env",
	"request.application", "config.items", "getruntime", "freemarker.template", "registerundefinedfiltercallback",
	"_self.env", "constructor.constructor", "lipsum.", "cycler.", "joiner.", "namespace.__", "t(java", "new java",
	"class.forname", "execute(", "system(", "passthru(", "|filter(", "|map(", "#context", "@java", "memberaccess",
	"file.open", "ir.read", "childprocess", "child_process", "process.env", "settings.secret", "app.request", "popen(",
)
