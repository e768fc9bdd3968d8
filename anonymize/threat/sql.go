package threat

import (
	"strings"

	"github.com/corazawaf/libinjection-go"
)

// sql looks for what nobody writes but to a database.
func sql(v string, f feature) level {
	if f&(quote|paren|semi|shell|plus|mark|colon|dot|angle) == 0 && !has(v, "_") && !has(v, "null,null") {
		return nothing
	}
	if f&quote != 0 && documents.in(v) {
		return certain
	}
	v = unquoted(unescaped(uncomment(v)))
	sentence := prose(v)
	switch {
	case statement(v, sentence):
		return certain
	case sentence:
		if union(v) && (has(v, " from") || strings.HasSuffix(strings.TrimSpace(v), "select")) || statements.any(v, func(at int, word string) bool { return has(word, "_") }) {
			return certain
		}
	case sleeps(v), breaksOut(v), union(v), statements.any(v, func(at int, word string) bool { return means(v, at, word) }), tautology(v):
		return certain
	}
	return nothing
}

// unescaped leaves out backslashes before quotes, which close a text where a backslash before them is doubled or means nothing.
func unescaped(v string) string {
	if !has(v, `\'`) && !has(v, `\"`) {
		return v
	}
	return backslashes.Replace(v)
}

var backslashes = strings.NewReplacer(`\'`, "'", `\"`, `"`)

// union reports whether the rows of another table are to be added to those of a query.
func union(v string) bool {
	return hasAny(v, "union select", "union all select", "union distinct select", "union(select", "union all(select", "union all (select", "union (select",
		"union table ", "union all table ", "union values row(", "union all values row(")
}

// sleeps reports whether a database is to wait: sleep(20), pg_sleep(5), benchmark(….
func sleeps(v string) bool {
	for at := 0; ; {
		i := strings.Index(v[at:], "sleep(")
		if i < 0 {
			return false
		}
		at += i + len("sleep(")
		rest := strings.TrimLeft(v[at:], " '\"(")
		n := 0
		for n < len(rest) && (digit(rest[n]) || rest[n] == '.') {
			n++
		}
		if n > 0 && n < len(rest) && strings.IndexByte(")*'\"- ", rest[n]) >= 0 || strings.HasPrefix(rest, "[") {
			return true
		}
	}
}

// continued are the words that a query goes on with behind a text.
var continued = []string{
	"or", "and", "not", "union", "select", "having", "order", "group", "limit", "like", "ilike", "rlike", "regexp", "glob", "match", "collate", "between",
	"is", "isnull", "notnull", "in", "xor", "div", "mod", "where", "except", "intersect", "sounds", "escape", "waitfor", "returning", "procedure", "into", "||", "&&",
}

// breaksOut reports whether v closes a text, goes on as a query would, and ends in what hides the rest: x' or y--,
// ' collate nocase;, or does so without a space between: 'or'1, 'and(likely(id.
func breaksOut(v string) bool {
	tail := strings.TrimRight(v, " +")
	hidden := strings.HasSuffix(tail, "--") || strings.HasSuffix(tail, "#") || strings.HasSuffix(tail, ";") || strings.HasSuffix(tail, "/*") || strings.HasSuffix(tail, "-- -") || strings.HasSuffix(tail, "-- q")
	for i := range len(v) {
		if features[v[i]] != quote && v[i] != '`' {
			continue
		}
		spaced := i+1 < len(v) && v[i+1] == ' '
		rest := strings.TrimLeft(v[i+1:], " )")
		for _, word := range continued {
			if !strings.HasPrefix(rest, word) || alnum(word[0]) && !endsWord(rest, len(word)) {
				continue
			}
			after := rest[len(word):]
			if hidden || !spaced && after != "" && strings.IndexByte("'\"`(", after[0]) >= 0 {
				return true
			}
		}
	}
	return false
}

// means reports whether a word of statements is meant as one: a type stands behind what is of it, and a query in brackets
// asks for something.
func means(v string, at int, word string) bool {
	switch {
	case strings.HasPrefix(word, "::"):
		return at > 0 && endsWord(v, at+len(word)) && (strings.IndexByte(")'\"", v[at-1]) >= 0 || digit(v[at-1]) || !has(v, " "))
	case word == "(select ":
		return strings.ContainsAny(v[at+1:], "(*@,='\"0123456789") || has(v[at:], " from ")
	}
	return true
}

