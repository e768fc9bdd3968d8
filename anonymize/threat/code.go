package threat

import "strings"

// code looks for PHP, Java, JavaScript, Python … that a server is to run.
func code(v string, f feature) level {
	switch {
	case f&angle != 0 && phpTags.in(v):
		return certain
	case phpSettings.in(v), gadgets.in(v):
		return certain
	case has(v, "ro0abx"), has(v, "aced0005"): // a serialised object of Java in base64 and in hexadecimal
		return certain
	case strings.HasPrefix(v, "aaeaaad/////"), hasAny(v, "c__builtin__\n", "cposix\n", "cos\nsystem\n"): // objects of .NET and of Python
		return certain
	case strings.HasPrefix(v, "gasv") && has(v[:min(len(v), 20)], "aaaaaaa"), strings.HasPrefix(v, "ro0ab"), strings.HasPrefix(v, "kztaau"), strings.HasPrefix(v, "cs7qaf"):
		return suspicious
	case f&brace != 0 && serialised(v):
		return certain
	}
	named := javaNames.in(v) || nodeNames.in(v)
	switch {
	case named && f&(paren|brace|equals|shell|semi|quote|back) != 0 && !has(v, " "), named && f&(paren|brace|equals|semi) != 0 && !prose(unquoted(v)):
		return certain
	case named && !has(v, " "):
		return suspicious
	case f&(angle|brace) != 0 && phpMarks(v), f&shell != 0 && f&paren != 0 && variableCall(v), f&brace != 0 && superglobals.in(v):
		return suspicious
	case f&paren != 0:
		return max(call(v, f), loop(v))
	}
	return nothing
}

// superglobals are what PHP knows of a request.
var superglobals = newWords("$_get[", "$_post[", "$_request[", "$_server[", "$_cookie[", "$_files[", "$_session[", "$_env[", "$globals[")

// phpMarks reports whether v begins or ends PHP in another way than <?php.
func phpMarks(v string) bool {
	return strings.HasSuffix(v, "<?") || hasAny(v, "{php}", "{/php}", "[php]", "[/php]") && !prose(v)
}

// variableCall reports whether PHP calls a function whose name is in a variable: $f(1), $a['b'](2), ${'x'}(3), $o->$f().
func variableCall(v string) bool {
	if has(v, "/*") {
		v = uncomment(v)
	}
	for i := 0; i+2 < len(v); i++ {
		if v[i] != '$' {
			continue
		}
		end, deep := i+1, 0
		for ; end < min(len(v), i+maxCallee); end++ {
			c := v[end]
			if deep == 0 && !alnum(c) && c != '_' && c != '$' && c != '[' && c != '{' && (c != ' ' || !strings.HasPrefix(v[end+1:], "[") || v[end-1] == '$') {
				break
			}
			if c == '[' || c == '{' {
				deep++
			} else if c == ']' || c == '}' {
				deep--
			}
		}
		if end < len(v) && v[end] == '(' && end > i+1 && !digit(v[i+1]) {
			return true
		}
	}
	return false
}

// loop looks for JavaScript that keeps a server busy, or that is made to be called at once.
func loop(v string) level {
	if has(v, "(function(){") && hasAny(v, "while(", "do{", "for(") || hasAny(v, "do{", "do {") && has(v, "}while(") || has(v, "for(;;)") {
		return certain
	}
	if i := strings.Index(v, "while("); i >= 0 && (i == 0 || strings.IndexByte(";}\"'", v[i-1]) >= 0) {
		return suspicious
	}
	return nothing
}

// call looks for calls of functions that run what they are given, or tell of the system.
func call(v string, f feature) level {
	if indirect(v) {
		return certain
	}
	n := 2*runners.calls(v, 1) + unsafes.calls(v, 3)
	if n > 0 && hasAny(v, "$_get", "$_post", "$_request", "$_server", "$_cookie", "$globals", "base64_decode", "phpinfo", "@ini_set", "die(", "${", "{$") ||
		n > 1 && hasAny(v, "echo ", "print(", "md5(") {
		n += 2
	}
	switch {
	case n > 0 && has(v, "phpinfo"), n >= 3, has(v, "(md5("), superglobals.in(v):
		return certain
	case phpCall(v), n == 2 && f&(quote|semi|shell) != 0 && !has(v, "alert("):
		return suspicious
	}
	return nothing
}

