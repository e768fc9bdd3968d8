package threat

import (
	"bytes"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// traversal looks in a parameter for paths that lead out of a directory, for files that are worth it, for wrappers of
// PHP's, and for addresses that a server should not fetch.
func traversal(v string, f feature) level {
	if f&(slash|back|colon|dot) == 0 && !hasAny(v, "0x2e", "web-inf", "{file}") {
		return nothing
	}
	if f&(slash|back|colon) == 0 && !has(v, "..") {
		return bareFile(v)
	}
	switch {
	case wanted(v), wrapper(v), strings.HasSuffix(v, "::$data"):
		return certain
	case has(v, "{file}"): // what a fuzzer's list has for the name of a file, left as it was
		return certain
	}
	ups := ups(v)
	switch {
	case ups > 1, hasAny(v, "0x2e0x2e", "..0x2f", "..0x5c", "..;/", "..%", "2e2e2f"):
		return certain
	case dots(v):
		return certain
	case ups == 1 && (strings.HasPrefix(v, "/../") || has(v, "/../..") || has(v, `..\`)), strings.Count(v, "/./") > 2, strings.Count(v, `\.\`) > 2:
		return suspicious
	}
	if strings.HasPrefix(v, ">/tmp/") || strings.HasPrefix(v, "> /tmp/") {
		return suspicious
	}
	if f&^(letter|dot|slash) == 0 && (dotFile(v) || systemDir(strings.TrimPrefix(v, "/"))) {
		return suspicious
	}
	if f&^(letter|dot|slash|back|colon) == 0 && f&dot != 0 { // a hidden directory on the way, or a dump at its end
		path := strings.ReplaceAll(v, `\`, "/")
		if at(path, 1) == ':' { // of Windows
			path = path[2:]
		}
		if found := known([]byte(path)); !has(path, ":") && found.Threat == hit.ThreatFile && found.Certain {
			return suspicious
		}
	}
	return remote(v)
}

// bareFile looks for the name of a file that those are after who read others' files, with nothing else.
func bareFile(v string) level {
	if has(v, " ") {
		return nothing
	}
	if found := known([]byte("/" + v)); found.Threat == hit.ThreatFile && found.Certain || files.in(v) || dotFile(v) || settings([]byte(v)) {
		return suspicious
	}
	return nothing
}

// systemDir reports whether v begins in a directory of the system that no site has.
func systemDir(v string) bool {
	for _, dir := range [...]string{
		"etc/", "proc/", "sys/class", "sys/kernel", "sys/devices", "sys/block", "sys/firmware", "dev/shm", "root/", "var/log", "var/www", "var/lib", "var/mail",
		"var/spool", "var/run", "usr/lib", "usr/share", "usr/local", "usr/etc", "usr/bin", "usr/sbin", "windows/", "winnt/", "system32/", "boot/grub", "opt/jboss",
	} {
		if strings.HasPrefix(v, dir) {
			return true
		}
	}
	return false
}

// dotFile reports whether v is a hidden file of somebody's home or of a repository, rather than a kind of files: .vimrc.
func dotFile(v string) bool {
	if len(v) < 4 || v[0] != '.' || !alnum(v[1]) {
		return false
	}
	if dir, _, ok := strings.Cut(v, "/"); ok {
		return len(dir) > 3 && dir != ".net"
	}
	for _, end := range [...]string{"rc", "history", "ignore", "config", "profile", "attributes", "keep", "modules"} {
		if strings.HasSuffix(v, end) {
			return true
		}
	}
	return false
}

// ups counts the steps upwards, however they are spelt: ../ ..\ ..// ....// .../ ..;/
func ups(v string) (n int) {
	for i := 0; i+1 < len(v); {
		if v[i] != '.' || v[i+1] != '.' || i > 0 && alnum(v[i-1]) {
			i++
			continue
		}
		j := i
		for j < len(v) && v[j] == '.' {
			j++
		}
		i = j
		if j < len(v) && (v[j] == '/' || v[j] == '\\' || v[j] == ';') || j == len(v) && n > 0 {
			n++
		}
	}
	return n
}

// dots reports whether more dots stand in a row than a text has, in what looks like a path.
func dots(v string) bool {
	i := strings.Index(v, "........")
	if i < 0 {
		return strings.Count(v, "....") > 1 || has(v, "/....") && strings.LastIndexByte(v, '.') > strings.Index(v, "/....")+4
	}
	rest := strings.TrimLeft(v[i:], ".")
	return rest == "" || i > 0 && v[i-1] == '/' || strings.ContainsAny(rest, "/\\.{") || len(v)-len(rest)-i > 12
}

// wanted reports whether v names a file that those are after who read others' files.
func wanted(v string) bool {
	if strings.IndexByte(v, '\\') >= 0 {
		v = strings.ReplaceAll(v, `\`, "/")
	}
	return files.any(v, func(at int, _ string) bool { return !mentioned(v, strings.LastIndexByte(v[:at], ' ')+1) })
}

// wrapper reports whether v begins with a wrapper that reads or runs what it is given.
func wrapper(v string) bool {
	return wrappers.in(v)
}

// traverses looks for traversal in a path. Careless clients leave a step upwards in it, or begin with one; none encodes it,
// and none takes more than a few.
func traverses(raw []byte, v string, encoded bool, rounds int) hit.Finding {
	found := hit.Finding{Threat: hit.ThreatTraversal, Certain: true}
	n := ups(v)
	switch {
	case cgiExploit(v):
		found.Rule = ruleApache
		return found
	case n > 2, n > 0 && encoded, n > 0 && rounds > 1, has(v, "..;/"), has(v, `..\`):
		return found
	case inPath(v), strings.Count(v, "/./") > 3:
		return found
	case has(v, ":/") && hasAny(v, "/c:/", "/file:/"):
		return found
	case encoded && (bytes.Contains(raw, []byte("%00")) || bytes.Contains(raw, []byte("%2500"))):
		return found
	case n > 1:
		found.Certain = false
		return found
	}
	return hit.Finding{}
}

var ruleApache = hit.NewRule("CVE-2021-41773")

// cgiExploit reports whether v leaves the directory of CGI programs, as Apache 2.4.49 and 2.4.50 let it.
func cgiExploit(v string) bool {
	return ups(v) > 1 && (strings.HasPrefix(v, "/cgi-bin/.") || strings.HasPrefix(v, "/icons/."))
}

// inPath reports whether a path names a file of the system. What sites publish themselves is left out.
func inPath(v string) bool {
	return filesInPath.in(v)
}

// files are those that readers of others' files are after.
var files = newWords(
	"etc/passwd", "etc/shadow", "etc/group", "etc/hosts", "etc/issue", "etc/motd", "etc/master.passwd", "etc/hostname",
	"etc/resolv.conf", "etc/crontab", "etc/mysql/", "etc/apache", "etc/httpd", "etc/nginx", "etc/ssh/", "etc/fstab",
	"etc/security", "etc/sudoers", "etc/inetd", "etc/redhat-release", "etc/php", "proc/self/", "proc/version",
	"proc/cmdline", "proc/cpuinfo", "proc/mounts", "proc/net/", "proc/1/", "boot.ini", "oot.ini", "win.ini", "in.ini",
	"system.ini", "php.ini", "my.ini", "windows/system32", "winnt/", "web-inf", "meta-inf", "global.asa", "var/log/",
	"inetpub/", "c:/windows", "c:/boot", "c:/inetpub", "c:/xampp", "/.ssh/", "id_rsa", ".bash_history",
	"/root/.", "/home/*", "autoexec.bat", "unattend.xml", "config.sys", "repair/sam", "config/sam", "localstart.asp",
	"web.config", "httpd.conf", "nginx.conf", "access_log", "error_log", "config.inc.php", "wp-config.php",
	"master.mdf", "pagefile.sys", "ntuser.dat", "var/www/", "usr/local/apache", "opt/lampp", "opt/xampp",
	"var/lib/mysql", "var/mail/", "var/spool/", "/.git/config", "/.env",
)

// wrappers are schemes that read or run what they are given.
var wrappers = newWords(
	"php://", "file:/", "phar://", "zip://", "expect://", "glob://", "gopher://", "dict://", "jar:http", "netdoc:",
	"compress.zlib", "compress.bzip2", "ogg://", "rar://", "ssh2.", "tftp://", "ldap://", "ldaps://", "view-source:",
	"local_file:", "local-file:", "data:text/plain", "data:/", "data:;base64", "data:application/x-httpd-php", "jar:file",
)

// filesInPath are files of the system that no site has.
var filesInPath = newWords(
	"/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hosts", "/etc/issue", "/proc/self/", "/proc/version", "boot.ini",
	"win.ini", "system.ini", "windows/system32", `windows\system32`, "/winnt/", "web-inf/", "/meta-inf/", "c:/windows",
	`c:\`, "/bin/sh", "/bin/bash", "/etc/ssh/", "/var/log/", "/etc/nginx",
)