// sqlPieces looks for calls and pieces of SQL, one of which says nothing.
func sqlPieces(v string, f feature) level {
	if f&(quote|paren|semi|shell|mark|plus|angle|equals) == 0 {
		return nothing
	}
	v = unquoted(uncomment(v))
	if prose(v) {
		return nothing
	}
	marks := fragments.count(v, 3) + sqlCalls.calls(v, 3)
	if marks > 0 && strings.HasSuffix(v, "(") && sqlCalls.calls(v, 1) > 0 { // the probe for a function
		marks++
	}
	if ends(v) {
		marks++
		if strings.Count(v, "'")%2 == 1 || strings.Count(v, `"`)%2 == 1 { // a text that was closed
			marks++
		}
	}
	switch n := marks + phrases.count(v, 3); {
	case compares(v), probes(v):
		return suspicious
	case marks > 0 && n > 2:
		return certain
	case marks > 0 && n == 2:
		return suspicious
	}
	return nothing
}

// sqlGrammar asks libinjection, which reads a value as SQL would, in three contexts.
func sqlGrammar(v string, f feature) level {
	if f&(quote|semi|shell|mark) == 0 && !has(v, "--") && !has(v, "=") && !wordsOfSQL.in(v) || len(v) < 3 {
		return nothing // a call alone is mathematics
	}
	if v = unquoted(v); prose(v) {
		return nothing
	}
	if found, _ := libinjection.IsSQLi(v); found {
		return suspicious
	}
	return nothing
}

// compares reports whether v is nothing but a number that is compared with a number: 1=1, 42<=>42, 1 is not 2.
func compares(v string) bool {
	end := 0
	for end < len(v) && digit(v[end]) {
		end++
	}
	if end == 0 || end == len(v) || v[end] == '+' {
		return false
	}
	rest := strings.TrimLeft(v[end:], " ")
	op := operator(rest)
	return op > 0 && number(strings.TrimPrefix(strings.TrimSpace(rest[op:]), "not "))
}

// probes reports whether v is the beginning of a call, as it is sent to see whether it is refused: database(.
func probes(v string) bool {
	name, ok := strings.CutSuffix(v, "(")
	return ok && sqlNames[strings.TrimSpace(name)]
}

var sqlNames = set("database schema user current_user session_user system_user version sysdate getdate db_name user_name object_name name_const strcmp rtrim ltrim trim " +
	"concat concat_ws group_concat substr substring ascii char hex unhex load_file sleep benchmark pg_sleep extractvalue updatexml convert cast ifnull nullif coalesce rand " +
	"row_count last_insert_id found_rows uuid md5 sha1 compress uncompress aes_decrypt aes_encrypt find_in_set export_set make_set json_keys json_extract")

// documents are operators of document databases in their JSON.
var documents = newWords(`"$ne"`, `"$gt`, `"$lt`, `"$regex"`, `"$where"`, "$where:", `"$or"`, `"$in"`, `"$nin"`, `"$exists"`, "this.password", `'$ne'`, `'$gt'`)

