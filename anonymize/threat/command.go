package threat

import (
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// command looks for commands of a shell: behind what ends another command, in backquotes and $(…), by their full path, or
// with the options that they are known with.
func command(v string, f feature) level {
	switch {
	case f&(slash|back) != 0 && binary(v):
		return certain
	case options.in(v):
		return certain
	case f&(semi|shell|equals) == 0:
		return nothing
	}
	return chained(v)
}

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
		if i < 0 {
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
	most := nothing
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c == ';', c == '|', c == '&', c == '`', c == '\n':
		case c == '(' && i > 0 && (v[i-1] == '$' || v[i-1] == '<' || v[i-1] == '>'):
		default:
			continue
		}
		l := begins(v, i)
		if l == suspicious && v[i] == '|' && listed(v) {
			l = nothing
		}
		if most = max(most, l); most == certain {
			break
		}
	}
	return most
}

// listed reports whether bars divide the words of a list: name|id|title.
func listed(v string) bool {
	parts := strings.Split(v, "|")
	for _, p := range parts {
		if p == "" || strings.IndexFunc(p, func(r rune) bool { return r < '0' && r != '-' && r != ' ' }) >= 0 {
			return false
		}
	}
	return len(parts) > 2
}

// begins says whether a command stands behind v[i], which ends another.
func begins(v string, i int) level {
	mark := v[i]
	rest := strings.TrimLeft(v[i+1:], " ;|&`'\"(+\\{")
	spaced := len(v[i+1:]) > 0 && v[i+1] == ' '
	for _, c := range commands {
		if !strings.HasPrefix(rest, c.word) {
			continue
		}
		after := rest[len(c.word):]
		if after != "" && (alnum(after[0]) || strings.IndexByte("_=:.-", after[0]) >= 0) && !strings.HasPrefix(after, ".exe") {
			continue
		}
		arguments := strings.TrimLeft(after, " +")
		bare := arguments == "" || strings.IndexByte(";|&`)\n'\"}<>#", arguments[0]) >= 0
		option := after != arguments && (arguments == "" || strings.IndexByte(`-/"'$.*~\`, arguments[0]) >= 0 || digit(arguments[0]))
		inside := mark == '`' && strings.Count(v, "`") > 1 || mark == '('
		switch {
		case inside && (bare || option || !c.english):
			return certain
		case option && !(c.english && mark == '&'):
			return certain
		case bare && !c.english:
			return suspicious
		case bare && (mark == '|' || mark == '`') && !spaced && len(v) < 40 && c.english && arguments != "":
			return suspicious
		case !c.english && after != "" && after[0] == ' ':
			return suspicious
		}
	}
	return nothing
}

// commands are programs and built-ins. English ones are words, or names of languages, that texts and lists have, too.
var commands = func() (list []struct {
	word    string
	english bool
}) {
	for english, words := range map[bool]string{
		false: "id ls dir cat pwd whoami uname ifconfig ipconfig netstat ping wget curl nc ncat netcat bash sh zsh ksh csh dash nslookup ps rm cp mv chmod chown " +
			"gcc grep awk sed printenv cmd powershell pwsh certutil bitsadmin tftp telnet ssh scp busybox systeminfo tasklist wmic taskkill df xxd od tee xargs nohup sudo crontab " +
			"lsb_release lscpu lsof sleep usleep tcpdump nmap mkdir rmdir base64 rundll32 regsvr32 mshta cscript wscript hostname arp route useradd adduser passwd shutdown reboot phpinfo getent dig traceroute",
		true: "python python3 perl ruby php java node echo type net host kill tar head tail more less find env set export who w last du mount touch time timeout su halt sc reg ver vol start at " +
			"printf source exec eval true false test sort cut file ftp del copy move top free date cal groups users function read wait",
	} {
		for _, w := range strings.Fields(words) {
			list = append(list, struct {
				word    string
				english bool
			}{w, english})
		}
	}
	return list
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
	"cmd.exe", "cmd /c", "cmd+/c", "powershell -", "powershell.exe", "certutil -", "bitsadmin /", "bash -i", "bash -c",
	"sh -c", "/dev/tcp/", "nc -e", "ncat -e", "wget http", "curl http", "wget -", "chmod 777", "chmod +x", "rm -rf",
	"busybox ", "ping -n ", "ping -c ", "ping -i ", "ping.exe ", "nslookup ", "net user ", "net localgroup", "net view",
	"$ifs", "${ifs", "mkfifo ", "tftp -", "python -c", "perl -e", "php -r", "ruby -e", "shell_exec", "cat /etc",
	"cat /proc", "type c:", "dir c:", "dir+c:", "ls -l", "uname -a", "netstat -a", "ifconfig -a",
)
