package scrub

import (
	"bytes"

	"github.com/klar-analytics/klar/hit"
)

// Kind says what a request asked for, by its method, its target and the answer's status (0 if unknown). The target may
// have a query, of which only the feeds of well-known software are recognised (?feed=rss2). Events are not told here.
func Kind(method hit.Method, target []byte, status int) hit.Kind {
	path, _, _ := bytes.Cut(target, question)
	return kind(method, target, status, byName(pathOf(path)))
}

// kind is Kind of a target whose path is of a kind by its name.
func kind(method hit.Method, target []byte, status int, name hit.Kind) hit.Kind {
	switch {
	case status >= 400:
		return hit.KindError
	case status >= 300 && status != 304:
		return hit.KindRedirect
	}
	switch method {
	case hit.MethodGet:
	case hit.MethodPost, hit.MethodPut, hit.MethodPatch, hit.MethodDelete:
		return hit.KindAPI
	default:
		return hit.KindOther
	}
	if name != hit.KindPage {
		return name
	}
	if i := bytes.IndexByte(target, '?'); i >= 0 && feedQuery(target[i+1:]) {
		return hit.KindFeed
	}
	switch status {
	case 206:
		return hit.KindStatic // part of something large, whatever its name
	case 0, 200, 203, 304:
		return hit.KindPage
	}
	return hit.KindAPI // 101, 201, 202, 204: nothing that a person is shown
}

var question = []byte{'?'}

// byName returns what a path is by its name, KindPage if that says nothing else. Without a path, it is KindOther.
func byName(path []byte) hit.Kind {
	if len(path) == 0 {
		return hit.KindOther
	}
	if k := named(path); k != hit.KindPage {
		return k
	}
	if k, known := extensions[extensionOf(path)]; known {
		return k
	}
	return hit.KindPage
}

// named returns the kind of paths that are known by their name, and KindPage for all others.
func named(path []byte) hit.Kind {
	first, rest, _ := bytes.Cut(path[1:], []byte{'/'})
	switch string(first) {
	case "api", "graphql", "wp-json", "ajax", "rpc", "socket.io", "xmlrpc.php", "wp-cron.php":
		return hit.KindAPI
	case ".well-known", "robots.txt", "ads.txt", "app-ads.txt", "humans.txt", "security.txt", "sitemap.xml", "sitemap_index.xml":
		return hit.KindOther
	case "wp-admin":
		if string(rest) == "admin-ajax.php" {
			return hit.KindAPI
		}
	}
	last := bytes.TrimSuffix(path, []byte{'/'})
	switch string(last[bytes.LastIndexByte(last, '/')+1:]) {
	case "feed", "rss", "atom", "feed.xml", "rss.xml", "atom.xml", "feed.json", "rss2", "feeds", "index.rdf":
		return hit.KindFeed
	}
	return hit.KindPage
}

// feedQuery reports whether a parameter asks for a feed: WordPress' feed, Blosxom's flav, Joomla's type and format.
func feedQuery(query []byte) bool {
	for part := range bytes.SplitSeq(query, []byte{'&'}) {
		name, value, _ := bytes.Cut(part, []byte{'='})
		switch string(name) {
		case "feed", "flav", "type", "format":
			if bytes.HasPrefix(value, []byte("rss")) || bytes.HasPrefix(value, []byte("atom")) || string(value) == "feed" {
				return true
			}
		}
	}
	return false
}

// suffix is an extension in lower case without its dot, padded with zeros; longer ones are none.
type suffix [12]byte

// extensionOf returns the extension of the path's last segment.
func extensionOf(path []byte) (x suffix) {
	name := path[bytes.LastIndexByte(path, '/')+1:]
	dot := bytes.LastIndexByte(name, '.')
	if dot < 0 || len(name)-dot-1 > len(x) {
		return x
	}
	for i, c := range name[dot+1:] {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		x[i] = c
	}
	return x
}

// extensions says what files are by their extension. What is not in it is a page.
var extensions = func() map[suffix]hit.Kind {
	table := make(map[suffix]hit.Kind)
	for kind, list := range map[hit.Kind]string{
		hit.KindFeed: "rss atom rdf",
		hit.KindAPI:  "json jsonld ndjson geojson",
		hit.KindStatic: "css js mjs cjs map wasm ts less scss xsl xsd dtd webmanifest manifest appcache swf " +
			"png jpg jpeg jfif gif webp avif apng svg svgz ico cur bmp tif tiff heic psd eps ai " +
			"woff woff2 ttf otf eot fon " +
			"mp3 mp4 m4a m4v m4s m3u m3u8 mpd ts ogg oga ogv opus wav flac aac weba webm avi mov mpg mpeg wmv flv mkv vtt srt " +
			"pdf doc docx xls xlsx ppt pptx odt ods odp rtf csv tsv txt md markdown epub mobi djvu ps tex vcf ics log " +
			"zip gz tgz bz2 tbz xz txz zst 7z rar tar jar war ear cab lz4 br " +
			"exe msi msix dmg pkg deb rpm apk ipa appimage iso img bin torrent crx xpi " +
			"py sh c h cpp hpp go rs rb java pl patch diff sql yaml yml toml ini conf sig asc sha256 md5 bak swp",
	} {
		for _, name := range bytes.Fields([]byte(list)) {
			table[extensionOf(append([]byte{'.'}, name...))] = kind
		}
	}
	return table
}()