// statements are what nobody writes but to a database.
var statements = newWords(
	"::jsonb", "::int", "::bigint", "::text", "::varchar", "::json ", "json_extract(", "execute immediate", "lo_import(", "lo_get(", "pg_read_file(", "like null", "db_name()",
	"column_name from", "table_name from", "group_concat(", "unhex(hex(", "sys.databases", "v$version", "from pg_", "xp_cmd", "pg_user", "mysql.db",
	"information_schema", "select * from", "(select ", "waitfor delay", "waitfor time", "into outfile", "into dumpfile",
	"procedure analyse", "order by 1", "pg_sleep", "pg_catalog", "xp_cmdshell", "xp_dirtree", "xp_regread",
	"sp_executesql", "sp_oacreate", "sp_makewebtask", "utl_inaddr", "utl_http", "dbms_pipe", "dbms_lock", "dbms_xmlgen",
	"dbms_java", "ctxsys.drithsx", "rdb$", "sysmaster:", "sqlite_master", "msysaccessobjects", "load_file(",
	"benchmark(", "extractvalue(", "updatexml(", "@@version", "@@datadir", "@@hostname", "; shutdown", ";shutdown",
	"sysusers", "syscolumns", "sysobjects", "sys.user$", "floor(rand(", "rand(0)*", "mysql.user", "all_users",
	"user_tables", "declare @", "regexp_substring(", "crypt_key(", "case when (", "cast((", "convert(int", "make_set(",
	"xmltype(", ",null,null", "null,null", "dblink_connect", "current_setting(", "database()", "json_keys(",
	"gtid_subset(", "exp(~(", "randomblob(", "wait for delay", "' or '", "\" or \"", "' and '", "\" and \"", "' or 1",
	"or 1=1", "and 1=1", "and 1=2", "or 1=2", "or true--", "' or true", "generate_series(",
	"length(database", "exec(char", "exec master", "openrowset(", "select sleep", "group by columnnames having",
	"delay '0:", "'||(select", "tan(0)",
)

var sqlCalls = newWords(
	"select", "concat", "group_concat", "concat_ws", "char", "chr", "ascii", "substr", "substring", "mid", "elt", "if",
	"iif", "sleep", "count", "ifnull", "nullif", "hex", "unhex", "cast", "convert", "user", "version", "length",
	"right", "left", "repeat", "floor", "rand", "ord", "least", "greatest", "nvl", "coalesce", "upper", "lower",
	"distinct", "locate", "instr", "replace", "bin", "min", "exp", "selectchar",
)

// fragments are pieces of SQL with marks that no text has there.
var fragments = newWords(
	"||chr(", "||char(", "+char(", "'||'", "'+'", "0x7", " rlike ", " sounds like ", " from dual", " like '", " like \"", "limit 1,1",
	"/*", "'#", ")#", "1#", "exec(", "'='", "\"=\"", "')", "'))", "\")", "1=1", "';", "\";", "';--", "'--", "' --", "' or", "' and", "values(",
	"@@", " collate ", " xor ", "=(select", "rownum", "!<", "<=>", " regexp ",
)

// phrases are pieces of SQL that stand in texts, too.
var phrases = newWords(
	"having ", "order by ", "group by ", " between ", " is null", " is not null", "exec ", "select ", "insert into ", "delete from ",
	"drop table", "update ", "truncate ", "alter table", "create table", "create user", "grant all", "union ", " where ", " limit ",
	"values (", " as ", ") or ", ") and ",
)

// wordsOfSQL are one in each injection that has no marks but spaces.
var wordsOfSQL = newWords(
	"or true", "select", "schema", " or ", " and ", "null", "waitfor", "order by", "having", "update ", "delete ", "insert ",
	"drop ",
)

