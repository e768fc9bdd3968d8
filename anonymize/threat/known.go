package threat

import (
	"bytes"

	"github.com/klar-analytics/klar/hit"
)

// known says whether a path is one that attackers ask for: of a known exploit, a web shell, a file that is not for
// visitors, an administrator's page. The path is in order but for capitals.
func known(path []byte) hit.Finding {
	if len(path) < 3 || len(path) > 512 || !oddPath(path) {
		return hit.Finding{}
	}
	return longLook(path)
}

// oddPath is the first look at a path, which is not known unless it is odd: by the hash of a segment or of the ending, by a
// dot in front or a tilde behind.
func oddPath(path []byte) bool {
	for rest := path[1:]; ; {
		end := bytes.IndexByte(rest, '/')
		if end < 0 {
			return listed(rest) || hides(rest) || oddEnding(rest)
		}
		if segment := rest[:end]; listed(segment) || hides(segment) {
			return true
		}
		rest = rest[end+1:]
	}
}

// longLook is known for paths that are odd.
func longLook(path []byte) hit.Finding {
	var buf [512]byte
	p := buf[:0]
	for _, c := range path {
		p = append(p, lower(c))
	}
	found := hit.Finding{}
	for at := 0; at < len(p); {
		rest := p[at+1:]
		end := bytes.IndexByte(rest, '/')
		last := end < 0
		if last {
			end = len(rest)
		}
		segment := rest[:end]
		if listed(segment) {
			if e := exploit(p, segment, at); !e.IsZero() {
				return hit.Finding{Threat: hit.ThreatExploit, Certain: true, Rule: e}
			}
			found = found.Or(segments[string(segment)])
		}
		if hides(segment) {
			found = found.Or(hidden(segment))
		}
		if last {
			found = found.Or(file(segment))
		}
		at += 1 + end
	}
	return found
}

// hides reports whether a segment begins with a dot.
func hides(segment []byte) bool { return len(segment) > 1 && segment[0] == '.' && alnum(segment[1]) }

// listed reports whether a segment may be in one of the tables, whatever its capitals; of most that are not it says so,
// faster than they can.
func listed(segment []byte) bool { return names.has(hashName(segment)) }

// oddEnding reports whether the last segment of a path may have an ending that file knows.
func oddEnding(name []byte) bool {
	dot := bytes.LastIndexByte(name, '.')
	return dot >= 0 && endings.has(hashName(name[dot:])) || len(name) > 2 && name[len(name)-1] == '~'
}

// hashes are those of the names in a table.
type hashes [1 << 15 / 64]uint64

func (s *hashes) add(h uint16)      { s[h/64] |= 1 << (h % 64) }
func (s *hashes) has(h uint16) bool { return s[h/64]&(1<<(h%64)) != 0 }

// hashName is of the length of a name, its beginning, its middle and its end, the same for capitals and small letters.
func hashName[name []byte | string](n name) uint16 {
	if len(n) < 2 {
		return uint16(len(n))
	}
	four := uint32(n[0]|0x20) | uint32(n[1]|0x20)<<8 | uint32(n[len(n)/2]|0x20)<<16 | uint32(n[len(n)-1]|0x20)<<24
	return uint16((four + uint32(len(n))) * 0x9e3779b1 >> 17)
}

// names are those of the tables of segments, endings what file asks more of.
var names, endings = func() (names, endings hashes) {
	for name := range exploits {
		names.add(hashName(name))
	}
	for name := range segments {
		names.add(hashName(name))
	}
	for kind := range settingKinds {
		endings.add(hashName("." + kind))
	}
	for _, list := range []map[string]bool{fileEndings, programEndings} {
		for ending := range list {
			endings.add(hashName(ending))
		}
	}
	return names, endings
}()

