package referrer_test

import (
	"strings"
	"testing"

	"github.com/klar-analytics/klar/anonymize/referrer"
	"github.com/klar-analytics/klar/anonymize/scrub"
	"github.com/klar-analytics/klar/hit"
)

func resolver(t testing.TB) *referrer.Resolver {
	t.Helper()
	r, err := referrer.New(referrer.Options{Scrub: scrub.New()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var own = referrer.NewHosts("www.example.org", "shop.example.org", "example.org")

const direct, organic, social, paid = hit.ChannelDirect, hit.ChannelOrganicSearch, hit.ChannelOrganicSocial, hit.ChannelPaidSearch

// arrivals are referrers and queries with what they say.
var arrivals = []struct {
	referrer, query string
	source          string
	channel         hit.Channel
	page            string
	internal        bool
}{
	{"", "", "", direct, "", false},
	{"-", "", "", direct, "", false},
	{"-", "q=anna&id=4711", "", direct, "", false},
	{"nonsense", "", "", direct, "", false},
	{"javascript://example.com/x", "", "", direct, "", false},
	{"https://", "", "", direct, "", false},
	{"https://exa mple.com/", "", "", direct, "", false},
	{"https://192.0.2.7/a", "", "", direct, "", false},
	{"https://[2001:db8::7]:80/a", "", "", direct, "", false},
	{"https://" + strings.Repeat("a", 5000) + "/", "", "", direct, "", false},
	// The site's own pages.
	{"https://example.org/a?b", "", "", direct, "", true},
	{"http://www.example.org:8080/a", "", "", direct, "", true},
	{"https://shop.example.org", "", "", direct, "", true},
	{"https://www.shop.example.org", "", "", direct, "", true},
	{"https://blog.example.org/a", "", "blog.example.org", hit.ChannelReferral, "blog.example.org/a", false},
	{"https://example.org.example.com/", "", "example.org.example.com", hit.ChannelReferral, "example.org.example.com", false},
	{"https://example.org/a", "utm_source=google&utm_medium=cpc", "Google", paid, "", true},
	// Search engines.
	{"https://www.google.com/", "", "Google", organic, "google.com", false},
	{"http://www.google.co.uk/url?q=anna", "", "Google", organic, "google.co.uk", false},
	{"https://images.google.de/imgres", "", "Google", organic, "images.google.de", false},
	{"https://google.com.br/", "", "Google", organic, "google.com.br", false},
	{"https://google.example.net/", "", "google.example.net", hit.ChannelReferral, "google.example.net", false},
	{"https://notgoogle.com/", "", "notgoogle.com", hit.ChannelReferral, "notgoogle.com", false},
	{"https://google.com.evil.example/", "", "google.com.evil.example", hit.ChannelReferral, "google.com.evil.example", false},
	{"https://r.duckduckgo.com/l/", "", "DuckDuckGo", organic, "r.duckduckgo.com", false},
	{"https://cn.bing.com/search?q=a", "", "Bing", organic, "cn.bing.com", false},
	{"https://de.search.yahoo.com/", "", "Yahoo!", organic, "de.search.yahoo.com", false},
	{"https://yandex.ru/", "", "Yandex", organic, "yandex.ru", false},
	{"https://www.google.de/", "gclid=Cj0KCQ", "Google", paid, "google.de", false},
	{"", "gclid=Cj0KCQ", "Google", paid, "", false},
	{"https://www.bing.com/", "msclkid=abc", "Bing", paid, "bing.com", false},
	{"android-app://com.google.android.googlequicksearchbox/", "", "Google", organic, "com.google.android.googlequicksearchbox", false},
	// Others with a channel of their own.
	{"android-app://com.google.android.gm/", "", "Gmail", hit.ChannelEmail, "com.google.android.gm", false},
	{"https://mail.google.com/mail/u/0/", "", "Gmail", hit.ChannelEmail, "mail.google.com", false},
	{"https://gemini.google.com/app", "", "Gemini", hit.ChannelAI, "gemini.google.com", false},
	{"https://chatgpt.com/", "utm_source=chatgpt.com", "ChatGPT", hit.ChannelAI, "chatgpt.com", false},
	{"", "utm_source=chatgpt.com", "ChatGPT", hit.ChannelAI, "", false},
	{"https://l.facebook.com/l.php?u=x", "fbclid=IwAR0", "Facebook", social, "l.facebook.com", false},
	{"", "fbclid=IwAR0", "Facebook", social, "", false},
	{"https://blog.example.com/", "fbclid=IwAR0", "blog.example.com", hit.ChannelReferral, "blog.example.com", false},
	{"https://t.co/x", "", "Twitter", social, "t.co", false},
	{"https://old.reddit.com/r/golang/", "", "Reddit", social, "old.reddit.com", false},
	{"https://m.youtube.com/watch?v=abc", "", "YouTube", hit.ChannelOrganicVideo, "m.youtube.com/watch", false},
	{"https://www.amazon.de/", "", "Amazon", hit.ChannelOrganicShopping, "amazon.de", false},
	{"https://docs.google.com/document/d/x", "", "Google Docs", hit.ChannelReferral, "docs.google.com/document/d/x", false},
	{"https://kufli.blogspot.com/2013/07/log.html", "", "kufli.blogspot.com", hit.ChannelReferral, "kufli.blogspot.com/2013/07/log.html", false},
	// Links that may have been made for one person, and pages that name one: the host only.
	{"https://t.co/AbC123xyz?amp=1", "", "Twitter", social, "t.co", false},
	{"http://bit.ly/3xAbCdE", "", "bit.ly", hit.ChannelReferral, "bit.ly", false},
	{"https://promo.page.link/AbCd", "", "promo.page.link", hit.ChannelReferral, "promo.page.link", false},
	{"https://notbit.ly.example.com/a", "", "notbit.ly.example.com", hit.ChannelReferral, "notbit.ly.example.com/a", false},
	{"https://notbit.ly/a", "", "notbit.ly", hit.ChannelReferral, "notbit.ly/a", false},
	{"https://youtu.be/dQw4w9WgXcQ", "", "YouTube", hit.ChannelOrganicVideo, "youtu.be", false},
	{"https://www.facebook.com/anna.schmidt/posts/x", "", "Facebook", social, "facebook.com", false},
	{"https://x.com/anna/status/x", "utm_source=bing", "Bing", organic, "x.com", false},
	{"https://chatgpt.com/c/summer-plans", "", "ChatGPT", hit.ChannelAI, "chatgpt.com", false},
	{"https://eur01.safelinks.protection.outlook.com/a/b", "", "Outlook", hit.ChannelEmail, "eur01.safelinks.protection.outlook.com", false},
	// Personal data in the referring page.
	{"https://anna:secret@www.example.com:8443/u/anna@example.com?token=x", "", "example.com", hit.ChannelReferral, "example.com/u/:email", false},
	{"https://example.com?mail=anna@example.com", "", "example.com", hit.ChannelReferral, "example.com", false},
	{"https://example.com/ip/192.0.2.7", "", "example.com", hit.ChannelReferral, "example.com/ip/:ip", false},
	// Campaigns.
	{"", "utm_source=google&utm_medium=cpc", "Google", paid, "", false},
	{"", "?utm_source=fb&utm_medium=paid_social", "Facebook", hit.ChannelPaidSocial, "", false},
	{"", "utm_source=yt&utm_medium=cpv", "YouTube", hit.ChannelPaidVideo, "", false},
	{"", "utm_source=google&utm_campaign=cross-network", "Google", hit.ChannelCrossNetwork, "", false},
	{"", "utm_source=google&utm_medium=cpc&utm_campaign=Shopping+DE", "Google", hit.ChannelPaidShopping, "", false},
	{"", "utm_source=adnet&utm_medium=cpm", "adnet", hit.ChannelDisplay, "", false},
	{"", "utm_source=adnet&utm_medium=cpc", "adnet", hit.ChannelPaidOther, "", false},
	{"", "utm_source=adnet&utm_medium=banner", "adnet", hit.ChannelDisplay, "", false},
	{"", "utm_source=newsletter", "Newsletter", hit.ChannelEmail, "", false},
	{"", "utm_source=Mai&utm_medium=e-mail", "Mai", hit.ChannelEmail, "", false},
	{"", "utm_source=partner&utm_medium=affiliate", "partner", hit.ChannelAffiliates, "", false},
	{"", "utm_source=spot&utm_medium=audio", "spot", hit.ChannelAudio, "", false},
	{"", "utm_source=x1&utm_medium=sms", "x1", hit.ChannelSMS, "", false},
	{"", "utm_source=x1&utm_medium=web-push", "x1", hit.ChannelPush, "", false},
	{"", "utm_source=x1&utm_medium=social", "x1", social, "", false},
	{"", "utm_source=x1&utm_medium=organic", "x1", organic, "", false},
	{"", "utm_source=x1&utm_campaign=workshop", "x1", hit.ChannelReferral, "", false},
	{"", "utm_source=x1&utm_campaign=eshop", "x1", hit.ChannelOrganicShopping, "", false},
	{"", "ref=producthunt", "Product Hunt", social, "", false},
	{"", "source=https%3A%2F%2Fwww.heise.de%2Fa", "heise.de", hit.ChannelReferral, "", false},
	{"", "ref=a&utm_source=b&source=c", "b", hit.ChannelReferral, "", false},
	{"", "a=b&amp;utm_source=bing", "Bing", organic, "", false},
	{"https://www.google.de/", "utm_source=Sommer%20Brief+1", "Sommer Brief 1", hit.ChannelReferral, "google.de", false},
	{"https://www.google.de/", "utm_source=anna%40example.org", "Google", organic, "google.de", false},
	{"https://www.google.de/", "utm_source=anna%2540example.org", "Google", organic, "google.de", false},
	{"https://www.google.de/", "utm_source=" + strings.Repeat("a", 600), "Google", organic, "google.de", false},
	{"https://www.google.de/", "utm_source=&utm_medium", "Google", organic, "google.de", false},
}

func TestResolve(t *testing.T) {
	r := resolver(t)
	for i, c := range arrivals {
		for _, round := range []string{"new", "cached"} {
			a, internal := r.Resolve([]byte(c.referrer), []byte(c.query), own)
			if a.Source.String() != c.source || a.Channel != c.channel || a.Referrer.String() != c.page || internal != c.internal {
				t.Errorf("case %d, %s: got %q, %s, %q, %v; want %q, %s, %q, %v", i, round,
					a.Source, a.Channel, a.Referrer, internal, c.source, c.channel, c.page, c.internal)
			}
			if !a.Entry.IsZero() {
				t.Errorf("case %d: an entry page", i)
			}
		}
	}
}

func TestCampaign(t *testing.T) {
	query := []byte("utm_source=Brief&utm_medium=email&utm_campaign=Mai%202024&utm_content=aB3dE9xK2mQ7rT5vW1yZ&utm_term=anna@example.org&utm_medium=x")
	a, _ := resolver(t).Resolve(nil, query, own)
	if a.UTMSource.String() != "Brief" || a.UTMMedium.String() != "email" || a.UTMCampaign.String() != "Mai 2024" {
		t.Errorf("got %q, %q, %q", a.UTMSource, a.UTMMedium, a.UTMCampaign)
	}
	if !a.UTMContent.IsZero() || !a.UTMTerm.IsZero() {
		t.Error("a token or an email address is kept")
	}
}

func TestOnlyAllowedParametersAreRead(t *testing.T) {
	r, err := referrer.New(referrer.Options{Scrub: scrub.New(), Query: []string{"utm_medium"}})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := r.Resolve(nil, []byte("utm_source=b&ref=c&utm_medium=email"), own)
	if !a.UTMSource.IsZero() || !a.Source.IsZero() || a.UTMMedium.String() != "email" {
		t.Error("a parameter was read that is not allowed, or an allowed one was not")
	}
	if _, err := referrer.New(referrer.Options{Scrub: scrub.New(), Query: []string{"email"}}); err == nil {
		t.Error("any parameter may be allowed")
	}
	if _, err := referrer.New(referrer.Options{Scrub: scrub.New(), Query: referrer.Parameters()}); err != nil {
		t.Error(err)
	}
}

func TestCachedAllocatesNothing(t *testing.T) {
	r := resolver(t)
	ref, query := []byte("https://www.google.de/url?q=a"), []byte("a=b&utm_source=google&utm_campaign=mai")
	r.Resolve(ref, query, own)
	if n := testing.AllocsPerRun(100, func() { r.Resolve(ref, query, own) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// FuzzResolve plants an address and an email address wherever the fuzzer puts them; they must not come out.
func FuzzResolve(f *testing.F) {
	f.Add([]byte("https://www.google.de/url?q="), []byte("utm_source=google&gclid="), []byte("&x"))
	f.Add([]byte("android-app://com.google.android.gm/"), []byte("ref="), []byte("/a"))
	f.Add([]byte("https://example.com/u/"), []byte("utm_term=a+"), []byte("+b"))
	r := resolver(f)
	f.Fuzz(func(t *testing.T, ref, query, after []byte) {
		for _, planted := range []string{"", " 192.0.2.177 ", " quentin.zz@zz-mail.example "} {
			join := func(b []byte) []byte { return append(append(append([]byte(nil), b...), planted...), after...) }
			a, internal := r.Resolve(join(ref), join(query), own)
			if b, again := r.Resolve(join(ref), join(query), own); a != b || internal != again {
				t.Error("the second answer differs from the first")
			}
			all := strings.Join([]string{a.Source.String(), a.Referrer.String(), a.UTMSource.String(), a.UTMMedium.String(),
				a.UTMCampaign.String(), a.UTMContent.String(), a.UTMTerm.String()}, "\n")
			if strings.Contains(all, "192.0.2.177") || strings.Contains(all, "quentin.zz@") || strings.ContainsAny(a.Referrer.String(), "?#") {
				t.Error("what was planted survived")
			}
		}
	})
}

func BenchmarkResolveCached(b *testing.B) {
	r := resolver(b)
	ref, query := []byte("https://www.google.de/url?q=a"), []byte("utm_source=google&utm_medium=cpc&utm_campaign=mai")
	b.Run("campaign", func(b *testing.B) { bench(b, r, ref, query) })
	b.Run("search", func(b *testing.B) { bench(b, r, ref, nil) })
	b.Run("internal", func(b *testing.B) { bench(b, r, []byte("https://example.org/blog/geekery/ssl-latency.html"), nil) })
	b.Run("direct", func(b *testing.B) { bench(b, r, []byte("-"), nil) })
}

func bench(b *testing.B, r *referrer.Resolver, ref, query []byte) {
	b.ReportAllocs()
	for b.Loop() {
		r.Resolve(ref, query, own)
	}
}

func BenchmarkResolveNew(b *testing.B) {
	r := resolver(b)
	ref := []byte("https://www.google.de/url/000000000")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		for n, j := i, len(ref)-1; n > 0; n, j = n/10, j-1 {
			ref[j] = byte('0' + n%10)
		}
		r.Resolve(ref, nil, own)
	}
}