// uncomment replaces comments by spaces, and several spaces by one. What stands in MySQL's /*!…*/ is no comment.
func uncomment(v string) string {
	if !has(v, "/*") && !has(v, "  ") && !has(v, "\n") {
		return v
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c == '/' && strings.HasPrefix(v[i:], "/*") {
			c = ' '
			if strings.HasPrefix(v[i:], "/*!") {
				for i += 2; i+1 < len(v) && digit(v[i+1]); i++ {
				}
			} else if end := strings.Index(v[i+2:], "*/"); end >= 0 {
				i += end + 3
			} else {
				i++
			}
		} else if c == '*' && i+1 < len(v) && v[i+1] == '/' {
			c, i = ' ', i+1
		}
		if c == '\n' {
			c = ' '
		}
		if c == ' ' && len(out) > 0 && out[len(out)-1] == ' ' {
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

// maxComments is how many beginnings of comments are looked at.
const maxComments = 16

// ends reports whether v ends in a comment, as what follows an injection is to be, or has one where no text has a dash.
func ends(v string) bool {
	if cut := strings.TrimRight(v, " +-"); strings.HasSuffix(cut, "/*") || strings.HasSuffix(cut, ";%00") {
		return true
	}
	for i, tries := 1, 0; i < len(v) && tries < maxComments; i++ {
		hash := v[i] == '#' && i+1 == len(strings.TrimRight(v, " "))
		dash := v[i] == '-' && v[i-1] == '-' && (i < 2 || v[i-2] != '-') && (i+1 == len(v) || strings.IndexByte(" +-", v[i+1]) >= 0 || strings.TrimRight(v[i+1:], "abcdefghijklmnopqrstuvwxyz0123456789") == "")
		if !hash && !dash {
			continue
		}
		tries++
		before := strings.TrimRight(v[:i], " -")
		if before == "" || features[before[len(before)-1]]&(quote|paren) != 0 || digit(before[len(before)-1]) || dash && strings.TrimRight(v[i:], " +-") == "" {
			return true
		}
	}
	return false
}

// conjunctions stand before what is always true, or never; by their first byte.
var conjunctions = func() (by [256][]string) {
	for _, word := range []string{"or", "and", "xor", "where", "having", "when", "not", "like", "rlike", "elt", "if", "iif", "make_set", "&&", "||", "select"} {
		by[word[0]] = append(by[word[0]], word)
	}
	return by
}()

// tautology reports whether v compares one literal with another behind a conjunction: or 1=1, and 'a'='a', or(2)=(2).
func tautology(v string) bool {
	for i := range len(v) {
		for _, word := range conjunctions[v[i]] {
			if strings.HasPrefix(v[i:], word) && (!alnum(word[0]) || atWord(v, i) && endsWord(v, i+len(word))) && comparison(v[i+len(word):]) {
				return true
			}
		}
	}
	return false
}

// comparison reports whether v begins with a literal that is compared with another.
func comparison(v string) bool {
	left, rest, ok := literal(strings.TrimLeft(v, " (!~+-"))
	if !ok {
		return false
	}
	rest = strings.TrimLeft(rest, " )")
	op := operator(rest)
	if op == 0 {
		return false
	}
	right, _, ok := literal(strings.TrimLeft(rest[op:], " (!~+-"))
	return ok && (number(left) || left[0] == '\'' || left[0] == '"' || left == right) && len(right) > 0
}

// operator returns the length of the comparison that v begins with, 0 if there is none.
func operator(v string) int {
	for _, op := range []string{"<=>", "<>", "!=", ">=", "<=", "=", "<", ">", "like ", "like'", "rlike ", "regexp ", "in(", "in (", "between ", "is "} {
		if strings.HasPrefix(v, op) {
			return len(strings.TrimRight(op, "'("))
		}
	}
	return 0
}

// literal cuts a number, a quoted text, a word, or nothing but an opening quote from the start of v.
func literal(v string) (one, rest string, ok bool) {
	if v == "" {
		return "", "", false
	}
	if v[0] == '\'' || v[0] == '"' {
		end := strings.IndexByte(v[1:], v[0])
		if end < 0 {
			return v, "", true // the application closes it
		}
		return v[:end+2], v[end+2:], true
	}
	i := 0
	for i < len(v) && (alnum(v[i]) || v[i] == '.' || v[i] == '_' || v[i] == '@') {
		i++
	}
	if i > 0 && i < len(v) && v[i] == '(' { // a call
		if end := strings.IndexByte(v, ')'); end > 0 {
			i = end + 1
		}
	}
	return v[:i], v[i:], i > 0
}

// statement reports whether a whole statement follows the end of another: ;drop table x, ; select sleep(5). What a sentence
// may go on with is none in a sentence.
func statement(v string, sentence bool) bool {
	for at := 0; ; {
		i := strings.IndexByte(v[at:], ';')
		if i < 0 {
			return false
		}
		at += i + 1
		rest := strings.TrimLeft(v[at:], " ")
		for _, s := range []string{"select ", "select(", "insert into ", "delete from ", "drop table", "drop database", "drop user", "truncate table", "update ", "exec ", "exec(",
			"execute ", "declare ", "sleep(", "truncate[", "create table", "create user", "create or replace", "alter table", "call ", "begin ", "if(", "if (", "iif(", "shutdown", "waitfor ", "commit", "merge ", "set @", "copy "} {
			if strings.HasPrefix(rest, s) && (s != "update " || has(rest, " set ")) && (s != "copy " || has(rest, " program ")) && (!sentence || strings.Count(strings.TrimSpace(s), " ") == 1) {
				return true
			}
		}
	}
}