var runners = newWords(
	"base64_decode", "shell_exec", "passthru", "proc_open", "popen", "pcntl_exec", "call_user_func",
	"call_user_func_array", "create_function", "preg_replace", "file_put_contents", "move_uploaded_file", "gzinflate",
	"gzuncompress", "str_rot13", "assert", "eval", "system", "exec", "require", "__import__", "os.system", "os.popen",
	"subprocess.call", "subprocess.popen", "subprocess.check_output", "file_get_contents", "fsockopen", "readfile",
	"show_source", "highlight_file", "execsync", "spawnsync", "getattr", "compile", "include",
)

var unsafes = newWords(
	"base64_decode", "phpversion", "phpinfo", "php_uname", "getcwd", "fopen", "fwrite", "fputs", "unlink", "opendir",
	"scandir", "array_map", "array_filter", "usort", "ob_start", "error_reporting", "set_time_limit", "ini_set", "chr",
	"hex2bin", "implode", "md5", "print_r", "var_dump", "printf", "getenv", "posix_getpwuid",
)

// indirect reports whether PHP calls a function whose name is made up: (system)(…), ("sys"."tem")(…), [system][0](…).
func indirect(v string) bool {
	if !hasAny(v, ")(", `"(`, "'(", "](", ") (", `" (`, "] (", "*/(", "} (", "}(", "*/ (") {
		return false
	}
	if has(v, "/*") {
		v = uncomment(v)
	}
	v = pieces.Replace(v)
	for at := 1; at < len(v); at++ {
		if v[at] == '(' && madeUp[calleeOf(v[:at])] {
			return true
		}
	}
	return hasAny(v, "'system'", `"system"`, "'passthru'", `"passthru"`, "'shell_exec'", `"shell_exec"`)
}

// pieces puts texts together that PHP puts together, and leaves out what it makes a text of.
var pieces = strings.NewReplacer("'.'", "", `"."`, "", "' . '", "", `" . "`, "", "(string)", "", "( string )", "")

var madeUp = set("system shell_exec passthru phpinfo proc_open popen exec assert eval")

// maxCallee is how many bytes in front of a call are looked at.
const maxCallee = 64

// calleeOf returns the letters of the name at the end of v, which is put together of pieces in brackets and quotes; empty
// for a plain name.
func calleeOf(v string) string {
	var letters [16]byte
	n, pieces := len(letters), false
	for i := len(v) - 1; i >= max(0, len(v)-maxCallee) && n > 0; i-- {
		switch c := v[i]; {
		case 'a' <= c && c <= 'z' || c == '_':
			n--
			letters[n] = c
		case c == ' ':
			if n < len(letters) && i > 0 && (alnum(v[i-1]) || strings.IndexByte(",;:.", v[i-1]) >= 0) { // a word of a text
				return ""
			}
		case strings.IndexByte("()[]{}'\".0123456789$", c) >= 0:
			pieces = pieces || n == len(letters)
		default:
			i = 0
		}
	}
	if !pieces {
		return ""
	}
	return string(letters[n:])
}

// phpCall reports whether a function is called that no text and no other language has: array_map(, gzinflate(.
func phpCall(v string) bool {
	for at := 1; at < len(v); at++ {
		if v[at] != '(' {
			continue
		}
		end := len(strings.TrimRight(v[:at], " \n"))
		start := end
		for start > 0 && (alnum(v[start-1]) || v[start-1] == '_') {
			start--
		}
		if mentioned(v, start) && !strings.ContainsAny(v, ";$'\"=") {
			continue
		}
		name := v[start:end]
		if phpFunctions[strings.TrimPrefix(name, "foo")] {
			return true
		}
		prefix, _, parts := strings.Cut(name, "_")
		manual := len(v) > at+2 && digit(v[at+1]) && v[at+2] == ')' // a page of one: posix_spawn(2)
		if parts && phpPrefixes[prefix] && end == at && !manual {
			return true
		}
	}
	return false
}

