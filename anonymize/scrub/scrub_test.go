package scrub

import (
	"strings"
	"testing"
)

// The cases hold the addresses and numbers that standards reserve for examples.
var pathCases = []struct{ in, want string }{
	// What stays as it is.
	{"/", "/"},
	{"/index.html", "/index.html"},
	{"/blog/geekery/ssl-latency.html", "/blog/geekery/ssl-latency.html"},
	{"/presentations/logstash-monitorama-2013/", "/presentations/logstash-monitorama-2013/"},
	{"/presentations/logstash-metrics-sf-2012.10/css/preso.css", "/presentations/logstash-metrics-sf-2012.10/css/preso.css"},
	{"/blog/geekery/headless-wrapper-for-ephemeral-xservers.html", "/blog/geekery/headless-wrapper-for-ephemeral-xservers.html"},
	{"/blog/tags/year%20review", "/blog/tags/year%20review"},
	{"/%C3%BCber-uns", "/%C3%BCber-uns"},
	{"/über-uns", "/über-uns"},
	{"/M%FCller", "/M%FCller"},
	{"/2015/05/17/title", "/2015/05/17/title"},
	{"/blog/2007/May/27", "/blog/2007/May/27"},
	{"/blog/2024-05-17-release", "/blog/2024-05-17-release"},
	{"/termine/17.05.2024", "/termine/17.05.2024"},
	{"/termine/01-02-2024", "/termine/01-02-2024"},
	{"/files/20101209/a.png", "/files/20101209/a.png"},
	{"/archive/2024", "/archive/2024"},
	{"/news/page/3/", "/news/page/3/"},
	{"/produkte/Seite/12", "/produkte/Seite/12"},
	{"/images/image12.png", "/images/image12.png"},
	{"/images/DSC00123.jpg", "/images/DSC00123.jpg"},
	{"/images/IMG_20150517_123456.jpg", "/images/IMG_20150517_123456.jpg"},
	{"/img/logo@2x.png", "/img/logo@2x.png"},
	{"/img/logo@1.5x.webp", "/img/logo@1.5x.webp"},
	{"/npm/vue@2.6.14/dist/vue.min.js", "/npm/vue@2.6.14/dist/vue.min.js"},
	{"/npm/@angular/core@latest", "/npm/@angular/core@latest"},
	{"/@anna", "/@anna"},
	{"/assets/index-DiwrgTda.js", "/assets/index-DiwrgTda.js"},
	{"/assets/main.4f3a2b1c.css", "/assets/main.4f3a2b1c.css"},
	{"/assets/jquery-1.4.2.min.js", "/assets/jquery-1.4.2.min.js"},
	{"/files/chrome-126.0.6478.127.zip", "/files/chrome-126.0.6478.127.zip"},
	{"/files/fastest_sites-20110317.py", "/files/fastest_sites-20110317.py"},
	{"/blog/geekery/xdotool-2.20101012.html", "/blog/geekery/xdotool-2.20101012.html"},
	{"/css/theme/images/ui-icons_eeeeee_256x240.png", "/css/theme/images/ui-icons_eeeeee_256x240.png"},
	{"/apple-touch-icon-120x120-precomposed.png", "/apple-touch-icon-120x120-precomposed.png"},
	{"/api/2/issues", "/api/2/issues"},
	{"/v1/orders", "/v1/orders"},
	{"/blog/site/166.html", "/blog/site/166.html"},
	{"/docs/XMLHttpRequestEventTarget", "/docs/XMLHttpRequestEventTarget"},
	{"/wiki/Donaudampfschifffahrtsgesellschaft", "/wiki/Donaudampfschifffahrtsgesellschaft"},
	{"/uhrzeit/12:30:45", "/uhrzeit/12:30:45"},
	{"/tags/c++", "/tags/c++"},
	{"/rfc/rfc9110.txt", "/rfc/rfc9110.txt"},
	{"/100%", "/100%"},
	// The form of the target.
	{"/a?q=anna@example.org", "/a"},
	{"/a#anna@example.org", "/a"},
	{"/search%3Fq=anna/b", "/search"},
	{"/who-is-it%3F", "/who-is-it%3F"},
	{"/shop;jsessionid=1A2B3C/cart;v=1", "/shop/cart"},
	{"//a///b//", "/a/b/"},
	{"http://example.org:8080/a/b?c", "/a/b"},
	{"https://anna:secret@example.org", "/"},
	{"*", ""},
	{"example.org:443", ""},
	{"", ""},
	{"\x16\x03\x01", ""},
	// Email addresses.
	{"/user/anna@example.org/edit", "/user/:email/edit"},
	{"/user/anna%40example.org", "/user/:email"},
	{"/user/anna%2540example.org", "/user/:email"},
	{"/user/anna%252540example%2Eorg", "/user/:email"},
	{"/user/ANNA.Maria+news@Mail.Example.ORG", "/user/:email"},
	{"/user/anna＠example．org", "/user/:email"},
	{"/user/anna%EF%BC%A0example.org", "/user/:email"},
	{"/user/anna%25EF%25BC%25A0example.org", "/user/:email"},
	{"/user/anna%uFF20example.org", "/user/:email"},
	{"/user/anna%C1%80example.org", "/user/:email"},
	{"/user/an\u200bna@exam%00ple.org", "/user/:email"},
	{"/user/anna@[192.0.2.7]", "/user/anna@[:ip]"},
	{"/user/anna@192.0.2.7", "/user/:email"},
	{"/user/jörg@müller.example", "/user/:email"},
	{"/@anna@social.example", "/:email"},
	{"/unsubscribe-anna@example.org.html", "/:email"},
	{"/to=anna@example.org&x", "/to=:email&x"},
	{"/mailto:anna@example.org", "/mailto:email"},
	{"/a%2Fanna@example.org%2Fb", "/a%2F:email%2Fb"},
	// Addresses.
	{"/ip/192.0.2.77", "/ip/:ip"},
	{"/ip/192%2E0%2E2%2E77", "/ip/:ip"},
	{"/ip/203.000.113.077", "/ip/:ip"},
	{"/ip/face203.0.113.77", "/ip/face:ip"},
	{"/ip/203-0-113-77.dip.example", "/ip/:ip.dip.example"},
	{"/ip/192.0.2.77:8080", "/ip/:ip"},
	{"/ip/2001:db8::7", "/ip/:ip"},
	{"/ip/[2001:db8::7]", "/ip/[:ip]"},
	{"/ip/%5B2001%3Adb8%3A%3A7%5D", "/ip/[:ip]"},
	{"/ip/::ffff:203.0.113.77", "/ip/:ip"},
	{"/ip/addr:2001:db8::7", "/ip/addr:ip"},
	{"/mac/00:00:5e:00:53:01", "/mac/:ip"},
	// Numbers with a checksum, and phone numbers.
	{"/iban/DE89370400440532013000", "/iban/:iban"},
	{"/iban/de89%203704%200044%200532%200130%2000", "/iban/:iban"},
	{"/iban/GB29NWBK60161331926819.pdf", "/iban/:iban.pdf"},
	{"/card/4111111111111111", "/card/:card"},
	{"/card/4111-1111-1111-1111", "/card/:card"},
	{"/card-378282246310005-x", "/card-:card-x"},
	{"/tel/+4930123456", "/tel/:phone"},
	{"/tel/+49%20(30)%20123456", "/tel/:phone"},
	{"/tel/004930123456", "/tel/:phone"},
	{"/tel/0171-1234567", "/tel/:phone"},
	{"/tel/(030)%201234567", "/tel/:phone"},
	{"/tel/01711234567", "/tel/:phone"},
	{"/tel/555-123-4567", "/tel/:phone"},
	{"/tel:+4930123456", "/tel:phone"},
	// Identifiers and secrets.
	{"/orders/4711", "/orders/:id"},
	{"/orders/4711/", "/orders/:id/"},
	{"/orders/7/items/8", "/orders/:id/items/:id"},
	{"/orders%2F4711", "/orders%2F:id"},
	{"/rechnung/4711.pdf", "/rechnung/:id.pdf"},
	{"/kunde12345678", "/kunde:id"},
	{"/a/550e8400-e29b-41d4-a716-446655440000.jpg", "/a/:uuid.jpg"},
	{"/a/{550E8400-E29B-41D4-A716-446655440000}", "/a/{:uuid}"},
	{"/reset-4f3a2b1c9d8e7f60a1b2", "/reset-:hex"},
	{"/css/style.d41d8cd98f00b204e9800998ecf8427e.css", "/css/style.:hex.css"},
	{"/reset/aB3dE9xK2mQ7rT5vW1yZ", "/reset/:token"},
	{"/reset-aB3dE9xK2mQ7rT5vW1yZ", "/reset-:token"},
	{"/reset/k3j9x0q2mz7t4v8w1p5r", "/reset/:token"},
	{"/s/x9K-2mQ7_rT5vW1y-Z4aB3d", "/s/:token"},
	{"/fonts/cJZKeOuBrn4kERxqtaUH3aCWcynf_cDxXwCLxiixG1c.ttf", "/fonts/:token.ttf"},
	{"/kunde/19640517", "/kunde/:id"},
	{"/kunde/20240517123456", "/kunde/:id"},
	{"/auth/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "/auth/:jwt"},
	{"/a/%" + strings.Repeat("25", 20) + "40", "/a/:token"},
}

func TestPath(t *testing.T) {
	s := New()
	for i, c := range pathCases {
		for _, round := range []string{"new", "cached"} {
			if got := s.Path([]byte(c.in)).String(); got != c.want {
				t.Errorf("case %d, %s: got %q, want %q", i, round, got, c.want)
			}
		}
	}
}

func TestPathIsBounded(t *testing.T) {
	s := New()
	for _, in := range []string{
		"/" + strings.Repeat("ab", 5000),
		strings.Repeat("/ab", 5000),
		strings.Repeat("/%C3%BC", 5000),
		strings.Repeat("/ü", 5000),
		"/" + strings.Repeat("%25", 5000),
		"/" + strings.Repeat("1-", 5000),
		"/" + strings.Repeat("a@", 5000),
		strings.Repeat("/abc", 1022) + "/anna@example.org", // the limit falls into the address
	} {
		p := s.Path([]byte(in)).String()
		if len(p) > maxPath || !strings.HasPrefix(p, "/") || strings.Contains(p, "anna") || strings.Contains(p, "\uFFFD") {
			t.Errorf("%d bytes became %d bytes that a path cannot be", len(in), len(p))
		}
	}
}

func TestText(t *testing.T) {
	s := New()
	for i, c := range []struct {
		in, want string
		ok       bool
	}{
		{"Newsletter May 2024", "Newsletter May 2024", true},
		{" spring_sale-2024 ", "spring_sale-2024", true},
		{"Outbound Link: Click", "Outbound Link: Click", true},
		{"21034567890", "21034567890", true},
		{"100% neu", "100% neu", true},
		{"Sommerfest für alle", "Sommerfest für alle", true},
		{strings.Repeat("ä", 100), strings.Repeat("ä", 60), true},
		{strings.Repeat("ä", 59) + "a" + strings.Repeat("ä", 9), strings.Repeat("ä", 59) + "a", true},
		{"", "", false},
		{"   ", "", false},
		{"mail to anna@example.org", "", false},
		{"anna%40example.org", "", false},
		{"192.0.2.7", "", false},
		{"2001:db8::7", "", false},
		{"+49 30 123456", "", false},
		{"DE89 3704 0044 0532 0130 00", "", false},
		{"d41d8cd98f00b204e9800998ecf8427e", "", false},
		{"aB3dE9xK2mQ7rT5vW1yZ", "", false},
		{"1234567890123", "", false},
		{strings.Repeat("a", 2000), "", false},
	} {
		if got, ok := s.Text([]byte(c.in)); got != c.want || ok != c.ok {
			t.Errorf("case %d: got %q, %v, want %q, %v", i, got, ok, c.want, c.ok)
		}
	}
}
