package threat

import (
	"path"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// command looks for commands of a shell: behind what ends another command, in backquotes and $(…), by their full path, or
// with the options that they are known with.
func command(v string, f feature) level {
	if f&back != 0 && has(v, `\n`) { // as it is written in a program
		v = strings.ReplaceAll(v, `\n`, "\n")
	}
	if f&(quote|shell) != 0 {
		if text := unquoted(v); len(text) < len(v) && strings.Count(text, " ") > 1 && prose(text) { // that quotes a command
			v = text
		}
	}
	switch {
	case f&(slash|back) != 0 && binary(v):
		return certain
	case options.any(v, func(at int, word string) bool { return !mentioned(v, at) && (!alnum(word[0]) || atWord(v, at)) }):
		return certain
	case windows(v):
		return certain
	}
	if l := direct(v); l != nothing {
		return l
	}
	if f&(semi|shell|equals|angle) != 0 {
		if l := max(chained(v), bash(v)); l != nothing {
			return l
		}
	}
	switch {
	case f&(mark|brace|colon) != 0 && f&slash != 0 && globs(v):
		return suspicious
	case f&(quote|back|shell|angle|brace) != 0, has(v, "^"):
		return disguised(v)
	}
	return nothing
}

// bash reports whether v has an expansion of a shell, or a command of a mail server behind a line break.
func bash(v string) level {
	if has(v, "$(<") {
		return certain
	}
	if hasAny(v, "$((", "$[", "{ifs}", "$ifs", "$@", "<<<") && hasAny(v, "$((", "$[", "ifs", "cat", "sh") || assembles(v) {
		return suspicious
	}
	if i := strings.IndexByte(v, '\n'); i >= 0 {
		for _, word := range []string{"ehlo ", "helo ", "mail from", "rcpt to", "apop ", "retr ", "auth ", "expn ", "vrfy ", "list ", "starttls", "data\n"} {
			if strings.HasPrefix(v[i+1:], word) {
				return suspicious
			}
		}
	}
	return nothing
}

// globs reports whether v names a directory of the system with what a shell fills in: /e*c/passwd, /bi?/cat, /etc/pas[s]wd.
func globs(v string) bool {
	if !strings.ContainsAny(v, "?*[") {
		return false
	}
	v = strings.ReplaceAll(v, "[!", "[^")
	for _, field := range strings.Fields(v) {
		i := strings.IndexByte(field, '/')
		if i < 0 {
			continue
		}
		parts := strings.Split(field[i+1:], "/")
		if len(parts) < 2 || !strings.ContainsAny(field[i:], "?*[") || strings.HasPrefix(parts[0], "*") {
			continue
		}
		for _, dir := range [...]string{"etc", "bin", "usr", "dev", "proc", "sbin", "tmp", "var"} {
			if ok, err := path.Match(parts[0], dir); ok && err == nil {
				return true
			}
		}
	}
	return false
}

// disguised looks for commands whose letters are torn apart by what a shell leaves out: c'a't, p\ing, p^ing, who$@ami, wg“et.
func disguised(v string) level {
	plain := strings.ReplaceAll(unexpanded(shellPlain.Replace(v)), "+/", " /")
	if plain == v || !alnumPair(v) {
		return nothing
	}
	plain = strings.TrimSpace(plain)
	switch {
	case binary(plain) && !binary(v), options.any(plain, func(at int, _ string) bool { return !mentioned(plain, at) }) && !options.in(v):
		return certain
	case files.in(plain) && !files.in(v):
		return certain
	}
	if torn := unexpanded(v); torn != v && chained(torn) != nothing {
		return suspicious
	}
	for _, c := range commandsBy[at(plain, 0)] {
		rest, ok := strings.CutPrefix(plain, c.word)
		if !ok || c.english || len(rest) < 3 || rest[0] != ' ' || strings.IndexAny(rest, "/.-") < 1 {
			continue
		}
		if as, same := strings.CutPrefix(v, c.word); !same || strings.HasPrefix(as, "``") || strings.HasPrefix(as, "$()") {
			return suspicious
		}
	}
	return nothing
}

// alnumPair reports whether what a shell leaves out stands between two letters.
func alnumPair(v string) bool {
	for i := 1; i+1 < len(v); i++ {
		if (features[v[i]]&(quote|back|shell|angle) != 0 || v[i] == '^') && alnum(v[i-1]) {
			return true
		}
	}
	return false
}

var shellPlain = strings.NewReplacer("'", "", `"`, "", `\`, "", "^", "", "``", "", "$()", "", "<()", "", ">()", "", "$@", "", "$*", "", "${ifs}", " ", "$ifs$9", " ", "$ifs", " ", "{", "", "}", "", ",", " ")

// serverSide looks for server side includes.
func serverSide(v string, f feature) level {
	if f&angle != 0 && has(v, "<!--#") && hasAny(v, "exec", "include", "echo", "printenv", "config") {
		return certain
	}
	return nothing
}

// binary reports whether v names a program by its path.
func binary(v string) bool {
	for _, dir := range []string{"/bin/", "/sbin/", "usr/bin/", "/usr/local/bin/", "c:/windows/system32/", `c:\windows\system32\`, `system32\cmd`, "system32/cmd"} {
		i := strings.Index(v, dir)
		if i < 0 || mentioned(v, strings.LastIndexByte(v[:i], ' ')+1) {
			continue
		}
		rest := v[i+len(dir):]
		for _, name := range commands {
			if strings.HasPrefix(rest, name.word) && endsWord(rest, len(name.word)) {
				return true
			}
		}
		if len(rest) > 0 && strings.IndexByte("?*[", rest[0]) >= 0 {
			return true
		}
	}
	return false
}

// chained reports whether a command follows what ends another: ; | & ` $( or a line break.
func chained(v string) level {
	most, list := nothing, barred(v)
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case i+1 < len(v) && strings.IndexByte(";|&`\n", v[i+1]) >= 0: // the last of them counts
			continue
		case c == ';', c == '|', c == '&', c == '`', c == '\n':
		case c == '(' && i > 0 && (v[i-1] == '$' || v[i-1] == '<' || v[i-1] == '>'):
		default:
			continue
		}
		l := begins(v, i)
		if l == suspicious && v[i] == '|' && list {
			l = nothing
		}
		if most = max(most, l); most == certain {
			break
		}
	}
	return most
}

// barred reports whether bars divide the words of a list: name|id|title.
func barred(v string) bool {
	parts := strings.Split(v, "|")
	for _, p := range parts {
		if p == "" || lookString(p)&^(letter|dot|plus|mark|high) != 0 {
			return false
		}
	}
	return len(parts) > 2
}

// maxCommand is how many bytes behind the end of a command are looked at.
const maxCommand = 128

// begins says whether a command stands behind v[i], which ends another.
func begins(v string, i int) level {
	mark := v[i]
	behind := v[i+1 : min(len(v), i+1+maxCommand)]
	rest := strings.TrimLeft(behind, " ;|&`'\"(+\\{")
	spaced := strings.HasPrefix(behind, " ")
	if rest == "" {
		return nothing
	}
	if mark != '&' && mark != '(' && unknown(rest) || strings.HasPrefix(rest, ". /") {
		return suspicious
	}
	if _, inside, ok := strings.Cut(behind, "{"); ok && strings.Trim(behind[:len(behind)-len(inside)], " {") == "" && braceExpansion(inside) != nothing {
		return suspicious
	}
	for _, c := range commandsBy[rest[0]] {
		if !strings.HasPrefix(rest, c.word) {
			continue
		}
		after := rest[len(c.word):]
		if after != "" && (alnum(after[0]) || strings.IndexByte("_=:.-", after[0]) >= 0) && !strings.HasPrefix(after, ".exe") {
			continue
		}
		arguments := strings.TrimLeft(after, " +")
		bare := arguments == "" || strings.IndexByte(";|&`)\n'\"}<>#", arguments[0]) >= 0
		whole := mark != '&' && i == 0 || i > 0 && strings.Trim(v[:i], " ;|&)'\"") == ""
		option := after != arguments && (arguments == "" || strings.IndexByte(`-/"'$.*~\`, arguments[0]) >= 0 || digit(arguments[0]))
		inside := mark == '`' && strings.Count(v, "`") > 1 || mark == '('
		switch {
		case inside && bare && mark == '`' && i > 1 && mentioned(v, i) && (c.english || prose(strings.ReplaceAll(v, "`", ""))):
			continue
		case inside && (bare || option || !c.english):
			return certain
		case option && !(c.english && mark == '&'):
			return certain
		case bare && !c.english && !(mark == '&' && spaced && mentioned(v, i)):
			return suspicious
		case bare && !spaced && whole && len(v) < 40:
			return suspicious
		case !c.english && !c.bare && after != "" && after[0] == ' ':
			return suspicious
		}
	}
	return nothing
}

// program is the name of a program or of a built-in of a shell.
type program struct {
	word string
	// english says that it is a word, or the name of a language, that texts and lists have, too; bare that texts have it
	// before another word.
	english, bare bool
}

var commands = func() (list []program) {
	add := func(words string, english, bare bool) {
		for _, w := range strings.Fields(words) {
			list = append(list, program{w, english, bare})
		}
	}
	add("cat pwd whoami uname ifconfig ipconfig netstat ping wget curl nc ncat netcat bash sh zsh ksh csh nslookup rm cp mv chmod chown "+
		"gcc grep awk sed printenv cmd powershell pwsh certutil bitsadmin tftp telnet ssh scp busybox systeminfo tasklist wmic taskkill xxd od xargs nohup sudo crontab "+
		"lsb_release lscpu lsof usleep tcpdump nmap mkdir rmdir base64 rundll32 regsvr32 mshta cscript wscript hostname useradd adduser passwd reboot phpinfo getent traceroute fdisk "+
		"ip6tables iptables systemctl apt-get yum dpkg pip pip3 npm socat rsync zcat tac hexdump ldd echo "+
		"sysinfo vim vi ed nano emacs gdb irb c89 c99 lua gawk mawk nawk openssl tclsh strace ltrace flock cpulimit ionice stdbuf setarch taskset run-parts start-stop-daemon docker kubectl aria2c lynx w3m ncftp tshark "+
		"zip unzip gzip bzcat dmesg uptime getconf nl rev comm lsmod insmod fetch lftp axel dd readlink realpath basename dirname md5sum sha256sum base32 uuencode chsh chpasswd visudo passwd pkill killall pgrep "+
		"pstree vmstat iostat ss ifup ifdown arping hping3 smbclient rlogin rsh mysql mysqldump psql sqlite3 mongo redis-cli node-gyp deno bun pwsh.exe cmd.exe net1 netsh schtasks vssadmin wevtutil whoami.exe fsutil cacls icacls", false, false)
	add("cd id ls dir ps df tee dash arp route dig sleep shutdown", false, true)
	add("python python3 perl ruby php java node type net host kill tar head tail more less find env set export who w last du mount touch time timeout su halt sc reg ver vol start at "+
		"printf source exec eval true false test sort cut file ftp del copy move top free date cal groups users function read wait", true, true)
	return list
}()

// commandsBy are the commands by their first letter.
var commandsBy = func() (by [256][]program) {
	for _, c := range commands {
		by[c.word[0]] = append(by[c.word[0]], c)
	}
	return by
}()

// shellCommand says whether a parameter asks a web shell for a command: ?cmd=id.
func shellCommand(name, value []byte) hit.Finding {
	switch string(name) {
	case "cmd", "exec", "command", "execute", "shell", "c", "run", "system":
		switch string(value) {
		case "id", "whoami", "ls", "dir", "pwd", "uname", "ipconfig", "ifconfig", "netstat", "ps", "cat":
			return hit.Finding{Threat: hit.ThreatShell, Certain: string(name) != "c"}
		}
		for _, word := range [...]string{"cat+", "cat%20", "ls+-", "ls%20-", "uname+-", "uname%20-", "wget+", "wget%20", "curl+", "curl%20", "echo+", "echo%20", "dir+", "net+", "cd+", "cd%20", "ping+", "ping%20"} {
			if strings.HasPrefix(strings.ToLower(string(value)), word) {
				return hit.Finding{Threat: hit.ThreatShell, Certain: true}
			}
		}
	}
	return hit.Finding{}
}

// options are programs as they are called in attacks.
var options = newWords(
	"cmd.exe", "cmd /c", "cmd+/c", "powershell -e", "powershell -c", "powershell -n", "powershell -w", "powershell -f", "powershell -i", "powershell -v", "powershell.exe",
	"invoke-expression", "invoke-webrequest", "invoke-command", "invoke-restmethod", "-encodedcommand", "downloadstring(", "downloadfile(", "net.webclient", "iex(", "iex (", "certutil -", "bitsadmin /", "bash -i", "bash -c",
	"sh -c", "/dev/tcp/", "nc -e", "ncat -e", "wget http", "curl http", "wget -", "chmod 777", "chmod +x", "rm -rf",
	"busybox ", "ping -n ", "ping -c ", "ping -i ", "ping.exe ", "nslookup ", "net user", "net localgroup", "net view",
	"$ifs", "${ifs", "$shell -", "${shell} -", "mkfifo ", "tftp -", "python -c", "perl -e", "php -r", "ruby -e", "shell_exec", "cat /etc",
	"cat /proc", "type c:", "dir c:", "dir+c:", "reg add hk", "reg add \"hk", "reg query ", "ls -l", "uname -a", "netstat -a", "ifconfig -a",
)
