package threat

import (
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// scanner says whether an agent, in small letters, names a program that looks for weaknesses, or one that attacks.
func scanner(agent string) hit.Finding {
	if scanners.begin(agent) {
		return hit.Finding{Threat: hit.ThreatScanner, Certain: true}
	}
	return hit.Finding{}
}

// scanners are parts of agents, each at the start of a word. Those who measure the whole internet and say so are bots.
var scanners = newWords(strings.Fields(`
nikto sqlmap nmap masscan zgrab nuclei acunetix netsparker nessus openvas wpscan dirbuster gobuster feroxbuster ffuf wfuzz dirsearch
w3af arachni skipfish whatweb zmeu morfeus jorgee havij sqlninja bsqlbf sqlpower pangolin absinthe hydra medusa jaeles joomscan cmsmap cmseek
droopescan commix xsser xsstrike fimap uniscan vega/ grabber appscan burpcollaborator burp qualys detectify zaproxy owasp
paros websecurify webscarab nsauditor metis n-stealth core-project metasploit blackwidow brutus bilbo cgichk datacha0s dotdotpwn
domino-scan gootkit hellobot internet-ninja kaiten l9explore l9tcpid libwhisker mozlila masspwn muhstik mirai
revolt toata whisker webshag webtrends-security xmlrpc-exploit xrumer zollard
fuzz-faster httpx-toolkit hello,world python-scan scanner/ shellbot sysscan tsunami wapiti webbandit expanse-exploit
betabot hexometer nettacker securityagent sitelockspider ironwasp n-stalker netlab360
xray jndiexploit ysoserial struts-pwn shodan-pull log4j-scan log4shell nosqlmap tplmap sslscan sslyze whatwaf wafw00f dnsenum patator crackmapexec routersploit
`)...)
