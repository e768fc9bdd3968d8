package threat

import "strings"

// code looks for PHP, Java, JavaScript, Python … that a server is to run.
func code(v string, f feature) level {
	switch {
	case f&angle != 0 && phpTags.in(v):
		return certain
	case phpSettings.in(v):
		return certain
	case javaNames.in(v):
		return certain
	case has(v, "ro0abx"), has(v, "aced0005"): // a serialised object of Java in base64 and in hexadecimal
		return certain
	case nodeNames.in(v):
		return certain
	case f&paren != 0:
		return call(v, f)
	case f&brace != 0 && serialised(v):
		return certain
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
	case n > 0 && has(v, "phpinfo"), n >= 3, hasAny(v, "$_get[", "$_post[", "$_request[", "$_cookie["):
		return certain
	case n == 2 && f&(quote|semi|shell) != 0 && !has(v, "alert("):
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
	if !hasAny(v, ")(", `"(`, "'(", "](", ") (", `" (`, "] (", "*/(", "} (", "}(") {
		return false
	}
	var letters [128]byte
	n := 0
	for i := 0; i < len(v) && n < len(letters); i++ {
		if 'a' <= v[i] && v[i] <= 'z' || v[i] == '_' {
			letters[n] = v[i]
			n++
		}
	}
	return hasAny(string(letters[:n]), "system", "shell_exec", "passthru", "phpinfo", "proc_open", "popen") && !hasAny(v, "select", "alert", "<")
}

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
	"auto_prepend_file", "auto_append_file", "allow_url_include", "disable_functions", "suhosin.simulation",
)

// javaNames are names of Java and of its frameworks.
var javaNames = newWords(
	"java.lang.", "javax.script", "getruntime()", "processbuilder", "ognlcontext", "_memberaccess", "opensymphony",
	"xwork2", "class.module.classloader", "classloader.resources", "javax.naming", "org.apache.commons.collections",
	"ysoserial", "java.io.", "javax.el.", "springframework.context", "rmi.registry", "scriptenginemanager",
	"java.util.", "java.net.", "t(java",
)

// nodeNames are names of JavaScript on servers, and of ThinkPHP.
var nodeNames = newWords(
	"__proto__", "constructor.prototype", "constructor[prototype", "child_process", "process.mainmodule",
	"process.binding", "global.process", "_$$nd_func$$_", "this.constructor.constructor", `\think\`, "/think/app",
	"invokefunction",
)
