package referrer

// sources are the sites that have a name and a channel of their own: one line each, the name and then hosts (with all
// subdomains), labels (google.* is google under any country's domain), Android packages, and the short names that
// campaigns use for it (with + for a space). Klar's own list of what people come from, not a copy of another's.
var sources = map[class]string{
	search: `
Google: google.* googleadservices.com googlesyndication.com g.doubleclick.net ampproject.org com.google.android.googlequicksearchbox adwords google-ads googleads google+ads google_ads
Google News: news.google.com news.google.de
Bing: bing.com search.live.com bingads bing-ads microsoft-ads
MSN: msn.*
DuckDuckGo: duckduckgo.com com.duckduckgo.mobile.android ddg
Yahoo!: yahoo.* search.yahoo.co.jp yahoo
Yandex: yandex.* ya.ru yandex-team.ru
Baidu: baidu.com baidu.jp
Ecosia: ecosia.org com.ecosia.android
Qwant: qwant.com
Startpage: startpage.com ixquick.com ixquick.de ixquick.eu ixquick.nl startpage.de
Brave: search.brave.com brave
Kagi: kagi.com
Mojeek: mojeek.com mojeek.co.uk mojeek.de mojeek.fr
MetaGer: metager2.de metager.de metager.org metager.net
Swisscows: swisscows.com swisscows.ch
Ask: ask.com askjeeves.com
AOL: aol.* aolsearch.com
Sogou: sogou.com
360 Search: so.com sou.com so.360.cn haosou.com
Shenma: sm.cn
Naver: naver.com
Daum: daum.net
Zum: zum.com
Seznam: seznam.cz
Centrum.cz: centrum.cz
Zoznam: zoznam.sk
Rambler: rambler.ru
Mail.ru Search: go.mail.ru
Nigma: nigma.ru
Coc Coc: coccoc.com
Onet: onet.pl
Wirtualna Polska: wp.pl
Virgilio: virgilio.it
Libero: libero.it
Tiscali: tiscali.it tiscali.cz
Orange: orange.fr lemoteur.fr voila.fr
Free: free.fr
SFR: sfr.fr
Lilo: lilo.org
T-Online: t-online.de suche.t-online.de
Web.de: web.de
GMX: suche.gmx.net suche.gmx.at suche.gmx.ch
1und1: 1und1.de
Fireball: fireball.de
Lycos: lycos.* hotbot.com
Search.ch: search.ch
Bluewin: bluewin.ch
Startsiden: startsiden.no abcsok.no
Kvasir: kvasir.no
Eniro: eniro.se eniro.no
Terra: terra.com.br terra.es terra.cl
UOL: busca.uol.com.br
Globo: globo.com
Walla: walla.co.il
Najdi.si: najdi.si
Delfi: otsing.delfi.ee delfi.lv
Goo: goo.ne.jp
Excite: excite.* excite.co.jp
Nifty: nifty.com
Biglobe: biglobe.ne.jp
Docomo: docomo.ne.jp
au: auone.jp
Rakuten Search: websearch.rakuten.co.jp
Dogpile: dogpile.com
WebCrawler: webcrawler.com
MetaCrawler: metacrawler.com metacrawler.de
Info.com: info.com
InfoSpace: infospace.com
Mamma: mamma.com
Gigablast: gigablast.com
AltaVista: altavista.* alltheweb.com
Exalead: exalead.com exalead.fr
Gibiru: gibiru.com
Yep: yep.com
Presearch: presearch.com presearch.org
Searx: searx.be searx.me searx.space searx.tiekoetter.com
SearXNG: priv.au paulgo.io search.disroot.org
Wolfram Alpha: wolframalpha.com
Disconnect: search.disconnect.me
Lukol: lukol.com
Oscobo: oscobo.com
Peekier: peekier.com
Private.sh: private.sh
Petal Search: petalsearch.com
Ekoru: ekoru.org
OceanHero: oceanhero.today
Entireweb: entireweb.com
Search Encrypt: searchencrypt.com
Avira Search: search.avira.com search.avira.net
AVG Search: search.avg.com
Norton Safe Search: search.norton.com nortonsafe.search.ask.com
Conduit: conduit.com
Babylon: search.babylon.com
Delta Search: delta-search.com
Snap.do: search.snapdo.com
Sweet IM: search.sweetim.com
MyWebSearch: mywebsearch.com myway.com mysearch.com search-results.com
SearchLock: searchlock.com
Comcast: search.comcast.net xfinity.com
Verizon: search.verizon.com
Technorati: technorati.com
Blekko: blekko.com
ZapMeta: zapmeta.* zapmetasearch.*
Sapo: sapo.pt
in.gr: in.gr
Ukr.net: ukr.net
Meta.ua: meta.ua
Bigmir: bigmir.net
Setooz: setooz.com
Vinden: vinden.nl
Ilse: ilse.nl
Zoeken: zoeken.nl zoek.nl
Jubii: jubii.dk
Sesam: sesam.no
Forestle: forestle.org
Youdao: youdao.com
Toppreise: toppreise.ch
freenet: suche.freenet.de
meinestadt.de: meinestadt.de
search.com: search.com
Nate: nate.com
Avast Search: search.avast.com
BT: search.bt.com
TalkTalk: talktalk.co.uk
Freespoke: freespoke.com
Stract: stract.com
Karma Search: karmasearch.org
Hao123: hao123.com
Neti: neti.ee
Sputnik: sputnik.ru
ABV: search.abv.bg
Picsearch: picsearch.com
Das Örtliche: dasoertliche.de dastelefonbuch.de
Gelbe Seiten: gelbeseiten.de
`,
	social: `
Facebook: facebook.com fb.com fb.me facebook.net messenger.com com.facebook.katana com.facebook.lite com.facebook.orca fb facebook-ads facebook_ads fb-ads meta meta-ads messenger
Instagram: instagram.com com.instagram.android ig insta
Threads: threads.net threads.com com.instagram.barcelona
Twitter: twitter.com t.co x.com com.twitter.android tw x
LinkedIn: linkedin.com lnkd.in com.linkedin.android linkedin.android li linkedin-ads
Reddit: reddit.com redd.it com.reddit.frontpage reddit-ads
Pinterest: pinterest.* pin.it com.pinterest pinterest-ads
WhatsApp: whatsapp.com wa.me com.whatsapp wa
Telegram: telegram.org telegram.me t.me org.telegram.messenger org.telegram.messenger.web org.telegram.plus tg
Snapchat: snapchat.com com.snapchat.android sc
Bluesky: bsky.app bsky.social skyfeed.app xyz.blueskyweb.app
Mastodon: mastodon.* mastodon.social mastodon.online mastodon.cloud mastodon.world mastodon.art mastodon.green mastodon.scot mastodonapp.uk mstdn.social mstdn.io mstdn.jp mstdn.party mas.to masto.ai fosstodon.org hachyderm.io chaos.social social.tchncs.de norden.social infosec.exchange techhub.social troet.cafe ruhr.social bildung.social social.bund.de det.social mamot.fr pawoo.net c.im indieweb.social toot.community universeodon.com ohai.social social.vivaldi.net sfba.social newsie.social front-end.social typo.social vis.social graphics.social joinmastodon.org org.joinmastodon.android
Pixelfed: pixelfed.social pixelfed.de pxlmo.com pixey.org
Lemmy: lemmy.ml lemmy.world feddit.de feddit.org
Discord: discord.com discord.gg discordapp.com com.discord
Slack: slack.com com.slack
Hacker News: news.ycombinator.com hackernews hn
Lobsters: lobste.rs
Stack Overflow: stackoverflow.com
Stack Exchange: stackexchange.com superuser.com serverfault.com askubuntu.com
Quora: quora.com
GitHub: github.com
GitLab: gitlab.com
SourceForge: sourceforge.net
Tumblr: tumblr.com t.umblr.com
Flickr: flickr.com flic.kr
VK: vk.com vkontakte.ru m.vk.com com.vkontakte.android
Odnoklassniki: ok.ru odnoklassniki.ru
My World: my.mail.ru
Weibo: weibo.com weibo.cn t.cn com.sina.weibo
WeChat: wechat.com weixin.qq.com mp.weixin.qq.com com.tencent.mm
QQ: qzone.qq.com
Douban: douban.com
Zhihu: zhihu.com
Xiaohongshu: xiaohongshu.com xhslink.com
V2EX: v2ex.com
Line: line.me liff.line.me jp.naver.line.android
KakaoTalk: kakao.com com.kakao.talk
Mixi: mixi.jp
Gree: gree.jp
Hatena: hatena.ne.jp b.hatena.ne.jp
Xing: xing.com
Viadeo: viadeo.com
Medium: medium.com
Substack: substack.com
Dev.to: dev.to
Product Hunt: producthunt.com
Indie Hackers: indiehackers.com
Slashdot: slashdot.org
Digg: digg.com
Nextdoor: nextdoor.com
Clubhouse: clubhouse.com joinclubhouse.com
Goodreads: goodreads.com
Foursquare: foursquare.com
Livejournal: livejournal.com livejournal.ru
Myspace: myspace.com
Last.fm: last.fm lastfm.*
SoundCloud: soundcloud.com gate.sc
Behance: behance.net
Dribbble: dribbble.com
DeviantArt: deviantart.com
Disqus: disqus.com
Pocket: getpocket.com
Flipboard: flipboard.com flipboard.app
Feedly: feedly.com
Tagged: tagged.com
Badoo: badoo.com
hi5: hi5.com
Skyrock: skyrock.com
Taringa!: taringa.net
Renren: renren.com
MyHeritage: myheritage.com
Classmates: classmates.com
Gab: gab.com
Truth Social: truthsocial.com
Parler: parler.com
Minds: minds.com
Workplace: workplace.com
Microsoft Teams: teams.microsoft.com teams.live.com com.microsoft.teams teams
Linktree: linktr.ee
Yammer: yammer.com
Nk.pl: nk.pl
Wykop: wykop.pl
Jodel: jodel.com
gutefrage: gutefrage.net
`,
	video: `
YouTube: youtube.com youtu.be youtube-nocookie.com youtube.googleapis.com com.google.android.youtube yt
Vimeo: vimeo.com
TikTok: tiktok.com com.zhiliaoapp.musically com.ss.android.ugc.trill tiktok-ads
Twitch: twitch.tv tv.twitch.android.app
Dailymotion: dailymotion.com dai.ly
Bilibili: bilibili.com b23.tv
Douyin: douyin.com
Kuaishou: kuaishou.com
Niconico: nicovideo.jp nico.ms
Netflix: netflix.com
Hulu: hulu.com
Disney+: disneyplus.com
Wistia: wistia.com
Vidyard: vidyard.com
Rumble: rumble.com
Odysee: odysee.com
PeerTube: joinpeertube.org framatube.org
Youku: youku.com
iQIYI: iqiyi.com
Rutube: rutube.ru
Kick: kick.com
Loom: loom.com
TED: ted.com
Crunchyroll: crunchyroll.com
`,
	shopping: `
Amazon: amazon.* amzn.to amzn.eu a.co com.amazon.mshop.android.shopping
eBay: ebay.* ebay.co.uk com.ebay.mobile
Kleinanzeigen: kleinanzeigen.de ebay-kleinanzeigen.de
Google Shopping: shopping.google.com shopping.google.de
Etsy: etsy.com
Walmart: walmart.com
Target: target.com
Alibaba: alibaba.com
AliExpress: aliexpress.com aliexpress.ru
Taobao: taobao.com tmall.com
JD.com: jd.com
Temu: temu.com
Shein: shein.com
Wish: wish.com
Rakuten: rakuten.com rakuten.co.jp
Mercado Libre: mercadolibre.* mercadolivre.com.br
Shopify: shopify.com shop.app
Best Buy: bestbuy.com
Zalando: zalando.*
Otto: otto.de
idealo: idealo.*
Geizhals: geizhals.de geizhals.at geizhals.eu
billiger.de: billiger.de
PriceRunner: pricerunner.*
CHECK24: check24.de
Allegro: allegro.pl
Bol.com: bol.com
Cdiscount: cdiscount.com
Flipkart: flipkart.com
Vinted: vinted.*
`,
	mail: `
Gmail: mail.google.com inbox.google.com com.google.android.gm gmail.com
Outlook: outlook.live.com outlook.office.com outlook.office365.com outlook.com mail.live.com com.microsoft.office.outlook
Yahoo! Mail: mail.yahoo.com mail.yahoo.co.jp com.yahoo.mobile.client.android.mail
Proton Mail: mail.proton.me protonmail.com
GMX Mail: gmx.net gmx.de gmx.at gmx.ch navigator.gmx.net
Web.de Mail: navigator.web.de
T-Online Mail: email.t-online.de
AOL Mail: mail.aol.com
Fastmail: fastmail.com
Zoho Mail: mail.zoho.com mail.zoho.eu
Yandex Mail: mail.yandex.ru mail.yandex.com
Mail.ru: e.mail.ru mail.ru
Mailchimp: mailchimp.com list-manage.com campaign-archive.com mailchi.mp
Newsletter: newsletter email e-mail mailing
`,
	assistant: `
ChatGPT: chatgpt.com chat.openai.com openai.com labs.openai.com com.openai.chatgpt openai
Claude: claude.ai com.anthropic.claude anthropic
Gemini: gemini.google.com bard.google.com com.google.android.apps.bard
NotebookLM: notebooklm.google.com notebooklm.google
Google AI Studio: aistudio.google.com
Perplexity: perplexity.ai ai.perplexity.app.android
Microsoft Copilot: copilot.microsoft.com copilot.cloud.microsoft m365.cloud.microsoft copilot
DeepSeek: deepseek.com com.deepseek.chat
Mistral: mistral.ai le+chat lechat
Grok: grok.com x.ai
Meta AI: meta.ai
You.com: you.com
Phind: phind.com
Poe: poe.com
Duck.ai: duck.ai
Qwen: chat.qwen.ai qwen.ai tongyi.aliyun.com qianwen.com
Kimi: kimi.com kimi.moonshot.cn
Doubao: doubao.com
Baidu AI: yiyan.baidu.com ai.baidu.com
ChatGLM: chatglm.cn z.ai
iAsk: iask.ai
Komo: komo.ai
Andi: andisearch.com
Character.AI: character.ai
Pi: pi.ai
Jasper: jasper.ai
Writesonic: writesonic.com
Manus: manus.im
Felo: felo.ai
Genspark: genspark.ai
Consensus: consensus.app
Chat+: chatplus.com chat-gpt.org
Lumo: lumo.proton.me
`,
	text: `
SMS: com.google.android.apps.messaging sms
`,
	plain: `
Google Docs: docs.google.com drive.google.com
Google Sites: sites.google.com
Google Groups: groups.google.com
Google Translate: translate.google.com translate.google.de translate.goog
Google Classroom: classroom.google.com
Google Calendar: calendar.google.com
Google Accounts: accounts.google.com accounts.google.de
Microsoft Login: login.microsoftonline.com login.live.com
Microsoft Office: office.com sharepoint.com
Yandex Metrica: metrica.yandex.com metrika.yandex.ru
Baidu Pan: pan.baidu.com
Wikipedia: wikipedia.org
Google Play: play.google.com com.android.vending
App Store: apps.apple.com itunes.apple.com
Apple Podcasts: podcasts.apple.com
Spotify: spotify.com
Notion: notion.so notion.site
Trello: trello.com
Jira: atlassian.net
`,
}