// phpPrefixes begin the names of PHP's functions, before an underscore.
var phpPrefixes = set("array str preg file curl pg odbc mysql mysqli sqlsrv oci posix pcntl socket stream ob xml openssl ftp zip mb iconv dba ldap " +
	"imap snmp shmop sem proc apache get func is ini php call create register highlight show error set mcrypt mhash gz bz zlib session ssh2 " +
	"spl simplexml readline pspell json utf8 html image date var print strip parse move disk dns inet ctype cal")

// phpFunctions are functions of PHP without an underscore that nothing else has.
var phpFunctions = set("fsockopen pfsockopen bzdecompress bzcompress gzinflate gzdeflate gzuncompress gzdecode gzencode strrev intval floatval phpversion phpinfo " +
	"passthru opendir scandir readfile fopen fwrite fputs fgets fread unserialize htmlspecialchars htmlentities escapeshellcmd escapeshellarg tempnam tmpfile " +
	"filegroup fileowner fileperms fileatime getmyuid getmypid getlastmod putenv getcwd chgrp lchown nl2br ucfirst ucwords array_map gethostbyname " +
	"gethostbyaddr gethostname syslog openlog zend_version phpcredits var_dump print_r usleep opcache_reset mkfifo")

// serialised reports whether v holds an object as PHP writes it: O:8:"stdClass":1:{…}, of which a:2:{…} is an array.
func serialised(v string) bool {
	for _, start := range []string{`o:`, `c:`} {
		i := strings.Index(v, start)
		if i < 0 || !atWord(v, i) {
			continue
		}
		j := i + 2
		for j < len(v) && (digit(v[j]) || v[j] == '+') {
			j++
		}
		if j > i+2 && j+1 < len(v) && v[j] == ':' && v[j+1] == '"' && has(v[j:], ":{") {
			return true
		}
	}
	return false
}

// phpTags begin code in a page.
var phpTags = newWords(
	"<?php", "<?=", "<? ", "<?\n", "<?system", "<?eval", "<%@ page", "<%@page", "<jsp:", "<%eval", "<%execute",
)

// phpSettings are settings of PHP that make it run what it should not.
var phpSettings = newWords(
	"auto_prepend_file", "auto_append_file", "allow_url_include", "allow_url_fopen=", "disable_functions", "disable_classes=", "suhosin.simulation",
	"open_basedir=", "safe_mode=", "opcache.", "session.save_path", "expose_php=", "output_handler=", "user_ini.", "cgi.force_redirect",
)

// gadgets are names of Java and of its frameworks that nobody writes but to break out of them.
var gadgets = newWords(
	"getruntime()", "processbuilder", "ognlcontext", "_memberaccess", "opensymphony", "xwork2", "class.module.classloader",
	"classloader.resources", "org.apache.commons.collections", "ysoserial", "springframework.context", "rmi.registry",
	"scriptenginemanager", "t(java", "clonetransformer", "invokertransformer", "instantiatetransformer", "instantiatefactory",
	"prototypeclonefactory", "prototypeserializationfactory", "chainedtransformer", "forclosure", "whileclosure",
	"_$$nd_func$$_", "__js_function", "this.constructor.constructor", `\think\`, "/think/app", "invokefunction",
	"!!python/", "!ruby/object", "!!js/function", "process.mainmodule", "process.binding", "global.process", "[constructor][prototype]", ":__proto__:", "constructor:constructor", "resolved_model", "constructor[prototype",
)

// javaNames begin names of classes of Java.
var javaNames = newWords(
	"java.lang.", "java.io.", "java.net.", "java.util.", "java.nio.", "java.rmi.", "java.sql.", "java.beans.", "java.security.",
	"javax.script", "javax.naming", "javax.el.", "javax.management", "com.sun.", "sun.misc", "sun.reflect", "org.apache.",
	"org.springframework", "org.hibernate", "org.codehaus.groovy", "com.mchange", "java.runtime", "freemarker.",
)

// nodeNames are names of JavaScript on servers.
var nodeNames = newWords(
	"__proto__", "constructor.prototype", "child_process", "process.env", "process[", "require[", "module.exports", "console[",
	"process.exit", "process.kill", "globalthis.", "require('", "require(\"", "console.info(", "console.info.", "response.write(", "response.end(", "res.end(",
)
