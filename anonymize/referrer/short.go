package referrer

import "strings"

// shorteners make links of which each may have been given to one person: the path of such a referrer says who came, not
// from which page. Hosts with all their subdomains.
var shorteners = set(`
	t.co bit.ly bitly.com j.mp tinyurl.com goo.gl g.co ow.ly is.gd v.gd buff.ly dlvr.it wp.me rebrand.ly rb.gy
	shorturl.at short.io short.gy t.ly tiny.cc tiny.one cutt.ly bl.ink soo.gd s.id dub.co dub.sh trib.al ift.tt adf.ly
	shorte.st ouo.io lnk.to lnk.bio smarturl.it snip.ly po.st x.gd urlz.fr clck.ru u.to url.cn dwz.cn suo.im
	spoti.fi apple.co amzn.to amzn.eu a.co ebay.us ebay.to nyti.ms wapo.st bbc.in cnn.it reut.rs on.ft.com econ.st
	gu.com bloom.bg politi.co yhoo.it msft.it aka.ms mcaf.ee youtu.be vm.tiktok.com vt.tiktok.com dai.ly b23.tv nico.ms
	qr.ae sendgrid.net hubspotlinks.com page.link app.link onelink.me smart.link href.li anon.to
	urldefense.com urldefense.proofpoint.com linkprotect.cudasvc.com`)

func set(hosts string) map[string]bool {
	all := map[string]bool{}
	for _, host := range strings.Fields(hosts) {
		all[host] = true
	}
	return all
}

// hostOnly reports whether only the host of a referring page is kept: that of shorteners, of search engines, whose
// pages all say the same, and of networks, mailboxes and assistants, where a path names a person or a conversation.
func (o origin) hostOnly(host string) bool {
	switch o.class {
	case search, social, mail, assistant, text:
		return true
	}
	for domain, more := host, true; more; _, domain, more = strings.Cut(domain, ".") {
		if shorteners[domain] {
			return true
		}
	}
	return false
}