// hidden says what a file or directory is whose name begins with a dot. Few of them are for visitors.
func hidden(name []byte) hit.Finding {
	switch string(name) {
	case ".well-known", "..", "...", ".htm", ".html", ".php":
		return hit.Finding{}
	}
	for _, secret := range secrets {
		if string(name) == secret || len(name) > len(secret) && string(name[:len(secret)]) == secret && !alnum(name[len(secret)]) {
			return hit.Finding{Threat: hit.ThreatFile, Certain: true}
		}
	}
	return hit.Finding{Threat: hit.ThreatFile}
}

// secrets are hidden files and directories that hold what nobody means to publish.
var secrets = []string{
	".env", ".git", ".gitconfig", ".git-credentials", ".svn", ".hg", ".bzr", ".cvs", ".cvsignore", ".htpasswd", ".htgroup", ".ssh", ".aws", ".azure", ".gcloud", ".kube", ".docker",
	".dockercfg", ".npmrc", ".pypirc", ".netrc", ".pgpass", ".my.cnf", ".mysql_history", ".psql_history", ".sqlite_history", ".bash_history", ".sh_history", ".zsh_history", ".history", ".bashrc", ".bash_profile", ".profile",
	".zshrc", ".rhosts", ".passwd", ".pwd", ".perf", ".forward", ".listing", ".listings", ".config", ".cache", ".ds_store", ".idea", ".vscode", ".terraform", ".circleci",
	".composer", ".subversion", ".web", ".swf", ".sql", ".ftpconfig", ".remote-sync.json", ".sftp", ".vault", ".s3cfg", ".boto", ".msmtprc", ".mailrc", ".rediscli_history", ".wp-config", ".config.php", ".secret", ".secrets",
	".adsensepub", ".lesshst", ".viminfo", ".nano_history", ".python_history", ".php_history", ".irb_history", ".nsconfig", ".nsr", ".access", ".proclog", ".procmailrc", ".trashes", ".vmware", ".xauthority", ".ksh_history", ".tcshrc", ".cshrc", ".login", ".logout", ".mc",
}

// file says what the last segment of a path is.
func file(name []byte) hit.Finding {
	if dot := bytes.LastIndexByte(name, '.'); dot >= 0 {
		switch ending := name[dot:]; {
		case fileEndings[string(ending)]:
			return hit.Finding{Threat: hit.ThreatFile}
		case programEndings[string(ending)]:
			if name := string(name[:dot]); shells.in(name) && !hasAny(name, "shellfish", "seashell", "shells-", "-shells") {
				return hit.Finding{Threat: hit.ThreatShell, Certain: true}
			}
		}
	}
	if len(name) > 2 && name[len(name)-1] == '~' || settings(name) {
		return hit.Finding{Threat: hit.ThreatFile}
	}
	return hit.Finding{}
}

var (
	fileEndings = set(".bak .old .orig .save .swp .swo .sql .db .sqlite .sqlite3 .mdb .rdb .pem .key .pfx .p12 .jks .ppk .ovpn .kdbx .inc .cfg .ini .conf .log " +
		".tfstate .dump .backup .bkp .asa .axd .config .cs .dbf .php~ .tmp")
	programEndings = set(".php .asp .aspx .jsp .jspx .cgi .pl .cfm")
)

// settings reports whether a file has the name of one that programs keep their settings in, for some purpose or of some
// secrets: config.dev.json, db-prod.yml, credentials.ini. Pages have a config.xml of their own.
func settings(name []byte) bool {
	base, kind, ok := bytes.Cut(name, []byte{'.'})
	variant := false
	if dot := bytes.LastIndexByte(kind, '.'); dot >= 0 && variants[string(kind[:dot])] {
		kind, variant = kind[dot+1:], true
	}
	if i := bytes.IndexAny(base, "-_"); i >= 0 && variants[string(base[i+1:])] {
		base, variant = base[:i], true
	}
	return ok && settingKinds[string(kind)] && (variant && settingNames[string(base)] || secretNames[string(base)])
}

var (
	settingNames = set("config configuration settings database db application parameters env local")
	secretNames  = set("secrets credentials appsettings passwords")
	settingKinds = set("json yaml yml toml xml ini txt py rb pl asp php properties cnf")
	variants     = set("dev development prod production stage staging test testing sample example dist local old backup bak orig copy")
)

