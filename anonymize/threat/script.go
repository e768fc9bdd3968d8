package threat

import (
	"strings"

	"github.com/corazawaf/libinjection-go"
)

// elements looks for elements of a page that run something.
func elements(v string, f feature) level {
	if f&angle != 0 && tags(v) && !named(v) {
		return certain
	}
	return nothing
}

// named reports whether the elements in v are named in a sentence: a polyfill for the <video> element.
func named(v string) bool {
	text := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		if v[i] == '<' {
			end := i + 1
			for end < len(v) && (alnum(v[end]) || v[end] == '/' && end == i+1) {
				end++
			}
			if end < len(v) && v[end] == '>' && (i == 0 || v[i-1] == ' ' || v[i-1] == '`') && (end+1 == len(v) || strings.IndexByte(" .,:;`", v[end+1]) >= 0) {
				text, i = append(text, 'q'), end
				continue
			}
		}
		if v[i] != '`' {
			text = append(text, v[i])
		}
	}
	return strings.Count(string(text), " ") > 1 && prose(unquoted(string(text)))
}

// script looks for cross-site scripting: by Klar's own words, and by libinjection, which reads a value as browsers would.
func script(v string, f feature) level {
	if f&(angle|paren|quote|colon|brace|mark|semi|shell|equals) == 0 {
		return nothing
	}
	squeezed := squeeze(v)
	switch {
	case f&brace != 0 && f&shell != 0 && hasAny(v, ".call`", ".apply`", ".map`", ".sort`", ".bind`", "`${") || has(squeezed, ".call`"):
		return certain
	case f&brace != 0 && brackets(v):
		return suspicious
	case hasAny(v, "localstorage.", "localstorage[", "sessionstorage.", "sessionstorage[") && !prose(v):
		return certain
	case schemes.in(squeezed) && !(has(v, " ") && prose(v)):
		return certain
	case scriptNames.in(squeezed):
		return certain
	case f&(paren|semi|shell) != 0 && dialogs(squeezed) && !(has(v, " ") && prose(v)):
		return certain
	case handler(v):
		return certain
	case f&(angle|quote|semi|shell) != 0 && libinjection.IsXSS(v) && (f&angle == 0 || !named(v)):
		if f&angle != 0 {
			return certain
		}
		return suspicious
	case f&angle != 0 && markup(v) && !named(v):
		return suspicious
	}
	return nothing
}

// dialogs reports whether one of the calls stands in v that probes for scripting make.
func dialogs(v string) bool {
	return probing.any(v, func(i int, call string) bool {
		rest := v[i+len(call):]
		if rest == "" || mentioned(v, i) && strings.HasPrefix(rest, "()") || rest[0] == '`' && (len(rest) == 1 || strings.IndexByte(" .,;:)", rest[1]) >= 0) {
			return false
		}
		if rest[0] != '(' && rest[0] != '`' && !strings.HasPrefix(rest, ".call") && !strings.HasPrefix(rest, ".apply") && !strings.HasPrefix(rest, "&lpar") {
			return false
		}
		return call != "print" && call != "eval" || i == 0 || strings.IndexByte(`<>"'=;/`, v[i-1]) >= 0
	})
}

var probing = newWords("alert", "confirm", "prompt", "eval", "settimeout", "setinterval", "console.log", "atob", "print")

// brackets reports whether v is JavaScript that is written with six characters only: [][(![]+[])[+[]]].
func brackets(v string) bool {
	return len(v) > 4 && hasAny(v, "![]", "+[]", "[+") && strings.Trim(v, "[]()!+ ") == ""
}

// running are elements whose mere tag says enough: they load or run something, or are in no form of a site.
var running = []string{
	"script", "iframe", "frame", "frameset", "object", "embed", "applet", "meta", "link", "base", "style", "svg", "math", "isindex", "layer",
	"ilayer", "bgsound", "xss", "vmlframe", "vmlrect", "importimplementation", "import",
}

// harmful are elements that run something by an attribute.
var harmful = []string{
	"marquee", "video", "audio", "body", "html", "img", "image", "input", "form", "button", "textarea", "select", "details", "template",
	"keygen", "animate", "set", "foreignobject", "table", "br", "p", "div", "a", "source", "portal", "noscript", "title", "plaintext",
	"listing", "comment", "blink", "custom", "use", "track",
}

// attributes are parts of attributes that run a script.
var attributes = newWords("script:", "expression(", "url(", "document.", "src=", "&{", "data:", "-link", "behavio")

// tags reports whether an element stands in v that runs something, or one with an attribute that does.
func tags(v string) bool {
	return hasElement(v, running, func(string) bool { return true }) || hasElement(v, harmful, func(inside string) bool {
		return strings.ContainsAny(inside, "=:") && (handler(inside) || attributes.in(squeeze(inside)))
	})
}

