package embedded

import (
	"fmt"
	"regexp"
	"strings"
)

// ClickHouse's setting readonly alone does not keep libchdb from writing a file (INTO OUTFILE), from SYSTEM and KILL, or
// from reading any file with the function file(). A request that may only read is therefore held by three things more:
// the role reader, whose grants end at the tables; libchdb's own parser, which says that the statement only reads; and
// a list of names, for what neither of them knows.

// users is ClickHouse's configuration of users: sessions run with both roles, those that may only read with the second.
const users = `<clickhouse>
    <profiles><default/></profiles>
    <quotas><default/></quotas>
    <roles>
        <owner><grants><query>GRANT ALL ON *.*</query></grants></owner>
        <reader><grants><query>GRANT SHOW, SELECT ON *.*</query></grants></reader>
    </roles>
    <users>
        <default>
            <password/>
            <networks><ip>::/0</ip></networks>
            <profile>default</profile>
            <quota>default</quota>
            <grants><query>GRANT owner, reader</query></grants>
        </default>
    </users>
</clickhouse>
`

var (
	// unguardedName finds what reaches files without a grant: functions (also without parentheses, as in arrayMap(file, …)),
	// table functions whose structure can be given expressions that no parser shows, and settings that name a file or
	// hold an expression.
	unguardedName = regexp.MustCompile(`(?i)\b(?:file|eval|catboostevaluate|generaterandom|output_format_schema|format_schema\w*|format_template_\w+|additional_\w+_filters?)\b`)
	unguardedCall = regexp.MustCompile("(?i)\\b(?:values|null)[\"`]?" + `(?:\s|/\*(?s:.*?)\*/|(?:--|#)[^\n]*\n)*\(`)
	// waiting finds the table for which ClickHouse starts a process of its own, and waits a minute for it.
	waiting = regexp.MustCompile("(?i)\\bsystem[\"`]?\\s*\\.\\s*[\"`]?models\\b")
	// unparsed finds what must not run by a parser that understands more than the one that was asked first.
	unparsed = regexp.MustCompile(`(?i)\b(?:outfile|system|kill)\b`)
	// literal is a string as it stands in a statement without comments and quoted names.
	literal = regexp.MustCompile(`'(?s:[^'\\]|\\.|'')*'`)
)

func refuse(why string) error {
	return newException("Code: 164. DB::Exception: Only reading is allowed here: " + why + ". (READONLY)")
}

// checkText refuses a statement that may only read for names that no grant covers. Literals are left out where they
// are plain to see; beside comments, heredocs and quoted names the whole text is looked at.
func (q *request) checkText() error {
	if !q.reads() {
		return nil
	}
	if q.rows != nil {
		return refuse("no INSERT")
	}
	text := q.sql
	plain := !strings.ContainsAny(text, "\"`$#") && !strings.Contains(text, "--") && !strings.Contains(text, "/*")
	switch {
	case plain:
		text = literal.ReplaceAllString(text, "''")
	case strings.Contains(text, `\`) && strings.ContainsAny(text, "\"`"):
		return refuse("a backslash beside quoted names could hide a name")
	}
	if name := unguardedName.FindString(text); name != "" {
		return refuse(fmt.Sprintf("%q can reach files, also as part of a comment or of a string beside quoted names", name))
	}
	if unguardedCall.MatchString(text) {
		return refuse("the table functions values() and null() can reach files")
	}
	if waiting.MatchString(text) {
		return refuse("system.models starts a process")
	}
	for _, s := range q.settings {
		if unguardedName.MatchString(s.name) || unguardedName.MatchString(s.value) {
			return refuse("a setting of the URL can reach files")
		}
	}
	if !strings.Contains(strings.ToLower(text), "identifier") {
		return nil
	}
	for _, p := range q.params {
		if unguardedName.MatchString(p.value) {
			return refuse("a name that comes as a parameter can reach files")
		}
	}
	return nil
}

// checkKind refuses what libchdb's parser does not call reading. What it cannot parse may pass, to fail with the reason.
func (q *request) checkKind(kind analysis) error {
	switch {
	case !q.reads() || kind.class == classReadOnly:
		return nil
	case kind.class == classUnknown && kind.statements == 0 && !unparsed.MatchString(q.sql):
		return nil
	}
	return refuse("SELECT, WITH, SHOW, DESCRIBE, EXISTS and EXPLAIN, without INTO OUTFILE")
}
