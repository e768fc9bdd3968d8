package threat

import (
	"strings"

	"github.com/corazawaf/libinjection-go"
)

// sql looks for what nobody writes but to a database.
func sql(v string, f feature) level {
	if f&(quote|paren|semi|shell|plus|mark|colon|dot) == 0 && !has(v, "_") && !has(v, "null,null") {
		return nothing
	}
	v = uncomment(v)
	if statements.in(v) || tautology(v) || statement(v) {
		return certain
	}
	return nothing
}

// sqlPieces looks for calls and pieces of SQL, one of which says nothing.
func sqlPieces(v string, f feature) level {
	if f&(quote|paren|semi|shell|mark|plus) == 0 {
		return nothing
	}
	v = uncomment(v)
	n := fragments.count(v, 3) + sqlCalls.calls(v, 3)
	if n > 0 && strings.HasSuffix(v, "(") && sqlCalls.calls(v, 1) > 0 { // the probe for a function
		n++
	}
	if ends(v) {
		n++
	}
	switch {
	case n > 2:
		return certain
	case n == 2:
		return suspicious
	}
	return nothing
}

// sqlGrammar asks libinjection, which reads a value as SQL would, in three contexts.
func sqlGrammar(v string, f feature) level {
	if f&(quote|semi|shell|mark) == 0 && !has(v, "--") && !has(v, "=") && !wordsOfSQL.in(v) || len(v) < 3 {
		return nothing // a call alone is mathematics
	}
	if found, _ := libinjection.IsSQLi(v); found {
		return suspicious
	}
	return nothing
}

// statements are what nobody writes but to a database.
var statements = newWords(
	`"$ne"`, `"$gt"`, `"$lt"`, `"$regex"`, `"$where"`, "$where:", `"$or"`, "this.password",
	"::jsonb", "::int", "::bigint", "::text", "::varchar", "::json ", "json_extract(", "execute immediate", "lo_import(", "lo_get(", "pg_read_file(", "like null", "db_name()",
	"column_name from", "table_name from", "group_concat(", "unhex(hex(", "sys.databases", "v$version", "from pg_", "xp_cmd", "pg_user", "mysql.db",
	"union select", "union all select", "union distinct select", "union(select", "union all(select",
	"information_schema", "select * from", "(select ", "waitfor delay", "waitfor time", "into outfile", "into dumpfile",
	"procedure analyse", "order by 1", "pg_sleep", "pg_catalog", "xp_cmdshell", "xp_dirtree", "xp_regread",
	"sp_executesql", "sp_oacreate", "sp_makewebtask", "utl_inaddr", "utl_http", "dbms_pipe", "dbms_lock", "dbms_xmlgen",
	"dbms_java", "ctxsys.drithsx", "rdb$", "sysmaster:", "sqlite_master", "msysaccessobjects", "load_file(",
	"benchmark(", "extractvalue(", "updatexml(", "@@version", "@@datadir", "@@hostname", "; shutdown", ";shutdown",
	"sysusers", "syscolumns", "sysobjects", "sys.user$", "floor(rand(", "rand(0)*", "mysql.user", "all_users",
	"user_tables", "declare @", "regexp_substring(", "crypt_key(", "case when (", "cast((", "convert(int", "make_set(",
	"xmltype(", ",null,null", "null,null", "dblink_connect", "current_setting(", "database()", "json_keys(",
	"gtid_subset(", "exp(~(", "randomblob(", "wait for delay", "' or '", "\" or \"", "' and '", "\" and \"", "' or 1",
	"or 1=1", "and 1=1", "and 1=2", "or 1=2", "or true--", "' or true", "generate_series(", "sleep(5)", "sleep(10)",
	"length(database", "exec(char", "exec master", "openrowset(", "select sleep", "group by columnnames having",
	"delay '0:", "'||(select", "tan(0)",
)

var sqlCalls = newWords(
	"select", "concat", "group_concat", "concat_ws", "char", "chr", "ascii", "substr", "substring", "mid", "elt", "if",
	"iif", "sleep", "count", "ifnull", "nullif", "hex", "unhex", "cast", "convert", "user", "version", "length",
	"right", "left", "repeat", "floor", "rand", "ord", "least", "greatest", "nvl", "coalesce", "upper", "lower",
	"distinct", "locate", "instr", "replace", "bin", "min", "exp", "selectchar",
)

var fragments = newWords(
	"||chr(", "||char(", "+char(", "'||'", "'+'", "0x7", " rlike ", " sounds like ", "having ", " from dual", " like '",
	" like \"", "limit 1,1", "order by ", "group by ", " between ", " is null", " is not null", "--", "/*", "#",
	"exec ", "exec(", "select ", "insert into ", "delete from ", "drop table", "update ", "truncate ", "alter table",
	"create table", "create user", "grant all", "'='", "\"=\"", "')", "'))", "\")", "union ", " where ", " limit ",
	"1=1", "';", "\";", "';--", "'--", "' --", "' or", "' and", "values (", "values(", " as ", ") or ", ") and ", "@@",
	" collate ", " xor ", "=(select", "rownum", "!<", "<=>", " regexp ",
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

// ends reports whether v ends in a comment, as what follows an injection is to be.
func ends(v string) bool {
	v = strings.TrimRight(v, " +-")
	return strings.HasSuffix(v, "#") || strings.HasSuffix(v, "/*") || strings.HasSuffix(v, ";%00")
}

// conjunctions stand before what is always true, or never.
var conjunctions = []string{"or", "and", "xor", "where", "having", "when", "not", "like", "rlike", "elt", "if", "iif", "make_set", "&&", "||", "select"}

// tautology reports whether v compares one literal with another behind a conjunction: or 1=1, and 'a'='a', or(2)=(2).
func tautology(v string) bool {
	for _, word := range conjunctions {
		for at := 0; ; {
			i := strings.Index(v[at:], word)
			if i < 0 {
				break
			}
			i += at
			at = i + 1
			if alnum(word[0]) && (!atWord(v, i) || !endsWord(v, i+len(word))) {
				continue
			}
			rest := strings.TrimLeft(v[i+len(word):], " (!~+-")
			left, rest, ok := literal(rest)
			if !ok {
				continue
			}
			rest = strings.TrimLeft(rest, " )")
			op := operator(rest)
			if op == 0 {
				continue
			}
			right, _, ok := literal(strings.TrimLeft(rest[op:], " (!~+-"))
			if ok && (number(left) || left[0] == '\'' || left[0] == '"' || left == right) && len(right) > 0 {
				return true
			}
		}
	}
	return false
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

// statement reports whether a whole statement follows the end of another: ;drop table x, ; select sleep(5).
func statement(v string) bool {
	for at := 0; ; {
		i := strings.IndexByte(v[at:], ';')
		if i < 0 {
			return false
		}
		at += i + 1
		rest := strings.TrimLeft(v[at:], " ")
		for _, s := range []string{"select ", "select(", "insert into ", "delete from ", "drop table", "drop database", "drop user", "truncate table", "update ", "exec ", "exec(",
			"execute ", "declare ", "sleep(", "truncate[", "create table", "create user", "create or replace", "alter table", "call ", "begin ", "if(", "if (", "iif(", "shutdown", "waitfor ", "commit", "merge ", "set @"} {
			if strings.HasPrefix(rest, s) && (s != "update " || has(rest, " set ")) {
				return true
			}
		}
	}
}