// markup reports whether v holds one of the elements, whatever it does.
func markup(v string) bool {
	return hasElement(v, harmful, func(string) bool { return true })
}

// maxElement is how many bytes of an element are looked at.
const maxElement = 512

// hasElement reports whether one of the elements stands in v, and what follows its name is what is looked for.
func hasElement(v string, names []string, is func(inside string) bool) bool {
	for at := 0; ; {
		i := strings.IndexByte(v[at:], '<')
		if i < 0 {
			return false
		}
		at += i + 1
		rest := strings.TrimLeft(v[at:min(len(v), at+maxElement)], " /\n")
		if space, name, ok := strings.Cut(rest, ":"); ok && len(space) < 12 && letters(space) { // of another vocabulary
			rest = strings.TrimLeft(name, " ")
		}
		if rest == "" || !alnum(rest[0]) {
			continue
		}
		for _, name := range names {
			if strings.HasPrefix(rest, name) && endsWord(rest, len(name)) && is(rest[len(name):]) {
				return true
			}
		}
	}
}

// handler reports whether v sets an attribute that runs a script: onload=, onmouseover =.
func handler(v string) bool {
	for at := 0; ; {
		i := strings.Index(v[at:], "on")
		if i < 0 {
			return false
		}
		i += at
		at = i + 2
		if i > 0 && strings.IndexByte(" \n'\"/>;`+.}", v[i-1]) < 0 {
			continue
		}
		j := i + 2
		for j < len(v) && 'a' <= v[j] && v[j] <= 'z' {
			j++
		}
		if j-i < 5 || j-i > 26 || !event(v[i+2:j]) {
			continue
		}
		rest := strings.TrimLeft(v[j:], " \n/")
		if strings.HasPrefix(rest, "=") {
			return true
		}
	}
}

// events begin the names of attributes that run a script.
var events = []string{
	"abort", "after", "anim", "auxclick", "before", "begin", "blur", "bounce", "cancel", "canplay", "change", "click", "close", "context", "copy", "cue", "cut", "data", "dbl",
	"drag", "drop", "duration", "emptied", "end", "error", "filter", "finish", "focus", "form", "full", "hash", "help", "input", "invalid", "key", "layout", "load", "lose", "media", "message",
	"mouse", "move", "offline", "online", "page", "paste", "pause", "play", "pointer", "popstate", "progress", "propert", "ratechange", "ready", "redo", "repeat", "reset", "resize", "resume", "reverse",
	"row", "scroll", "seek", "select", "show", "stalled", "start", "stop", "storage", "submit", "suspend", "sync", "time", "toggle", "touch", "transition", "track", "undo", "unload", "unhandled", "url", "volume", "waiting",
	"webkit", "wheel", "zoom",
}

func event(name string) bool {
	for _, e := range events {
		if strings.HasPrefix(name, e) {
			return true
		}
	}
	return false
}

// squeeze leaves out what browsers skip in the name of a scheme: spaces, line breaks, backslashes, comments.
func squeeze(v string) string {
	if !strings.ContainsAny(v, " \n\\") && !has(v, "/*") && !has(v, "<!--") {
		return v
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		for _, c := range [][2]string{{"/*", "*/"}, {"<!--", "-->"}} {
			if strings.HasPrefix(v[i:], c[0]) {
				if end := strings.Index(v[i+len(c[0]):], c[1]); end >= 0 {
					i += len(c[0]) + end + len(c[1])
				}
			}
		}
		if i < len(v) && v[i] != ' ' && v[i] != '\n' && v[i] != '\\' {
			out = append(out, v[i])
		}
	}
	return string(out)
}

// schemes are schemes that run scripts.
var schemes = newWords(
	"javascript:", "vbscript:", "livescript:", "mocha:", "data:text/html", "data:image/svg", "data:text/javascript",
)

// scriptNames are names and properties of scripts in pages.
var scriptNames = newWords(
	"newfunction(", "btoa(",
	"document.cookie", "document.write", "document.domain", "document.location", "window.location", "window.name",
	"document.url", "string.fromcharcode", "top[", "self[", "window[", "document[", "innerhtml", "outerhtml",
	"-moz-binding", ":expression(", "=expression(", "behaviour:url", "behavior:url", "x5calert", "srcdoc=", "location.href=",
	"location.hash", "formaction=", "xmlhttprequest", "unescape(",
	"document.body", "document.createelement", "document.getelement", "document.queryselector", "appendchild(", "insertadjacenthtml",
	"<!entity", "<xi:include", "!entity%", "<xml:", "<xml>", "<xmlid=", "<xmlsrc=",
	"constructor.constructor", "<![cdata[", "xlink:href", "@import'", "@import\"", "@import url", "string['from",
	"eval(atob", "fetch('", "import('", "setter=", "importscripts(",
)