// segments are names of directories and files.
var segments = func() map[string]hit.Finding {
	table := map[string]hit.Finding{}
	add := func(f hit.Finding, names string) {
		for _, n := range bytes.Fields([]byte(names)) {
			table[string(n)] = f
		}
	}
	add(hit.Finding{Threat: hit.ThreatAdmin}, "phpmyadmin pma myadmin phpmyadmin2 phpmyadmin3 phpmyadmin4 mysqladmin mysql-admin dbadmin sqlmanager sqladmin adminer.php adminer phppgadmin pgadmin "+
		"wp-login.php wp-admin xmlrpc.php administrator admin.php admin.asp admin.aspx admin.jsp admin.cgi manager html host-manager jmx-console web-console jenkins hudson "+
		"cpanel whm plesk webmin directadmin typo3 umbraco sitecore user.php admincp modcp adm siteadmin controlpanel cgi-sys system_api.php "+
		"webfig winbox remote hnap1 goform setup.cgi login.cgi boaform portal owa ecp autodiscover remote_login dana-na vpn global-protect")
	for _, usual := range []string{"html", "manager", "portal", "remote", "vpn", "adm", "typo3"} { // names that sites have, too
		delete(table, usual)
	}
	add(hit.Finding{Threat: hit.ThreatShell, Certain: true}, "c99.php r57.php wso.php b374k.php alfa.php alfashell.php mini.php priv8.php shell.php cmd.php cmd.asp cmd.aspx cmd.jsp cmdshell.jsp "+
		"webshell.php backdoor.php wp-conflg.php wp-2019.php fox.php alfanew.php leafmailer.php indoxploit.php symlink.php kill.php wso1.php wso2.php wso112233.php ws0.php angel.php "+
		"sim.aspx antsword.php behinder.jsp godzilla.jsp shell.jsp shell.aspx shell.asp jspspy.jsp aspxspy.aspx aspydrv.asp w3brows3r.php xleet.php xleet-shell.php haxor.php")
	add(hit.Finding{Threat: hit.ThreatFile, Certain: true}, "wp-config.php.bak wp-config.php~ wp-config.php.old wp-config.php.save wp-config.bak wp-config.txt wp-config.php.swp wp-config.php_bak config.php.bak configuration.php.bak settings.php.bak id_rsa id_dsa id_ecdsa id_ed25519 "+
		"id_rsa.pub authorized_keys credentials.json secrets.yml secrets.json  phpinfo.php info.php.bak "+
		"backup.sql dump.sql database.sql db.sql mysql.sql site.sql backup.zip backup.tar.gz www.zip wwwroot.zip wwwroot.rar web.rar site.zip db_backup.sql localhost.sql users.sql data.sql "+
		"proftpdpasswd sftp-config.json privkey.pem server.key parameters.yml terraform.tfstate .env.production heapdump htpasswd service-pwd.txt administrators.pwd")
	add(hit.Finding{Threat: hit.ThreatFile}, "server-status server-info docker-compose.yml dockerfile web.config database.yml elmah.axd trace.axd phpinfo info.php test.php")
	add(hit.Finding{Threat: hit.ThreatScanner, Certain: true}, "w00tw00t.at.isc.sans.dfind:) w00tw00t.at.isc.sans.dfind w00tw00t.at.blackhats.romanian.anti-sec:) w00tw00t.at.isc.sans.test0:) w00tw00t.at.isc.sans.msltest:) muieblackcat acunetix-wvs-test-for-some-inexistent-file nmaplowercheck nice%20ports%2c "+
		"nikto-test netsparker-test nessus-test trinity.txt.bak openvas-test")
	return table
}()

// shells are parts of the names of web shells.
var shells = newWords("shell", "c99", "r57", "b374k", "wso", "webadmin", "cmdasp", "backdoor", "phpspy", "filesman", "jsp_cmd",
	"rootkit", "indoxploit", "alfacgiapi", "marijuana", "0byt3m1n1", "webroot_cmd")
